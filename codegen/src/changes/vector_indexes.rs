//! Vector indexes.

use super::compare::Comparison;
use super::{Change, ChangeCode, Level};
use crate::model::{Model, VectorIndexDefinition};
use crate::schema::ModelDecl;
use crate::sources::Span;
use crate::text::show;

/// Compares the vector indexes of a model.
pub(super) fn compare((was, old): (&Model, &ModelDecl), (is, new): (&Model, &ModelDecl), found: &mut Comparison<'_>) {
    for after in &is.vector_indexes {
        let name = &after.definition.index_name;
        let text = format!("the vector index `{}` of model `{}`", show(name), is.name);
        let Some(before) = was.vector_indexes.iter().find(|before| before.definition.index_name == *name) else {
            let change = Change::new(ChangeCode::IndexAdded, format!("{text} is new"))
                .breaks(Level::Index)
                .new_at(span(new, is, name), "new");
            found.add(change.help("create it, and wait until it answers searches, before this release runs"));
            continue;
        };
        if parts(&before.definition) != parts(&after.definition) {
            let change = Change::new(ChangeCode::IndexChanged, format!("{text} is another one"))
                .breaks(Level::Index)
                .new_at(span(new, is, name), "the index now")
                .old_at(span(old, was, name), "the index before");
            found.add(change.help(
                "DynamoDB cannot change an index: give the new one another `name`, create it, and delete the old one \
                 once the previous release has stopped",
            ));
        } else if before.name != after.name {
            let change = Change::new(ChangeCode::IndexChanged, format!("{text} has another name in Rust"))
                .breaks(Level::Api)
                .new_at(span(new, is, name), "now")
                .old_at(span(old, was, name), "before");
            found.add(change);
        }
    }
    let is_gone = |name: &str| is.vector_indexes.iter().all(|after| after.definition.index_name != name);
    for before in was.vector_indexes.iter().map(|before| &before.definition.index_name).filter(|name| is_gone(name)) {
        let message = format!("the vector index `{}` of model `{}` is gone", show(before), is.name);
        let change = Change::new(ChangeCode::IndexRemoved, message)
            .breaks(Level::Api)
            .old_at(span(old, was, before), "the index before");
        found.add(change.help("delete it once the previous release has stopped"));
    }
}

/// What DynamoDB keeps of an index, whatever the order of its lists.
fn parts(of: &VectorIndexDefinition) -> VectorIndexDefinition {
    let mut parts = of.clone();
    parts.filterable.sort_by(|one, other| one.0.cmp(&other.0));
    parts.include.iter_mut().for_each(|names| names.sort());
    parts
}

fn span(decl: &ModelDecl, of: &Model, name: &str) -> Span {
    let position = of.vector_indexes.iter().position(|index| index.definition.index_name == name);
    let index = position.and_then(|at| decl.vector_indexes.get(at));
    index.map_or(decl.name.span, |index| index.name.span)
}
