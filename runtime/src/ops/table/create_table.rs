//! Creating a table.

use crate::description::{KeyAttribute, KeyKind, Projection, SecondaryIndex, StreamView, Table, TableClass};
use crate::ops::table::wait;
use crate::ops::{Error, Model, Result, Running};
use crate::transport::{Client, Target};
use aws_sdk_dynamodb as sdk;
use sdk::error::BuildError;
use sdk::operation::create_table::builders::CreateTableFluentBuilder;
use sdk::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, LocalSecondaryIndex,
    ProjectionType, ProvisionedThroughput, ScalarAttributeType, StreamSpecification, StreamViewType, Tag,
    TimeToLiveSpecification, TimeToLiveStatus,
};
use std::marker::PhantomData;
use std::time::Duration;
use tracing::Instrument;

/// Creates a model's table with the settings of the schema, and waits until it is active. If the table exists
/// already, [`Error::is_conflict`] holds for the error.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// User::create_table(&db).await?;
/// # Ok(())
/// # }
/// ```
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
        Self { client: client.clone(), limit: Some(wait::MAX_WAIT), model: PhantomData }
    }

    /// Returns as soon as DynamoDB has begun to create the table. Reads and writes fail until it is active. The time
    /// to live is not set, because DynamoDB accepts it only for active tables.
    pub fn no_wait(mut self) -> Self {
        self.limit = None;
        self
    }

    /// Waits at most this long, and then returns [`Error::TableNotReady`]. The default is 5 minutes.
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
        Some(limit) => wait::until(target, Some("ACTIVE"), limit).await?,
        None => return Ok(()),
    }
    time_to_live(target).await
}

/// Turns on the removal of expired items, which CreateTable cannot do. If another writer has turned it on already,
/// this is no error.
pub(in crate::ops) async fn time_to_live(target: &Target) -> Result<()> {
    let Some(attribute) = target.description.ttl else { return Ok(()) };
    let specification = TimeToLiveSpecification::builder().attribute_name(attribute).enabled(true).build();
    let specification =
        specification.map_err(|error| Error::invalid("UpdateTimeToLive", format_args!("{}: {error}", target.model)))?;
    let request = target.sdk.update_time_to_live().table_name(&target.table);
    let sent = request.time_to_live_specification(specification).send().await;
    let Err(error) = sent.map_err(|error| target.error("UpdateTimeToLive", error)) else { return Ok(()) };
    match error.code() == Some("ValidationException") && expires(target, attribute).await? {
        true => Ok(()),
        false => Err(error),
    }
}

/// Whether DynamoDB removes items by the time in this attribute, or will soon.
async fn expires(target: &Target, attribute: &str) -> Result<bool> {
    let sent = target.sdk.describe_time_to_live().table_name(&target.table).send().await;
    let described = sent.map_err(|error| target.error("DescribeTimeToLive", error))?.time_to_live_description;
    Ok(described.is_some_and(|described| {
        described.attribute_name() == Some(attribute)
            && matches!(described.time_to_live_status(), Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling))
    }))
}

pub(in crate::ops) fn request(target: &Target) -> Result<CreateTableFluentBuilder> {
    filled(target).map_err(|error| Error::invalid("CreateTable", format_args!("{}: {error}", target.model)))
}

fn filled(target: &Target) -> Result<CreateTableFluentBuilder, BuildError> {
    let table = &target.description;
    let mut request = target.sdk.create_table().table_name(&target.table);
    for element in key_schema(&[table.hash_key], table.range_key.as_slice())? {
        request = request.key_schema(element);
    }
    for attribute in key_attributes(table) {
        request = request.attribute_definitions(definition(attribute)?);
    }
    request = match table.throughput {
        None => request.billing_mode(BillingMode::PayPerRequest),
        Some(units) => request.billing_mode(BillingMode::Provisioned).provisioned_throughput(throughput(units)?),
    };
    for index in table.indexes {
        request = match index.local {
            true => request.local_secondary_indexes(local_index(index)?),
            false => request.global_secondary_indexes(global_index(index, table.throughput)?),
        };
    }
    // DynamoDB's default is not sent: some other engines do not know this setting.
    if table.table_class == TableClass::StandardInfrequentAccess {
        request = request.table_class(sdk::types::TableClass::StandardInfrequentAccess);
    }
    if table.deletion_protection == Some(true) {
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

fn local_index(index: &SecondaryIndex) -> Result<LocalSecondaryIndex, BuildError> {
    let schema = key_schema(index.hash_key, index.range_key)?;
    let builder = LocalSecondaryIndex::builder().index_name(index.name).projection(projection(index));
    builder.set_key_schema(Some(schema)).build()
}

/// A global secondary index of the request. In an on-demand table it has no throughput, because DynamoDB refuses one.
fn global_index(index: &SecondaryIndex, table: Option<(u32, u32)>) -> Result<GlobalSecondaryIndex, BuildError> {
    let schema = key_schema(index.hash_key, index.range_key)?;
    let units = table.map(|table| throughput(index.throughput.unwrap_or(table))).transpose()?;
    let builder = GlobalSecondaryIndex::builder().index_name(index.name).projection(projection(index));
    builder.set_key_schema(Some(schema)).set_provisioned_throughput(units).build()
}

fn projection(index: &SecondaryIndex) -> sdk::types::Projection {
    let builder = sdk::types::Projection::builder();
    match index.projection {
        Projection::All => builder.projection_type(ProjectionType::All),
        Projection::KeysOnly => builder.projection_type(ProjectionType::KeysOnly),
        Projection::Include(attributes) => builder
            .projection_type(ProjectionType::Include)
            .set_non_key_attributes(Some(attributes.iter().map(|attribute| (*attribute).to_owned()).collect())),
    }
    .build()
}

fn throughput((read, write): (u32, u32)) -> Result<ProvisionedThroughput, BuildError> {
    ProvisionedThroughput::builder().read_capacity_units(read.into()).write_capacity_units(write.into()).build()
}

fn key_schema(hash_key: &[KeyAttribute], range_key: &[KeyAttribute]) -> Result<Vec<KeySchemaElement>, BuildError> {
    let hash_key = hash_key.iter().map(|attribute| key(attribute, KeyType::Hash));
    hash_key.chain(range_key.iter().map(|attribute| key(attribute, KeyType::Range))).collect()
}

/// The key attributes of the table and its indexes, without repetitions.
fn key_attributes(table: &Table) -> Vec<&KeyAttribute> {
    let own = std::iter::once(&table.hash_key).chain(&table.range_key);
    let indexed = table.indexes.iter().flat_map(|index| index.hash_key.iter().chain(index.range_key));
    let mut attributes: Vec<&KeyAttribute> = Vec::new();
    for attribute in own.chain(indexed) {
        if !attributes.contains(&attribute) {
            attributes.push(attribute);
        }
    }
    attributes
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
