//! The values that a type accepts, learned from its deserializer.

use crate::diagnostic::{Help, Ours, Place, nearest, ours};
use crate::node::{Kind, Node};
use crate::text::show;
use serde::de::{DeserializeOwned, Deserializer, Error, Visitor};
use std::fmt;

/// The kind of value that a type is read from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Expected {
    Boolean,
    /// An integer without a sign, up to this maximum.
    Integer(u64),
    /// One of several words: the name of the Rust type, and the words.
    Words(&'static str, &'static [&'static str]),
    Other,
}

/// The kind of value that `T` is read from.
pub(super) fn of<T: DeserializeOwned>() -> Expected {
    let mut expected = Expected::Other;
    let _ = T::deserialize(Asked(&mut expected));
    expected
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::Boolean => f.write_str("`true` or `false`"),
            Expected::Integer(most) => write!(f, "a whole number from 0 to {most}"),
            Expected::Words(_, []) | Expected::Other => f.write_str("another value"),
            Expected::Words(_, [only]) => write!(f, "`{only}`"),
            Expected::Words(_, [words @ .., last]) => {
                write!(f, "`{}` or `{last}`", words.join("`, `"))
            }
        }
    }
}

impl Expected {
    /// The help: the value to write under the key instead.
    pub(super) fn help(self, key: &str, found: &Node) -> Help {
        let key = show(key);
        let Kind::Scalar { text, .. } = &found.kind else {
            return format!("write one value: `{key}: {}`", self.example()).into();
        };
        let (name, words): (_, &[_]) = match self {
            Expected::Boolean => ("bool", &["true", "false"]),
            Expected::Words(name, words) => (name, words),
            Expected::Integer(_) | Expected::Other => ("", &[]),
        };
        match ours(&[Place::Value(name)], text).or_else(|| nearest(text, words.iter().copied()).map(Ours::Near)) {
            Some(Ours::Is(word) | Ours::Key(word, _) | Ours::Near(word)) => {
                Help::replacing(format!("write `{key}: {word}`"), None, word)
            }
            Some(ours) => ours.help(&key),
            None => format!("such as `{key}: {}`", self.example()).into(),
        }
    }

    fn example(self) -> &'static str {
        match self {
            Expected::Boolean => "true",
            Expected::Integer(_) => "5",
            Expected::Words(_, words) => words.first().copied().unwrap_or("…"),
            Expected::Other => "…",
        }
    }
}

/// A deserializer without a value, which records the requested kind.
struct Asked<'a>(&'a mut Expected);

impl Asked<'_> {
    fn note<T>(self, expected: Expected) -> Result<T, serde::de::value::Error> {
        *self.0 = expected;
        Err(Error::custom(""))
    }
}

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        self.note(Expected::Other)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        self.note(Expected::Boolean)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        self.note(Expected::Integer(u32::MAX.into()))
    }

    fn deserialize_u64<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        self.note(Expected::Integer(u64::MAX))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        self.note(Expected::Words(name, variants))
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}
