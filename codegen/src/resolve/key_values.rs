//! Checks the texts and fields of keys: DynamoDB refuses keys that are empty or too long.

use super::resolver::Resolver;
use super::{Resolved, fields, holds};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{
    Constraint, EnumValue, Field, KeyAttribute, KeyKind, Literal, MadeOf, Model, Named, Type, TypeDefinition,
};
use crate::schema::{ConstraintValue, FieldDecl, ModelDecl};
use crate::sources::Span;
use crate::text::show;

/// "Quotas in Amazon DynamoDB", Partition key length and Sort key length, in bytes.
const LONGEST_HASH_KEY: usize = 2048;
const LONGEST_RANGE_KEY: usize = 1024;

/// The use of a field in the keys of its model.
struct Use {
    /// The maximum number of bytes that the field may have there.
    most: usize,
    /// Whether the field alone is a key, so that it must not be empty.
    whole: bool,
}

/// Reports the mistakes and warnings of all models' keys.
pub(crate) fn check(models: &[Resolved<'_>], types: &[TypeDefinition], resolver: &mut Resolver<'_>) {
    for (decl, model) in models {
        let keys: Vec<(&KeyAttribute, usize)> = keys(model).collect();
        for (key, most) in &keys {
            let fixed = fixed_length(key);
            if fixed > *most {
                let message = format!("the key `{}` is always longer than DynamoDB allows", show(&key.attribute));
                let diagnostic = Diagnostic::new(Code::BadKeyValue, message)
                    .at(
                        template_span(decl, key),
                        format!("{fixed} bytes without its fields; it may have at most {most}"),
                    )
                    .help("shorten its text");
                resolver.report(diagnostic);
                return;
            }
        }
        for (field_decl, field) in fields::declared(decl, model) {
            if let Some(of) = use_of(field, &keys) {
                written_values(field_decl, field, types, &of, resolver);
                loose(field_decl, field, &of, resolver);
            }
        }
    }
}

/// The key attributes of the table and its indexes, with the maximum number of bytes of each.
fn keys(model: &Model) -> impl Iterator<Item = (&KeyAttribute, usize)> {
    let hash = std::iter::once(&model.hash_key).chain(model.indexes.iter().flat_map(|index| &index.hash_key));
    let range = model.range_key.iter().chain(model.indexes.iter().flat_map(|index| &index.range_key));
    let hash = hash.chain(model.vector_indexes.iter().filter_map(|index| index.hash_key.as_ref()));
    hash.map(|key| (key, LONGEST_HASH_KEY)).chain(range.map(|key| (key, LONGEST_RANGE_KEY)))
}

/// The number of bytes of a key without its fields.
fn fixed_length(key: &KeyAttribute) -> usize {
    let text = match &key.made_of {
        MadeOf::Field(_) | MadeOf::Copy(_) | MadeOf::Hash(_) => 0,
        MadeOf::Template { parts, end } => parts.iter().map(|part| part.before.len()).sum::<usize>() + end.len(),
    };
    text + key.shards_length()
}

fn template_span(decl: &ModelDecl, key: &KeyAttribute) -> Span {
    let keys = decl.key.iter().chain(&decl.index_keys);
    let mut templates = keys.flat_map(|key| &key.templates);
    let found = templates.find(|template| template.attribute.value == key.attribute);
    found.map_or(decl.name.span, |template| template.text.span)
}

fn use_of(field: &Field, keys: &[(&KeyAttribute, usize)]) -> Option<Use> {
    let mut found: Option<Use> = None;
    // A hash is never empty, and as short for each value.
    for (key, most) in keys.iter().filter(|(key, _)| key.has(&field.name) && !key.is_hash()) {
        let fixed = fixed_length(key);
        let whole = fixed == 0 && key.fields().count() == 1;
        let most = most.saturating_sub(fixed);
        found = Some(match found {
            Some(of) => Use { most: of.most.min(most), whole: of.whole || whole },
            None => Use { most, whole },
        });
    }
    found
}

/// Reports values in the schema that no key may have.
fn written_values(decl: &FieldDecl, field: &Field, types: &[TypeDefinition], of: &Use, resolver: &mut Resolver<'_>) {
    let type_span = decl.ty.as_ref().map_or(decl.name.span, |ty| ty.span);
    let mut values: Vec<(String, Span, &str)> = Vec::new();
    if let (Some(Literal::Text(text)), Some(default)) =
        (holds::written(&field.default, &field.ty, decl.default.is_some()), &decl.default)
    {
        values.push((text, default.span(), "the default"));
    }
    for constraint in &field.constraints {
        let span = constraint_span(decl, "one_of").unwrap_or(type_span);
        if let Constraint::OneOf(texts) = constraint {
            values.extend(texts.iter().map(|text| (text.clone(), span, "one of the values")));
        }
    }
    if let (Type::Named(Named { name, .. }), Some(KeyKind::String)) = (field.ty.present(), field.key_kind()) {
        for definition in types {
            let TypeDefinition::Enum(of) = definition else { continue };
            for variant in of.variants.iter().filter(|_| of.name == *name) {
                if let EnumValue::Text(text) = &variant.value {
                    values.push((text.clone(), type_span, "a variant"));
                }
            }
        }
    }
    for (text, span, what) in values {
        let label = match text.len() {
            0 if of.whole => format!("{what} is empty, and DynamoDB refuses an empty key"),
            length if length > of.most => {
                format!("{what} has {length} bytes; in a key it may have at most {}", of.most)
            }
            _ => continue,
        };
        let message =
            format!("the field `{}` is in a key, and may have a value that DynamoDB refuses", show(&field.name));
        let diagnostic = Diagnostic::new(Code::BadKeyValue, message).at(span, label);
        resolver.report(diagnostic.help("give it another value, or make another field the key"));
    }
}

/// Reports constraints that allow values that no key may have.
fn loose(decl: &FieldDecl, field: &Field, of: &Use, resolver: &mut Resolver<'_>) {
    for constraint in &field.constraints {
        let (key, label, help) = match constraint {
            Constraint::MinLength(0) if of.whole => (
                "min_length",
                "an empty text".to_owned(),
                "write `min_length: 1`, or leave it out: keys are checked anyway".to_owned(),
            ),
            Constraint::MaxLength(most) if usize::try_from(*most).is_ok_and(|most| most > of.most) => (
                "max_length",
                format!("more than {} bytes", of.most),
                format!("write `max_length: {}` or less", of.most),
            ),
            _ => continue,
        };
        let message =
            format!("the field `{}` is in a key, and its constraints allow what DynamoDB refuses", show(&field.name));
        let span = constraint_span(decl, key).unwrap_or(decl.name.span);
        resolver.report(Diagnostic::new(Code::LooseKey, message).at(span, label).help(help));
    }
}

fn constraint_span(decl: &FieldDecl, key: &str) -> Option<Span> {
    let found = decl.constraints.iter().find(|constraint| constraint.key.value == key);
    found.map(|constraint| match &constraint.value {
        ConstraintValue::Node(node) => node.span,
        ConstraintValue::Nested(_) | ConstraintValue::Transforms(_) => constraint.key.span,
    })
}
