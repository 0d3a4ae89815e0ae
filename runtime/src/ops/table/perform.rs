//! Performing one change of a table.

use super::change::{Change, Step};
use super::live::Live;
use super::parts::{
    definition, encryption, key_schema, on_demand, projection, scalar_type, search_schema, stream, tag, throughput,
    vector_attribute, warm,
};
use super::{create_table, elsewhere, replicas, settings};
use crate::description::{KeyAttribute, SecondaryIndex, TableClass, VectorIndex};
use crate::ops::{Error, Result};
use crate::transport::Target;
use aws_sdk_dynamodb as sdk;
use sdk::error::BuildError;
use sdk::operation::update_table::builders::UpdateTableFluentBuilder;
use sdk::types::{
    AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, CreateVectorIndexAction,
    DeleteGlobalSecondaryIndexAction, DeleteVectorIndexAction, GlobalSecondaryIndexUpdate, ReplicationGroupUpdate,
    ScalarAttributeType, UpdateGlobalSecondaryIndexAction, VectorIndexUpdate,
};
use std::collections::BTreeMap;

/// Requests a change. Each is one request, since DynamoDB allows one change of throughput or of an index in each
/// ("UpdateTable").
pub(super) async fn perform(target: &Target, live: Option<&Live>, change: &Change) -> Result<()> {
    match &change.step {
        // A table is read when nothing of it is being created.
        Step::Await { .. } | Step::AwaitReplica { .. } => Ok(()),
        Step::CreateTable { .. } => {
            elsewhere::refuse_creation(target).await?;
            let sent = create_table::request(target)?.send().await;
            sent.map(drop).map_err(|error| target.error("CreateTable", error))
        }
        Step::ReplaceTable { .. } => {
            // DeleteTable leaves the replicas. The next reading of the table finds the rest of them.
            if let Some((live, replica)) = live.and_then(|live| Some((live, live.replicas.first()?))) {
                elsewhere::refuse_deletion(target, live).await?;
                return send_replica(target, replicas::delete(&replica.region)).await;
            }
            let sent = target.sdk.delete_table().table_name(&target.table).send().await;
            sent.map(drop).map_err(|error| target.error("DeleteTable", error))
        }
        Step::TimeToLive { attribute, was } => {
            // The next reading of the table finds that the new attribute is missing.
            match (was, attribute) {
                (Some(was), _) => settings::time_to_live(target, was, false).await,
                (None, Some(attribute)) => settings::time_to_live(target, attribute, true).await,
                (None, None) => Ok(()),
            }
        }
        Step::PointInTimeRecovery(enabled) => settings::point_in_time_recovery(target, *enabled).await,
        Step::ContributorInsights(enabled) => settings::contributor_insights(target, *enabled).await,
        Step::KmsKey { key } => send(target, Ok(update(target).sse_specification(encryption(key)))).await,
        Step::OnDemandMaximum { units, .. } => {
            send(target, Ok(update(target).set_on_demand_throughput(on_demand(*units)))).await
        }
        Step::WarmThroughput { units, .. } => send(target, Ok(update(target).warm_throughput(warm(*units)))).await,
        Step::ResourcePolicy { policy, .. } => {
            settings::resource_policy(target, live.and_then(|live| live.arn.clone()), policy).await
        }
        Step::Tags(tags) => {
            let tags: Vec<_> =
                tags.iter().map(tag).collect::<Result<_, _>>().map_err(|error| invalid(target, error))?;
            let arn = live.and_then(|live| live.arn.clone());
            let sent = target.sdk.tag_resource().set_resource_arn(arn).set_tags(Some(tags)).send().await;
            sent.map(drop).map_err(|error| target.error("TagResource", error))
        }
        Step::CreateIndex { index, .. } => {
            let table = &target.description;
            if let Some(index) = table.vector_indexes.iter().find(|of| of.name == *index) {
                return send(target, create_vector_index(target, live, index)).await;
            }
            let Some(index) = table.indexes.iter().find(|of| of.name == *index) else { return Ok(()) };
            send(target, create_index(target, live, index)).await
        }
        Step::DeleteIndex { index, .. } => {
            let is_vector = live.and_then(|live| live.index(index)).is_some_and(|index| index.vector.is_some());
            let request = if is_vector { delete_vector_index(target, index) } else { delete_index(target, index) };
            send(target, request).await
        }
        Step::CreateReplica { replica, class, .. } => send_replica(target, replicas::create(replica, *class)).await,
        Step::DeleteReplica { region, .. } => send_replica(target, replicas::delete(region)).await,
        Step::ChangeReplica { region, kms_key, class } => {
            send_replica(target, replicas::change(region, *kms_key, *class)).await
        }
        Step::PayPerRequest { .. } => send(target, Ok(update(target).billing_mode(BillingMode::PayPerRequest))).await,
        Step::Throughput { units, was: Some(_) } => {
            let units = throughput(*units);
            send(target, units.map(|units| update(target).provisioned_throughput(units))).await
        }
        Step::Throughput { units, was: None } => send(target, provision(target, live, *units)).await,
        Step::IndexThroughput { index, units, .. } => {
            let units = index_throughput(index, *units);
            send(target, units.map(|units| update(target).global_secondary_index_updates(units))).await
        }
        Step::Stream { view, was } => {
            // The next reading of the table finds that the other stream is missing.
            let stream = stream(view.filter(|_| was.is_none()));
            send(target, stream.map(|stream| update(target).stream_specification(stream))).await
        }
        Step::TableClass { is_infrequent } => {
            let class = if *is_infrequent { TableClass::StandardInfrequentAccess } else { TableClass::Standard };
            send(target, Ok(update(target).table_class(replicas::class(class)))).await
        }
        Step::DeletionProtection(enabled) => {
            send(target, Ok(update(target).deletion_protection_enabled(*enabled))).await
        }
    }
}

