//! Items of tables: what emitted code says of a model, without its operations.

use crate::codec::{Item, ItemReader, ItemWriter};
use crate::description::{Roles, Table};
use crate::expr::Defaults;
use crate::ground::{Names, ReadError};
use crate::ops;
use crate::ops::write::Counters;
use crate::transport::Client;
use std::fmt::Debug;

/// An [`Item`] with a table and a key: what a model's operations know of it. The operations are in
/// [`Model`](super::Model).
pub trait TableItem: Item + Send + Sync + 'static {
    /// The key that identifies an item in the table.
    type Key: Key<Model = Self>;

    /// The table of the model's items.
    const TABLE: Table;

    /// The fields that writes keep.
    const ROLES: Roles = Roles::NONE;

    /// The attributes of the required fields without the keys. An item that lacks one cannot be read.
    const REQUIRED: Names = &[];

    #[doc(hidden)]
    fn model_table() -> Table {
        Self::TABLE
    }

    #[doc(hidden)]
    fn model_roles() -> Roles {
        Self::ROLES
    }

    #[doc(hidden)]
    fn model_required() -> Names {
        Self::REQUIRED
    }

    /// Adds the other fields without the keys, with their defaults. An absent attribute reads as its default, and an
    /// upsert stores the defaults in a new item.
    fn defaults(defaults: &mut Defaults) {
        let _ = defaults;
    }

    /// The version that the item was read with, or 0; `None` if the model has no version.
    fn version(&self) -> Option<u64> {
        None
    }

    /// Whether the item is deleted by `soft_delete`.
    #[doc(hidden)]
    fn is_deleted(&self) -> bool {
        false
    }

    /// The attribute that makes reads leave out an item.
    #[doc(hidden)]
    fn hidden_by() -> Option<&'static str> {
        Self::model_roles().deleted_at.map(|of| of.attribute)
    }

    /// Adds the values of the counters that the item was read with.
    #[doc(hidden)]
    fn counters(&self, counters: &mut Counters) {
        let _ = counters;
    }

    /// A copy with the version and the times of a write that happens now; `None` if the model has none of these.
    /// `is_new` says whether the write creates the item.
    fn stamped(&self, is_new: bool) -> Option<Self> {
        let _ = is_new;
        None
    }

    /// Creates the table, and waits until it is active.
    fn create_table(client: &Client) -> ops::CreateTable<Self> {
        ops::CreateTable::new(client)
    }

    /// Deletes the table with all its items, and waits until it is gone.
    fn delete_table(client: &Client) -> ops::DeleteTable<Self> {
        ops::DeleteTable::new(client)
    }

    /// Returns whether the table exists.
    fn table_exists(client: &Client) -> ops::TableExists<Self> {
        ops::TableExists::new(client)
    }
}

/// A model whose items can be written in a batch. It has no version, no counters, no unique fields and no time when an item
/// was deleted, because batches have no conditions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written in a batch",
    label = "it has a version, counters, unique fields or `deleted_at`, which a batch cannot keep",
    note = "batches have no conditions: save the items one by one, or in a transaction"
)]
pub trait BatchPut: TableItem {}

/// A model whose items can be deleted in a batch. It has no unique fields, because batches have no conditions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be deleted in a batch",
    label = "it has unique fields, which a batch cannot keep",
    note = "batches have no conditions: delete the items one by one, or in a transaction"
)]
pub trait BatchDelete: TableItem {}

/// A model whose items can be updated in parts. It has no `before_write`, which needs the whole item that is written.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be updated in parts",
    label = "its `before_write` needs the whole item",
    note = "read the item, change it and save it"
)]
pub trait UpdateParts: TableItem {}

/// A key that can be read from its fields. Tables with a stream that holds only keys need it.
pub trait ReadKey: Key {
    /// Reads the key.
    ///
    /// # Errors
    ///
    /// A field is missing, or has another type.
    fn read(reader: &mut ItemReader<'_>) -> Result<Self, ReadError>;
}

/// A model whose table has a stream.
#[diagnostic::on_unimplemented(
    message = "the table of `{Self}` has no stream",
    note = "add `stream: new_and_old_images` under `create:` in its schema"
)]
pub trait Streamed: TableItem {
    /// The view that the stream holds of a change.
    type View;
}

/// A stream that holds items before and after a change.
#[derive(Debug, Clone, Copy)]
pub enum StreamedNewAndOld {}

/// A stream that holds items after a change.
#[derive(Debug, Clone, Copy)]
pub enum StreamedNew {}

/// A stream that holds items before a change.
#[derive(Debug, Clone, Copy)]
pub enum StreamedOld {}

/// A stream that holds only the keys of items.
#[derive(Debug, Clone, Copy)]
pub enum StreamedKeysOnly {}

/// Items of several models with the same hash key, which one query reads.
pub trait Collection: crate::ops::read::Source + Default + Send {
    /// Adds an item.
    fn add(&mut self, item: Self::Item);

    /// Whether an item is of no model of the schema.
    fn is_unknown(item: &Self::Item) -> bool;
}

/// A model whose items expire: its table has an attribute for the time to live.
#[diagnostic::on_unimplemented(message = "the items of `{Self}` do not expire", label = "no field has the role `ttl`")]
pub trait Expiring: TableItem {}

/// The key of an item: its hash key, and its range key if the table has one.
pub trait Key: Clone + Debug + Send + Sync + 'static {
    /// The model of the items with this key.
    type Model: TableItem<Key = Self>;

    /// Writes the key's attributes. If DynamoDB cannot hold a value, the writer keeps the error.
    fn write(&self, writer: &mut ItemWriter<'_>);
}
