//! Creating a table.

use super::{Running, wait};
use crate::client::Target;
use crate::table::{KeyAttribute, KeyKind, StreamView, TableClass};
use crate::{Client, Error, Model, Result};
use aws_sdk_dynamodb as sdk;
use sdk::error::BuildError;
use sdk::operation::create_table::builders::CreateTableFluentBuilder;
use sdk::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ProvisionedThroughput, ScalarAttributeType,
    StreamSpecification, StreamViewType, Tag,
};
use std::marker::PhantomData;
use std::time::Duration;
use tracing::Instrument;

/// Creates a model's table as its schema says, and waits until it is active. That it exists already is an
/// error for which [`Error::is_conflict`] holds.
#[derive(Debug)]
#[must_use = "an operation runs when it is awaited"]
pub struct CreateTable<M: Model> {
    client: Client,
    limit: Option<Duration>,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> CreateTable<M> {
    #[doc(hidden)]
    pub fn new(client: &Client) -> Self {
        Self { client: client.clone(), limit: Some(wait::LIMIT), model: PhantomData }
    }

    /// Returns as soon as DynamoDB has begun to create the table; reads and writes fail until it is active.
    pub fn no_wait(mut self) -> Self {
        self.limit = None;
        self
    }

    /// Waits no longer than this, rather than 5 minutes, and then returns [`Error::TableNotReady`].
    pub fn wait_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The SDK's builder of CreateTable, filled.
    ///
    /// # Errors
    ///
    /// The table's settings are wrong.
    pub fn into_inner(self) -> Result<CreateTableFluentBuilder> {
        request(&self.client.target::<M>()?)
    }
}

impl<M: Model> IntoFuture for CreateTable<M> {
    type Output = Result<()>;
    type IntoFuture = Running<'static, ()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.client.target::<M>()?;
            send(&target, self.limit).instrument(target.span("CreateTable")).await
        })
    }
}

async fn send(target: &Target, limit: Option<Duration>) -> Result<()> {
    request(target)?.send().await.map_err(|error| target.error("CreateTable", error))?;
    match limit {
        Some(limit) => wait::until(target, Some("ACTIVE"), limit).await,
        None => Ok(()),
    }
}

pub(super) fn request(target: &Target) -> Result<CreateTableFluentBuilder> {
    filled(target).map_err(|error| Error::Config(format!("{}: CreateTable: {error}", target.model)))
}

fn filled(target: &Target) -> Result<CreateTableFluentBuilder, BuildError> {
    let table = &target.description;
    let mut request = target
        .sdk
        .create_table()
        .table_name(&target.table)
        .attribute_definitions(definition(&table.hash_key)?)
        .key_schema(key(&table.hash_key, KeyType::Hash)?);
    if let Some(range_key) = &table.range_key {
        request = request.attribute_definitions(definition(range_key)?).key_schema(key(range_key, KeyType::Range)?);
    }
    request = match table.throughput {
        None => request.billing_mode(BillingMode::PayPerRequest),
        Some((read, write)) => {
            let units =
                ProvisionedThroughput::builder().read_capacity_units(read.into()).write_capacity_units(write.into());
            request.billing_mode(BillingMode::Provisioned).provisioned_throughput(units.build()?)
        }
    };
    // What is as DynamoDB has it by itself is not sent: other engines do not know all of it.
    if table.table_class == TableClass::StandardInfrequentAccess {
        request = request.table_class(sdk::types::TableClass::StandardInfrequentAccess);
    }
    if table.deletion_protection {
        request = request.deletion_protection_enabled(true);
    }
    if let Some(view) = table.stream {
        let stream = StreamSpecification::builder().stream_enabled(true).stream_view_type(view_type(view));
        request = request.stream_specification(stream.build()?);
    }
    for (tag, value) in table.tags {
        request = request.tags(Tag::builder().key(*tag).value(*value).build()?);
    }
    Ok(request)
}

fn definition(attribute: &KeyAttribute) -> Result<AttributeDefinition, BuildError> {
    let kind = match attribute.kind {
        KeyKind::String => ScalarAttributeType::S,
        KeyKind::Number => ScalarAttributeType::N,
        KeyKind::Binary => ScalarAttributeType::B,
    };
    AttributeDefinition::builder().attribute_name(attribute.name).attribute_type(kind).build()
}

fn key(attribute: &KeyAttribute, key_type: KeyType) -> Result<KeySchemaElement, BuildError> {
    KeySchemaElement::builder().attribute_name(attribute.name).key_type(key_type).build()
}

fn view_type(view: StreamView) -> StreamViewType {
    match view {
        StreamView::KeysOnly => StreamViewType::KeysOnly,
        StreamView::NewImage => StreamViewType::NewImage,
        StreamView::OldImage => StreamViewType::OldImage,
        StreamView::NewAndOldImages => StreamViewType::NewAndOldImages,
    }
}
