//! Types of the SDK and of the API for attributes and items.

use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// Names of attributes.
pub type Names = &'static [&'static str];

/// An item in the SDK's form: attribute values by the names of their attributes.
pub type AttributeMap = HashMap<String, AttributeValue>;

/// The type of an attribute value ("AttributeValue", Amazon DynamoDB API Reference).
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
    /// The API's name of the type, such as `S`.
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
