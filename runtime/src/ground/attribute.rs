//! Attributes as DynamoDB and the SDK have them.

use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// Names of attributes.
pub type Names = &'static [&'static str];

/// An item as the SDK gives and takes it.
pub type AttributeMap = HashMap<String, AttributeValue>;

/// The types of attribute values, by the names of the API ("AttributeValue", Amazon DynamoDB API Reference).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// `S`, text.
    String,
    /// `N`, a decimal number.
    Number,
    /// `B`, bytes.
    Binary,
    /// `BOOL`.
    Bool,
    /// `NULL`.
    Null,
    /// `L`, a list.
    List,
    /// `M`, a map.
    Map,
    /// `SS`, a set of strings.
    StringSet,
    /// `NS`, a set of numbers.
    NumberSet,
    /// `BS`, a set of binary values.
    BinarySet,
}

impl Kind {
    /// The name that the API gives the type.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::String => "S",
            Kind::Number => "N",
            Kind::Binary => "B",
            Kind::Bool => "BOOL",
            Kind::Null => "NULL",
            Kind::List => "L",
            Kind::Map => "M",
            Kind::StringSet => "SS",
            Kind::NumberSet => "NS",
            Kind::BinarySet => "BS",
        }
    }
}