/// Whether a change has come about; `live` is the table after it. Changes of settings are not judged: an engine may
/// forget one.
pub(super) fn is_done(change: &Change, live: Option<&Live>) -> bool {
    match &change.step {
        Step::CreateTable { .. } => live.is_some(),
        Step::ReplaceTable { replicas, .. } => live.is_none_or(|live| live.replicas.len() < replicas.len()),
        Step::CreateIndex { index, .. } => live.is_none_or(|live| live.index(index).is_some()),
        Step::DeleteIndex { index, .. } => live.is_none_or(|live| live.index(index).is_none()),
        Step::CreateReplica { replica, .. } => live.is_none_or(|live| live.replica(replica.region).is_some()),
        Step::DeleteReplica { region, .. } => live.is_none_or(|live| live.replica(region).is_none()),
        _ => true,
    }
}

fn invalid(target: &Target, error: BuildError) -> Error {
    Error::invalid("UpdateTable", format_args!("{}: {error}", target.model))
}

fn update(target: &Target) -> UpdateTableFluentBuilder {
    target.sdk.update_table().table_name(&target.table)
}

async fn send(target: &Target, request: Result<UpdateTableFluentBuilder, BuildError>) -> Result<()> {
    let sent = request.map_err(|error| invalid(target, error))?.send().await;
    sent.map(drop).map_err(|error| target.error("UpdateTable", error))
}

async fn send_replica(target: &Target, replica: Result<ReplicationGroupUpdate, BuildError>) -> Result<()> {
    send(target, replica.map(|replica| update(target).replica_updates(replica))).await
}

fn create_index(
    target: &Target,
    live: Option<&Live>,
    index: &SecondaryIndex,
) -> Result<UpdateTableFluentBuilder, BuildError> {
    let units = target.description.throughput.map(|table| throughput(index.throughput.unwrap_or(table))).transpose()?;
    let create = CreateGlobalSecondaryIndexAction::builder()
        .index_name(index.name)
        .set_key_schema(Some(key_schema(index.hash_key, index.range_key)?))
        .projection(projection(index.projection))
        .set_provisioned_throughput(units)
        .build()?;
    let types = types(live, index.hash_key.iter().chain(index.range_key))?;
    let create = GlobalSecondaryIndexUpdate::builder().create(create).build();
    Ok(update(target).set_attribute_definitions(Some(types)).global_secondary_index_updates(create))
}

