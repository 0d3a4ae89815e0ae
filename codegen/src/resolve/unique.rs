//! Unique fields, and unique combinations of fields: the table can hold their guards, and no model's item can have the
//! key of a guard.

use super::keys::one_of;
use super::meeting_keys::{key_span, made_as};
use super::resolver::Resolver;
use super::shared_tables::Shared;
use super::{Resolved, computed};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Field, KeyAttribute, KeyKind, Model};
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
    if table.discriminator.is_empty() || !is_text {
        let message = "the values of a unique field are guarded by items of their own";
        let diagnostic = Diagnostic::new(Code::BadUnique, message)
            .at(span, "the table cannot hold them")
            .related(shared.declared.name.span, "it needs a discriminator, and keys that are strings")
            .help("write `discriminator: kind` in the table, and make its keys strings");
        resolver.report(diagnostic);
    }
    for (decl, field) in fields.iter().filter(|(_, field)| field.unique) {
        if let Some((label, help)) = not_guarded(field) {
            let message = format!("the field `{}` cannot be unique", show(&field.name));
            let help = format!("leave `unique` out, or {help}");
            resolver.report(Diagnostic::new(Code::BadUnique, message).at(decl.name.span, label).help(help));
        }
    }
}

/// The reason why no guard can hold a field's values, and what can be done.
fn not_guarded(field: &Field) -> Option<(&'static str, &'static str)> {
    if field.key_only {
        return Some(("a unique field is an attribute of its own", "drop `stored: false`"));
    }
    if !matches!(field.key_kind(), Some(KeyKind::String | KeyKind::Number)) {
        let help = "give the field a type such as `string` or `u64`";
        return Some(("a unique field is stored as a string or a number", help));
    }
    match field.role? {
        FieldRole::SchemaVersion => None,
        FieldRole::Counter | FieldRole::Sequence => Some(("increments change it", "use another field")),
        FieldRole::Version | FieldRole::UpdatedAt => Some(("every write changes it", "use another field")),
        FieldRole::CreatedAt => Some(("the first write sets it", "use another field")),
        FieldRole::DeletedAt => Some(("`soft_delete` changes it", "use another field")),
        FieldRole::Ttl if field.lifetime.is_some() => Some(("every write changes it", "use another field")),
        FieldRole::Ttl => None,
    }
}

/// Reports unique fields and combinations that are unique in any case: with the whole key, since no two items have one
/// key, or with another combination.
pub(crate) fn check_surplus(
    declared: &ModelDecl,
    fields: &[(&FieldDecl, Field)],
    together: &[Vec<Field>],
    keys: &[&KeyAttribute],
    resolver: &mut Resolver<'_>,
) {
    let has = |names: &[&str], of: &[&str]| of.iter().all(|name| names.contains(name));
    let key: Vec<&str> = keys.iter().flat_map(|key| key.fields()).map(|field| field.name.as_str()).collect();
    for (decl, field) in fields {
        if let Some(span) = decl.unique.filter(|_| has(&[&field.name], &key)) {
            let message = format!("the field `{}` is unique in any case", show(&field.name));
            let diagnostic = Diagnostic::new(Code::BadUnique, message)
                .at(span, "the key is made of it, and no two items have one key")
                .help("leave `unique` out");
            resolver.report(diagnostic);
        }
    }
    let names = |fields: &'_ Vec<Field>| fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
    let named: Vec<Vec<String>> = together.iter().map(names).collect();
    let named: Vec<Vec<&str>> = named.iter().map(|names| names.iter().map(String::as_str).collect()).collect();
    for (at, (unique, own)) in declared.unique.iter().zip(&named).enumerate() {
        let others = declared.unique.iter().zip(&named).enumerate().filter(|(other, _)| *other != at);
        let part = others.map(|(_, other)| other).find(|(_, other)| has(own, other));
        let diagnostic = Diagnostic::new(Code::BadUnique, "the combination is unique in any case");
        resolver.found.extend(match part {
            _ if has(own, &key) => Some(
                diagnostic
                    .at(unique.span, "it has the whole key, and no two items have one key")
                    .help("remove the combination"),
            ),
            Some((other, _)) => Some(
                diagnostic
                    .at(unique.span, "another combination has some of its fields")
                    .related(other.span, "this one is unique already")
                    .help("remove one of them"),
            ),
            None => None,
        });
    }
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
            unique.fields.iter().filter_map(|name| resolver.keep(member(name, declared, fields)).cloned()).collect();
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
fn member<'f>(
    name: &Spanned<String>,
    declared: &ModelDecl,
    fields: &'f [(&FieldDecl, Field)],
) -> Result<&'f Field, Diagnostic> {
    let help = "name the fields that it is made of";
    if let Some(diagnostic) = computed::named("a unique combination cannot have", name, declared, help) {
        return Err(diagnostic);
    }
    let Some((_, field)) = fields.iter().find(|(decl, _)| decl.name.value == name.value) else {
        let written = fields.iter().map(|(decl, _)| decl.name.value.as_str());
        let help = did_you_mean(&name.value, written).unwrap_or_else(|| one_of(fields).into());
        let message = format!("the combination has `{}`, which is not a field of the model", show(&name.value));
        return Err(Diagnostic::new(Code::UnknownKeyField, message).at(name.span, "no such field").help(help));
    };
    let alone = ("alone it is unique already", "remove `unique: true` from the field");
    let Some((why, help)) = not_guarded(field).or(field.unique.then_some(alone)) else { return Ok(field) };
    let message = format!("the field `{}` cannot be in a unique combination", show(&field.name));
    Err(Diagnostic::new(Code::BadUnique, message).at(name.span, why).help(format!("leave it out, or {help}")))
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
