//! Several writes, all or none.

use super::action::Action;
use super::actions::TransactionActions;
use super::commit::{MAX_ACTIONS, Settings, commit};
use crate::expr::{Condition, IntoUpdate};
use crate::ops::model::{SoftDelete, UpdateParts};
use crate::ops::write::{IntoPut, WhenWritten};
use crate::ops::{Error, Result, Running, TableItem};
use crate::transport::Client;
use std::fmt;

/// Applies up to 100 actions, or none of them: puts, updates, deletes and checks of items of any models and tables in
/// one region (TransactWriteItems).
///
/// Add actions one after the other, and await the transaction:
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, order: Order, product_id: dyntastic::uuid::Uuid) -> dyntastic::Result<()> {
/// db.transaction()
///     .insert(&order)
///     .update("user123", User::A.age.add(1))
///     .check(Product::key(product_id), Product::A.on_sale.eq(true))
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// A transaction costs twice the capacity of single writes ("Amazon DynamoDB Transactions: How it works"). Conflicts
/// with other writers are retried a few times. If a condition fails, the error is [`Error::TransactionCanceled`], and
/// nothing was changed.
#[must_use = "a transaction does nothing until it is awaited"]
pub struct Transaction<'a>(TransactionActions<'a>);

impl Client {
    /// Starts a transaction.
    pub fn transaction<'a>(&self) -> Transaction<'a> {
        Transaction(TransactionActions::new(self.clone()))
    }

    /// Runs a function that adds actions, and commits them if the function returns `Ok`. After an error or a panic of
    /// the function, nothing is sent.
    ///
    /// ```no_run
    /// # use dyntastic::Client;
    /// # use dyntastic::prelude::*;
    /// # use example_models::*;
    /// # use dyntastic::Error;
    /// # async fn example(db: Client, order: Order) -> dyntastic::Result<()> {
    /// db.transact(async |actions| {
    ///     actions.insert(&order).update("user123", User::A.age.add(1));
    ///     Ok::<_, Error>(())
    /// })
    /// .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of the function, and those of the transaction.
    pub async fn transact<'a, T, E: From<Error>>(
        &self,
        body: impl AsyncFnOnce(&mut TransactionActions<'a>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut actions = TransactionActions::new(self.clone());
        let result = body(&mut actions).await?;
        Transaction(actions).await?;
        Ok(result)
    }
}

impl<'a> Transaction<'a> {
    /// Writes an item, in place of the item with the same key. An item of a model with a version or times is borrowed
    /// mutably until the transaction ends, and is brought up to date if the transaction succeeds.
    pub fn put<M: TableItem>(mut self, item: impl IntoPut<'a, M>) -> Self {
        self.0.put(item);
        self
    }

    /// Writes an item if the stored item with the same key fulfils a condition.
    pub fn put_if<M: TableItem>(mut self, item: impl IntoPut<'a, M>, condition: impl Into<Condition<M>>) -> Self {
        self.0.put_if(item, condition);
        self
    }

    /// Writes an item if no item has the same key.
    pub fn insert<M: TableItem>(mut self, item: impl IntoPut<'a, M>) -> Self {
        self.0.insert(item);
        self
    }

    /// Writes an item if an item has the same key.
    pub fn replace<M: TableItem>(mut self, item: impl IntoPut<'a, M>) -> Self {
        self.0.replace(item);
        self
    }

    /// Changes parts of the item with a key, if the item exists. A patch that changes nothing only checks that it does.
    pub fn update<M: UpdateParts>(mut self, key: impl Into<M::Key>, update: impl IntoUpdate<M>) -> Self {
        self.0.update(key, update);
        self
    }

    /// Changes parts of the item with a key, if the item exists and fulfils a condition.
    pub fn update_if<M: UpdateParts>(
        mut self,
        key: impl Into<M::Key>,
        update: impl IntoUpdate<M>,
        condition: impl Into<Condition<M>>,
    ) -> Self {
        self.0.update_if(key, update, condition);
        self
    }

