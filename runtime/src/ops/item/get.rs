//! Reading one item.

use crate::codec::{RawItems, ReadInPlace, Reads, unless_foreign};
use crate::ground::seconds_now;
use crate::ops::model::Expiring;
use crate::ops::write::write_key;
use crate::ops::{Error, Model, Result, Running};
use crate::transport::{Client, Operation, Target, response_items, send};
use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;
use tracing::Instrument;

/// Reads one item; that there is none of the model with the key is [`Error::NotFound`].
#[derive(Debug)]
#[must_use = "an operation runs when it is awaited"]
pub struct Get<M: Model>(Find<M>);

/// Reads one item, or `None` where there is none of the model with the key.
#[must_use = "an operation runs when it is awaited"]
pub struct Find<M: Model> {
    client: Client,
    key: M::Key,
    consistent_read: bool,
    skip_expired: bool,
}

impl<M: Model> Find<M> {
    #[doc(hidden)]
    pub fn new(client: &Client, key: M::Key) -> Self {
        Self { client: client.clone(), key, consistent_read: false, skip_expired: false }
    }

    /// Reads what every write before has left, at twice the cost; without it, a write of the last moment may
    /// be missed ("DynamoDB read consistency").
    pub fn consistent_read(mut self) -> Self {
        self.consistent_read = true;
        self
    }

    /// Finds no item whose time to live has ended: DynamoDB removes it within a few days of that ("Using time to live
    /// (TTL) in DynamoDB").
    pub fn skip_expired(mut self) -> Self
    where
        M: Expiring,
    {
        self.skip_expired = true;
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

    /// The item, or that there is none of the model.
    async fn run(&self, target: &Target) -> Result<Result<M, Absent>> {
        let reads = Reads::whole::<M>();
        let found = send(target, self.request(target)?, reads.in_place()).await?;
        if self.skip_expired && is_expired::<M>(&found) {
            return Ok(Err(Absent { other_model: false }));
        }
        let Some(read) = found.read(&reads).next(&reads, &[]) else { return Ok(Err(Absent { other_model: false })) };
        let own = unless_foreign(read.map_err(|(error, _)| error.of(M::NAME)))?;
        Ok(own.ok_or(Absent { other_model: true }))
    }
}

/// That there is no item of a model with a key.
struct Absent {
    /// Whether there is one of another model.
    other_model: bool,
}

impl<M: Model> Get<M> {
    #[doc(hidden)]
    pub fn new(client: &Client, key: M::Key) -> Self {
        Self(Find::new(client, key))
    }

    /// Reads what every write before has left, at twice the cost; without it, a write of the last moment may
    /// be missed ("DynamoDB read consistency").
    pub fn consistent_read(self) -> Self {
        Self(self.0.consistent_read())
    }

    /// Finds no item whose time to live has ended: DynamoDB removes it within a few days of that ("Using time to live
    /// (TTL) in DynamoDB").
    pub fn skip_expired(self) -> Self
    where
        M: Expiring,
    {
        Self(self.0.skip_expired())
    }

    /// The SDK's builder of GetItem, filled.
    ///
    /// # Errors
    ///
    /// The table's settings are wrong, or the key cannot be written.
    pub fn into_inner(self) -> Result<GetItemFluentBuilder> {
        self.0.into_inner()
    }
}

/// Whether an item's time to live has ended.
fn is_expired<M: Model>(found: &RawItems) -> bool {
    let ends = M::TABLE.ttl.and_then(|name| found.attributes(0, &[name]).get(name)?.as_n().ok()?.parse::<u64>().ok());
    ends.is_some_and(|ends| ends <= seconds_now())
}

async fn send(target: &Target, request: GetItemFluentBuilder, in_place: Option<ReadInPlace>) -> Result<RawItems> {
    let decoder = target.decoder_in_place(Operation::GetItem, in_place);
    let output = send!(request, &decoder).map_err(|error| target.error("GetItem", error))?;
    Ok(response_items(decoder, output.item))
}

impl<M: Model> IntoFuture for Find<M> {
    type Output = Result<Option<M>>;
    type IntoFuture = Running<'static, Option<M>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.client.target::<M>()?;
            Ok(self.run(&target).instrument(target.span("GetItem")).await?.ok())
        })
    }
}

impl<M: Model> IntoFuture for Get<M> {
    type Output = Result<M>;
    type IntoFuture = Running<'static, M>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.0.client.target::<M>()?;
            let found = self.0.run(&target).instrument(target.span("GetItem")).await?;
            found.map_err(|Absent { other_model }| Error::NotFound {
                model: target.model,
                table: target.table,
                other_model,
            })
        })
    }
}

debug_without_values!([M: Model] Find<M>, "Find", M);
