//! Creating a table.

use super::elsewhere;
use super::parts::{
    definitions, encryption, key_schema, on_demand, projection, search_schema, stream, stream_text, tag, throughput,
    vector_attribute, warm,
};
use super::replicas::class;
use super::run::Run;
use super::settings::after_creation;
use crate::description::{KeyAttribute, SecondaryIndex, Table, TableClass, VectorIndex};
use crate::ops::table::wait;
use crate::ops::{Error, Result, Running, TableItem};
use crate::transport::{Client, Target};
use aws_sdk_dynamodb as sdk;
use sdk::error::BuildError;
use sdk::operation::create_table::builders::CreateTableFluentBuilder;
use sdk::types::{BillingMode, GlobalSecondaryIndex, LocalSecondaryIndex};
use std::marker::PhantomData;
use std::time::Duration;
use tracing::Instrument;

/// Creates a model's table with the settings of the schema and its replicas, and waits until all are active. If the
/// table exists already, [`Error::is_conflict`] holds for the error.
///
/// A table that is already in another of its regions is not created: here it would be a table of its own. The error
/// names that region, from which the replica is created.
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
pub struct CreateTable<M: TableItem> {
    client: Client,
    limit: Option<Duration>,
    model: PhantomData<fn() -> M>,
}

impl<M: TableItem> CreateTable<M> {
    #[doc(hidden)]
    pub fn new(client: &Client) -> Self {
        Self { client: client.clone(), limit: Some(wait::MAX_WAIT), model: PhantomData }
    }

    /// Returns as soon as DynamoDB has begun to create the table. Reads and writes fail until it is active. The time
    /// to live, point-in-time recovery and replicas are not set, because DynamoDB accepts them only for active tables.
    pub fn no_wait(mut self) -> Self {
        self.limit = None;
        self
    }

    /// Waits at most this long for the table and for each replica, and then returns [`Error::TableNotReady`]. The
    /// default is 5 minutes.
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

impl<M: TableItem> IntoFuture for CreateTable<M> {
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
    elsewhere::refuse_creation(target).await?;
    request(target)?.send().await.map_err(|error| target.error("CreateTable", error))?;
    match limit {
        Some(limit) => {
            wait::until(target, Some("ACTIVE"), limit).await?;
            after_creation(target).await?;
            Run::create_replicas(target, limit).await
        }
        None => Ok(()),
    }
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
    request = request.set_attribute_definitions(Some(definitions(key_attributes(table))?));
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
    for index in table.vector_indexes {
        request = request.vector_indexes(vector_index(index)?);
    }
    // DynamoDB's default is not sent: some other engines do not know this setting.
    if table.own_class() == TableClass::StandardInfrequentAccess {
        request = request.table_class(class(TableClass::StandardInfrequentAccess));
    }
    if table.deletion_protection == Some(true) {
        request = request.deletion_protection_enabled(true);
    }
    request = request.set_sse_specification(table.own_kms_key().map(encryption));
    request = request.set_on_demand_throughput(on_demand(table.on_demand_maximum));
    request = request.set_warm_throughput(table.warm_throughput.map(warm));
    if let Some(policy) = table.resource_policy.filter(|policy| !policy.is_empty()) {
        request = request.resource_policy(policy);
    }
    if let Some(view) = table.stream {
        request = request.stream_specification(stream(Some(stream_text(view)))?);
    }
    for of in table.tags {
        request = request.tags(tag(of)?);
    }
    Ok(request)
}

fn local_index(index: &SecondaryIndex) -> Result<LocalSecondaryIndex, BuildError> {
    let schema = key_schema(index.hash_key, index.range_key)?;
    let builder = LocalSecondaryIndex::builder().index_name(index.name).projection(projection(index.projection));
    builder.set_key_schema(Some(schema)).build()
}

/// A global secondary index of the request. In an on-demand table it has no throughput, because DynamoDB refuses one.
fn global_index(index: &SecondaryIndex, table: Option<(u32, u32)>) -> Result<GlobalSecondaryIndex, BuildError> {
    let schema = key_schema(index.hash_key, index.range_key)?;
    let units = table.map(|table| throughput(index.throughput.unwrap_or(table))).transpose()?;
    let builder = GlobalSecondaryIndex::builder().index_name(index.name).projection(projection(index.projection));
    builder.set_key_schema(Some(schema)).set_provisioned_throughput(units).build()
}

fn vector_index(index: &VectorIndex) -> Result<sdk::types::VectorIndex, BuildError> {
    sdk::types::VectorIndex::builder()
        .index_name(index.name)
        .vector_attribute(vector_attribute(index)?)
        .dimensions(index.dimensions.into())
        .distance_function(index.distance.as_str().into())
        .set_search_schema(search_schema(index)?)
        .projection(projection(index.projection))
        .build()
}

/// The key attributes of the table and its indexes, and those that searches compare.
fn key_attributes(table: &Table) -> impl Iterator<Item = &KeyAttribute> {
    let own = std::iter::once(&table.hash_key).chain(&table.range_key);
    let of_indexes = table.indexes.iter().flat_map(|index| index.hash_key.iter().chain(index.range_key));
    own.chain(of_indexes).chain(table.vector_indexes.iter().flat_map(VectorIndex::searched))
}
