//! A struct with some of a model's fields.

use crate::StructView;
use askama::Template;

/// The code that is emitted for one projection, besides its model.
#[derive(Debug, Template)]
#[template(path = "projection.rs.j2", escape = "none", whitespace = "preserve")]
pub struct ProjectionView {
    /// The struct.
    pub of: StructView,
    /// The model's identifier.
    pub model: String,
}
