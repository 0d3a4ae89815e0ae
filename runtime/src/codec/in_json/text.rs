//! Times and durations in JSON: their stored text.

use super::InJson;
use crate::codec::writer::write_value;
use crate::codec::{FromAttribute, ToAttribute, ValueReader};
use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serializer};

fn serialize_text<T: ToAttribute, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    match write_value(value).map_err(S::Error::custom)? {
        AttributeValue::S(text) => serializer.serialize_str(&text),
        _ => Err(S::Error::custom("the value is not stored as text")),
    }
}

fn deserialize_text<'de, T: FromAttribute, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = <String as Deserialize>::deserialize(deserializer)?;
    T::read(ValueReader::new(AttributeValue::S(text))).map_err(|error| D::Error::custom(error.kind()))
}

macro_rules! as_text {
    ($($(#[$condition:meta])? $ty:ty),+ $(,)?) => {$(
        $(#[$condition])?
        impl InJson for $ty {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serialize_text(self, serializer)
            }

            fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize_text(deserializer)
            }
        }
    )+};
}

as_text!(
    #[cfg(feature = "chrono")]
    chrono::TimeDelta,
    #[cfg(feature = "time")]
    time::OffsetDateTime,
    #[cfg(feature = "time")]
    time::PrimitiveDateTime,
    #[cfg(feature = "time")]
    time::Date,
    #[cfg(feature = "time")]
    time::Time,
    #[cfg(feature = "time")]
    time::Duration,
    #[cfg(feature = "jiff")]
    jiff::SignedDuration,
);
