//! Computed fields: attributes that are made of an item's fields.

use super::{Field, KeyPart, distinct};

/// A computed field of a model.
#[derive(Debug, Clone)]
pub(crate) struct Computed {
    /// The field, as a struct has it that reads the attribute.
    pub(crate) field: Field,
    pub(crate) by: Computation,
}

impl Computed {
    /// Whether it holds the time when the item expires, and follows from this field.
    pub(crate) fn is_expiry_from(&self, field: &Field) -> bool {
        matches!(&self.by, Computation::Expiry { from, .. } if from.name == field.name)
    }
}

/// How a field is computed.
#[derive(Debug, Clone)]
pub(crate) enum Computation {
    /// As a text with fields in it.
    Text { parts: Vec<KeyPart>, end: String },
    /// By a function of the app, which takes these fields.
    Function { path: String, of: Vec<Field> },
    /// As the time after this many seconds from the time in a field, when the item expires.
    Expiry { seconds: u64, from: Box<Field> },
}

impl Computation {
    /// The fields that the value is made of.
    pub(crate) fn fields(&self) -> Vec<&Field> {
        match self {
            Computation::Text { parts, .. } => distinct(parts.iter().map(|part| &part.field)),
            Computation::Function { of, .. } => distinct(of),
            Computation::Expiry { from, .. } => vec![from],
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
            Computation::Expiry { seconds, from } => format!("{} + {}", from.name, lifetime(*seconds)),
        }
    }
}

/// A number of seconds as a schema writes a lifetime, such as `1d12h`.
pub(crate) fn lifetime(seconds: u64) -> String {
    let mut rest = seconds;
    let mut text = String::new();
    for (unit, letter) in [(86_400, 'd'), (3600, 'h'), (60, 'm'), (1, 's')] {
        if rest >= unit {
            text.push_str(&format!("{}{letter}", rest / unit));
            rest %= unit;
        }
    }
    text
}
