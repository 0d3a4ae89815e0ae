//! The structs that clients send.

use crate::StructView;
use askama::Template;

/// The code that is emitted for the input that makes an item.
#[derive(Debug, Template)]
#[template(path = "create.rs.j2", escape = "none", whitespace = "preserve")]
pub struct CreateView {
    /// The struct.
    pub of: StructView,
    /// The model's identifier.
    pub model: String,
    /// The link to the model in docs.
    pub link: String,
    /// The state of the builder that the input makes; `None` if the model has no required fields.
    pub state: Option<StateView>,
    /// Whether the input has all required fields.
    pub is_complete: bool,
    /// The fields without a default.
    pub given: Vec<SentView>,
    /// The fields with a default.
    pub defaulted: Vec<SentView>,
}

/// The state of a builder: which required fields are set.
#[derive(Debug, Template)]
#[template(path = "parts/state.rs.j2", escape = "none", whitespace = "preserve")]
pub enum StateView {
    /// A field that is set.
    Set,
    /// A field that is not set: its model's identifier, and that of its marker type.
    Unset(String, String),
    /// Several fields, or tuples of them.
    Tuple(Vec<StateView>),
}

/// A field of an input that makes an item.
#[derive(Debug)]
pub struct SentView {
    /// Its identifier.
    pub ident: String,
    /// The identifier of the builder's method that sets it.
    pub setter: String,
}

/// The code that is emitted for the input that changes an item.
#[derive(Debug, Template)]
#[template(path = "patch.rs.j2", escape = "none", whitespace = "preserve")]
pub struct PatchView {
    /// The struct.
    pub of: StructView,
    /// The model's identifier.
    pub model: String,
    /// The changes of its fields.
    pub changes: Vec<ChangeView>,
}

/// The change of a field.
#[derive(Debug)]
pub struct ChangeView {
    /// Its identifier.
    pub ident: String,
    /// Whether it can also remove the value.
    pub is_removable: bool,
}
