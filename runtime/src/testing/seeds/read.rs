//! An item of a value of JSON, and the names in it that nothing reads.

use super::super::near::near;
use serde::de::value::{MapDeserializer, SeqDeserializer, StringDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::{Serialize, forward_to_deserialize_any};
use serde_json::{Error, Value};
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt::Write;

/// Reads an item, or tells what is wrong with it, each with its place in it.
///
/// serde passes over names that a struct does not have. Here the names are compared with those that a struct asks for. A union
/// asks for none, since serde first reads all of its value: there, they are compared with those that the item is written with.
pub(super) fn read<T: DeserializeOwned + Serialize>(json: &Value) -> Result<T, Vec<String>> {
    let seen = RefCell::default();
    let read: Result<T, _> = serde_path_to_error::deserialize(Watched { value: json, place: Vec::new(), seen: &seen });
    let Seen { mut unknown, whole } = seen.into_inner();
    match read {
        Ok(item) => {
            let written = serde_json::to_value(&item).unwrap_or_default();
            for mut place in whole {
                let pair = [json, &written].map(|value| place.iter().try_fold(value, |value, step| step.of(value)));
                if let [Some(json), Some(written)] = pair {
                    compare(json, written, &mut place, &mut unknown);
                }
            }
            if unknown.is_empty() { Ok(item) } else { Err(unknown) }
        }
        Err(error) => {
            let place = error.path().to_string();
            let place = if place == "." { String::new() } else { format!(".{place}") };
            unknown.push(format!("{place}: {}", error.inner()));
            Err(unknown)
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Name(String),
    Number(usize),
}

impl Step {
    fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        match self {
            Step::Name(name) => value.get(name),
            Step::Number(number) => value.get(number),
        }
    }
}

fn shown(place: &[Step], name: &str) -> String {
    let mut text = String::new();
    for step in place {
        let _ = match step {
            Step::Name(name) => write!(text, ".{name}"),
            Step::Number(number) => write!(text, "[{number}]"),
        };
    }
    format!("{text}.{name}")
}

/// What was seen of the values that were read.
#[derive(Default)]
struct Seen {
    /// The names that nothing reads.
    unknown: Vec<String>,
    /// The places of the values that were read as a whole, whatever their form.
    whole: Vec<Vec<Step>>,
}

fn no_such<'w>(place: &[Step], name: &str, known: impl IntoIterator<Item = &'w str>) -> String {
    format!("{}: no such field: {}", shown(place, name), near(name, known))
}

/// Finds the names that are not written.
fn compare(json: &Value, written: &Value, place: &mut Vec<Step>, unknown: &mut Vec<String>) {
    let mut inside = |step: Step, json: &Value| {
        if let Some(written) = step.of(written) {
            place.push(step);
            compare(json, written, place, unknown);
            place.pop();
        }
    };
    match (json, written) {
        (Value::Array(elements), Value::Array(_)) => {
            elements.iter().enumerate().for_each(|(number, element)| inside(Step::Number(number), element));
        }
        (Value::Object(fields), Value::Object(known)) => {
            fields.iter().for_each(|(name, value)| inside(Step::Name(name.clone()), value));
            let missing = fields.iter().filter(|(name, value)| !known.contains_key(*name) && !value.is_null());
            unknown.extend(missing.map(|(name, _)| no_such(place, name, known.keys().map(String::as_str))));
        }
        _ => {}
    }
}

/// A value that notes which names are asked for.
struct Watched<'v> {
    value: &'v Value,
    place: Vec<Step>,
    seen: &'v RefCell<Seen>,
}

impl<'v> Watched<'v> {
    fn inside(&self, step: Step, value: &'v Value) -> Self {
        let place = self.place.iter().cloned().chain([step]).collect();
        Self { value, place, seen: self.seen }
    }

    fn elements<'de, V: Visitor<'de>>(self, elements: &'v [Value], visitor: V) -> Result<V::Value, Error> {
        let of = |(number, element)| self.inside(Step::Number(number), element);
        let mut elements = SeqDeserializer::new(elements.iter().enumerate().map(of));
        let value = visitor.visit_seq(&mut elements)?;
        elements.end()?;
        Ok(value)
    }

    fn entries<'de, V: Visitor<'de>>(
        self,
        entries: &'v serde_json::Map<String, Value>,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let of =
            |(name, value): (&String, &'v Value)| (Name(name.clone()), self.inside(Step::Name(name.clone()), value));
        let mut entries = MapDeserializer::new(entries.iter().map(of));
        let value = visitor.visit_map(&mut entries)?;
        entries.end()?;
        Ok(value)
    }
}

macro_rules! plain {
    ($($read:ident($($argument:ident: $ty:ty),*))*) => {$(
        fn $read<V: Visitor<'de>>(self, $($argument: $ty,)* visitor: V) -> Result<V::Value, Error> {
            self.value.clone().$read($($argument,)* visitor)
        }
    )*};
}

macro_rules! whole {
    ($($read:ident($($argument:ident: $ty:ty),*))*) => {$(
        fn $read<V: Visitor<'de>>(self, $($argument: $ty,)* visitor: V) -> Result<V::Value, Error> {
            self.seen.borrow_mut().whole.push(self.place);
            self.value.clone().$read($($argument,)* visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Watched<'_> {
    type Error = Error;

    plain! {
        deserialize_bool() deserialize_char() deserialize_str() deserialize_string() deserialize_bytes()
        deserialize_byte_buf() deserialize_unit() deserialize_unit_struct(name: &'static str)
        deserialize_identifier() deserialize_ignored_any()
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64()
    }

    whole! {
        deserialize_any()
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        // Only serde_json itself reads a value with a name of its own.
        match name.starts_with('$') {
            true => self.value.clone().deserialize_newtype_struct(name, visitor),
            false => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Array(elements) => self.elements(elements, visitor),
            other => other.clone().deserialize_seq(visitor),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Object(entries) => self.entries(entries, visitor),
            other => other.clone().deserialize_map(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.value {
            Value::Object(entries) if !name.starts_with('$') => {
                let known: HashSet<&str> = fields.iter().copied().collect();
                let unknown = entries.keys().filter(|name| !known.contains(name.as_str()));
                let unknown = unknown.map(|name| no_such(&self.place, name, fields.iter().copied()));
                self.seen.borrow_mut().unknown.extend(unknown);
                self.entries(entries, visitor)
            }
            Value::Array(elements) => self.elements(elements, visitor),
            other => other.clone().deserialize_struct(name, fields, visitor),
        }
    }
}

impl IntoDeserializer<'_, Error> for Watched<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The name of an entry, which may be the text of a number.
struct Name(String);

macro_rules! numbers {
    ($($read:ident: $number:ty, $visit:ident;)*) => {$(
        fn $read<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.0.parse::<$number>() {
                Ok(number) => visitor.$visit(number),
                Err(_) => visitor.visit_string(self.0),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Name {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.0)
    }

    numbers! {
        deserialize_bool: bool, visit_bool;
        deserialize_i8: i8, visit_i8;
        deserialize_i16: i16, visit_i16;
        deserialize_i32: i32, visit_i32;
        deserialize_i64: i64, visit_i64;
        deserialize_i128: i128, visit_i128;
        deserialize_u8: u8, visit_u8;
        deserialize_u16: u16, visit_u16;
        deserialize_u32: u32, visit_u32;
        deserialize_u64: u64, visit_u64;
        deserialize_u128: u128, visit_u128;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        StringDeserializer::new(self.0).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl IntoDeserializer<'_, Error> for Name {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
