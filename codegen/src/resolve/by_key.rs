//! Tables whose models are told apart by the beginnings of their keys.

use super::Resolved;
use super::meeting_keys::{key_span, made_as};
use super::shared_tables::Shared;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Index, Model, begin_apart};
use crate::schema::ModelDecl;
use crate::text::show;

/// The mistake that an item's key may begin as those of two models.
pub(super) fn meet((decl, one): (&ModelDecl, &Model), (other_decl, other): (&ModelDecl, &Model)) -> Option<Diagnostic> {
    if one.keys().zip(other.keys()).any(|(one, other)| begin_apart(one, other)) {
        return None;
    }
    let message = format!(
        "the keys of model `{}` and of model `{}` may begin alike",
        show(&decl.name.value),
        show(&other_decl.name.value)
    );
    let diagnostic = Diagnostic::new(Code::KeysMeet, message)
        .at(key_span(other_decl), made_as(other))
        .related(key_span(decl), made_as(one))
        .help("begin one of the keys with a text of the model's own, such as `ORDER#`: nothing else tells its items")
        .help("or name an attribute that does, `discriminator: kind`");
    Some(diagnostic)
}

/// Whether a query of a model's index may read items of another model, which is in the index too.
pub(super) fn is_among(index: &Index, other: &Index) -> bool {
    !index.keys().zip(other.keys()).any(|(one, other)| begin_apart(one, other))
}

/// The mistakes of indexes whose queries cannot leave out the items of other models: DynamoDB filters a query by
/// attributes that are not keys of the index. `mixed` says for each index whether other items may be among the model's.
pub(super) fn unreadable((decl, model): &Resolved<'_>, table: &Shared<'_>, mixed: &[bool]) -> Vec<Diagnostic> {
    let is_of_table =
        |index: &Index| index.keys().any(|key| model.keys().any(|of_table| of_table.attribute == key.attribute));
    let unreadable = model.indexes.iter().zip(mixed).filter(|(index, mixed)| **mixed && is_of_table(index));
    let diagnostic = |(index, _): (&Index, &bool)| {
        let message = format!(
            "the items of model `{}` cannot be told apart in the index `{}`",
            show(&decl.name.value),
            show(&index.name)
        );
        let span =
            decl.index_keys.iter().find(|key| key.name.value == index.name).map_or(decl.name.span, |key| key.name.span);
        Diagnostic::new(Code::BadIndex, message)
            .at(span, "a query of an index cannot filter by its keys")
            .related(table.declared.name.span, "the keys tell its models")
            .help("give the index attributes of its own, which begin with a text of the model")
            .help("or name an attribute that tells the model, `discriminator: kind`")
    };
    unreadable.map(diagnostic).collect()
}
