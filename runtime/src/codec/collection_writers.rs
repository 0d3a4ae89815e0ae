//! Writers of the elements of lists and sets, and of the entries of maps.

use super::encode::Encoded;
use super::item::ToAttribute;
use super::writer::{ValueWriter, write_element, write_value};
use crate::codec::encode;
use crate::ground::{AttributeMap, Kind, WriteError, WriteErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;

/// Writes the elements of a list.
#[derive(Debug)]
pub struct ListWriter<'w>(pub(super) List<'w>);

#[derive(Debug)]
pub(super) enum List<'w> {
    Map(&'w mut AttributeValue, Vec<AttributeValue>),
    Wire(&'w mut Encoded, bool),
}

impl ListWriter<'_> {
    /// Writes the next element; an absent value becomes NULL.
    ///
    /// # Errors
    ///
    /// The element cannot be written.
    pub fn element<T: ToAttribute + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        match &mut self.0 {
            List::Map(_, values) => values.push(write_element(value)?),
            List::Wire(encoded, is_begun) => {
                encoded.comma(std::mem::replace(is_begun, true));
                encoded.element(value)?;
            }
        }
        Ok(())
    }

    /// Ends the list.
    ///
    /// # Errors
    ///
    /// Neither codec returns an error.
    pub fn finish(self) -> Result<(), WriteError> {
        match self.0 {
            List::Map(slot, values) => *slot = AttributeValue::L(values),
            List::Wire(encoded, _) => encoded.raw(b"]}"),
        }
        Ok(())
    }
}

/// Writes the elements of a set.
#[derive(Debug)]
pub struct SetWriter<'w>(pub(super) Set<'w>);

#[derive(Debug)]
pub(super) enum Set<'w> {
    Map {
        slot: &'w mut AttributeValue,
        kind: Option<Kind>,
        values: Vec<AttributeValue>,
    },
    Wire {
        encoded: &'w mut Encoded,
        /// The position of the set's first byte.
        start: usize,
        /// The letter of the elements' type.
        kind: Option<u8>,
        /// The position of the last element.
        last: Option<std::ops::Range<usize>>,
    },
}

impl SetWriter<'_> {
    /// Writes the next element, in the set's order. Skips an element whose stored form equals the previous element's.
    ///
    /// # Errors
    ///
    /// The element cannot be written, its type is not S, N or B, or its type differs from the other elements'.
    pub fn element<T: ToAttribute + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        let refuse = || WriteError::new(WriteErrorKind::SetElement);
        match &mut self.0 {
            Set::Map { kind, values, .. } => {
                let written = write_value(value)?;
                let of = match written {
                    AttributeValue::S(_) => Kind::StringSet,
                    AttributeValue::N(_) => Kind::NumberSet,
                    AttributeValue::B(_) => Kind::BinarySet,
                    _ => return Err(refuse()),
                };
                if *kind.get_or_insert(of) != of {
                    return Err(refuse());
                }
                // Two times within a microsecond have the same text, and DynamoDB refuses a set with equal elements.
                if values.last() != Some(&written) {
                    values.push(written);
                }
            }
            Set::Wire { encoded, kind, last, .. } => {
                if kind.is_none() {
                    encoded.raw(b"{\"?S\":[");
                } else {
                    encoded.comma(true);
                }
                let start = encoded.json.len();
                value.write(ValueWriter::wire(encoded))?;
                let of = encoded.unwrap_element(start).ok_or_else(refuse)?;
                if *kind.get_or_insert(of) != of {
                    return Err(refuse());
                }
                let element = start..encoded.json.len();
                let same =
                    |last: &std::ops::Range<usize>| encoded.json.get(last.clone()) == encoded.json.get(element.clone());
                if last.as_ref().is_some_and(same) {
                    encoded.json.truncate(start - 1);
                } else {
                    *last = Some(element);
                }
            }
        }
        Ok(())
    }

    /// Ends the set; an empty set becomes NULL.
    ///
    /// # Errors
    ///
    /// Neither codec returns an error.
    pub fn finish(self) -> Result<(), WriteError> {
        match self.0 {
            Set::Map { slot, kind, values } => *slot = set_of(kind, values),
            Set::Wire { encoded, kind: None, .. } => encoded.raw(encode::NULL),
            Set::Wire { encoded, start, kind: Some(kind), .. } => {
                if let Some(letter) = encoded.json.get_mut(start + 2) {
                    *letter = kind;
                }
                encoded.raw(b"]}");
            }
        }
        Ok(())
    }
}

fn set_of(kind: Option<Kind>, values: Vec<AttributeValue>) -> AttributeValue {
    let values = values.into_iter();
    let text = |value| match value {
        AttributeValue::S(text) | AttributeValue::N(text) => Some(text),
        _ => None,
    };
    let blob = |value| match value {
        AttributeValue::B(blob) => Some(blob),
        _ => None,
    };
    match kind {
        Some(Kind::StringSet) => AttributeValue::Ss(values.filter_map(text).collect()),
        Some(Kind::NumberSet) => AttributeValue::Ns(values.filter_map(text).collect()),
        Some(_) => AttributeValue::Bs(values.filter_map(blob).collect()),
        None => AttributeValue::Null(true),
    }
}

/// Writes the entries of a map.
#[derive(Debug)]
pub struct MapWriter<'w>(pub(super) Map<'w>);

#[derive(Debug)]
pub(super) enum Map<'w> {
    Map(&'w mut AttributeValue, AttributeMap),
    Wire(&'w mut Encoded, bool),
}

impl MapWriter<'_> {
    /// Writes an entry; an absent value becomes NULL.
    ///
    /// # Errors
    ///
    /// The value cannot be written; the error's path begins with the entry's name.
    pub fn entry<T: ToAttribute + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), WriteError> {
        let written = match &mut self.0 {
            Map::Map(_, entries) => write_element(value).map(|written| drop(entries.insert(name.to_owned(), written))),
            Map::Wire(encoded, is_begun) => {
                encoded.name(name, std::mem::replace(is_begun, true));
                encoded.element(value)
            }
        };
        written.map_err(|error| error.within_name(name))
    }

    /// Ends the map.
    ///
    /// # Errors
    ///
    /// Neither codec returns an error.
    pub fn finish(self) -> Result<(), WriteError> {
        match self.0 {
            Map::Map(slot, entries) => *slot = AttributeValue::M(entries),
            Map::Wire(encoded, _) => encoded.raw(b"}}"),
        }
        Ok(())
    }
}
