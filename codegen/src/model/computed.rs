//! Computed fields: attributes that are made of an item's fields.

use super::{Field, KeyPart, distinct};

/// A computed field of a model.
#[derive(Debug, Clone)]
pub(crate) struct Computed {
    /// The field, as a struct has it that reads the attribute.
    pub(crate) field: Field,
    pub(crate) by: Computation,
}

/// How a field is computed.
#[derive(Debug, Clone)]
pub(crate) enum Computation {
    /// As a text with fields in it.
    Text { parts: Vec<KeyPart>, end: String },
    /// By a function of the app, which takes these fields.
    Function { path: String, of: Vec<Field> },
}

impl Computation {
    /// The fields that the value is made of.
    pub(crate) fn fields(&self) -> Vec<&Field> {
        match self {
            Computation::Text { parts, .. } => distinct(parts.iter().map(|part| &part.field)),
            Computation::Function { of, .. } => distinct(of),
        }
    }

    /// Its text with `{field}` for each field, or the call of its function.
    pub(crate) fn text(&self) -> String {
        match self {
            Computation::Text { parts, end } => parts.iter().map(KeyPart::text).collect::<String>() + end,
            Computation::Function { path, of } => {
                let names: Vec<&str> = of.iter().map(|field| field.name.as_str()).collect();
                format!("{path}({})", names.join(", "))
            }
        }
    }
}