/// DynamoDB wants the types of the index's keys, also of those that the table has; moto wants all of them.
fn types<'k>(
    live: Option<&Live>,
    keys: impl Iterator<Item = &'k KeyAttribute>,
) -> Result<Vec<AttributeDefinition>, BuildError> {
    let mut types: BTreeMap<String, String> = live.into_iter().flat_map(Live::keys).cloned().collect();
    for key in keys {
        types.entry(key.name.to_owned()).or_insert_with(|| scalar_type(key.kind).as_str().to_owned());
    }
    types.iter().map(|(name, kind)| definition(name, ScalarAttributeType::from(kind.as_str()))).collect()
}

fn create_vector_index(
    target: &Target,
    live: Option<&Live>,
    index: &VectorIndex,
) -> Result<UpdateTableFluentBuilder, BuildError> {
    let create = CreateVectorIndexAction::builder()
        .index_name(index.name)
        .vector_attribute(vector_attribute(index)?)
        .dimensions(index.dimensions.into())
        .distance_function(index.distance.as_str().into())
        .set_search_schema(search_schema(index)?)
        .projection(projection(index.projection))
        .build()?;
    let types = types(live, index.searched())?;
    let create = VectorIndexUpdate::builder().create(create).build();
    Ok(update(target).set_attribute_definitions(Some(types)).vector_index_updates(create))
}

fn delete_vector_index(target: &Target, index: &str) -> Result<UpdateTableFluentBuilder, BuildError> {
    let delete = DeleteVectorIndexAction::builder().index_name(index).build()?;
    Ok(update(target).vector_index_updates(VectorIndexUpdate::builder().delete(delete).build()))
}

fn delete_index(target: &Target, index: &str) -> Result<UpdateTableFluentBuilder, BuildError> {
    let delete = DeleteGlobalSecondaryIndexAction::builder().index_name(index).build()?;
    Ok(update(target).global_secondary_index_updates(GlobalSecondaryIndexUpdate::builder().delete(delete).build()))
}

/// The switch from on-demand to provisioned units. It has the units of every index.
fn provision(target: &Target, live: Option<&Live>, units: (u32, u32)) -> Result<UpdateTableFluentBuilder, BuildError> {
    let request = update(target).billing_mode(BillingMode::Provisioned).provisioned_throughput(throughput(units)?);
    let indexes =
        live.into_iter().flat_map(|live| &live.indexes).filter(|index| !index.local && index.vector.is_none());
    indexes.into_iter().try_fold(request, |request, index| {
        let declared = target.description.indexes.iter().find(|of| of.name == index.name);
        let units = declared.and_then(|of| of.throughput).unwrap_or(units);
        Ok(request.global_secondary_index_updates(index_throughput(&index.name, units)?))
    })
}

fn index_throughput(index: &str, units: (u32, u32)) -> Result<GlobalSecondaryIndexUpdate, BuildError> {
    let update = UpdateGlobalSecondaryIndexAction::builder().index_name(index);
    let update = update.provisioned_throughput(throughput(units)?).build()?;
    Ok(GlobalSecondaryIndexUpdate::builder().update(update).build())
}

/// Whether DynamoDB may allow the change only later: it limits the changes of a time to live in an hour
/// ("UpdateTimeToLive"), and those of billing and throughput in a day ("Service, account, and table quotas").
pub(super) fn is_limited(change: &Change, error: &Error) -> bool {
    match change.step {
        // The embedded engine says what a table takes at once, and changes it never.
        Step::TimeToLive { .. } | Step::WarmThroughput { .. } => error.code() == Some("ValidationException"),
        Step::PayPerRequest { .. }
        | Step::Throughput { .. }
        | Step::IndexThroughput { .. }
        | Step::KmsKey { .. }
        | Step::ChangeReplica { .. }
        | Step::TableClass { .. } => error.code() == Some("LimitExceededException"),
        _ => false,
    }
}

/// Whether an error may mean that another process changes the table, so that it is read again.
pub(super) fn is_race(error: &Error) -> bool {
    const RACES: [&str; 5] = [
        "ContinuousBackupsUnavailableException",
        "LimitExceededException",
        "ResourceInUseException",
        "ResourceNotFoundException",
        "ValidationException",
    ];
    error.code().is_some_and(|code| RACES.contains(&code))
}
