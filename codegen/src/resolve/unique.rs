//! Checks unique fields: the table can hold their guards, and no model's item can have the key of a guard.

use super::Resolved;
use super::meeting_keys::{key_span, made_as};
use super::resolver::Resolver;
use super::shared_tables::Shared;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, KeyKind, Model};
use crate::schema::{FieldDecl, ModelDecl};
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
    let Some(span) = declared.fields.iter().find_map(|field| field.unique) else { return };
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
        let is_stored = matches!(field.key_kind(), Some(KeyKind::String | KeyKind::Number));
        if !is_stored {
            let message = format!("the field `{}` cannot be unique", show(&field.name));
            let label = "a unique field is stored as a string or a number";
            let help = "leave `unique` out, or give the field a type such as `string` or `u64`";
            resolver.report(Diagnostic::new(Code::BadUnique, message).at(decl.name.span, label).help(help));
        }
    }
}

/// The models of one table whose items could have the key of a guard.
pub(crate) fn meet_guards(models: &[&Resolved<'_>]) -> Vec<Diagnostic> {
    let Some(guarded) = models.iter().find_map(|(decl, _)| decl.fields.iter().find_map(|field| field.unique)) else {
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
