//! The structs that clients send.

use crate::{StructView, TimeOrderView};
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
    /// The struct of the model's context.
    pub context: Option<String>,
    /// The state of the builder that the input makes; `None` if the model has no required fields.
    pub state: Option<StateView>,
    /// Whether the input has all required fields.
    pub is_complete: bool,
    /// Whether the builder sets a field by a method `from`.
    pub has_setter_from: bool,
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

/// The code that is emitted for the patch of a model, or of a struct that is stored inside an item.
#[derive(Debug, Template)]
#[template(path = "patch.rs.j2", escape = "none", whitespace = "preserve")]
pub struct PatchView {
    /// The struct.
    pub of: StructView,
    /// The identifier of the model or struct that it changes.
    pub owner: String,
    /// The changes of its fields.
    pub changes: Vec<ChangeView>,
    /// The generics of the update of a struct that is stored inside an item.
    pub inside: Option<InsideView>,
}

/// The generics of the update of a struct that is stored inside an item.
#[derive(Debug)]
pub struct InsideView {
    /// The model.
    pub model: String,
    /// The role of the struct's attribute.
    pub role: String,
    /// The fields of the struct whose times are compared.
    pub time_orders: Vec<TimeOrderView>,
    /// The path of a function that checks the whole struct.
    pub validate: Option<String>,
}

impl InsideView {
    /// Whether the struct is checked as a whole.
    pub(crate) fn is_checked(&self) -> bool {
        self.validate.is_some() || !self.time_orders.is_empty()
    }

    /// The function that checks the whole struct, if nothing else does.
    pub(crate) fn only_function(&self) -> Option<&str> {
        self.validate.as_deref().filter(|_| self.time_orders.is_empty())
    }
}

/// The change of a field.
#[derive(Debug)]
pub struct ChangeView {
    /// Its identifier.
    pub ident: String,
    /// How it changes.
    pub kind: ChangeKind,
    /// Whether its value is in a `Box`.
    pub is_boxed: bool,
}

/// How a patch changes a field.
#[derive(Debug, Clone, Copy)]
pub enum ChangeKind {
    /// It sets the value.
    Set,
    /// It sets or removes the value.
    Patch,
    /// It changes the fields of the struct.
    MergeSome,
    /// It changes the fields of the struct, or removes it.
    Merge,
}
