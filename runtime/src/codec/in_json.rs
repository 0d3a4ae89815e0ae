//! The forms of times, durations and wide integers in JSON: `#[serde(with = "::dyntastic::codec::in_json")]`.
//!
//! Times and durations are the text in which they are stored. Integers of 128 bits are text if they do not fit into 64
//! bits: serde's reader of a union buffers each value until it knows the variant, and its buffer holds no wider number.
//! The same forms apply within lists, sets and maps. An absent value is null.

#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
mod text;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

/// A value that this module writes and reads.
pub trait InJson: Sized {
    /// Writes the value.
    ///
    /// # Errors
    ///
    /// The value has no form in JSON.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;

    /// Reads the value.
    ///
    /// # Errors
    ///
    /// The type has no such value.
    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Writes a value.
///
/// # Errors
///
/// The value has no form in JSON.
pub fn serialize<T: InJson, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.serialize(serializer)
}

/// Reads a value.
///
/// # Errors
///
/// The type has no such value.
pub fn deserialize<'de, T: InJson, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::deserialize(deserializer)
}

/// Reads a value that may be absent, but not null.
///
/// # Errors
///
/// The type has no such value.
pub fn present<'de, T: InJson, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Gives serde's traits to a part of a value.
struct Part<T>(T);

impl<T: InJson> Serialize for Part<&T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: InJson> Deserialize<'de> for Part<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Part)
    }
}

impl<T: InJson> InJson for Option<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Serialize::serialize(&self.as_ref().map(Part), serializer)
    }

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = <Option<Part<T>> as Deserialize>::deserialize(deserializer)?;
        Ok(read.map(|part| part.0))
    }
}

impl<T: InJson> InJson for Vec<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Part))
    }

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = <Vec<Part<T>> as Deserialize>::deserialize(deserializer)?;
        Ok(read.into_iter().map(|part| part.0).collect())
    }
}

impl<T: InJson + Ord> InJson for BTreeSet<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Part))
    }

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(<Vec<T> as InJson>::deserialize(deserializer)?.into_iter().collect())
    }
}

impl<T: InJson> InJson for BTreeMap<String, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(key, value)| (key, Part(value))))
    }

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = <BTreeMap<String, Part<T>> as Deserialize>::deserialize(deserializer)?;
        Ok(read.into_iter().map(|(key, part)| (key, part.0)).collect())
    }
}

macro_rules! wide {
    ($($ty:ty),+) => {$(
        impl InJson for $ty {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match (i64::try_from(*self), u64::try_from(*self)) {
                    (Ok(number), _) => serializer.serialize_i64(number),
                    (_, Ok(number)) => serializer.serialize_u64(number),
                    _ => serializer.collect_str(self),
                }
            }

            fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Wide::<$ty>(PhantomData))
            }
        }

        impl Visitor<'_> for Wide<$ty> {
            type Value = $ty;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an integer, or the text of one")
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<$ty, E> {
                number.try_into().map_err(E::custom)
            }

            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<$ty, E> {
                Ok(number.into())
            }

            fn visit_i128<E: serde::de::Error>(self, number: i128) -> Result<$ty, E> {
                number.try_into().map_err(E::custom)
            }

            fn visit_u128<E: serde::de::Error>(self, number: u128) -> Result<$ty, E> {
                number.try_into().map_err(E::custom)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$ty, E> {
                text.parse().map_err(E::custom)
            }
        }
    )+};
}

wide!(i128, u128);

/// The reader of an integer of 128 bits, and its type in JSON Schema.
pub struct Wide<T>(PhantomData<T>);

#[cfg(feature = "schemars")]
impl<T> schemars::JsonSchema for Wide<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "WideInteger".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["integer", "string"] })
    }
}

/// A variant of an enum that has names in JSON and is stored as a number.
#[derive(serde::Deserialize)]
#[serde(untagged, expecting = "expected a name, or an integer of 64 bits")]
pub enum Variant {
    /// The variant's name.
    Name(String),
    /// The number of a value that the schema does not list.
    Number(i64),
}

/// Adds the default of a field to a struct's JSON Schema, and makes the field optional there.
///
/// The derive macro cannot do so for a field that this module writes: it would serialize the default by a path that
/// needs the crate `serde` under that name.
#[cfg(feature = "schemars")]
pub fn defaulted<T: InJson>(field: &'static str, default: T) -> impl FnMut(&mut schemars::Schema) {
    move |schema| {
        if let Some(required) = schema.get_mut("required").and_then(serde_json::Value::as_array_mut) {
            required.retain(|name| name != field);
            if required.is_empty() {
                schema.remove("required");
            }
        }
        let default = serialize(&default, serde_json::value::Serializer);
        let property = schema.get_mut("properties").and_then(|properties| properties.get_mut(field));
        let property = property.and_then(serde_json::Value::as_object_mut);
        if let (Some(property), Ok(default)) = (property, default) {
            property.insert("default".to_owned(), default);
        }
    }
}
