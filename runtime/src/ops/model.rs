//! Models: the description that emitted code gives, and the operations that follow from it.

mod soft_delete;

use super::error::Result;
use crate::codec::{Item, ItemReader, ItemWriter, Upgrades};
use crate::description::{Layout, Roles, Seals, Table};
use crate::expr::{Defaults, IntoUpdate};
use crate::ground::{JsonNames, Names, ReadError};
use crate::ops;
use crate::transport::{Client, Target};
use std::fmt::Debug;

pub use self::soft_delete::{HidesDeleted, SoftDelete};
pub use crate::codec::BeforeWrite;
pub use crate::expr::PartialItem;
#[doc(hidden)]
pub use crate::ops::write::Counters;

/// The facts of a model that operations depend on. Code that takes it, and not the model's type, is compiled once for
/// all models.
#[derive(Clone, Copy)]
pub(in crate::ops) struct ModelFacts {
    pub(in crate::ops) name: &'static str,
    pub(in crate::ops) json_names: JsonNames,
    pub(in crate::ops) table: Table,
    pub(in crate::ops) layout: Layout,
    pub(in crate::ops) roles: Roles,
    pub(in crate::ops) upgrades: Upgrades,
    pub(in crate::ops) seals: Seals,
}

impl ModelFacts {
    pub(in crate::ops) fn of<M: Model>() -> Self {
        Self {
            name: M::model_name(),
            json_names: M::model_json_names(),
            table: M::model_table(),
            layout: M::model_layout(),
            roles: M::model_roles(),
            upgrades: M::model_upgrades(),
            seals: M::model_seals(),
        }
    }
}

/// A model: an [`Item`] with a table and a key, and the operations on it.
///
/// The operations that write a whole item are in [`Unstamped`] and [`Stamped`]. The [`prelude`](crate::prelude)
/// exports all three traits.
pub trait Model: Item + Send + Sync + 'static {
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

    /// Makes a key from its values.
    fn key(key: impl Into<Self::Key>) -> Self::Key {
        key.into()
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

    /// Reads one item. Without an item of the model with the key, the error is
    /// [`Error::NotFound`](crate::ops::error::Error::NotFound).
    fn get(client: &Client, key: impl Into<Self::Key>) -> ops::Get<Self> {
        ops::Get::required(client, key.into())
    }

    /// Reads one item, or `None` without an item of the model with the key.
    fn find(client: &Client, key: impl Into<Self::Key>) -> ops::Find<Self> {
        ops::Find::optional(client, key.into())
    }

    /// Reads the items of any number of keys.
    fn batch_get<K: Into<Self::Key>>(client: &Client, keys: impl IntoIterator<Item = K>) -> ops::BatchGet<Self> {
        ops::BatchGet::new(client, keys)
    }

    /// Reads all items of the model. In a shared table, DynamoDB reads the other models' items as well and leaves
    /// them out of the response.
    fn scan(client: &Client) -> ops::Scan<Self> {
        ops::Scan::new(client)
    }

    /// Changes parts of this item in the table, and brings the struct up to date.
    fn update<'a>(&'a mut self, client: &Client, update: impl IntoUpdate<Self>) -> ops::UpdateAndRefresh<'a, Self>
    where
        Self: UpdateParts,
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::UpdateAndRefresh::refreshing(client, self, update)
    }

    /// Changes parts of this item in the table. It consumes the struct, which is then out of date.
    fn update_without_refresh(self, client: &Client, update: impl IntoUpdate<Self>) -> ops::Update<Self, ops::Nothing>
    where
        Self: UpdateParts,
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Update::of(client, &self, update, ops::Nothing)
    }

    /// Changes parts of the item with a key, and returns the item after the update.
    fn update_by_key(client: &Client, key: impl Into<Self::Key>, update: impl IntoUpdate<Self>) -> ops::Update<Self>
    where
        Self: UpdateParts,
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Update::new(client, key.into(), update)
    }

    /// Reads this item again, into the struct.
    fn refresh<'a>(&'a mut self, client: &Client) -> ops::Refresh<'a, Self>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Refresh::refreshing(client, self)
    }

    /// Deletes this item. A missing item is no error.
    fn delete(&self, client: &Client) -> ops::Delete<Self>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Delete::of(client, self)
    }

    /// Deletes the item with a key. A missing item is no error.
    fn delete_by_key(client: &Client, key: impl Into<Self::Key>) -> ops::Delete<Self>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Delete::new(client, key.into())
    }
}

