//! Items that are deleted and stay: what a read needs to leave them out.

use super::Resolved;
use super::resolver::Resolver;
use super::shards::share_table;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Model, Projection};
use crate::schema::{FieldDecl, ModelDecl};
use crate::sources::Span;
use crate::terms::FieldRole;
use crate::text::show;

/// Checks that each index holds the time when an item was deleted, and that the models of a table agree on its attribute.
pub(crate) fn check(models: &[Resolved<'_>], resolver: &mut Resolver<'_>) {
    for (number, (declared, model)) in models.iter().enumerate() {
        let Some(field) = model.role(FieldRole::DeletedAt) else { continue };
        check_indexes(declared, model, field, resolver);
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
