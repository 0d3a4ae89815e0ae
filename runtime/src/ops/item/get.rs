//! Reading one item.

use super::refreshed::Refreshed;
use crate::codec::{RawItems, ReadInPlace, Reads, unless_foreign};
use crate::ground::seconds_now;
use crate::ops::model::{Expiring, HidesDeleted};
use crate::ops::write::write_key;
use crate::ops::{Error, Result, Running, TableItem};
use crate::transport::{Client, Operation, Target, response_items, send};
use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;

/// Reads one item. Without an item of the model with the key, the error is [`Error::NotFound`].
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let alice = User::get(&db, "user123").consistent_read().await?;
/// # Ok(())
/// # }
/// ```
///
/// [`Find`] and [`Refresh`] are the same operation with another result.
#[must_use = "an operation runs when it is awaited"]
pub struct Get<M: TableItem, O = Required> {
    client: Client,
    key: M::Key,
    consistent_read: bool,
    skip_expired: bool,
    with_deleted: bool,
    output: O,
}

/// Reads one item, or `None` without an item of the model with the key.
pub type Find<M> = Get<M, Optional>;

/// Reads the item of a struct again, into the struct. Without an item, the error is [`Error::NotFound`], and the
/// struct stays unchanged.
pub type Refresh<'a, M> = Get<M, Refreshed<'a, M>>;

/// The result of a [`Get`]: the item, or an error.
#[derive(Debug)]
pub struct Required;

/// The result of a [`Find`]: the item or `None`.
#[derive(Debug)]
pub struct Optional;

impl<M: TableItem> Get<M> {
    pub(in crate::ops) fn required(client: &Client, key: M::Key) -> Self {
        Self::of(client, key, Required)
    }
}

impl<M: TableItem> Find<M> {
    pub(in crate::ops) fn optional(client: &Client, key: M::Key) -> Self {
        Self::of(client, key, Optional)
    }
}

impl<'a, M: TableItem> Refresh<'a, M> {
    pub(in crate::ops) fn refreshing(client: &Client, instance: &'a mut M) -> Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        Self::of(client, M::Key::from(&*instance), Refreshed(instance))
    }
}

impl<M: TableItem, O> Get<M, O> {
    fn of(client: &Client, key: M::Key, output: O) -> Self {
        Self { client: client.clone(), key, consistent_read: false, skip_expired: false, with_deleted: false, output }
    }

    /// Includes all writes before the read, at twice the cost. Without it, a read may miss the latest writes
    /// ("DynamoDB read consistency").
    pub fn consistent_read(mut self) -> Self {
        self.consistent_read = true;
        self
    }

    /// Treats an expired item as missing. DynamoDB removes expired items within a few days ("Using time to live (TTL)
    /// in DynamoDB").
    pub fn skip_expired(mut self) -> Self
    where
        M: Expiring,
    {
        self.skip_expired = true;
        self
    }

    /// Also reads an item that was deleted by [`soft_delete`](crate::model::SoftDelete::soft_delete). Without it, the item
    /// is missing.
    pub fn with_deleted(self) -> Self
    where
        M: HidesDeleted,
    {
        self.with_hidden()
    }

    /// Also reads an item that reads leave out.
    pub(in crate::ops) fn with_hidden(mut self) -> Self {
        self.with_deleted = true;
        self
    }

    /// The SDK's builder of GetItem, filled.
    ///
    /// # Errors
    ///
    /// The table's settings are wrong, or the key cannot be written.
    pub fn into_inner(self) -> Result<GetItemFluentBuilder> {
        let target = self.client.target::<M>()?;
        self.request(&target)
    }

    fn request(&self, target: &Target) -> Result<GetItemFluentBuilder> {
        let key = write_key(&self.key)?;
        let consistent = self.consistent_read.then_some(true);
        Ok(target.sdk.get_item().table_name(&target.table).set_key(Some(key)).set_consistent_read(consistent))
    }

    /// The item, or `Absent` without an item of the model.
    async fn run(&self) -> Result<Result<M, Absent>> {
        let target = self.client.target::<M>()?;
        let absent = |other_model| Absent { target: target.clone(), other_model };
        let reads = Reads::whole();
        let found = send(&target, self.request(&target)?, reads.in_place()).await?;
        if (self.skip_expired && is_expired::<M>(&found)) || (!self.with_deleted && is_hidden::<M>(&found)) {
            return Ok(Err(absent(false)));
        }
        let Some(read) = found.read(&reads).next(&reads, &[]) else { return Ok(Err(absent(false))) };
        let own = unless_foreign(read.map_err(|(error, _)| error.of(M::model_name())))?;
        Ok(own.ok_or_else(|| absent(true)))
    }
}

/// The absence of an item of a model with a key.
struct Absent {
    target: Target,
    /// Whether an item of another model has the key.
    other_model: bool,
}

impl From<Absent> for Error {
    fn from(Absent { target, other_model }: Absent) -> Self {
        Error::NotFound { model: target.model, table: target.table, other_model }
    }
}

/// Whether an item has expired.
fn is_expired<M: TableItem>(found: &RawItems) -> bool {
    let ends =
        M::model_table().ttl.and_then(|name| found.attributes(0, &[name]).get(name)?.as_n().ok()?.parse::<u64>().ok());
    ends.is_some_and(|ends| ends <= seconds_now())
}

/// Whether an item is deleted, and left out for that.
fn is_hidden<M: TableItem>(found: &RawItems) -> bool {
    M::hidden_by().is_some_and(|by| found.attributes(0, &[by]).values().any(|value| !value.is_null()))
}

async fn send(target: &Target, request: GetItemFluentBuilder, in_place: Option<ReadInPlace>) -> Result<RawItems> {
    let decoder = target.decoder_in_place(Operation::GetItem, in_place);
    let output = send!(target, request, &decoder).map_err(|error| target.error("GetItem", error))?;
    Ok(response_items(target, decoder, output.item).await)
}

impl<M: TableItem> IntoFuture for Get<M> {
    type Output = Result<M>;
    type IntoFuture = Running<'static, M>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.run().await??) })
    }
}

impl<M: TableItem> IntoFuture for Find<M> {
    type Output = Result<Option<M>>;
    type IntoFuture = Running<'static, Option<M>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.run().await?.ok()) })
    }
}

impl<'a, M: TableItem> IntoFuture for Refresh<'a, M> {
    type Output = Result<()>;
    type IntoFuture = Running<'a, ()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let item = self.run().await??;
            *self.output.0 = item;
            Ok(())
        })
    }
}

debug_without_values!([M: TableItem, O] Get<M, O>, "Get", M);
