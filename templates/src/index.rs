//! One secondary index: its type, its items and its range key.

use crate::{FieldView, KeyFieldView, KeyTemplateView, ParameterView, StructView};
use askama::Template;

/// The code that is emitted for one index, besides its model.
#[derive(Debug, Template)]
#[template(path = "index.rs.j2", escape = "none", whitespace = "preserve")]
pub struct IndexView {
    /// The struct of the index and its items; without fields if the items are the model's.
    pub of: StructView,
    /// The model's identifier.
    pub model: String,
    /// The end of its methods' names, such as `by_status`.
    pub method: String,
    /// Its name in DynamoDB as a literal.
    pub index_name: String,
    /// The doc of the method that queries it.
    pub query_doc: String,
    /// The doc of the method that scans it.
    pub scan_doc: String,
    /// The parameters of the method that queries it: the attributes of its hash key.
    pub hash_key: Vec<ParameterView>,
    /// The templates of its keys; empty if the keys are fields.
    pub made_keys: Vec<KeyTemplateView>,
    /// Whether foreign items may be among the items of one hash key.
    pub mixed: bool,
    /// The fields of its range key.
    pub range_key: Vec<FieldView>,
    /// Its key attributes as literals.
    pub keys: Vec<String>,
    /// The key fields of the table.
    pub table_keys: Vec<KeyFieldView>,
    /// Whether it is a local one.
    pub local: bool,
}
