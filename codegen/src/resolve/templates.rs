//! Key templates: text with fields in it.

use super::computed;
use super::draft::Draft;
use super::keys::one_of;
use super::part_forms::{self, Text};
use super::roles;
use super::separators::Separator;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Field, KeyAttribute, KeyKind, KeyPart, MadeOf, Scalar, TimeKind, Type};
use crate::schema::{Spanned, TemplateDecl};
use crate::terms::FieldRole;
use crate::text::show;

/// The use of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Table,
    /// The hash key of an index. Items without a field of it are not in the index.
    IndexHash,
    /// The range key of an index.
    IndexRange,
}

/// The key attribute that a template makes.
pub(crate) fn resolve(
    declared: &TemplateDecl,
    kind: KeyKind,
    place: Place,
    separator: Separator<'_>,
    model: &Draft<'_>,
) -> Result<KeyAttribute, Diagnostic> {
    let parsed = parse(declared, separator)?;
    let mut stated: Vec<(&Part<'_>, &Field)> = Vec::with_capacity(parsed.fields.len());
    for part in &parsed.fields {
        let field = find(declared, part.name, model)?;
        match (place, roles::changing(field, declared.text.span)) {
            (Place::Table, Some(diagnostic)) => return Err(diagnostic),
            (_, Some(diagnostic)) if field.role == Some(FieldRole::SchemaVersion) => return Err(diagnostic),
            _ if field.role.is_some_and(FieldRole::counts) => {
                return Err(refuse(declared, "an increment changes a counter, and not a text that it is in").help(
                    "make the key of other fields: in a table of its own, an index can have a counter as its key",
                ));
            }
            _ if field.role == Some(FieldRole::Version) => {
                return Err(refuse(declared, "every write changes the version").help("make the key of other fields"));
            }
            _ => {}
        }
        if place == Place::Table && matches!(field.ty, Type::Optional(_)) {
            let message = format!("the field `{}` cannot be in a key of the table", show(part.name));
            return Err(Diagnostic::new(Code::BadKeyTemplate, message)
                .at(declared.text.span, "a key is in every item, and the field is optional")
                .help("drop the `?` of its type, or use another field"));
        }
        stated.push((part, field));
    }
    let attribute = declared.attribute.value.clone();
    let alone = match stated.as_slice() {
        // A field alone is a text too if the number of a shard follows it.
        [(Part { before: "", form: None, .. }, field)] if parsed.end.is_empty() && declared.shards.is_none() => {
            Some(*field)
        }
        _ => None,
    };
    if let Some(field) = alone
        && kind == KeyKind::Binary
        && let Some(hash) = field.hash()
    {
        // A range key cannot be a hash, whatever its name.
        if hash != attribute && place != Place::IndexRange {
            let message = format!("the hash of `{}` is stored as `{}`", show(&field.name), show(hash));
            return Err(refuse(declared, &message).help(format!(
                "name the key attribute so under `tables:`, or write `searchable: {}` at the field",
                show(&attribute)
            )));
        }
        return Ok(KeyAttribute::of(attribute, kind, MadeOf::Hash(field.clone())));
    }
    if let Some(field) = alone
        && (kind != KeyKind::String || field.attribute == attribute)
    {
        if field.key_kind() != Some(kind) || is_unsorted(field) {
            return Err(refuse(declared, &format!("`{}` is stored as another type", show(&field.name)))
                .help(format!("the attribute `{}` is declared as another type under `tables:`", show(&attribute))));
        }
        let field = field.clone();
        let made_of = if field.attribute == attribute { MadeOf::Field(field) } else { MadeOf::Copy(field) };
        return Ok(KeyAttribute::of(attribute, kind, made_of));
    }
    if let Some(shards) = declared.shards.as_ref().filter(|_| kind != KeyKind::String) {
        let message = format!("the key `{}` cannot have shards", show(&attribute));
        return Err(Diagnostic::new(Code::BadShards, message)
            .at(shards.span, "the number of a shard is a text at its end")
            .help("declare the attribute as a string under `tables:`"));
    }
    if kind != KeyKind::String {
        return Err(refuse(declared, "a key that is not a string is one field")
            .help("such as `'{number}'`, or declare the attribute as a string under `tables:`"));
    }
    let text = Text { span: declared.text.span, what: "key", code: Code::BadKeyTemplate, is_key: true };
    let mut parts: Vec<KeyPart> = Vec::with_capacity(stated.len());
    for (number, (Part { before, form, .. }, field)) in stated.iter().enumerate() {
        let is_last = number + 1 == stated.len() && parsed.end.is_empty() && declared.shards.is_none();
        let follows = |part: &(&Part<'_>, &Field)| part.0.before.is_empty();
        let mut part = KeyPart {
            before: (*before).to_owned(),
            field: (*field).clone(),
            form: part_forms::resolve(&text, field, *form)?,
            stated: form.map(str::to_owned),
            is_open: false,
            is_beside: number > 0 && before.is_empty() || stated.get(number + 1).is_some_and(follows),
        };
        part.is_open = is_last && part.sample().is_some_and(|sample| sample.contains(separator.character));
        parts.push(part);
    }
    let made_of = MadeOf::Template { parts, end: parsed.end.to_owned() };
    let is_unordered = declared.unordered.is_some();
    Ok(KeyAttribute { attribute, kind, made_of, separator: separator.character, is_unordered, shards: None })
}

fn is_unsorted(field: &Field) -> bool {
    matches!(field.ty.present(), Type::Scalar(scalar) if scalar.is_float())
        || matches!(field.ty.present(), Type::Scalar(Scalar::Time(TimeKind::Duration, _)))
}

fn find<'f>(declared: &TemplateDecl, name: &str, model: &Draft<'f>) -> Result<&'f Field, Diagnostic> {
    let fields = model.fields;
    let named = Spanned { value: name.to_owned(), span: declared.text.span };
    let help = "write its fields here: in a table of its own, an index can have it as its key";
    if let Some(diagnostic) = computed::named("a key template cannot have", &named, model.declared, help) {
        return Err(diagnostic);
    }
    let found = fields.iter().find(|(decl, _)| decl.name.value == name);
    found.map(|(_, field)| field).ok_or_else(|| {
        let help = did_you_mean(name, fields.iter().map(|(decl, _)| decl.name.value.as_str()));
        let message = format!("the key is made of `{}`, which is not a field of the model", show(name));
        Diagnostic::new(Code::UnknownKeyField, message)
            .at(declared.text.span, "no such field")
            .help(help.unwrap_or_else(|| one_of(fields).into()))
    })
}

