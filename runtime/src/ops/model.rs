//! Models: the description that emitted code gives, and the operations that follow from it.

mod context;
mod soft_delete;
mod table_item;

use super::error::{Error, Result};
use crate::codec::Upgrades;
use crate::description::{Layout, Roles, Seals, Table};
use crate::expr::{Defaults, IntoUpdate};
use crate::ground::JsonNames;
use crate::ground::defects::{self, Defect};
use crate::ops;
use crate::transport::{Client, Target};

pub use self::context::{ClientOf, Context, ContextClient, InContext, Unrestricted};
pub use self::soft_delete::{HidesDeleted, SoftDelete};
pub use self::table_item::{
    BatchDelete, BatchPut, Collection, Expiring, Key, ReadKey, Streamed, StreamedKeysOnly, StreamedNew,
    StreamedNewAndOld, StreamedOld, TableItem, UpdateParts,
};
pub use crate::codec::BeforeWrite;
pub use crate::expr::PartialItem;
#[doc(hidden)]
pub use crate::ops::write::Counters;

/// The facts of a model that operations depend on. Code that takes them, and not the model's type, is compiled once for
/// all models.
#[derive(Clone, Copy)]
pub(in crate::ops) struct ModelFacts(&'static Facts);

struct Facts {
    name: fn() -> &'static str,
    json_names: fn() -> JsonNames,
    table: fn() -> Table,
    layout: fn() -> Layout,
    roles: fn() -> Roles,
    upgrades: fn() -> Upgrades,
    seals: fn() -> Seals,
}

impl ModelFacts {
    pub(in crate::ops) fn of<M: TableItem>() -> Self {
        const {
            Self(&Facts {
                name: M::model_name,
                json_names: M::model_json_names,
                table: M::model_table,
                layout: M::model_layout,
                roles: M::model_roles,
                upgrades: M::model_upgrades,
                seals: M::model_seals,
            })
        }
    }

    pub(in crate::ops) fn name(self) -> &'static str {
        (self.0.name)()
    }

    pub(in crate::ops) fn json_names(self) -> JsonNames {
        (self.0.json_names)()
    }

    pub(in crate::ops) fn table(self) -> Table {
        (self.0.table)()
    }

    pub(in crate::ops) fn layout(self) -> Layout {
        (self.0.layout)()
    }

    pub(in crate::ops) fn roles(self) -> Roles {
        (self.0.roles)()
    }

    pub(in crate::ops) fn upgrades(self) -> Upgrades {
        (self.0.upgrades)()
    }

    pub(in crate::ops) fn seals(self) -> Seals {
        (self.0.seals)()
    }
}

/// The operations of a model, on a [`Client`], or on the [`ContextClient`] of a model with a context.
///
/// The operations that write a whole item are in [`Unstamped`] and [`Stamped`]. The [`prelude`](crate::prelude)
/// exports all of these traits.
#[diagnostic::on_unimplemented(
    message = "`{C}` is not a client of `{Self}`",
    label = "its operations take another client",
    note = "a model with a `context:` takes the client that `db.with(…)` returns, and one without it a `dyntastic::Client`"
)]
pub trait Model<C: ClientOf<Self> = Client>: TableItem {
    /// Makes a key from its values.
    fn key(key: impl Into<Self::Key>) -> Self::Key {
        key.into()
    }

    /// Reads one item. Without an item of the model with the key, the error is
    /// [`Error::NotFound`].
    fn get(client: &C, key: impl Into<C::Key>) -> ops::Get<Self> {
        ops::Get::required(client.client(), client.whole_key(key.into()))
    }

    /// Reads one item, or `None` without an item of the model with the key.
    fn find(client: &C, key: impl Into<C::Key>) -> ops::Find<Self> {
        ops::Find::optional(client.client(), client.whole_key(key.into()))
    }

    /// Reads the items of any number of keys.
    fn batch_get<K: Into<C::Key>>(client: &C, keys: impl IntoIterator<Item = K>) -> ops::BatchGet<Self> {
        ops::BatchGet::new(client.client(), keys.into_iter().map(|key| client.whole_key(key.into())))
    }

    /// Reads all items of the model. In a shared table, DynamoDB reads the other models' items as well and leaves
    /// them out of the response.
    fn scan(client: &C) -> ops::Scan<Self>
    where
        C: Unrestricted,
    {
        ops::Scan::new(client.client())
    }

