//! Indexes that cost more than their access patterns need.

use super::Finding;
use super::places::{IndexPlace, Place};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{ModelSet, Projection};
use crate::schema::{Schema, SharedIndexDecl, SharedTableDecl};
use crate::sources::Span;

pub(super) fn check<'s>(models: &[Place<'s>], set: &'s ModelSet, schema: &'s Schema) -> Vec<Finding<'s>> {
    let mut found = Vec::new();
    for place in models.iter().filter(|place| place.table.is_none() && !place.model.queries.is_empty()) {
        let unread = place.indexes().into_iter().filter(|of| !place.reads(of.index));
        found.extend(unread.map(|of| Finding { diagnostic: unread_index(of.name, of.span), allow: of.allow }));
    }
    for table in &schema.tables {
        let unread = table.indexes.iter().filter(|index| is_unread(index, table, models, set));
        found.extend(unread.map(|index| Finding {
            diagnostic: unread_index(&index.name.value, index.name.span),
            allow: vec![&index.allow, &table.allow],
        }));
    }
    // The projection of a shared table's index is that of all its models.
    for place in models.iter().filter(|place| place.table.is_none()) {
        found.extend(place.indexes().into_iter().filter_map(|of| wide(place, of)));
    }
    found
}

/// Whether models with access patterns have the index, and neither an access pattern nor a collection reads it.
fn is_unread(index: &SharedIndexDecl, table: &SharedTableDecl, models: &[Place<'_>], set: &ModelSet) -> bool {
    let of_table = |place: &&Place<'_>| place.table.is_some_and(|of| of.name.value == table.name.value);
    let users = models.iter().filter(of_table).flat_map(|place| {
        let indexes = place.indexes().into_iter().filter(|of| of.name == index.name.value);
        indexes.map(move |of| (place, of))
    });
    let (mut is_stated, mut is_read) = (false, false);
    for (place, of) in users {
        is_stated |= !place.model.queries.is_empty();
        is_read |= place.reads(of.index);
        is_read |= set.collections.iter().any(|collection| {
            let has_model = collection.members.iter().any(|member| member.model == place.model.name);
            has_model && collection.index.as_ref().is_some_and(|(name, _)| *name == of.index.index_name)
        });
    }
    is_stated && !is_read
}

fn unread_index(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnreadIndex, format!("no access pattern reads the index `{name}`"))
        .at(span, "it costs storage, and a write for each write of its items")
        .help(format!("drop it, or state what reads it: `queries: {{ …: {{ index: {name} }} }}`"))
}

/// A global index with whole items whose access patterns all state the fields that they use, and use few.
fn wide<'s>(place: &Place<'s>, of: IndexPlace<'s>) -> Option<Finding<'s>> {
    let index = of.index;
    let queries = || place.queries().filter(|(query, _)| query.source == index.type_name);
    let is_stated = queries().next().is_some() && queries().all(|(_, decl)| !decl.reads.is_empty());
    if index.local || !matches!(index.projection, Projection::All) || !is_stated {
        return None;
    }
    let is_key = |field: &str| place.model.keys().chain(index.keys()).any(|key| key.has(field));
    let is_used =
        |field: &str| is_key(field) || queries().any(|(_, decl)| decl.reads.iter().any(|name| name.value == field));
    let unused =
        place.fields().iter().filter(|(field, decl)| !is_used(&decl.name.value) && !is_key(&field.name)).count();
    let used: Vec<&str> = queries()
        .flat_map(|(_, decl)| &decl.reads)
        .map(|name| name.value.as_str())
        .filter(|name| !is_key(name))
        .fold(Vec::new(), |mut names, name| {
            if !names.contains(&name) {
                names.push(name);
            }
            names
        });
    // A sealed field is read only with the whole item.
    let is_sealed = place.fields().iter().any(|(field, decl)| field.seal.is_some() && is_used(&decl.name.value));
    // With few other fields, another projection saves nothing.
    if is_sealed || unused <= used.len() {
        return None;
    }
    let projection = if used.is_empty() { "keys_only".to_owned() } else { format!("[{}]", used.join(", ")) };
    let message = format!("the index `{}` holds whole items, and its access patterns use few of their fields", of.name);
    let diagnostic = Diagnostic::new(Code::WideProjection, message)
        .at(of.span, format!("{unused} other fields are written to it"))
        .help(format!("write `projection: {projection}`"));
    Some(Finding { diagnostic, allow: of.allow })
}
