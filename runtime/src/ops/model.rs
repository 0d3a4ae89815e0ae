//! Models: what emitted code says of them, and the operations that they get for that.

use super::error::Result;
use crate::codec::{Item, ItemReader, ItemWriter};
use crate::description::{Roles, Table};
use crate::expr::{Defaults, IntoUpdate};
use crate::ground::{Names, ReadError};
use crate::ops;
use crate::transport::{Client, Target};
use std::fmt::Debug;

pub use crate::expr::PartialItem;

/// A model: an [`Item`] with a table and a key, and the operations on it.
///
/// Operations that write a whole item are in [`Unstamped`] and [`Stamped`]; the [`prelude`](crate::prelude) has all three.
pub trait Model: Item + Send + Sync + 'static {
    /// The key that tells one item of the table from the others.
    type Key: Key<Model = Self>;

    /// The table that the model's items are in.
    const TABLE: Table;

    /// The fields that writes keep.
    const ROLES: Roles = Roles::NONE;

    /// The attributes of the fields that have no default and are no keys: an item without one cannot be read.
    const REQUIRED: Names = &[];

    /// Names the other fields that are no keys, with their defaults: what an absent attribute reads as, and what an item has
    /// that an upsert makes.
    fn defaults(defaults: &mut Defaults) {
        let _ = defaults;
    }

    /// The version that the item was read with, or 0; `None` where the model has none.
    fn version(&self) -> Option<u64> {
        None
    }

    /// A copy in which the fields that writes keep are those of a write now, of an item that is new or not; `None` where
    /// there are no such fields.
    fn stamped(&self, is_new: bool) -> Option<Self> {
        let _ = is_new;
        None
    }

    /// Makes the key of one item.
    fn key(key: impl Into<Self::Key>) -> Self::Key {
        key.into()
    }

    /// Creates the table and waits until it is active.
    fn create_table(client: &Client) -> ops::CreateTable<Self> {
        ops::CreateTable::new(client)
    }

    /// Deletes the table with all its items and waits until it is gone.
    fn delete_table(client: &Client) -> ops::DeleteTable<Self> {
        ops::DeleteTable::new(client)
    }

    /// Tells whether the table exists.
    fn table_exists(client: &Client) -> ops::TableExists<Self> {
        ops::TableExists::new(client)
    }

    /// Reads one item; that there is none is [`Error::NotFound`](crate::ops::error::Error::NotFound).
    fn get(client: &Client, key: impl Into<Self::Key>) -> ops::Get<Self> {
        ops::Get::required(client, key.into())
    }

    /// Reads one item, or `None` where there is none.
    fn find(client: &Client, key: impl Into<Self::Key>) -> ops::Find<Self> {
        ops::Find::optional(client, key.into())
    }

    /// Reads the items of any number of keys.
    fn batch_get<K: Into<Self::Key>>(client: &Client, keys: impl IntoIterator<Item = K>) -> ops::BatchGet<Self> {
        ops::BatchGet::new(client, keys)
    }

    /// Reads all items of the model. DynamoDB reads those of other models in the table too, and leaves them out.
    fn scan(client: &Client) -> ops::Scan<Self> {
        ops::Scan::new(client)
    }

    /// Changes parts of the item with this one's key, and makes this the item as it is afterwards.
    fn update<'a>(&'a mut self, client: &Client, update: impl IntoUpdate<Self>) -> ops::UpdateAndRefresh<'a, Self>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::UpdateAndRefresh::refreshing(client, self, update)
    }

    /// Changes parts of the item with this one's key; this is given away, since it is out of date then.
    fn update_without_refresh(self, client: &Client, update: impl IntoUpdate<Self>) -> ops::Update<Self, ops::Nothing>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Update::of(client, &self, update, ops::Nothing)
    }

    /// Changes parts of the item with a key, and returns it as it is afterwards.
    fn update_by_key(client: &Client, key: impl Into<Self::Key>, update: impl IntoUpdate<Self>) -> ops::Update<Self>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Update::new(client, key.into(), update)
    }

    /// Reads the item with this one's key again.
    fn refresh<'a>(&'a mut self, client: &Client) -> ops::Refresh<'a, Self>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Refresh::refreshing(client, self)
    }

    /// Deletes the item with this one's key; that there is none is no error.
    fn delete(&self, client: &Client) -> ops::Delete<Self>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Delete::of(client, self)
    }

    /// Deletes the item with a key; that there is none is no error.
    fn delete_by_key(client: &Client, key: impl Into<Self::Key>) -> ops::Delete<Self>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Delete::new(client, key.into())
    }
}

