//! The items of one response, as they came.

use super::in_place::{AnyItems, Reads};
use super::raw_item::RawItem;
use super::response::raw_items;
use crate::ground::{AttributeMap, ReadError};
use bytes::Bytes;
use std::vec;

/// The items of one response: read all at once where they stood, or to be read one by one.
#[derive(Debug)]
pub(crate) enum RawItems {
    Read {
        items: AnyItems,
        count: usize,
        /// The JSON that they were read from.
        json: Bytes,
        several: bool,
    },
    Raw(Vec<RawItem>),
    /// Whole items of the table, each with the entry of the index that told its key.
    Full(Vec<FullItem>),
}

/// A whole item, and the entry of an index that told its key. The item may have changed between the two reads.
#[derive(Debug)]
pub(crate) struct FullItem {
    pub(crate) entry: RawItem,
    pub(crate) item: RawItem,
}

impl RawItems {
    pub(crate) fn len(&self) -> usize {
        match self {
            RawItems::Read { count, .. } => *count,
            RawItems::Raw(items) => items.len(),
            RawItems::Full(items) => items.len(),
        }
    }

    /// Forgets the items from a place on.
    pub(crate) fn truncate(&mut self, length: usize) {
        match self {
            RawItems::Read { count, .. } => *count = length.min(*count),
            RawItems::Raw(items) => items.truncate(length),
            RawItems::Full(items) => items.truncate(length),
        }
    }

    /// Forgets the items of other models than the one that the discriminator tells. What was read in place has none.
    pub(crate) fn retain_own(&mut self, discriminator: Option<(&'static str, &'static str)>) {
        let Some(discriminator) = discriminator else { return };
        match self {
            RawItems::Read { .. } => {}
            RawItems::Raw(items) => items.retain(|item| item.is_of(discriminator)),
            RawItems::Full(items) => items.retain(|full| full.item.is_of(discriminator)),
        }
    }

    /// Some of the attributes of the item at a place, as they were where reading found it: in the index, of a whole item.
    pub(crate) fn attributes(&self, index: usize, names: &[&'static str]) -> AttributeMap {
        let item = match self {
            RawItems::Read { json, several, .. } => raw_items(json, *several, index + 1).pop(),
            RawItems::Raw(items) => items.get(index).cloned(),
            RawItems::Full(items) => items.get(index).map(|full| full.entry.clone()),
        };
        item.map(|item| item.attributes(names)).unwrap_or_default()
    }

    /// The items as they came.
    pub(crate) fn into_raw(self) -> Vec<RawItem> {
        match self {
            RawItems::Read { count, json, several, .. } => raw_items(&json, several, count),
            RawItems::Raw(items) => items,
            RawItems::Full(items) => items.into_iter().map(|full| full.item).collect(),
        }
    }

    /// The items, read.
    pub(crate) fn read<T>(self, reads: &Reads<T>) -> ReadItems<T> {
        match (self, &reads.in_place) {
            (RawItems::Read { items, count, json, several }, Some(in_place)) => match (in_place.items)(items) {
                Some(mut items) => {
                    items.truncate(count);
                    ReadItems::Read(items.into_iter())
                }
                None => ReadItems::Raw(raw_items(&json, several, count).into_iter()),
            },
            (items, _) => ReadItems::Raw(items.into_raw().into_iter()),
        }
    }
}

impl Default for RawItems {
    fn default() -> Self {
        RawItems::Raw(Vec::new())
    }
}

/// Items one after the other, each read by the time that it is asked for.
#[derive(Debug)]
pub(crate) enum ReadItems<T> {
    Read(vec::IntoIter<T>),
    Raw(vec::IntoIter<RawItem>),
}

impl<T> ReadItems<T> {
    /// The next item; an error comes with some of its attributes, those of its key.
    pub(crate) fn next(
        &mut self,
        reads: &Reads<T>,
        key: &[&'static str],
    ) -> Option<Result<T, (ReadError, AttributeMap)>> {
        match self {
            ReadItems::Read(items) => items.next().map(Ok),
            ReadItems::Raw(items) => Some(items.next()?.read_by(&*reads.raw, key)),
        }
    }
}
