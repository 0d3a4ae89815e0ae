//! Several writes, all or none.

use super::action::Action;
use super::actions::TransactionActions;
use super::commit::{MAX_ACTIONS, Settings, commit};
use super::unique::UniqueFields;
use crate::expr::{Condition, IntoUpdate};
use crate::ops::write::{IntoPut, WhenWritten};
use crate::ops::{Error, Model, Result, Running};
use crate::transport::Client;
use std::fmt;

/// Writes, updates, deletes and checks of up to 100 items, of any models and tables in one region: all are done, or
/// none (TransactWriteItems).
///
/// Actions are added one after the other, and the transaction is awaited. It costs twice the capacity of single writes
/// ("Amazon DynamoDB Transactions: How it works"). That others are in the way is tried again a few times; a condition that
/// does not hold is [`Error::TransactionCanceled`], and nothing was changed.
#[must_use = "a transaction does nothing until it is awaited"]
pub struct Transaction<'a>(TransactionActions<'a>);

impl Client {
    /// Starts a transaction.
    pub fn transaction<'a>(&self) -> Transaction<'a> {
        Transaction(TransactionActions::new(self.clone()))
    }

    /// Commits what a function adds to a transaction, if it returns `Ok`; an error, or a panic, leaves everything as
    /// it is.
    ///
    /// # Errors
    ///
    /// The function's own, and those of the transaction.
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
    /// Writes an item, in place of the one with the same key. One of a model with a version or times is borrowed mutably
    /// until the transaction is done, and is brought up to date if it succeeds.
    pub fn put<M: Model>(mut self, item: impl IntoPut<'a, M>) -> Self {
        self.0.put(item);
        self
    }

    /// Writes an item, if the one with the same key fulfils a condition.
    pub fn put_if<M: Model>(mut self, item: impl IntoPut<'a, M>, condition: impl Into<Condition<M>>) -> Self {
        self.0.put_if(item, condition);
        self
    }

    /// Writes an item, if there is none with the same key.
    pub fn insert<M: Model>(mut self, item: impl IntoPut<'a, M>) -> Self {
        self.0.insert(item);
        self
    }

    /// Writes an item, if there is one with the same key.
    pub fn replace<M: Model>(mut self, item: impl IntoPut<'a, M>) -> Self {
        self.0.replace(item);
        self
    }

    /// Changes parts of the item with a key, if there is one.
    pub fn update<M: Model>(mut self, key: impl Into<M::Key>, update: impl IntoUpdate<M>) -> Self {
        self.0.update(key, update);
        self
    }

    /// Changes parts of the item with a key, if there is one that fulfils a condition.
    pub fn update_if<M: Model>(
        mut self,
        key: impl Into<M::Key>,
        update: impl IntoUpdate<M>,
        condition: impl Into<Condition<M>>,
    ) -> Self {
        self.0.update_if(key, update, condition);
        self
    }

    /// Changes parts of an item that was read, if no other writer has changed its version, or what index keys are made of.
    /// The struct is left as it is.
    pub fn update_item<M: Model>(mut self, item: &M, update: impl IntoUpdate<M>) -> Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        self.0.update_item(item, update);
        self
    }

    /// Changes parts of the item with a key, or makes it of its key, what the update sets and the defaults of the other
    /// fields. An update that leaves a required field without a value is [`Error::IncompleteUpsert`].
    pub fn upsert<M: Model>(mut self, key: impl Into<M::Key>, update: impl IntoUpdate<M>) -> Self {
        self.0.upsert(key, update);
        self
    }

    /// Deletes the item with a key; that there is none is no error.
    pub fn delete<M: Model>(mut self, key: impl Into<M::Key>) -> Self {
        self.0.delete::<M>(key);
        self
    }

    /// Deletes an item that was read, if no other writer has changed its version; that there is none is no error.
    pub fn delete_item<M: Model>(mut self, item: &M) -> Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        self.0.delete_item(item);
        self
    }

    /// Deletes the item with a key, if it fulfils a condition.
    pub fn delete_if<M: Model>(mut self, key: impl Into<M::Key>, condition: impl Into<Condition<M>>) -> Self {
        self.0.delete_if(key, condition);
        self
    }

    /// Checks that the item with a key fulfils a condition, and leaves it as it is.
    pub fn check<M: Model>(mut self, key: impl Into<M::Key>, condition: impl Into<Condition<M>>) -> Self {
        self.0.check(key, condition);
        self
    }

    /// Names the transaction, with 1 to 36 characters: DynamoDB takes one of the same name within ten minutes for the
    /// same, and does not do it again ("TransactWriteItems", ClientRequestToken). If nothing is said, a name is made for
    /// this one call, which all its attempts share.
    ///
    /// A name stands for the same actions with the same values. A transaction whose values depend on the call is refused
    /// when it is awaited, with [`Error::InvalidRequest`]: writes of unique fields, of times that writes keep, of defaults
    /// that a factory makes for an upsert, and updates whose bounds depend on what is stored.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.0.token(token);
        self
    }

    /// Has [`Error::TransactionCanceled`] hold the items whose conditions failed.
    pub fn return_existing(mut self) -> Self {
        self.0.return_existing();
        self
    }

    /// How many actions there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Commits the actions in several transactions of up to this many actions, one after the other: as a whole that is not
    /// atomic. Guards of unique fields count as actions, and are in one transaction with the action that they are for. An
    /// error leaves done what was committed before it: it is [`Error::ChunksDone`] then. The indexes of its reasons count
    /// all actions.
    pub fn in_chunks_of(self, actions: usize) -> Running<'a, ()> {
        let TransactionActions { client, actions: all, mut written, token, return_existing, mistake } = self.0;
        Box::pin(async move {
            if let Some(mistake) = mistake {
                return Err(mistake);
            }
            if !(1..=MAX_ACTIONS).contains(&actions) {
                return Err(Error::invalid(
                    "TransactWriteItems",
                    format!("a transaction has 1 to {MAX_ACTIONS} actions"),
                ));
            }
            if token.is_some() {
                return Err(Error::invalid(
                    "TransactWriteItems",
                    "a token names one transaction, and not chunks".to_owned(),
                ));
            }
            let mut rest = all;
            let mut done = 0;
            while !rest.is_empty() {
                let later = rest.split_off(chunk(&rest, actions));
                let settings = Settings { before: done, token: None, return_existing };
                commit(&client, &rest, settings).await.map_err(|error| match done {
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

/// How many of the first actions are sent together, with the guards that they may need.
fn chunk(actions: &[Action], most: usize) -> usize {
    let mut all = 0;
    let fitting = actions.iter().take_while(|action| {
        all += 1 + action.unique.as_ref().map_or(0, UniqueFields::most_guards);
        all <= most
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
        let TransactionActions { client, actions, written, token, return_existing, mistake } = self.0;
        Box::pin(async move {
            if let Some(mistake) = mistake {
                return Err(mistake);
            }
            commit(&client, &actions, Settings { before: 0, token, return_existing }).await?;
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