/// A model without a version and without times that writes keep: a write leaves the struct as it is, so that it can be
/// borrowed shared.
#[diagnostic::on_unimplemented(
    message = "a write changes the version or the times of `{Self}`, so that it cannot be borrowed shared",
    label = "pass `&mut item`: it becomes what was written"
)]
pub trait Unstamped: Model {
    /// Writes this item in place of the one with the same key, if there is one.
    fn save<'a>(&'a self, client: &Client) -> ops::Save<'a, Self> {
        ops::Save::new(client, self)
    }

    /// Writes this item where there is none with the same key.
    fn insert<'a>(&'a self, client: &Client) -> ops::Save<'a, Self> {
        ops::Save::insert(client, self)
    }

    /// Writes this item in place of the one with the same key; that there is none is an error.
    fn replace<'a>(&'a self, client: &Client) -> ops::Save<'a, Self> {
        ops::Save::replace(client, self)
    }

    /// Writes an item in place of the one with an earlier key: what a key is made of cannot be updated.
    fn rekey<'a>(client: &Client, from: impl Into<Self::Key>, item: &'a Self) -> ops::Rekey<'a, Self>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Rekey::new(client, from.into(), item)
    }
}

/// A model with a version, or with times that writes keep: a write changes the struct, so that it is borrowed mutably. It
/// becomes what was written when DynamoDB has acknowledged the write.
pub trait Stamped: Model {
    /// Writes this item in place of the one with the same key, if there is one.
    fn save<'a>(&'a mut self, client: &Client) -> ops::Save<'a, Self> {
        ops::Save::new(client, self)
    }

    /// Writes this item where there is none with the same key.
    fn insert<'a>(&'a mut self, client: &Client) -> ops::Save<'a, Self> {
        ops::Save::insert(client, self)
    }

    /// Writes this item in place of the one with the same key; that there is none is an error.
    fn replace<'a>(&'a mut self, client: &Client) -> ops::Save<'a, Self> {
        ops::Save::replace(client, self)
    }

    /// Writes an item in place of the one with an earlier key: what a key is made of cannot be updated.
    fn rekey<'a>(client: &Client, from: impl Into<Self::Key>, item: &'a mut Self) -> ops::Rekey<'a, Self>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Rekey::new(client, from.into(), item)
    }
}

/// A model whose items can be written in a batch, where there are no conditions: it has no version and no unique
/// fields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written in a batch",
    label = "it has a version or unique fields, which a batch cannot keep",
    note = "batches have no conditions: save the items one by one, or in a transaction"
)]
pub trait BatchPut: Model {}

/// A model whose items can be deleted in a batch, where there are no conditions: it has no unique fields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be deleted in a batch",
    label = "it has unique fields, which a batch cannot keep",
    note = "batches have no conditions: delete the items one by one, or in a transaction"
)]
pub trait BatchDelete: Model {}

/// A key that reads itself from the fields that it is made of: of tables whose streams hold keys.
pub trait ReadKey: Key {
    /// Reads the key.
    ///
    /// # Errors
    ///
    /// A field is missing, or of another type.
    fn read(reader: &mut ItemReader<'_>) -> Result<Self, ReadError>;
}

/// A model whose table has a stream.
#[diagnostic::on_unimplemented(
    message = "the table of `{Self}` has no stream",
    note = "say `stream: new_and_old_images` under `create:` in its schema"
)]
pub trait Streamed: Model {
    /// What the stream holds of a change.
    type View;
}

/// A stream that holds items as they are before and after a change.
#[derive(Debug, Clone, Copy)]
pub enum StreamedNewAndOld {}

/// A stream that holds items as they are after a change.
#[derive(Debug, Clone, Copy)]
pub enum StreamedNew {}

/// A stream that holds items as they were before a change.
#[derive(Debug, Clone, Copy)]
pub enum StreamedOld {}

/// A stream that holds the keys of items alone.
#[derive(Debug, Clone, Copy)]
pub enum StreamedKeysOnly {}

/// Items of several models that have one hash key, read by one query.
pub trait Collection: crate::ops::read::Source + Default + Send {
    /// Adds an item.
    fn add(&mut self, item: Self::Item);

    /// Whether no model of the schema claims an item.
    fn is_unknown(item: &Self::Item) -> bool;
}

/// A model whose items expire: its table has a time to live.
#[diagnostic::on_unimplemented(message = "the items of `{Self}` do not expire", label = "no field has the role `ttl`")]
pub trait Expiring: Model {}

/// The key of one item: its hash key, and its range key where the table has one.
pub trait Key: Clone + Debug + Send + Sync + 'static {
    /// The model whose items have this key.
    type Model: Model<Key = Self>;

    /// Writes the key's attributes. The writer keeps the error of a value that DynamoDB cannot hold.
    fn write(&self, writer: &mut ItemWriter<'_>);
}

impl Defaults {
    /// The fields of a model, required ones and those with defaults.
    pub(crate) fn of<M: Model>() -> Self {
        let mut defaults = Self::required(M::REQUIRED);
        M::defaults(&mut defaults);
        defaults
    }
}

impl Client {
    /// The table of a model, as operations of this client reach it.
    pub(crate) fn target<M: Model>(&self) -> Result<Target> {
        Ok(self.target_of(M::NAME, M::TABLE)?)
    }
}
