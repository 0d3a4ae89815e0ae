//! Values of attributes, in DynamoDB's JSON.

use super::number::Number;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

/// An item, or a map in an item.
pub type Item = BTreeMap<String, Value>;

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// Text.
    S(String),
    /// A number.
    N(Number),
    /// Bytes.
    B(Bytes),
    /// A boolean.
    #[serde(rename = "BOOL")]
    Bool(bool),
    /// NULL.
    #[serde(rename = "NULL")]
    Null(bool),
    /// A list.
    L(Vec<Value>),
    /// A map.
    M(Item),
    /// A set of texts.
    #[serde(rename = "SS", deserialize_with = "set")]
    Texts(BTreeSet<String>),
    /// A set of numbers.
    #[serde(rename = "NS", deserialize_with = "set")]
    Numbers(BTreeSet<Number>),
    /// A set of bytes.
    #[serde(rename = "BS", deserialize_with = "set")]
    Binaries(BTreeSet<Bytes>),
}

/// Bytes, which are base64 in JSON.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64_STANDARD.decode(text).map(Self).map_err(D::Error::custom)
    }
}

/// Reads a set. It must have at least one member, and no equal members.
fn set<'de, D: Deserializer<'de>, T: Deserialize<'de> + Ord>(deserializer: D) -> Result<BTreeSet<T>, D::Error> {
    struct Members<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de> + Ord> Visitor<'de> for Members<T> {
        type Value = BTreeSet<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a set")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<BTreeSet<T>, A::Error> {
            let mut set = BTreeSet::new();
            while let Some(member) = members.next_element()? {
                if !set.insert(member) {
                    return Err(A::Error::custom("Input collection contains duplicates"));
                }
            }
            if set.is_empty() { Err(A::Error::custom("An set may not be empty")) } else { Ok(set) }
        }
    }
    deserializer.deserialize_seq(Members(PhantomData))
}

impl Value {
    /// The name of the type, for `attribute_type`.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::S(_) => "S",
            Value::N(_) => "N",
            Value::B(_) => "B",
            Value::Bool(_) => "BOOL",
            Value::Null(_) => "NULL",
            Value::L(_) => "L",
            Value::M(_) => "M",
            Value::Texts(_) => "SS",
            Value::Numbers(_) => "NS",
            Value::Binaries(_) => "BS",
        }
    }

    /// The result of `size`; `None` for numbers, booleans and NULL.
    pub fn length(&self) -> Option<usize> {
        Some(match self {
            Value::S(text) => text.len(),
            Value::B(bytes) => bytes.0.len(),
            Value::L(list) => list.len(),
            Value::M(map) => map.len(),
            Value::Texts(set) => set.len(),
            Value::Numbers(set) => set.len(),
            Value::Binaries(set) => set.len(),
            Value::N(_) | Value::Bool(_) | Value::Null(_) => return None,
        })
    }

    /// The size of the value in bytes ("DynamoDB item sizes and formats").
    pub fn bytes(&self) -> usize {
        match self {
            Value::S(text) => text.len(),
            Value::N(number) => number.size(),
            Value::B(bytes) => bytes.0.len(),
            Value::Bool(_) | Value::Null(_) => 1,
            Value::L(list) => 3 + list.iter().map(|value| value.bytes() + 1).sum::<usize>(),
            Value::M(map) => 3 + map.iter().map(|(name, value)| name.len() + value.bytes() + 1).sum::<usize>(),
            Value::Texts(set) => set.iter().map(String::len).sum(),
            Value::Numbers(set) => set.iter().map(Number::size).sum(),
            Value::Binaries(set) => set.iter().map(|bytes| bytes.0.len()).sum(),
        }
    }

    /// The text, if the value is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::S(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if the value is an integer.
    pub fn integer(&self) -> Option<i64> {
        match self {
            Value::N(number) => number.integer(),
            _ => None,
        }
    }
}

/// The size of an item in bytes.
pub fn item_bytes(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value.bytes()).sum()
}
