//! The lints that a schema allows.

use super::keys::Keys;
use super::reader::{Reader, value_span};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::node::Entry;
use crate::schema::{AllowDecl, Spanned};
use crate::text::show;

const FORM: &str = "allow: { L0103: 'few items have this status' }";

/// The entries of the key `allow`.
pub(super) fn allow(keys: &mut Keys<'_, '_>) -> Vec<AllowDecl> {
    keys.take("allow").map(|entry| allowed(entry, keys.reader)).unwrap_or_default()
}

/// `{ L0103: 'few items have this status' }`: codes of lints, each with the reason.
pub(super) fn allowed(entry: &Entry, reader: &mut Reader) -> Vec<AllowDecl> {
    let entries = reader.map_entries(&entry.value, "`allow`", entry.key_span, FORM).unwrap_or_default();
    entries.iter().filter_map(|entry| allowed_one(entry, reader)).collect()
}

fn allowed_one(entry: &Entry, reader: &mut Reader) -> Option<AllowDecl> {
    let Some(code) = Code::find(&entry.key).filter(|code| code.is_lint() && code.as_str() == entry.key) else {
        let codes = Code::ALL.iter().filter(|code| code.is_lint()).map(|code| code.as_str());
        let near = did_you_mean(&entry.key, codes).filter(|_| entry.key.starts_with(['L', 'l']));
        let diagnostic = Diagnostic::new(Code::BadValue, format!("`{}` is not the code of a lint", show(&entry.key)))
            .at(entry.key_span, "`allow` has the codes of lints")
            .help(near.unwrap_or_else(|| format!("such as `{FORM}`").into()));
        reader.report(diagnostic);
        return None;
    };
    let reason = reader.text(entry)?;
    if reason.value.trim().is_empty() {
        let diagnostic = Diagnostic::new(Code::BadValue, format!("`{code}` is allowed without a reason"))
            .at(value_span(entry), "an empty text")
            .help(format!("say why it does no harm here, such as `{FORM}`"));
        reader.report(diagnostic);
        return None;
    }
    Some(AllowDecl { code: Spanned { value: code, span: entry.key_span } })
}
