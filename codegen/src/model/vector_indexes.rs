//! Vector indexes.

use super::{Distance, Field, KeyAttribute, KeyKind};

/// A vector index of a model.
#[derive(Debug)]
pub(crate) struct VectorIndex {
    /// Its name in Rust, in snake case.
    pub(crate) name: String,
    /// The type of its items.
    pub(crate) type_name: String,
    /// The field with the vectors.
    pub(crate) vector: Field,
    /// The attribute that divides it.
    pub(crate) hash_key: Option<KeyAttribute>,
    /// The fields that a search returns: those in the index, without the vector.
    pub(crate) fields: Vec<Field>,
    pub(crate) definition: VectorIndexDefinition,
}

/// The description of a vector index for CreateTable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VectorIndexDefinition {
    pub(crate) index_name: String,
    pub(crate) attribute: String,
    pub(crate) dimensions: u16,
    pub(crate) distance: Distance,
    pub(crate) hash_key: Option<(String, KeyKind)>,
    /// The attributes by which a search filters.
    pub(crate) filterable: Vec<(String, KeyKind)>,
    /// The attributes in it besides those; `None` if it holds whole items.
    pub(crate) include: Option<Vec<String>>,
}
