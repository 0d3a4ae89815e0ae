//! Unique fields, and unique combinations of fields: the table can hold their guards, and no model's item can have the
//! key of a guard.

use super::Resolved;
use super::keys::one_of;
use super::meeting_keys::{key_span, made_as};
use super::resolver::Resolver;
use super::shared_tables::Shared;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Field, KeyKind, Model};
use crate::schema::{FieldDecl, ModelDecl, Spanned};
use crate::terms::FieldRole;
use crate::text::show;

/// The runtime's name for guards (`ops/unique.rs`): their hash keys begin with it and a separator, and it is their
/// range key.
pub(crate) const GUARD: &str = "UNIQUE";

/// Checks that a table can hold guards, and that they can be distinguished from the models' items.
pub(crate) fn check(
    declared: &ModelDecl,
    shared: &Shared<'_>,
    fields: &[(&FieldDecl, Field)],
    resolver: &mut Resolver<'_>,
) {
    let Some(span) = declared.unique_span() else { return };
    let table = &shared.resolved;
    let keys = std::iter::once(&table.hash_key).chain(&table.range_key);
    let is_text = keys.clone().all(|(_, kind)| *kind == KeyKind::String);
    if table.discriminator.is_none() || !is_text {
        let message = "the values of a unique field are guarded by items of their own";
        let diagnostic = Diagnostic::new(Code::BadUnique, message)
            .at(span, "the table cannot hold them")
            .related(shared.declared.name.span, "it needs a discriminator, and keys that are strings")
            .help("write `discriminator: kind` in the table, and make its keys strings");
        resolver.report(diagnostic);
    }
    for (decl, field) in fields.iter().filter(|(_, field)| field.unique) {
        if !is_stored(field) {
            let message = format!("the field `{}` cannot be unique", show(&field.name));
            let label = "a unique field is stored as a string or a number";
            let help = "leave `unique` out, or give the field a type such as `string` or `u64`";
            resolver.report(Diagnostic::new(Code::BadUnique, message).at(decl.name.span, label).help(help));
        }
    }
}

/// Whether the guard of a field's value can have the value in its key.
fn is_stored(field: &Field) -> bool {
    matches!(field.key_kind(), Some(KeyKind::String | KeyKind::Number))
}

/// The unique combinations of fields; `None` if one has a mistake.
pub(crate) fn together(
    declared: &ModelDecl,
    fields: &[(&FieldDecl, Field)],
    resolver: &mut Resolver<'_>,
) -> Option<Vec<Vec<Field>>> {
    let start = resolver.found.mark();
    let mut together: Vec<Vec<Field>> = Vec::with_capacity(declared.unique.len());
    for unique in &declared.unique {
        let found: Vec<Field> =
            unique.fields.iter().filter_map(|name| resolver.keep(member(name, fields)).cloned()).collect();
        let refuse = |message: String, label: &str| Diagnostic::new(Code::BadUnique, message).at(unique.span, label);
        if let [only] = unique.fields.as_slice() {
            let message = format!("the field `{}` alone is not a combination", show(&only.value));
            let help = "write `unique: true` in the field's settings, or name a second field";
            resolver.report(refuse(message, "a combination has several fields").help(help));
        } else if unique.fields.is_empty() {
            let help = "such as `unique: [tenant, email]`";
            resolver.report(refuse("the combination has no fields".to_owned(), "it is empty").help(help));
        }
        let mut names: Vec<&str> = found.iter().map(|field| field.name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|two| two.first() == two.last()) {
            let message = "a field is twice in a unique combination".to_owned();
            resolver.report(refuse(message, "the same again").help("remove one of them"));
        }
        let same = |earlier: &&Vec<Field>| {
            earlier.len() == names.len() && earlier.iter().all(|field| names.contains(&field.name.as_str()))
        };
        if !names.is_empty() && together.iter().any(|earlier| same(&earlier)) {
            let message = "two unique combinations have the same fields".to_owned();
            resolver.report(refuse(message, "the same again").help("remove one of them"));
        }
        together.push(found);
    }
    resolver.found.is_sound_since(start).then_some(together)
}

/// The field that a combination names.
fn member<'f>(name: &Spanned<String>, fields: &'f [(&FieldDecl, Field)]) -> Result<&'f Field, Diagnostic> {
    let Some((_, field)) = fields.iter().find(|(decl, _)| decl.name.value == name.value) else {
        let written = fields.iter().map(|(decl, _)| decl.name.value.as_str());
        let help = did_you_mean(&name.value, written).unwrap_or_else(|| one_of(fields));
        let message = format!("the combination has `{}`, which is not a field of the model", show(&name.value));
        return Err(Diagnostic::new(Code::UnknownKeyField, message).at(name.span, "no such field").help(help));
    };
    let (why, help) = if !is_stored(field) {
        ("it is not stored as a string or a number", "leave it out, or give it a type such as `string` or `u64`")
    } else if matches!(field.role, Some(FieldRole::Version | FieldRole::UpdatedAt)) {
        ("every write changes it", "leave it out, or use another field")
    } else if field.unique {
        ("alone it is unique already", "remove the combination, or `unique: true` from the field")
    } else {
        return Ok(field);
    };
    let message = format!("the field `{}` cannot be in a unique combination", show(&field.name));
    Err(Diagnostic::new(Code::BadUnique, message).at(name.span, why).help(help))
}

/// The models of one table whose items could have the key of a guard.
pub(crate) fn meet_guards(models: &[&Resolved<'_>]) -> Vec<Diagnostic> {
    let Some(guarded) = models.iter().find_map(|(decl, _)| decl.unique_span()) else {
        return Vec::new();
    };
    let meets = |model: &Model| {
        model.hash_key.may_begin_with(GUARD) && model.range_key.as_ref().is_none_or(|key| key.may_be(GUARD))
    };
    let diagnostic = |(decl, model): &&Resolved<'_>| {
        let message = format!(
            "an item of model `{}` and the guard of a unique value may have the same key",
            show(&decl.name.value)
        );
        Diagnostic::new(Code::KeysMeet, message)
            .at(key_span(decl), made_as(model))
            .related(guarded, format!("guarded by items whose hash key begins with `{GUARD}#`"))
            .help("begin the hash key with a text of the model's own, such as `ORDER#`")
    };
    models.iter().filter(|(_, model)| meets(model)).map(diagnostic).collect()
}
