//! What the schema allows.

use super::Finding;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{AllowDecl, Schema};
use crate::sources::Span;
use std::collections::HashSet;

/// The findings that no `allow:` names, and the entries of `allow:` that no finding needs.
pub(super) fn without_allowed(found: Vec<Finding<'_>>, schema: &Schema) -> Vec<Diagnostic> {
    let mut used: HashSet<Span> = HashSet::new();
    let mut left = Vec::new();
    for Finding { diagnostic, allow } in found {
        let entry = allow.into_iter().flatten().find(|entry| entry.code.value == diagnostic.code());
        match entry {
            Some(entry) => {
                used.insert(entry.code.span);
            }
            None => left.push(diagnostic),
        }
    }
    left.extend(entries(schema).filter(|entry| !used.contains(&entry.code.span)).map(idle));
    left
}

/// Every entry of every `allow:`.
fn entries(schema: &Schema) -> impl Iterator<Item = &AllowDecl> {
    let of_models = schema.models.iter().flat_map(|model| {
        let of_keys = model.key.iter().chain(&model.index_keys).flat_map(|key| &key.allow);
        let of_indexes = model.indexes.iter().flat_map(|index| &index.allow);
        let of_queries = model.queries.iter().flat_map(|query| &query.allow);
        model.allow.iter().chain(of_keys).chain(of_indexes).chain(of_queries)
    });
    let of_tables = schema
        .tables
        .iter()
        .flat_map(|table| table.allow.iter().chain(table.indexes.iter().flat_map(|index| &index.allow)));
    of_models.chain(of_tables)
}

fn idle(entry: &AllowDecl) -> Diagnostic {
    Diagnostic::new(Code::IdleAllow, format!("`{}` is allowed, and is not found here", entry.code.value))
        .at(entry.code.span, "it allows nothing")
        .help("remove it, so that it cannot hide a later mistake")
}
