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

/// Says in a struct's JSON Schema that a field may be left out, and what it is then. The derive cannot say it of a field that
/// this module writes: it would serialize the default by a path that needs the crate `serde` under that name.
#[cfg(feature = "schemars")]
pub fn defaulted<T: ToAttribute>(field: &'static str, default: T) -> impl FnMut(&mut schemars::Schema) {
    move |schema| {
        if let Some(required) = schema.get_mut("required").and_then(serde_json::Value::as_array_mut) {
            required.retain(|name| name != field);
            if required.is_empty() {
                schema.remove("required");
            }
        }
        let default = serialize(&default, serde_json::value::Serializer);
        let property = schema.pointer_mut(&format!("/properties/{field}")).and_then(serde_json::Value::as_object_mut);
        if let (Some(property), Ok(default)) = (property, default) {
            property.insert("default".to_owned(), default);
        }
    }
}