    /// Changes parts of an item that was read, unless another writer has changed its version or a field of an index
    /// key since. The struct stays unchanged.
    pub fn update_item<M: UpdateParts>(mut self, item: &M, update: impl IntoUpdate<M>) -> Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        self.0.update_item(item, update);
        self
    }

    /// Changes parts of the item with a key. Without an item, it creates one from the key, the values that the update
    /// sets, and the defaults of the other fields. An update that leaves a required field without a value is
    /// [`Error::IncompleteUpsert`].
    pub fn upsert<M: UpdateParts>(mut self, key: impl Into<M::Key>, update: impl IntoUpdate<M>) -> Self {
        self.0.upsert(key, update);
        self
    }

    /// Deletes the item with a key, which stays in the table ([`SoftDelete`]).
    pub fn soft_delete<M: SoftDelete>(mut self, key: impl Into<M::Key>) -> Self {
        self.0.soft_delete::<M>(key);
        self
    }

    /// Restores the deleted item with a key ([`SoftDelete`]).
    pub fn restore<M: SoftDelete>(mut self, key: impl Into<M::Key>) -> Self {
        self.0.restore::<M>(key);
        self
    }

    /// Deletes the item with a key. A missing item is no error.
    pub fn delete<M: TableItem>(mut self, key: impl Into<M::Key>) -> Self {
        self.0.delete::<M>(key);
        self
    }

    /// Deletes an item that was read, unless another writer has changed its version since. A missing item is no
    /// error.
    pub fn delete_item<M: TableItem>(mut self, item: &M) -> Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        self.0.delete_item(item);
        self
    }

    /// Deletes the item with a key if it fulfils a condition.
    pub fn delete_if<M: TableItem>(mut self, key: impl Into<M::Key>, condition: impl Into<Condition<M>>) -> Self {
        self.0.delete_if(key, condition);
        self
    }

    /// Checks that the item with a key fulfils a condition, and does not change the item.
    pub fn check<M: TableItem>(mut self, key: impl Into<M::Key>, condition: impl Into<Condition<M>>) -> Self {
        self.0.check(key, condition);
        self
    }

    /// Checks that the item with a key exists, and does not change it. If it is missing, and this is the only reason,
    /// [`Error::is_not_found`] holds.
    ///
    /// ```no_run
    /// # use dyntastic::Client;
    /// # use dyntastic::prelude::*;
    /// # use example_models::*;
    /// # async fn example(db: Client, order: Order) -> dyntastic::Result<()> {
    /// db.transaction().check_exists::<Customer>("c7").insert(&order).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn check_exists<M: TableItem>(mut self, key: impl Into<M::Key>) -> Self {
        self.0.check_exists::<M>(key);
        self
    }

    /// Gives the transaction a token of 1 to 36 characters. DynamoDB applies transactions with the same token within
    /// ten minutes only once ("TransactWriteItems", ClientRequestToken). By default, each call makes its own token,
    /// which all its attempts share.
    ///
    /// A token belongs to the same actions with the same values. A transaction whose values depend on the call fails
    /// with [`Error::InvalidRequest`] when it is awaited. Such values are unique fields, times that writes keep, and
    /// defaults that a factory makes for an upsert. An update that depends on the stored item, by its bounds or a patch
    /// of a struct, also fails.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.0.token(token);
        self
    }

    /// Adds the stored items whose conditions failed to [`Error::TransactionCanceled`].
    pub fn return_existing(mut self) -> Self {
        self.0.return_existing();
        self
    }

    /// The number of actions.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the transaction has no actions.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Commits the actions in several transactions, one after the other, each of at most this many actions. The whole
    /// is not atomic. Guards of unique fields count as actions; they are in the same transaction as their action.
    ///
    /// # Errors
    ///
    /// If a chunk fails after others were committed, the error is [`Error::ChunksDone`]: the earlier chunks stay
    /// committed. The indexes of its reasons count the actions of all chunks.
    pub fn in_chunks_of(self, actions: usize) -> Running<'a, ()> {
        let TransactionActions { client, actions: all, mut written, token, return_existing, mistake } = self.0;
        Box::pin(async move {
            if let Some(mistake) = mistake {
                return Err(mistake);
            }
            if !(1..=MAX_ACTIONS).contains(&actions) {
                return Err(Error::invalid("TransactWriteItems", format!("a chunk has 1 to {MAX_ACTIONS} actions")));
            }
            if token.is_some() {
                let reason = "a token names one transaction, and cannot be used for chunks";
                return Err(Error::invalid("TransactWriteItems", reason));
            }
            let mut rest = all;
            let mut done = 0;
            while !rest.is_empty() {
                let later = rest.split_off(chunk(&rest, actions));
                let settings = Settings { before: done, return_existing, ..Settings::default() };
                commit(&client, &mut rest, settings).await.map_err(|error| match done {
                    0 => error,
                    done => Error::ChunksDone { done, error: Box::new(error) },
                })?;
                done += rest.len();
                rest = later;
                let of_later = written.split_off(written.partition_point(|(position, _)| *position < done));
                bring_up_to_date(std::mem::replace(&mut written, of_later));
            }
            Ok(())
        })
    }
}

/// The number of actions in the next chunk, which also has room for the guards that they may need.
fn chunk(actions: &[Action], max: usize) -> usize {
    let mut all = 0;
    let fitting = actions.iter().take_while(|action| {
        all += 1 + action.unique.as_ref().map_or(0, |unique| unique.max_guards());
        all <= max
    });
    fitting.count().max(1)
}

fn bring_up_to_date(written: Vec<(usize, WhenWritten<'_>)>) {
    for (_, write) in written {
        write();
    }
}

impl<'a> IntoFuture for Transaction<'a> {
    type Output = Result<()>;
    type IntoFuture = Running<'a, ()>;

    fn into_future(self) -> Self::IntoFuture {
        let TransactionActions { client, mut actions, written, token, return_existing, mistake } = self.0;
        Box::pin(async move {
            if let Some(mistake) = mistake {
                return Err(mistake);
            }
            commit(&client, &mut actions, Settings { token, return_existing, ..Settings::default() }).await?;
            bring_up_to_date(written);
            Ok(())
        })
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("actions", &self.0.len()).finish_non_exhaustive()
    }
}
