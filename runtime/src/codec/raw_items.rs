//! The items of one response.

use super::in_place::{AnyItems, Reads};
use super::raw_item::RawItem;
use super::response::raw_items;
use crate::description::Discriminator;
use crate::ground::{AttributeMap, ReadError};
use bytes::Bytes;
use std::vec;

/// The items of one response: already read in place, or raw items that are read one by one.
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
    /// Whole items of the table, each with the entry of the index that holds its key.
    Full(Vec<FullItem>),
}

/// A whole item, and the entry of the index that holds its key. The item may have changed between the two reads.
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

    /// Keeps the first `length` items.
    pub(crate) fn truncate(&mut self, length: usize) {
        match self {
            RawItems::Read { count, .. } => *count = length.min(*count),
            RawItems::Raw(items) => items.truncate(length),
            RawItems::Full(items) => items.truncate(length),
        }
    }

    /// Removes the items of other models. Items that were read in place are all of the model.
    pub(crate) fn retain_own(&mut self, discriminator: Option<Discriminator>) {
        let Some(discriminator) = discriminator else { return };
        match self {
            RawItems::Read { .. } => {}
            RawItems::Raw(items) => items.retain(|item| item.is_of(discriminator)),
            RawItems::Full(items) => items.retain(|full| full.item.is_of(discriminator)),
        }
    }

    /// The attributes of these names from one item. For a whole item, they are the index entry's.
    pub(crate) fn attributes(&self, index: usize, names: &[&'static str]) -> AttributeMap {
        let item = match self {
            RawItems::Read { json, several, .. } => raw_items(json, *several, index + 1).pop(),
            RawItems::Raw(items) => items.get(index).cloned(),
            RawItems::Full(items) => items.get(index).map(|full| full.entry.clone()),
        };
        item.map(|item| item.attributes(names)).unwrap_or_default()
    }

    /// Converts into raw items, each with its attributes of these names. For a whole item, they are the index entry's.
    pub(crate) fn into_raw_with(self, names: &[&'static str]) -> Vec<(AttributeMap, RawItem)> {
        match self {
            RawItems::Full(items) => items.into_iter().map(|full| (full.entry.attributes(names), full.item)).collect(),
            items => items.into_raw().into_iter().map(|item| (item.attributes(names), item)).collect(),
        }
    }

    /// Converts into raw items.
    pub(crate) fn into_raw(self) -> Vec<RawItem> {
        match self {
            RawItems::Read { count, json, several, .. } => raw_items(&json, several, count),
            RawItems::Raw(items) => items,
            RawItems::Full(items) => items.into_iter().map(|full| full.item).collect(),
        }
    }

    /// Converts into an iterator that reads the items as `T`.
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

/// An iterator over read items. It reads raw items when they are asked for.
#[derive(Debug)]
pub(crate) enum ReadItems<T> {
    Read(vec::IntoIter<T>),
    Raw(vec::IntoIter<RawItem>),
}

impl<T> ReadItems<T> {
    /// The next item. The error comes with the item's key attributes, `key`.
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
