//! What queries and scans read from.

use crate::codec::Item;
use crate::description::KeyTemplate;
use crate::ops::Model;
use std::marker::PhantomData;

/// What a query or a scan reads from: a model's table, or an index of it.
pub trait Source: Send + Sync + 'static {
    /// The model whose items are read.
    type Model: Model;
    /// What each item is read as.
    type Item: Item + Send + 'static;
    /// The index; `None` for the table itself.
    const INDEX: Option<Index>;
    /// How its keys are made of fields; none where they are the fields themselves.
    const KEYS: &'static [KeyTemplate] = &[];
    /// Whether other models' items may stand among those of one hash key.
    const MIXED: bool = false;
    /// Whether the items are fetched whole from the table once the index has told their keys.
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

/// A source that can be read consistently: a table or a local secondary index. DynamoDB updates global
/// secondary indexes after the fact.
#[diagnostic::on_unimplemented(
    message = "a global secondary index cannot be read consistently",
    note = "query the table, or a local secondary index"
)]
pub trait ConsistentSource: Source {}

/// An index as queries and cursors know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// Its key attributes, the hash key first.
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

/// The attributes that tell where a read stands: the table's keys, and those of the index.
pub(in crate::ops) fn key_names<S: Source>() -> Vec<&'static str> {
    let mut names = S::Model::TABLE.key_names();
    for name in S::INDEX.iter().flat_map(|index| index.keys) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    names
}
