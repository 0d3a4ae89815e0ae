//! The view of one vector index.

use super::index::{hash_parameters, key_attribute};
use super::model::table_keys;
use super::{contexts, docs, field_types, rust, structure, upgrades};
use crate::model::{Distance, KeyAttribute, Model, ModelSet, VectorIndex, VectorIndexDefinition};
use dyntastic_templates::{StructView, VectorDefinitionView, VectorIndexView};

/// The view of a vector index.
pub(super) fn vector_index_view(set: &ModelSet, model: &Model, index: &VectorIndex) -> VectorIndexView {
    let doc = docs::vector_index(model, index);
    let plain = structure::plain(set, &model.name, (&index.type_name, &doc), &index.fields, |field| {
        structure::role(model, field)
    });
    let hash_fields: Vec<_> = index.hash_key.iter().flat_map(KeyAttribute::fields).collect();
    VectorIndexView {
        of: StructView {
            versioned: upgrades::versioned(model, false),
            ..contexts::within(model, plain, &index.fields)
        },
        model: model.name.clone(),
        method: index.name.clone(),
        index_name: rust::literal(&index.definition.index_name),
        search_doc: rust::literal(&format!(
            " Finds the items with the most similar vectors in the index `{}`.",
            index.definition.index_name
        )),
        vector: rust::identifier(&index.vector.name),
        vector_type: field_types::value_type(&index.vector),
        hash_key: hash_parameters(model.context.as_ref(), &hash_fields),
        table_keys: table_keys(set, model),
    }
}

/// The index as the table's constant describes it for CreateTable.
pub(super) fn vector_definition(index: &VectorIndexDefinition) -> VectorDefinitionView {
    let key = |(name, kind): &(String, _)| key_attribute(name, *kind);
    VectorDefinitionView {
        name: rust::literal(&index.index_name),
        attribute: rust::literal(&index.attribute),
        dimensions: index.dimensions,
        distance: match index.distance {
            Distance::Cosine => "Cosine",
            Distance::Euclidean => "Euclidean",
            Distance::DotProduct => "DotProduct",
        },
        hash_key: index.hash_key.as_ref().map(key),
        filterable: index.filterable.iter().map(key).collect(),
        include: index.include.as_ref().map(|names| names.iter().map(|name| rust::literal(name)).collect()),
    }
}
