//! The derives and attributes that a user adds: they are code, and have to be what they say they are.

use super::keep;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Extras;
use crate::read::show;
use crate::schema::{ExtrasDecl, Spanned};
use syn::parse::Parser;

/// The extras, without those that are none.
pub(crate) fn resolve(declared: &ExtrasDecl, diagnostics: &mut Vec<Diagnostic>) -> Extras {
    Extras {
        derive: declared.derive.iter().filter_map(|path| keep(derive(path), diagnostics)).collect(),
        attributes: declared.attributes.iter().filter_map(|text| keep(attribute(text), diagnostics)).collect(),
    }
}

fn derive(path: &Spanned<String>) -> Result<String, Diagnostic> {
    let refuse = || {
        Diagnostic::new(Code::BadValue, format!("`{}` is no path of a derive macro", show(&path.value)))
            .at(path.span, "expected a path")
            .help("such as `::schemars::JsonSchema`")
    };
    let parsed = syn::Path::parse_mod_style.parse_str(&path.value).map_err(|_| refuse())?;
    let names: Vec<String> = parsed.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let lead = if parsed.leading_colon.is_some() { "::" } else { "" };
    Ok(format!("{lead}{}", names.join("::")))
}

fn attribute(text: &Spanned<String>) -> Result<String, Diagnostic> {
    let refuse = || {
        Diagnostic::new(Code::BadValue, format!("`{}` is no attribute", show(&text.value)))
            .at(text.span, "expected one attribute")
            .help("such as `#[non_exhaustive]`")
    };
    let found = syn::Attribute::parse_outer.parse_str(&text.value).map_err(|_| refuse())?;
    // A comment in the text would swallow what follows it.
    let one_line = !text.value.contains(['\n', '\r']) && !text.value.contains("//");
    match found.as_slice() {
        [_] if one_line => Ok(text.value.trim().to_owned()),
        _ => Err(refuse()),
    }
}
