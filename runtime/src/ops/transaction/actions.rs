//! The actions of a transaction, added one after the other.

use super::action::{Action, ActionKind};
use crate::expr::{Condition, IntoUpdate};
use crate::ops::item::deletion;
use crate::ops::model::{SoftDelete, UpdateParts};
use crate::ops::write::{
    Deletion, IntoPut, Known, Presence, WhenWritten, WriteCondition, all_actions, known_by_key, known_of_item,
    write_key,
};
use crate::ops::{Error, Result, TableItem};
use crate::transport::Client;
use std::fmt;

/// The actions of a transaction that is not sent yet. [`Client::transact`] gives it to its function; a function of
/// your own can take it to add its actions to a transaction of the caller.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # use dyntastic::ops::TransactionActions;
/// # use dyntastic::Error;
/// async fn buy<'a>(actions: &mut TransactionActions<'a>, product: &'a Product, order: &'a Order) -> Result<(), Error> {
///     actions.update_if(product, Product::A.on_sale.set(false), Product::A.on_sale.eq(true));
///     actions.insert(order);
///     Ok(())
/// }
/// ```
pub struct TransactionActions<'a> {
    pub(in crate::ops) client: Client,
    pub(in crate::ops) actions: Vec<Action>,
    /// The functions that bring structs up to date, each with the position of its action.
    pub(in crate::ops) written: Vec<(usize, WhenWritten<'a>)>,
    pub(in crate::ops) token: Option<String>,
    pub(in crate::ops) return_existing: bool,
    pub(in crate::ops) mistake: Option<Error>,
}

impl<'a> TransactionActions<'a> {
    pub(in crate::ops) fn new(client: Client) -> Self {
        Self { client, actions: Vec::new(), written: Vec::new(), token: None, return_existing: false, mistake: None }
    }

    /// Writes an item, in place of the item with the same key ([`Transaction::put`](crate::ops::Transaction::put)).
    pub fn put<M: TableItem>(&mut self, item: impl IntoPut<'a, M>) -> &mut Self {
        let guard = WriteCondition::new::<M>(Presence::Any).unchanged_since(item.item());
        self.put_guarded("put", item, guard)
    }

    /// Writes an item if the stored item with the same key fulfils a condition.
    pub fn put_if<M: TableItem>(&mut self, item: impl IntoPut<'a, M>, condition: impl Into<Condition<M>>) -> &mut Self {
        let guard = WriteCondition::new::<M>(Presence::Any).unchanged_since(item.item());
        self.put_guarded("put", item, guard.and::<M>(condition.into()))
    }

    /// Writes an item if no item has the same key.
    pub fn insert<M: TableItem>(&mut self, item: impl IntoPut<'a, M>) -> &mut Self {
        self.put_guarded("insert", item, WriteCondition::new::<M>(Presence::Absent))
    }

    /// Writes an item if an item has the same key.
    pub fn replace<M: TableItem>(&mut self, item: impl IntoPut<'a, M>) -> &mut Self {
        let guard = WriteCondition::new::<M>(Presence::Present).unchanged_since(item.item());
        self.put_guarded("replace", item, guard)
    }

    /// Changes parts of the item with a key, if the item exists.
    pub fn update<M: UpdateParts>(&mut self, key: impl Into<M::Key>, update: impl IntoUpdate<M>) -> &mut Self {
        self.update_guarded("update", &key.into(), update, alive::<M>(Presence::Present))
    }

    /// Changes parts of the item with a key, if the item exists and fulfils a condition.
    pub fn update_if<M: UpdateParts>(
        &mut self,
        key: impl Into<M::Key>,
        update: impl IntoUpdate<M>,
        condition: impl Into<Condition<M>>,
    ) -> &mut Self {
        self.update_guarded("update", &key.into(), update, alive::<M>(Presence::Present).and::<M>(condition.into()))
    }

