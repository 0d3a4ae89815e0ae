//! The derives and attributes that a user adds. They are code, so they are parsed and checked.

use super::paths::{is_usable, unusable};
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{DERIVES, Extras};
use crate::schema::{ExtrasDecl, Spanned};
use crate::text::show;
use syn::parse::Parser;

/// The valid extras; the others are reported.
pub(crate) fn resolve(declared: &ExtrasDecl, resolver: &mut Resolver<'_>) -> Extras {
    Extras {
        derive: declared.derive.iter().filter_map(|path| resolver.keep(derive(path))).collect(),
        attributes: declared.attributes.iter().filter_map(|text| resolver.keep(attribute(text))).collect(),
    }
}

fn derive(path: &Spanned<String>) -> Result<String, Diagnostic> {
    let (lead, names) = match path.value.trim().strip_prefix("::") {
        Some(names) => ("::", names),
        None => ("", path.value.trim()),
    };
    let names: Vec<&str> = names.split("::").map(str::trim).collect();
    if !is_usable(&names) {
        let message = format!("`{}` is not the path of a derive macro", show(&path.value));
        let diagnostic = Diagnostic::new(Code::BadValue, message);
        return Err(unusable(diagnostic, path, &names).help("such as `::strum::Display`"));
    }
    let names: Vec<&str> = names.into_iter().map(without_raw).collect();
    if let ([name], "") = (names.as_slice(), lead)
        && !DERIVES.contains(name)
    {
        let help = match (*name, did_you_mean(name, DERIVES)) {
            ("Serialize" | "Deserialize", _) => "write `serde: true` at the top of the file instead".to_owned().into(),
            ("JsonSchema", _) => "write `json_schema: true` at the top of the file instead".to_owned().into(),
            (_, Some(help)) => help,
            (name, None) => format!("give its path, such as `::strum::{name}`").into(),
        };
        let message = format!("there is no derive macro `{}` in scope", show(name));
        return Err(Diagnostic::new(Code::BadValue, message)
            .at(path.span, "only the macros of std have no path")
            .help(help));
    }
    Ok(format!("{lead}{}", names.join("::")))
}

/// An identifier without `r#`, unless it is a keyword.
fn without_raw(name: &str) -> &str {
    name.strip_prefix("r#").filter(|name| syn::parse_str::<syn::Ident>(name).is_ok()).unwrap_or(name)
}

fn attribute(text: &Spanned<String>) -> Result<String, Diagnostic> {
    let refuse = || {
        Diagnostic::new(Code::BadValue, format!("`{}` is not an attribute", show(&text.value)))
            .at(text.span, "expected one attribute")
            .help("such as `#[non_exhaustive]`")
    };
    let found = syn::Attribute::parse_outer.parse_str(&text.value).map_err(|_| refuse())?;
    // A comment at the attribute's end would swallow the code after it; so it must parse with code after it.
    let followed = format!("{} struct Last;", text.value);
    let one_line = !text.value.contains(['\n', '\r']) && syn::parse_str::<syn::ItemStruct>(&followed).is_ok();
    let path = found.first().map(|attribute| attribute.path());
    let names: Vec<String> = path.iter().flat_map(|path| &path.segments).map(|of| of.ident.to_string()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if names == ["derive"] {
        // A trait that is derived already would have two implementations.
        let message = format!("`{}` is under `attributes`", show(&text.value));
        return Err(Diagnostic::new(Code::BadValue, message)
            .at(text.span, "emitted types derive traits themselves, so one may be derived twice")
            .help("list the traits under `derive`, such as `derive: [PartialOrd]`"));
    }
    match found.as_slice() {
        [_] if one_line && is_usable(&names) => Ok(text.value.trim().to_owned()),
        _ => Err(refuse()),
    }
}