const BRACES: &str = "write a field in braces: `'USER#{user_id}'`";

/// A template's text in parts.
struct Parsed<'t> {
    fields: Vec<Part<'t>>,
    end: &'t str,
}

/// A field in a template's text: `{number:06}` after `ORDER#`.
struct Part<'t> {
    before: &'t str,
    name: &'t str,
    form: Option<&'t str>,
}

/// Parses a template: fields are in braces, and each ends its part of the key.
fn parse<'t>(declared: &'t TemplateDecl, separator: Separator<'_>) -> Result<Parsed<'t>, Diagnostic> {
    let mut rest = declared.text.value.as_str();
    if rest.is_empty() {
        return Err(refuse(declared, "a key is not empty").help("such as `USER`, or `'USER#{user_id}'`"));
    }
    if let Some(odd) = rest.chars().find(|c| c.is_control() || *c == '\u{10FFFF}') {
        return Err(refuse(declared, &format!("a key cannot hold `{}`", show(&odd.to_string()))).help("remove it"));
    }
    let mut fields = Vec::new();
    while let Some((before, after)) = rest.split_once('{') {
        if before.contains('}') {
            return Err(refuse(declared, "a `}` closes nothing").help(BRACES));
        }
        let Some((name, after)) = after.split_once('}') else {
            return Err(refuse(declared, "a `{` is not closed").help(BRACES));
        };
        if name.contains('{') {
            return Err(refuse(declared, "a `{` is not closed").help(BRACES));
        }
        let (name, form) = match name.split_once(':') {
            Some((name, form)) => (name, Some(form)),
            None => (name, None),
        };
        if !after.is_empty() && !after.starts_with([separator.character, '{']) {
            return Err(not_ended(declared, name, separator));
        }
        fields.push(Part { before, name, form });
        rest = after;
    }
    match rest.contains('}') {
        true => Err(refuse(declared, "a `}` closes nothing").help(BRACES)),
        false => Ok(Parsed { fields, end: rest }),
    }
}

/// The mistake that something else than the separator follows a field.
fn not_ended(declared: &TemplateDecl, name: &str, separator: Separator<'_>) -> Diagnostic {
    let Separator { character, template, .. } = separator;
    let diagnostic = refuse(
        declared,
        &format!("after `{{{}}}`, only `{character}`, another field or the end may follow", show(name)),
    );
    let diagnostic = match template {
        Some(first) if first != declared.text.span => {
            diagnostic.related(first, format!("here `{character}` ends a field of the same attribute"))
        }
        _ => diagnostic,
    };
    diagnostic
        .help("one character ends each field of a key attribute, in all models: no value holds it, so that different fields have different keys")
        .help("it is `#`, or another punctuation mark, if that follows the fields")
}

fn refuse(declared: &TemplateDecl, why: &str) -> Diagnostic {
    let message = format!("the template of `{}` is not valid", show(&declared.attribute.value));
    Diagnostic::new(Code::BadKeyTemplate, message).at(declared.text.span, why)
}
