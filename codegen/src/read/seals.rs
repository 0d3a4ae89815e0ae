//! The shape of a field's `encrypt:` and `compress:`.

use super::keys::{Keys, What};
use super::reader::{Reader, value_span, wrong_kind};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind, PlainKind};
use crate::schema::{EncryptDecl, SealDecl, Spanned};
use crate::text::show;

/// The maximum length of a key's name.
const LONGEST: usize = 64;

const NAME: &str = "name the key, such as `encrypt: personal`; the app gives the client the key of that name";

pub(super) fn seal(keys: &mut Keys<'_, '_>) -> SealDecl {
    SealDecl {
        encrypt: keys.take("encrypt").and_then(|entry| encrypt(entry, keys.reader)),
        compress: keys.value("compress"),
    }
}

/// `personal`, or `{ key: personal, unencrypted: read, searchable: true }`.
fn encrypt(entry: &Entry, reader: &mut Reader) -> Option<EncryptDecl> {
    if !matches!(entry.value.kind, Kind::Map(_)) {
        return Some(EncryptDecl { key: key_name(entry, reader)?, unencrypted: None, searchable: None });
    }
    let what = What::of(Place::Encrypt, "`encrypt`");
    let form = "encrypt: { key: personal, unencrypted: read }";
    let mut keys = Keys::of(&entry.value, what, entry.key_span, form, reader)?;
    let key = keys.require("key", NAME).and_then(|entry| key_name(entry, keys.reader));
    let unencrypted = keys.value("unencrypted");
    let searchable = keys.take("searchable").map(|entry| searchable(entry, keys.reader));
    keys.finish();
    let searchable = match searchable {
        Some(searchable) => Some(searchable?),
        None => None,
    };
    Some(EncryptDecl { key: key?, unencrypted, searchable })
}

/// `true`, or the name of the attribute with the hashes.
fn searchable(entry: &Entry, reader: &mut Reader) -> Option<Spanned<Option<String>>> {
    let span = entry.value.span;
    match entry.value.scalar() {
        Some(PlainKind::Boolean(true)) => Some(Spanned { value: None, span }),
        Some(PlainKind::Boolean(false)) => {
            let diagnostic =
                Diagnostic::new(Code::BadValue, "`searchable` must be `true`, or the name of an attribute")
                    .at(span, "found the boolean `false`");
            reader.report(diagnostic.help("leave it out: a field is not searchable"));
            None
        }
        Some(PlainKind::Text) => Some(Spanned { value: entry.value.as_text().map(str::to_owned), span }),
        _ => {
            reader.report(
                wrong_kind(entry, "`true`, or the name of an attribute")
                    .help("write `searchable: true`, or name the attribute with the hashes, `searchable: email_hash`"),
            );
            None
        }
    }
}

/// The name of a key: lower-case letters, digits and `_`.
fn key_name(entry: &Entry, reader: &mut Reader) -> Option<Spanned<String>> {
    let Some(text) = entry.value.as_text() else {
        reader.report(wrong_kind(entry, "the name of a key").help(NAME));
        return None;
    };
    let is_of_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_name = text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(is_of_name);
    if !is_name || text.len() > LONGEST {
        let message = format!("`{}` is no name of a key", show(text));
        let label =
            format!("a name has at most {LONGEST} lower-case letters, digits and `_`, and begins with a letter");
        let diagnostic = Diagnostic::new(Code::BadValue, message).at(value_span(entry), label);
        reader.report(diagnostic.help("such as `encrypt: personal`"));
        return None;
    }
    Some(Spanned { value: text.to_owned(), span: entry.value.span })
}