/// A model without a version and without times that writes keep. A write does not change the struct, so that a shared
/// reference is enough. The stored item is as the model's `before_write` and the schema's transforms leave it
/// ([`Item::transformed`]), also where the struct is not.
#[diagnostic::on_unimplemented(
    message = "a write changes the version or the times of `{Self}`, so that a shared reference is not enough",
    label = "pass `&mut item`: the struct is brought up to date"
)]
pub trait Unstamped: Model {
    /// Writes this item, in place of the item with the same key.
    fn save<'a>(&'a self, client: &Client) -> ops::Save<'a, Self> {
        ops::Save::new(client, self)
    }

    /// Writes this item if no item has the same key.
    fn insert<'a>(&'a self, client: &Client) -> ops::Save<'a, Self> {
        ops::Save::insert(client, self)
    }

    /// Writes this item in place of the item with the same key. A missing item is an error.
    fn replace<'a>(&'a self, client: &Client) -> ops::Save<'a, Self> {
        ops::Save::replace(client, self)
    }

    /// Writes an item, and deletes the item with its earlier key. An update cannot change the fields that a key is
    /// made of.
    fn rekey<'a>(client: &Client, from: impl Into<Self::Key>, item: &'a Self) -> ops::Rekey<'a, Self>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Rekey::new(client, from.into(), item)
    }
}

/// A model with a version, or with times that writes keep. A write changes the struct, and so borrows it mutably. The
/// struct is brought up to date once DynamoDB has acknowledged the write.
pub trait Stamped: Model {
    /// Writes this item, in place of the item with the same key.
    fn save<'a>(&'a mut self, client: &Client) -> ops::Save<'a, Self> {
        ops::Save::new(client, self)
    }

    /// Writes this item if no item has the same key.
    fn insert<'a>(&'a mut self, client: &Client) -> ops::Save<'a, Self> {
        ops::Save::insert(client, self)
    }

    /// Writes this item in place of the item with the same key. A missing item is an error.
    fn replace<'a>(&'a mut self, client: &Client) -> ops::Save<'a, Self> {
        ops::Save::replace(client, self)
    }

    /// Writes an item, and deletes the item with its earlier key. An update cannot change the fields that a key is
    /// made of.
    fn rekey<'a>(client: &Client, from: impl Into<Self::Key>, item: &'a mut Self) -> ops::Rekey<'a, Self>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Rekey::new(client, from.into(), item)
    }
}

/// A model whose items can be written in a batch. It has no version, no counters, no unique fields and no time when an item
/// was deleted, because batches have no conditions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written in a batch",
    label = "it has a version, counters, unique fields or `deleted_at`, which a batch cannot keep",
    note = "batches have no conditions: save the items one by one, or in a transaction"
)]
pub trait BatchPut: Model {}

/// A model whose items can be deleted in a batch. It has no unique fields, because batches have no conditions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be deleted in a batch",
    label = "it has unique fields, which a batch cannot keep",
    note = "batches have no conditions: delete the items one by one, or in a transaction"
)]
pub trait BatchDelete: Model {}

/// A model whose items can be updated in parts. It has no `before_write`, which needs the whole item that is written.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be updated in parts",
    label = "its `before_write` needs the whole item",
    note = "read the item, change it and save it"
)]
pub trait UpdateParts: Model {}

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
pub trait Streamed: Model {
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
pub trait Expiring: Model {}

/// The key of an item: its hash key, and its range key if the table has one.
pub trait Key: Clone + Debug + Send + Sync + 'static {
    /// The model of the items with this key.
    type Model: Model<Key = Self>;

    /// Writes the key's attributes. If DynamoDB cannot hold a value, the writer keeps the error.
    fn write(&self, writer: &mut ItemWriter<'_>);
}

impl Defaults {
    /// The required and the defaulted fields of a model.
    pub(crate) fn of<M: Model>() -> Self {
        let mut defaults = Self::required(M::model_required());
        M::defaults(&mut defaults);
        defaults
    }
}

impl Client {
    /// The target of a model's operations on this client.
    pub(crate) fn target<M: Model>(&self) -> Result<Target> {
        Ok(self.target_of(M::model_name(), M::model_table())?)
    }
}
