//! Keys as data.

use super::entries::{CatalogKey, CatalogShards, KeySegment};
use crate::model::{KeyAttribute, MadeOf};
use crate::tables::kind;

/// A key attribute.
pub(super) fn of(key: &KeyAttribute) -> CatalogKey {
    CatalogKey {
        attribute: key.attribute.clone(),
        kind: kind(key.kind),
        is_field: key.is_stored(),
        template: key.text(),
        segments: segments(key),
        shards: key.shards.as_ref().map(|shards| CatalogShards {
            count: shards.count,
            separator: key.separator,
            by: shards.by.iter().map(|field| field.name.clone()).collect(),
        }),
    }
}

/// The text and the fields of a key.
fn segments(key: &KeyAttribute) -> Vec<KeySegment> {
    let text = |text: &str| (!text.is_empty()).then(|| KeySegment::Text(text.to_owned()));
    match &key.made_of {
        MadeOf::Field(field) | MadeOf::Copy(field) | MadeOf::Hash(field) => {
            vec![KeySegment::Field { name: field.name.clone(), form: None }]
        }
        MadeOf::Template { parts, end } => {
            let of_parts = parts.iter().flat_map(|part| {
                let field = KeySegment::Field { name: part.field.name.clone(), form: part.stated.clone() };
                text(&part.before).into_iter().chain([field])
            });
            of_parts.chain(text(end)).collect()
        }
    }
}
