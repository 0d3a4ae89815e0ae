//! The sources of queries and scans.

use crate::codec::Item;
use crate::description::KeyTemplate;
use crate::ops::Model;
use std::marker::PhantomData;

/// A source of queries and scans: a model's table, or an index of it.
pub trait Source: Send + Sync + 'static {
    /// The model of the items.
    type Model: Model;
    /// The type that each item is read as.
    type Item: Item + Send + 'static;
    /// The index; `None` for the table itself.
    const INDEX: Option<Index>;
    /// The templates of the keys that are made of fields; empty if the keys are fields themselves.
    const KEYS: &'static [KeyTemplate] = &[];
    /// Whether items with the same hash key may be of several models.
    const MIXED: bool = false;
    /// Whether the items are fetched whole from the table, with the keys that the index returned.
    #[doc(hidden)]
    const FULL: bool = false;
}

/// The index `S`, with each item fetched whole from the table.
#[derive(Debug)]
pub struct Full<S>(PhantomData<fn() -> S>);

impl<S: Source> Source for Full<S> {
    type Model = S::Model;
    type Item = S::Model;
    const INDEX: Option<Index> = S::INDEX;
    const KEYS: &'static [KeyTemplate] = S::KEYS;
    const MIXED: bool = S::MIXED;
    const FULL: bool = true;
}

impl<S: ConsistentSource> ConsistentSource for Full<S> {}

/// A source that can be read consistently: a table or a local secondary index. DynamoDB updates global secondary
/// indexes with a delay.
#[diagnostic::on_unimplemented(
    message = "a global secondary index cannot be read consistently",
    note = "query the table, or a local secondary index"
)]
pub trait ConsistentSource: Source {}

/// An index in queries and cursors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    /// The name of the index.
    pub name: &'static str,
    /// The key attributes, the hash key first.
    pub keys: &'static [&'static str],
}

impl<M: Model> Source for M {
    type Model = M;
    type Item = M;
    const INDEX: Option<Index> = None;
    const KEYS: &'static [KeyTemplate] = M::LAYOUT.keys;
    const MIXED: bool = M::LAYOUT.mixed;
}

impl<M: Model> ConsistentSource for M {}

/// The attributes of a position: the table's keys and the index's keys.
pub(in crate::ops) fn key_names<S: Source>() -> Vec<&'static str> {
    let mut names = S::Model::TABLE.key_names();
    for name in S::INDEX.iter().flat_map(|index| index.keys) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    names
}
