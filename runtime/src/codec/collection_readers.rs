//! Readers of the elements of lists and sets, and of the entries of maps.

use super::value_reader::ValueReader;
use super::wire::Elements;
use crate::ground::{Kind, ReadError};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::hash_map;
use std::vec;

/// Reads the elements of a list.
#[derive(Debug)]
pub struct ListReader<'r>(pub(super) List<'r>);

#[derive(Debug)]
pub(super) enum List<'r> {
    Map(vec::IntoIter<AttributeValue>),
    Wire(Elements<'r>),
}

impl ListReader<'_> {
    /// The next element.
    ///
    /// # Errors
    ///
    /// The JSON of the item is damaged.
    #[inline]
    pub fn next_element(&mut self) -> Result<Option<ValueReader<'_>>, ReadError> {
        Ok(match &mut self.0 {
            List::Map(values) => values.next().map(ValueReader::new),
            List::Wire(elements) => elements.next(b']')?.then(|| ValueReader::wire(elements.begin())),
        })
    }

    /// A lower bound of the number of elements that are left.
    pub fn size_hint(&self) -> usize {
        match &self.0 {
            List::Map(values) => values.len(),
            List::Wire(_) => 0,
        }
    }
}

/// Reads the elements of a set.
#[derive(Debug)]
pub struct SetReader<'r>(pub(super) Set<'r>);

#[derive(Debug)]
pub(super) enum Set<'r> {
    Strings(vec::IntoIter<String>),
    Numbers(vec::IntoIter<String>),
    Binaries(vec::IntoIter<Blob>),
    Wire(Elements<'r>, Kind),
}

impl SetReader<'_> {
    /// The next element, as a value of type S, N or B.
    ///
    /// # Errors
    ///
    /// The JSON of the item is damaged.
    pub fn next_element(&mut self) -> Result<Option<ValueReader<'_>>, ReadError> {
        let value = match &mut self.0 {
            Set::Strings(texts) => texts.next().map(AttributeValue::S),
            Set::Numbers(texts) => texts.next().map(AttributeValue::N),
            Set::Binaries(blobs) => blobs.next().map(AttributeValue::B),
            Set::Wire(elements, kind) => {
                let more = elements.next(b']')?;
                return Ok(more.then(|| ValueReader::element(elements.begin(), *kind)));
            }
        };
        Ok(value.map(ValueReader::new))
    }
}

/// Reads the entries of a map.
#[derive(Debug)]
pub struct MapReader<'r>(pub(super) Map<'r>);

#[derive(Debug)]
pub(super) enum Map<'r> {
    Map { entries: hash_map::IntoIter<String, AttributeValue>, current: Option<AttributeValue> },
    Wire(Elements<'r>),
}

impl MapReader<'_> {
    /// Moves to the next entry, and returns its name.
    ///
    /// # Errors
    ///
    /// The JSON of the item is damaged.
    pub fn next_name(&mut self) -> Result<Option<String>, ReadError> {
        match &mut self.0 {
            Map::Map { entries, current } => {
                let Some((name, value)) = entries.next() else {
                    return Ok(None);
                };
                *current = Some(value);
                Ok(Some(name))
            }
            Map::Wire(elements) => match elements.next(b'}')? {
                true => Ok(Some(elements.name()?)),
                false => Ok(None),
            },
        }
    }

    /// The value of the current entry, to which [`next_name`](Self::next_name) has moved; NULL if it has been read
    /// already.
    pub fn value(&mut self) -> ValueReader<'_> {
        match &mut self.0 {
            Map::Map { current, .. } => ValueReader::new(current.take().unwrap_or(AttributeValue::Null(true))),
            Map::Wire(elements) => match elements.is_unread() {
                true => ValueReader::wire(elements.begin()),
                false => ValueReader::new(AttributeValue::Null(true)),
            },
        }
    }
}