    /// Changes parts of an item that was read, unless another writer has changed its version or a field of an index
    /// key since. The struct stays unchanged.
    pub fn update_item<M: UpdateParts>(&mut self, item: &M, update: impl IntoUpdate<M>) -> &mut Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        let key = M::Key::from(item);
        let guard = WriteCondition::new::<M>(Presence::Present).version(item.version()).deletion_as_of(item);
        self.update_known("update", &key, known_of_item(item, &key), update, guard)
    }

    /// Changes parts of the item with a key, or creates it ([`Transaction::upsert`](crate::ops::Transaction::upsert)).
    pub fn upsert<M: UpdateParts>(&mut self, key: impl Into<M::Key>, update: impl IntoUpdate<M>) -> &mut Self {
        self.update_guarded("upsert", &key.into(), update, alive::<M>(Presence::Own))
    }

    /// Deletes the item with a key, which stays in the table ([`SoftDelete`]).
    pub fn soft_delete<M: SoftDelete>(&mut self, key: impl Into<M::Key>) -> &mut Self {
        self.update_guarded("soft delete", &key.into(), deletion::<M>(true), alive::<M>(Presence::Present))
    }

    /// Restores the deleted item with a key ([`SoftDelete`]).
    pub fn restore<M: SoftDelete>(&mut self, key: impl Into<M::Key>) -> &mut Self {
        let guard = WriteCondition::new::<M>(Presence::Present).deletion(Deletion::Deleted);
        self.update_guarded("restore", &key.into(), deletion::<M>(false), guard)
    }

    /// Deletes the item with a key. A missing item is no error.
    pub fn delete<M: TableItem>(&mut self, key: impl Into<M::Key>) -> &mut Self {
        self.delete_guarded::<M>(&key.into(), WriteCondition::new::<M>(Presence::Own))
    }

    /// Deletes an item that was read, unless another writer has changed its version since. A missing item is no
    /// error.
    pub fn delete_item<M: TableItem>(&mut self, item: &M) -> &mut Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        self.delete_guarded::<M>(&M::Key::from(item), WriteCondition::of_deleted(item))
    }

    /// Deletes the item with a key if it fulfils a condition.
    pub fn delete_if<M: TableItem>(&mut self, key: impl Into<M::Key>, condition: impl Into<Condition<M>>) -> &mut Self {
        self.delete_guarded::<M>(&key.into(), WriteCondition::new::<M>(Presence::Own).and::<M>(condition.into()))
    }

    /// Checks that the item with a key fulfils a condition, and does not change the item.
    pub fn check<M: TableItem>(&mut self, key: impl Into<M::Key>, condition: impl Into<Condition<M>>) -> &mut Self {
        self.check_guarded::<M>(&key.into(), &alive::<M>(Presence::Any).and::<M>(condition.into()))
    }

    /// Checks that the item with a key exists, and does not change it.
    pub fn check_exists<M: TableItem>(&mut self, key: impl Into<M::Key>) -> &mut Self {
        self.check_guarded::<M>(&key.into(), &alive::<M>(Presence::Present))
    }

    fn check_guarded<M: TableItem>(&mut self, key: &M::Key, guard: &WriteCondition) -> &mut Self {
        let action = write_key(key).map_err(Error::from).and_then(|key| {
            Ok(Action::new::<M>(self.client.target::<M>()?, "check", ActionKind::Check(key), guard, None))
        });
        self.add(action)
    }

    /// Gives the transaction a token of 1 to 36 characters ([`Transaction::token`](crate::ops::Transaction::token)).
    pub fn token(&mut self, token: impl Into<String>) -> &mut Self {
        self.token = Some(token.into());
        self
    }

    /// Adds the stored items whose conditions failed to [`Error::TransactionCanceled`].
    pub fn return_existing(&mut self) -> &mut Self {
        self.return_existing = true;
        self
    }

    /// The number of actions.
    pub fn len(&self) -> usize {
        self.actions.len()
    }

    /// Whether the transaction has no actions.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    fn put_guarded<M: TableItem>(
        &mut self,
        kind: &'static str,
        item: impl IntoPut<'a, M>,
        guard: WriteCondition,
    ) -> &mut Self {
        let action = guard.as_stored(item.item()).and_then(|stored| {
            let action = Action::put(&self.client, kind, &stored, &guard)?;
            Ok((action, stored.into_changed()))
        });
        let action = action.map(|(action, stored)| {
            if let (Some(item), Some(stored)) = (item.kept(), stored) {
                self.written.push((self.actions.len(), Box::new(move || *item = stored)));
            }
            action
        });
        self.add(action)
    }

    fn update_guarded<M: UpdateParts>(
        &mut self,
        kind: &'static str,
        key: &M::Key,
        update: impl IntoUpdate<M>,
        guard: WriteCondition,
    ) -> &mut Self {
        self.update_known(kind, key, known_by_key::<M>(key), update, guard)
    }

    fn update_known<M: UpdateParts>(
        &mut self,
        kind: &'static str,
        key: &M::Key,
        known: Result<Option<Known>>,
        update: impl IntoUpdate<M>,
        guard: WriteCondition,
    ) -> &mut Self {
        let update = update.into_update();
        let mut guard = guard;
        let actions = known.and_then(|known| all_actions(update, known.as_ref(), &mut guard));
        let action = actions.and_then(|actions| Action::update::<M>(&self.client, kind, key, actions, &guard));
        self.add(action)
    }

    fn delete_guarded<M: TableItem>(&mut self, key: &M::Key, guard: WriteCondition) -> &mut Self {
        let action = write_key(key).map_err(Error::from).and_then(|key| Action::delete::<M>(&self.client, key, &guard));
        self.add(action)
    }

    fn add(&mut self, action: Result<Action>) -> &mut Self {
        match action {
            Ok(action) => self.actions.push(action),
            Err(error) => drop(self.mistake.get_or_insert(error)),
        }
        self
    }
}

/// The condition of a write that takes a deleted item for missing.
fn alive<M: TableItem>(presence: Presence) -> WriteCondition {
    WriteCondition::new::<M>(presence).deletion(Deletion::Alive)
}

impl fmt::Debug for TransactionActions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransactionActions").field("actions", &self.actions.len()).finish_non_exhaustive()
    }
}
