//! The sources of queries and scans.

use crate::codec::Item;
use crate::description::{KeyTemplate, Layout, Roles, Seals, Table};
use crate::ground::JsonNames;
use crate::ops::TableItem;
use std::marker::PhantomData;

/// A source of queries and scans: a model's table, or an index of it.
pub trait Source: Send + Sync + 'static {
    /// The model of the items.
    type Model: TableItem;
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

    #[doc(hidden)]
    fn source_index() -> Option<Index> {
        Self::INDEX
    }

    #[doc(hidden)]
    fn source_keys() -> &'static [KeyTemplate] {
        Self::KEYS
    }

    #[doc(hidden)]
    fn source_is_mixed() -> bool {
        Self::MIXED
    }
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

    fn source_index() -> Option<Index> {
        S::source_index()
    }

    fn source_keys() -> &'static [KeyTemplate] {
        S::source_keys()
    }

    fn source_is_mixed() -> bool {
        S::source_is_mixed()
    }
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

impl<M: TableItem> Source for M {
    type Model = M;
    type Item = M;
    const INDEX: Option<Index> = None;
    const KEYS: &'static [KeyTemplate] = M::LAYOUT.keys;
    const MIXED: bool = M::LAYOUT.mixed;

    fn source_keys() -> &'static [KeyTemplate] {
        M::model_layout().keys
    }

    fn source_is_mixed() -> bool {
        M::model_layout().mixed
    }
}

impl<M: TableItem> ConsistentSource for M {}

/// The facts of a source that requests depend on. Code that knows these, and not the source's type, is compiled once
/// for all models.
#[derive(Clone, Copy)]
pub(in crate::ops) struct SourceFacts {
    pub(super) model: &'static str,
    pub(super) json_names: JsonNames,
    pub(super) table: Table,
    pub(super) layout: Layout,
    pub(super) seals: Seals,
    /// The attribute of the schema version, if the model has one.
    pub(super) schema_version: Option<&'static str>,
    pub(super) index: Option<Index>,
    pub(super) keys: &'static [KeyTemplate],
    pub(super) is_mixed: bool,
    pub(super) is_full: bool,
    pub(super) roles: Roles,
    /// The attribute that makes reads leave out an item.
    pub(super) hidden_by: Option<&'static str>,
}

impl SourceFacts {
    pub(super) fn of<S: Source>() -> Self {
        Self {
            model: S::Model::model_name(),
            json_names: S::Model::model_json_names(),
            table: S::Model::model_table(),
            layout: S::Model::model_layout(),
            seals: S::Model::model_seals(),
            schema_version: S::Model::model_upgrades().attribute,
            index: S::source_index(),
            keys: S::source_keys(),
            is_mixed: S::source_is_mixed(),
            is_full: S::FULL,
            roles: S::Model::model_roles(),
            hidden_by: S::Model::hidden_by(),
        }
    }

    /// The same source, with each item fetched whole from the table.
    pub(super) fn full(self) -> Self {
        Self { is_full: true, ..self }
    }

    /// The same source, with the items that the index has.
    pub(super) fn not_full(self) -> Self {
        Self { is_full: false, ..self }
    }

    /// Whether the source has whole items.
    pub(super) fn holds_whole(&self) -> bool {
        self.is_full || self.table.holds_whole(self.index.map(|index| index.name))
    }

    /// The attributes of a position: the table's keys and the index's keys.
    pub(super) fn key_names(&self) -> Vec<&'static str> {
        let mut names = self.table.key_names();
        for name in self.index.iter().flat_map(|index| index.keys) {
            if !names.contains(name) {
                names.push(name);
            }
        }
        names
    }
}
