//! A model's hash key and range key: fields of the model, with types that DynamoDB accepts in keys.

use super::resolver::Resolver;
use super::{computed, roles};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Field, KeyAttribute, Scalar, TimeKind, Type};
use crate::schema::{FieldDecl, ModelDecl, Spanned};
use crate::terms::FieldRole;
use crate::text::show;

pub(crate) type Keys = (KeyAttribute, Option<KeyAttribute>);

/// The keys, or `None` if there is a mistake in them.
pub(crate) fn resolve(
    declared: &ModelDecl,
    fields: &[(&FieldDecl, Field)],
    resolver: &mut Resolver<'_>,
) -> Option<Keys> {
    let hash_name = declared.hash_key.as_ref()?;
    for name in std::iter::once(hash_name).chain(&declared.range_key) {
        let help = "make the key of a stored field: an index can have this one as its key";
        if let Some(diagnostic) = computed::named("the key of the table cannot be", name, declared, help) {
            resolver.report(diagnostic);
            return None;
        }
    }
    let hash_key = key_field("hash key", hash_name, false, fields, resolver);
    let Some(range_name) = &declared.range_key else {
        return Some((hash_key?, None));
    };
    if range_name.value == hash_name.value {
        let diagnostic = Diagnostic::new(Code::SameKeyTwice, "hash key and range key are the same field")
            .at(range_name.span, "the same again")
            .related(hash_name.span, "the hash key")
            .help("leave `range_key` out for a table with a hash key alone");
        resolver.report(diagnostic);
        return None;
    }
    let range_key = key_field("range key", range_name, false, fields, resolver);
    Some((hash_key?, Some(range_key?)))
}

/// The field of a key. In an index's key it may be optional: items without it are not in the index.
pub(crate) fn key_field(
    what: &str,
    name: &Spanned<String>,
    may_be_absent: bool,
    fields: &[(&FieldDecl, Field)],
    resolver: &mut Resolver<'_>,
) -> Option<KeyAttribute> {
    let Some((decl, field)) = fields.iter().find(|(decl, _)| decl.name.value == name.value) else {
        resolver.report(unknown_field(what, name, fields));
        return None;
    };
    let refuse = |why: &str, help: &str| {
        Diagnostic::new(Code::BadKeyType, format!("the field `{}` cannot be the {what}", show(&name.value)))
            .at(decl.ty.as_ref().map_or(decl.name.span, |ty| ty.span), why)
            .related(name.span, format!("made the {what} here"))
            .help(help)
    };
    // "Naming rules", in "Supported data types and naming rules in Amazon DynamoDB".
    if field.attribute.len() > 255 {
        let diagnostic = Diagnostic::new(Code::BadAttributeName, "DynamoDB refuses this name for a key attribute").at(
            decl.attribute.as_ref().unwrap_or(&decl.name).span,
            "the name of a key attribute has at most 255 bytes",
        );
        resolver.report(diagnostic.help("shorten it, or use another field as the key"));
        return None;
    }
    let is_refused = !may_be_absent || field.role == Some(FieldRole::SchemaVersion);
    if is_refused && let Some(diagnostic) = roles::changing(field, name.span) {
        resolver.report(diagnostic);
        return None;
    }
    let ty = match &field.ty {
        Type::Optional(inner) if may_be_absent => inner,
        ty => ty,
    };
    let kind = match (ty, field.key_kind()) {
        (Type::Scalar(scalar), _) if scalar.is_float() => {
            Err(("a float rounds, so that an item could not be found again", "use an integer or a string"))
        }
        (Type::Scalar(Scalar::Time(TimeKind::Duration, _)), _) => {
            Err(("the text of a duration does not sort by its length", "use an integer"))
        }
        (Type::Optional(_), _) => Err(("a key is in every item", "drop the `?`")),
        (_, Some(kind)) => Ok(kind),
        (_, None) => Err(("a key is a string, a number or binary", "use another field, or store it as one of these")),
    };
    match kind {
        Ok(kind) => Some(KeyAttribute::of_field(field.clone(), kind)),
        Err((why, help)) => {
            resolver.report(refuse(why, help));
            None
        }
    }
}

/// A help that lists the fields of a model, or the first ones of many.
pub(crate) fn one_of(fields: &[(&FieldDecl, Field)]) -> String {
    let names: Vec<String> = fields.iter().take(8).map(|(decl, _)| format!("`{}`", show(&decl.name.value))).collect();
    let more = if fields.len() > names.len() { ", …" } else { "" };
    format!("name one of the model's fields: {}{more}", names.join(", "))
}

pub(crate) fn unknown_field(what: &str, name: &Spanned<String>, fields: &[(&FieldDecl, Field)]) -> Diagnostic {
    let shown = show(&name.value);
    let diagnostic =
        Diagnostic::new(Code::UnknownKeyField, format!("the {what} `{shown}` is not a field of the model"))
            .at(name.span, "no such field");
    let stored_as = fields.iter().find(|(_, field)| field.attribute == name.value);
    let help = match stored_as {
        Some((decl, _)) => {
            Some(format!("`{shown}` is the attribute of the field `{}`: name the field", show(&decl.name.value)).into())
        }
        None => did_you_mean(&name.value, fields.iter().map(|(decl, _)| decl.name.value.as_str())),
    };
    diagnostic.help(help.unwrap_or_else(|| one_of(fields).into()))
}