    /// Changes parts of this item in the table, and brings the struct up to date.
    fn update<'a>(&'a mut self, client: &C, update: impl IntoUpdate<Self>) -> ops::UpdateAndRefresh<'a, Self>
    where
        Self: UpdateParts,
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::UpdateAndRefresh::refreshing(&client.client_of(self), self, update)
    }

    /// Changes parts of this item in the table. It consumes the struct, which is then out of date.
    fn update_without_refresh(self, client: &C, update: impl IntoUpdate<Self>) -> ops::Update<Self, ops::Nothing>
    where
        Self: UpdateParts,
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Update::of(&client.client_of(&self), &self, update, ops::Nothing)
    }

    /// Changes parts of the item with a key, and returns the item after the update.
    fn update_by_key(client: &C, key: impl Into<C::Key>, update: impl IntoUpdate<Self>) -> ops::Update<Self>
    where
        Self: UpdateParts,
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Update::new(client.client(), client.whole_key(key.into()), update)
    }

    /// Reads this item again, into the struct.
    fn refresh<'a>(&'a mut self, client: &C) -> ops::Refresh<'a, Self>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Refresh::refreshing(&client.client_of(self), self)
    }

    /// Deletes this item. A missing item is no error.
    fn delete(&self, client: &C) -> ops::Delete<Self>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Delete::of(&client.client_of(self), self)
    }

    /// Deletes the item with a key. A missing item is no error.
    fn delete_by_key(client: &C, key: impl Into<C::Key>) -> ops::Delete<Self>
    where
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Delete::new(client.client(), client.whole_key(key.into()))
    }
}

/// A model without a version and without times that writes keep. A write does not change the struct, so that a shared
/// reference is enough. The stored item is as the model's `before_write` and the schema's transforms leave it
/// ([`Item::transformed`](crate::Item::transformed)), also where the struct is not.
#[diagnostic::on_unimplemented(
    message = "a write changes the version or the times of `{Self}`, so that a shared reference is not enough",
    label = "pass `&mut item`: the struct is brought up to date"
)]
pub trait Unstamped: TableItem {
    /// Writes this item, in place of the item with the same key.
    fn save<'a, C: ClientOf<Self>>(&'a self, client: &C) -> ops::Save<'a, Self>
    where
        Self: Model<C>,
    {
        ops::Save::new(&client.client_of(self), self)
    }

    /// Writes this item if no item has the same key.
    fn insert<'a, C: ClientOf<Self>>(&'a self, client: &C) -> ops::Save<'a, Self>
    where
        Self: Model<C>,
    {
        ops::Save::insert(&client.client_of(self), self)
    }

    /// Writes this item in place of the item with the same key. A missing item is an error.
    fn replace<'a, C: ClientOf<Self>>(&'a self, client: &C) -> ops::Save<'a, Self>
    where
        Self: Model<C>,
    {
        ops::Save::replace(&client.client_of(self), self)
    }

    /// Writes an item, and deletes the item with its earlier key. An update cannot change the fields that a key is
    /// made of.
    fn rekey<'a, C: ClientOf<Self>>(client: &C, from: impl Into<C::Key>, item: &'a Self) -> ops::Rekey<'a, Self>
    where
        Self: Model<C>,
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Rekey::new(&client.client_of(item), client.whole_key(from.into()), item)
    }
}

/// A model with a version, or with times that writes keep. A write changes the struct, and so borrows it mutably. The
/// struct is brought up to date once DynamoDB has acknowledged the write.
pub trait Stamped: TableItem {
    /// Writes this item, in place of the item with the same key.
    fn save<'a, C: ClientOf<Self>>(&'a mut self, client: &C) -> ops::Save<'a, Self>
    where
        Self: Model<C>,
    {
        ops::Save::new(&client.client_of(self), self)
    }

    /// Writes this item if no item has the same key.
    fn insert<'a, C: ClientOf<Self>>(&'a mut self, client: &C) -> ops::Save<'a, Self>
    where
        Self: Model<C>,
    {
        ops::Save::insert(&client.client_of(self), self)
    }

    /// Writes this item in place of the item with the same key. A missing item is an error.
    fn replace<'a, C: ClientOf<Self>>(&'a mut self, client: &C) -> ops::Save<'a, Self>
    where
        Self: Model<C>,
    {
        ops::Save::replace(&client.client_of(self), self)
    }

    /// Writes an item, and deletes the item with its earlier key. An update cannot change the fields that a key is
    /// made of.
    fn rekey<'a, C: ClientOf<Self>>(client: &C, from: impl Into<C::Key>, item: &'a mut Self) -> ops::Rekey<'a, Self>
    where
        Self: Model<C>,
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::Rekey::new(&client.client_of(item), client.whole_key(from.into()), item)
    }
}

impl Defaults {
    /// The required and the defaulted fields of a model.
    pub(crate) fn of<M: TableItem>() -> Self {
        let mut defaults = Self::required(M::model_required());
        M::defaults(&mut defaults);
        defaults
    }
}

impl Client {
    /// The target of a model's operations on this client.
    pub(crate) fn target<M: TableItem>(&self) -> Result<Target> {
        if let Some(context) = self.other_context().filter(|_| !defects::has(Defect::OtherContexts)) {
            return Err(Error::OtherContext { model: M::model_name(), context });
        }
        Ok(self.target_of(M::model_name(), M::model_table())?)
    }
}
