//! Conditions under which an item is in an index.

use aws_sdk_dynamodb::types::AttributeValue;

/// A field and its values with which an item has the key of an index. Emitted code holds it as a constant.
#[derive(Debug, Clone, Copy)]
pub struct When {
    /// The attribute of the field.
    pub(crate) field: &'static str,
    values: Values,
}

#[derive(Debug, Clone, Copy)]
enum Values {
    Texts(&'static [&'static str]),
    Numbers(&'static [&'static str]),
    Booleans(&'static [bool]),
}

impl When {
    /// A field that is stored as a string has one of these values.
    pub const fn text(field: &'static str, values: &'static [&'static str]) -> Self {
        Self { field, values: Values::Texts(values) }
    }

    /// A field that is stored as an integer has one of these values.
    pub const fn number(field: &'static str, values: &'static [&'static str]) -> Self {
        Self { field, values: Values::Numbers(values) }
    }

    /// A field that is stored as a boolean has one of these values.
    pub const fn boolean(field: &'static str, values: &'static [bool]) -> Self {
        Self { field, values: Values::Booleans(values) }
    }

    /// Whether the field has one of the values.
    pub(crate) fn holds(&self, value: Option<&AttributeValue>) -> bool {
        match (self.values, value) {
            (Values::Texts(texts), Some(AttributeValue::S(text))) => texts.contains(&text.as_str()),
            (Values::Numbers(numbers), Some(AttributeValue::N(number))) => numbers.contains(&number.as_str()),
            (Values::Booleans(booleans), Some(AttributeValue::Bool(boolean))) => booleans.contains(boolean),
            _ => false,
        }
    }
}
