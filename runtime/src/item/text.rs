//! A value in JSON as the text that it is stored as, for types whose own serde form is another:
//! `#[serde(with = "::dyntastic::item::text")]`. An absent value is null.

use super::{FromAttribute, ToAttribute};
use crate::carrier::{ValueReader, write_value};
use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serializer};

/// Writes the text.
///
/// # Errors
///
/// The value cannot be stored, or not as text.
pub fn serialize<T: ToAttribute, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    if value.is_absent() {
        return serializer.serialize_none();
    }
    match write_value(value).map_err(S::Error::custom)? {
        AttributeValue::S(text) => serializer.serialize_str(&text),
        _ => Err(S::Error::custom("the value is not stored as text")),
    }
}

/// Reads the text.
///
/// # Errors
///
/// The text does not stand for a value.
pub fn deserialize<'de, T: FromAttribute, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    match Option::<String>::deserialize(deserializer)? {
        Some(text) => {
            T::read(ValueReader::new(AttributeValue::S(text))).map_err(|error| D::Error::custom(error.kind()))
        }
        None => T::from_null().ok_or_else(|| D::Error::custom("expected a text, found null")),
    }
}
