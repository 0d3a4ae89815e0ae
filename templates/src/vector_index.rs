//! One vector index: its items and its search.

use crate::{KeyFieldView, ParameterView, StructView, TyView};
use askama::Template;

/// The code that is emitted for one vector index, besides its model.
#[derive(Debug, Template)]
#[template(path = "vector_index.rs.j2", escape = "none", whitespace = "preserve")]
pub struct VectorIndexView {
    /// The struct of its items.
    pub of: StructView,
    /// The model's identifier.
    pub model: String,
    /// The end of its method's name, such as `by_embedding`.
    pub method: String,
    /// Its name in DynamoDB as a literal.
    pub index_name: String,
    /// The doc of the method that searches it.
    pub search_doc: String,
    /// The identifier of the field with the vectors.
    pub vector: String,
    /// The type of the vectors.
    pub vector_type: TyView,
    /// The parameter that says where to search, if the index is divided.
    pub hash_key: Vec<ParameterView>,
    /// The key fields of the table.
    pub table_keys: Vec<KeyFieldView>,
}
