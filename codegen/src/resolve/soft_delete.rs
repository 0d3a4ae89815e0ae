//! Items that are deleted and stay: what a read needs to leave them out.

use super::Resolved;
use super::resolver::Resolver;
use super::shards::share_table;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Index, KeyAttribute, Model, Projection, UpgradeStep};
use crate::schema::{FieldDecl, ModelDecl};
use crate::sources::Span;
use crate::terms::FieldRole;
use crate::text::show;

/// Checks that each index holds the time when an item was deleted, and that the models of a table agree on its attribute.
pub(crate) fn check(models: &[Resolved<'_>], resolver: &mut Resolver<'_>) {
    for (number, (declared, model)) in models.iter().enumerate() {
        let Some(field) = model.role(FieldRole::DeletedAt) else { continue };
        check_indexes(declared, model, field, resolver);
        check_upgrades(declared, model, field, resolver);
        check_keys(declared, model, field, models, resolver);
        let others = models.iter().enumerate().filter(|(other, _)| *other != number);
        for (other, (other_decl, of)) in others.filter(|(_, (_, other))| share_table(model, other)) {
            match of.role(FieldRole::DeletedAt) {
                Some(second) if second.attribute != field.attribute && other < number => {
                    let message = "two models share a table but not the attribute of the time when an item was deleted";
                    let diagnostic = Diagnostic::new(Code::TableConflict, message)
                        .at(place(declared, field), format!("here it is `{}`", show(&field.attribute)))
                        .related(place(other_decl, second), format!("here it is `{}`", show(&second.attribute)));
                    resolver.report(diagnostic.help("give the fields the same `attribute:`"));
                }
                Some(_) => {}
                None => {
                    let same = |of: &&Field| of.attribute == field.attribute && !of.key_only;
                    let Some(same) = of.attributes().find(same) else { continue };
                    let message =
                        format!("reads of the table take `{}` for the time of a deletion", show(&same.attribute));
                    let diagnostic = Diagnostic::new(Code::TableConflict, message)
                        .at(place(other_decl, same), "a field of another model without that role")
                        .related(place(declared, field), "the role `deleted_at`");
                    resolver.report(diagnostic.help("give one of the fields another `attribute:`"));
                }
            }
        }
    }
}

/// Reports upgrades that make the time: reads leave items out by the attribute that is stored.
fn check_upgrades(declared: &ModelDecl, model: &Model, field: &Field, resolver: &mut Resolver<'_>) {
    let steps = model.versions.iter().flat_map(|versions| versions.upgrades.iter().flatten());
    let makes = |step: &UpgradeStep| match step {
        UpgradeStep::Rename { from, to } => [from, to].contains(&&field.attribute),
        UpgradeStep::Split { parts, .. } => parts.iter().any(|(_, part)| *part == field.attribute),
        UpgradeStep::Convert { attribute, .. } => *attribute == field.attribute,
        UpgradeStep::Default { field: of, .. } => of.attribute == field.attribute,
        UpgradeStep::Remove { .. } | UpgradeStep::Function { .. } => false,
    };
    if steps.into_iter().any(makes) {
        let message =
            format!("an upgrade changes `{}`, by which reads leave out deleted items", show(&field.attribute));
        let diagnostic = Diagnostic::new(Code::BadRole, message)
            .at(place(declared, field), "older items would be shown, although they are deleted");
        resolver.report(
            diagnostic
                .help("keep the attribute of the older items with `attribute:`, and its stored form with `format:`"),
        );
    }
}

/// Reports keys of other models of the table that are made under the attribute.
fn check_keys(
    declared: &ModelDecl,
    model: &Model,
    field: &Field,
    models: &[Resolved<'_>],
    resolver: &mut Resolver<'_>,
) {
    for (_, other) in models.iter().filter(|(_, other)| share_table(model, other)) {
        let keys = other.keys().chain(other.indexes.iter().flat_map(Index::keys));
        let mut made = keys.filter(|key| key.attribute == field.attribute);
        let is_itself = |key: &&KeyAttribute| other.name == model.name && key.fields().any(|of| of.name == field.name);
        if let Some(key) = made.find(|key| !is_itself(key)) {
            let message =
                format!("reads of the table take its key `{}` for the time of a deletion", show(&key.attribute));
            let diagnostic = Diagnostic::new(Code::TableConflict, message)
                .at(place(declared, field), format!("model `{}` makes a key of that name", show(&other.name)));
            resolver.report(diagnostic.help("give the field another `attribute:`"));
            return;
        }
    }
}

fn place(declared: &ModelDecl, field: &Field) -> Span {
    let mut all = declared.fields.iter().chain(&declared.computed);
    let attribute = |decl: &&FieldDecl| {
        decl.attribute.as_ref().map_or(&decl.name.value, |attribute| &attribute.value) == &field.attribute
    };
    all.find(attribute).map_or(declared.name.span, |decl| decl.name.span)
}

fn check_indexes(declared: &ModelDecl, model: &Model, field: &Field, resolver: &mut Resolver<'_>) {
    let lacks = |fields: &[Field]| !fields.iter().any(|of| of.name == field.name);
    let of_keys = model.indexes.iter().filter_map(|index| match &index.projection {
        Projection::Fields { fields, .. } => lacks(fields).then_some(&index.name),
        Projection::All => None,
    });
    let of_vectors = model.vector_indexes.iter().filter(|index| lacks(&index.fields)).map(|index| &index.name);
    for index in of_keys.chain(of_vectors) {
        let message = format!("the index `{}` would show deleted items", show(index));
        let diagnostic = Diagnostic::new(Code::BadRole, message)
            .at(place(declared, field), format!("the index does not hold `{}`", show(&field.attribute)))
            .help(format!("add `{}` to the `projection` of the index", show(&field.attribute)));
        resolver.report(diagnostic);
    }
}
