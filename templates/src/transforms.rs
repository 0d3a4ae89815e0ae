//! The transforms of values.

use askama::Template;

/// The transforms of a value, as a function that changes it in place.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/transform.rs.j2", escape = "none", whitespace = "preserve")]
pub enum TransformView {
    /// A transform of a text or a time, by its function in the runtime.
    Own(&'static str),
    /// The transforms of a struct or a union.
    Nested,
    /// The transforms of each element, in their order, and the runtime's function for each element.
    Each(&'static str, Vec<TransformView>),
    /// The transforms of a value that may be absent, in their order.
    Present(Vec<TransformView>),
    /// The function of a field: the name of its struct, and its own.
    OfField(String, String),
}

/// The expression that transforms the value `of`.
#[derive(Debug, Template)]
#[template(path = "parts/transformed.rs.j2", escape = "none", whitespace = "preserve")]
pub(crate) struct TransformedView<'v>(pub(crate) &'v TransformView);

/// A function that applies several transforms.
#[derive(Debug, Template)]
#[template(path = "parts/transforms.rs.j2", escape = "none", whitespace = "preserve")]
pub(crate) struct TransformsView<'v>(pub(crate) &'v [TransformView]);

impl TransformView {
    /// The expression that transforms the value `of`.
    pub(crate) fn applied(&self) -> TransformedView<'_> {
        TransformedView(self)
    }
}

/// The function that applies these transforms.
pub(crate) fn all(of: &[TransformView]) -> TransformsView<'_> {
    TransformsView(of)
}
