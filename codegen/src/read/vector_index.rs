//! The shape of a vector index.

use super::keys::{Keys, What};
use super::model::{names, projection};
use super::reader::{Reader, wrong_kind};
use crate::diagnostic::Place;
use crate::node::{Entry, Kind};
use crate::schema::{ProjectionDecl, Spanned, VectorIndexDecl};

/// An entry of `vector_indexes:`; `None` if it has a mistake.
pub(super) fn vector_index(entry: &Entry, reader: &mut Reader) -> Option<VectorIndexDecl> {
    let start = reader.found.mark();
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::VectorIndex, "vector index", entry);
    let form = "by_embedding: { vector: embedding, distance: cosine }";
    let mut keys = Keys::of(&entry.value, what, name.span, form, reader)?;
    let vector = keys.require("vector", "name the field with the vectors: `vector: embedding`");
    let vector = vector.and_then(|entry| keys.reader.text(entry));
    let distance = keys.require("distance", "write `distance: cosine`, `euclidean` or `dot_product`");
    let distance = distance.and_then(|entry| keys.reader.value(entry));
    let filterable = keys.take("filterable").and_then(|entry| match &entry.value.kind {
        Kind::List(items) => Some(names(items, entry, keys.reader)),
        _ => {
            keys.reader.report(wrong_kind(entry, "a list of fields").help("such as `filterable: [language]`"));
            None
        }
    });
    let (index_name, hash_key) = (keys.text("name"), keys.text("hash_key"));
    let projection = keys.take("projection").and_then(|entry| projection(entry, keys.reader));
    keys.finish();
    let declared = VectorIndexDecl {
        name,
        index_name,
        vector: vector?,
        distance: distance?.value,
        hash_key,
        filterable: filterable.unwrap_or_default(),
        projection: projection.unwrap_or(ProjectionDecl::All),
    };
    reader.found.is_sound_since(start).then_some(declared)
}
