//! The settings of JSON of single fields and enums.

use super::resolver::Resolver;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Default, EnumValue, EnumVariant, JsonName, json_settings};
use crate::schema::{EnumDecl, FieldDecl};
use crate::sources::Span;
use crate::text::show;
use std::collections::HashMap;

/// The names of a struct's fields in JSON.
#[derive(Default)]
pub(super) struct Names(HashMap<String, Span>);

impl Names {
    /// The name of a field, which is `name` in Rust. No other field has it.
    pub(super) fn take(&mut self, decl: &FieldDecl, name: &str, resolver: &mut Resolver<'_>) -> JsonName {
        let json_name = resolver.scope.json_name(name, &decl.json);
        if !resolver.scope.has_json() {
            resolver.found.extend(decl.json.span.map(without_json));
            return json_name;
        }
        resolver.found.extend(contradiction(decl));
        let Some(text) = json_name.text() else { return json_name };
        let (span, label) = match &decl.json.name {
            Some(own) => (own.span, "the same name"),
            None if text == decl.name.value => (decl.name.span, "the same name"),
            None => (decl.name.span, "`rename_all` gives it the same name"),
        };
        if let Some(first) = self.0.insert(text.to_owned(), span) {
            let message = format!("two fields would be called `{}` in JSON", show(text));
            let diagnostic = Diagnostic::new(Code::NameCollision, message)
                .at(span, label)
                .related(first, "the first")
                .help("give one of them another name in JSON: `serde: { name: … }`");
            resolver.report(diagnostic);
        }
        json_name
    }
}

fn without_json(place: Span) -> Diagnostic {
    Diagnostic::new(Code::BadValue, "this sets a form in JSON, but there is no JSON")
        .at(place, "`serde` is off")
        .help("write `serde: true` at the top of the file too")
}

/// A mistake in the settings of one field.
fn contradiction(decl: &FieldDecl) -> Option<Diagnostic> {
    let name = decl.json.name.as_ref();
    let refuse = |place: Span, message: &str, label: &str, help: &str| {
        Some(Diagnostic::new(Code::BadValue, message).at(place, label).help(help))
    };
    if let (Some(_), Some(name)) = (decl.json.skip, name) {
        let help = "drop `name`, or `skip`";
        return refuse(name.span, "a field that is not in JSON has no name there", "the name", help);
    }
    if let Some(name) = name.filter(|name| name.value.is_empty()) {
        let message = "a name in JSON has at least one character";
        return refuse(name.span, message, "this has none", "drop it to keep the field's own name");
    }
    let attributes = &decl.extras.attributes;
    let repeats = |of: &syn::Meta| of.path().is_ident("rename") || of.path().is_ident("skip");
    let repeated = attributes.iter().find(|text| json_settings(&text.value).iter().any(repeats))?;
    decl.json.span?;
    refuse(repeated.span, "an attribute sets the field's JSON too", "the other is `serde:`", "drop one of them")
}

/// A mistake if a field is not in JSON, and has no value without it.
pub(super) fn skipped(decl: &FieldDecl, default: &Default, scope: &Scope) -> Option<Diagnostic> {
    let place = decl.json.skip.filter(|_| *default == Default::Required && scope.has_json())?;
    let name = show(&decl.name.value);
    let diagnostic = Diagnostic::new(Code::MissingKey, format!("the field `{name}` has no value without JSON"))
        .at(place, "what is read from JSON lacks it")
        .related(decl.name.span, "it is required");
    Some(diagnostic.help("give it a `default:`, or make it optional with a `?` after its type"))
}

/// A mistake if the variants of an enum have their names in JSON, and cannot.
pub(super) fn named(decl: &EnumDecl, variants: &[EnumVariant], scope: &Scope) -> Option<Diagnostic> {
    let place = decl.json.as_ref()?.span;
    if !scope.has_json() {
        return Some(without_json(place));
    }
    let is_text = variants.iter().any(|variant| matches!(variant.value, EnumValue::Text(_)));
    is_text.then(|| {
        let message = format!("enum `{}` is stored as text, and is the same text in JSON", show(&decl.name.value));
        Diagnostic::new(Code::BadValue, message)
            .at(place, "this is for enums that are stored as numbers")
            .help("drop it, or give each variant a number as its `value:`")
    })
}
