//! A struct with some of a model's fields.

use crate::FieldView;
use askama::Template;

/// What is emitted for one projection, beside its model.
#[derive(Debug, Template)]
#[template(path = "projection.rs.j2", escape = "none", whitespace = "preserve")]
pub struct ProjectionView {
    /// The struct's identifier.
    pub name: String,
    /// The model's identifier.
    pub model: String,
    /// The doc of the struct.
    pub doc: Vec<String>,
    /// The derived traits.
    pub derives: &'static str,
    /// Whether a default is a float, which may look like a well-known constant to a lint.
    pub has_float_default: bool,
    /// Its fields.
    pub fields: Vec<FieldView>,
    /// The identifier of what the mapping reads from, which no field has.
    pub reader: String,
    /// The identifier of the number of the attribute that is read, which no field has.
    pub attribute: String,
}
