//! A table as DynamoDB describes it, with a sample of its items.

use super::sample::Sample;
use super::{Stop, print_error};
use dyntastic::aws_sdk_dynamodb::Client;
use dyntastic::aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use dyntastic::aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, ContributorInsightsStatus, KeySchemaElement, KeyType,
    PointInTimeRecoveryStatus, Projection, ProjectionType, ProvisionedThroughputDescription, ScalarAttributeType,
    SearchSchemaElementType, StreamViewType, TableClass, TableClassSummary, TableDescription, TimeToLiveStatus,
    VectorDistanceFunction, VectorIndexDescription,
};
use dyntastic_codegen::{
    LiveIndex, LiveItem, LiveKey, LiveTable, LiveValue, TableDistance, TableKey, TableKeyKind, TableReplica,
    TableStream, TableVectorIndex,
};
use std::collections::HashMap;

/// Describes a table and reads a sample of its items. `read` is told the number of items so far.
pub(super) async fn table(db: &Client, name: &str, sample: Sample, read: impl FnMut(usize)) -> Result<LiveTable, Stop> {
    let described =
        db.describe_table().table_name(name).send().await.map_err(|error| failed(name, "DescribeTable", &error))?;
    let described = described.table.ok_or_else(|| Stop::Other(format!("{name}: DynamoDB describes no such table")))?;
    let mut table = LiveTable::new(name, key(&described, described.key_schema()));
    let global = described.global_secondary_indexes().iter().map(|of| {
        let of_key = key(&described, of.key_schema());
        (of.index_name(), of_key, of.projection(), throughput(of.provisioned_throughput()), false)
    });
    let local = described
        .local_secondary_indexes()
        .iter()
        .map(|of| (of.index_name(), key(&described, of.key_schema()), of.projection(), None, true));
    for (name, key, projection, throughput, is_local) in global.chain(local) {
        let mut index = LiveIndex::new(name.unwrap_or_default(), key);
        index.include = included(projection);
        index.throughput = throughput;
        index.is_local = is_local;
        table.indexes.push(index);
    }
    table.vector_indexes = described.vector_indexes().iter().filter_map(|of| vector_index(&described, of)).collect();
    let is_provisioned = described
        .billing_mode_summary()
        .is_none_or(|billing| billing.billing_mode() != Some(&BillingMode::PayPerRequest));
    table.throughput = throughput(described.provisioned_throughput()).filter(|_| is_provisioned);
    table.infrequent_access =
        described.table_class_summary().and_then(|of| of.table_class()) == Some(&TableClass::StandardInfrequentAccess);
    table.deletion_protection = described.deletion_protection_enabled() == Some(true);
    table.stream = stream(&described);
    table.kms_key = described.sse_description().and_then(|of| of.kms_master_key_arn()).map(str::to_owned);
    if let Some(most) = described.on_demand_throughput() {
        table.on_demand_maximum = (units(most.max_read_request_units()), units(most.max_write_request_units()));
    }
    table.replicas = replicas(&described);
    settings(db, &described, &mut table).await;
    table.items = sample.items(db, name, read).await?.into_iter().map(item).collect();
    Ok(table)
}

/// All regions of a table that is in several, its own one first. The class of a replica is only stated if it is not the
/// table's.
fn replicas(described: &TableDescription) -> Vec<TableReplica> {
    let own = described.table_arn().and_then(|arn| arn.split(':').nth(3));
    let class = |class: Option<&TableClassSummary>| class.and_then(|of| of.table_class()).cloned();
    let of_table = class(described.table_class_summary()).unwrap_or(TableClass::Standard);
    let others = described.replicas().iter().filter(|of| of.region_name() != own);
    let others: Vec<TableReplica> = others
        .filter_map(|of| {
            let mut replica = TableReplica::new(of.region_name()?);
            replica.kms_key = of.kms_master_key_id().map(str::to_owned);
            let own_class = class(of.replica_table_class_summary()).filter(|class| *class != of_table);
            replica.is_infrequent_access = own_class.map(|class| class == TableClass::StandardInfrequentAccess);
            Some(replica)
        })
        .collect();
    let own = own.filter(|_| !others.is_empty()).map(|own| {
        let mut replica = TableReplica::new(own);
        replica.kms_key = described.sse_description().and_then(|of| of.kms_master_key_arn()).map(str::to_owned);
        replica
    });
    own.into_iter().chain(others).collect()
}

/// Adds the settings that DescribeTable does not have.
async fn settings(db: &Client, described: &TableDescription, table: &mut LiveTable) {
    let name = table.name.clone();
    let ttl = db.describe_time_to_live().table_name(&name).send().await;
    let ttl = known(&name, "its time to live", ttl).and_then(|ttl| ttl.time_to_live_description);
    let is_on = |status: &TimeToLiveStatus| matches!(status, TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling);
    table.ttl = ttl.filter(|of| of.time_to_live_status().is_some_and(is_on)).and_then(|of| of.attribute_name);
    let backups = db.describe_continuous_backups().table_name(&name).send().await;
    let backups = known(&name, "its point-in-time recovery", backups);
    let recovery = backups.and_then(|of| of.continuous_backups_description?.point_in_time_recovery_description);
    table.point_in_time_recovery =
        recovery.and_then(|of| of.point_in_time_recovery_status) == Some(PointInTimeRecoveryStatus::Enabled);
    let insights = db.describe_contributor_insights().table_name(&name).send().await;
    let insights = known(&name, "its contributor insights", insights).and_then(|of| of.contributor_insights_status);
    let is_recording = [ContributorInsightsStatus::Enabled, ContributorInsightsStatus::Enabling];
    table.contributor_insights = insights.is_some_and(|status| is_recording.contains(&status));
    let Some(arn) = described.table_arn() else { return };
    table.resource_policy = match db.get_resource_policy().resource_arn(arn).send().await {
        Err(error) if error.code() == Some("PolicyNotFoundException") => None,
        policy => known(&name, "its resource policy", policy).and_then(|of| of.policy),
    };
    let mut next = None;
    loop {
        let page = db.list_tags_of_resource().resource_arn(arn).set_next_token(next).send().await;
        let Some(page) = known(&name, "its tags", page) else { return };
        // AWS sets tags of its own, which nobody else can set.
        let own = page.tags.unwrap_or_default().into_iter().filter(|tag| !tag.key.starts_with("aws:"));
        table.tags.extend(own.map(|tag| (tag.key, tag.value)));
        next = page.next_token;
        if next.is_none() {
            return;
        }
    }
}

/// The answer; `None` if the engine does not know the operation, or a role does not allow it, which is said.
fn known<T, E>(table: &str, what: &str, answer: Result<T, SdkError<E>>) -> Option<T>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let error = match answer {
        Ok(answer) => return Some(answer),
        Err(error) => error,
    };
    if error.code() != Some("UnknownOperationException") {
        // Nobody can be told about an error of standard error.
        drop(print_error(format_args!("note: {table}: {what} could not be read: {}", reason(&error))));
    }
    None
}

/// The error of a request, with the reason that DynamoDB gives, or the first cause.
pub(super) fn failed<E>(name: &str, request: &str, error: &SdkError<E>) -> Stop
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    Stop::Other(format!("{name}: {request}: {}", reason(error)))
}

/// The reason that DynamoDB gives for an error, or its first cause.
pub(super) fn reason<E>(error: &SdkError<E>) -> String
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        (None, _) => {
            let mut cause: &dyn std::error::Error = error;
            while let Some(source) = cause.source() {
                cause = source;
            }
            let what = match error {
                SdkError::DispatchFailure(failure) if failure.is_io() || failure.is_timeout() => {
                    "DynamoDB could not be reached"
                }
                SdkError::ConstructionFailure(_) | SdkError::DispatchFailure(_) => "the request could not be sent",
                _ => "DynamoDB did not answer",
            };
            format!("{what}: {cause}")
        }
    }
}

fn key(described: &TableDescription, schema: &[KeySchemaElement]) -> LiveKey {
    let of = |wanted: &KeyType| {
        let elements = schema.iter().filter(|element| element.key_type() == wanted);
        let attribute = |element: &KeySchemaElement| {
            let name = element.attribute_name();
            (name.to_owned(), kind(described, name))
        };
        elements.map(attribute).collect()
    };
    LiveKey { hash_key: of(&KeyType::Hash), range_key: of(&KeyType::Range) }
}

/// A vector index; `None` if it is not as the service describes one.
fn vector_index(described: &TableDescription, of: &VectorIndexDescription) -> Option<TableVectorIndex> {
    let searched = |wanted: &SearchSchemaElementType| {
        let elements = of.search_schema().iter().filter(move |of| of.search_schema_element_type() == wanted);
        elements.map(|of| TableKey::new(of.attribute_name(), kind(described, of.attribute_name()))).collect::<Vec<_>>()
    };
    let distance = match of.distance_function()? {
        VectorDistanceFunction::Cosine => TableDistance::Cosine,
        VectorDistanceFunction::Euclidean => TableDistance::Euclidean,
        VectorDistanceFunction::DotProduct => TableDistance::DotProduct,
        _ => return None,
    };
    let dimensions = of.dimensions().and_then(|dimensions| u16::try_from(dimensions).ok())?;
    let mut index =
        TableVectorIndex::new(of.index_name()?, of.vector_attribute()?.attribute_name(), dimensions, distance);
    index.hash_key = searched(&SearchSchemaElementType::Hash).pop();
    index.filterable = searched(&SearchSchemaElementType::InlineFilter);
    index.include = included(of.projection());
    Some(index)
}

fn kind(described: &TableDescription, attribute: &str) -> TableKeyKind {
    let definition = described.attribute_definitions().iter().find(|of| of.attribute_name() == attribute);
    match definition.map(AttributeDefinition::attribute_type) {
        Some(ScalarAttributeType::N) => TableKeyKind::Number,
        Some(ScalarAttributeType::B) => TableKeyKind::Binary,
        _ => TableKeyKind::String,
    }
}

/// The attributes that an index holds besides the keys; `None` if it holds whole items.
fn included(projection: Option<&Projection>) -> Option<Vec<String>> {
    let projection = projection?;
    match projection.projection_type()? {
        ProjectionType::All => None,
        _ => Some(projection.non_key_attributes().to_vec()),
    }
}

fn throughput(of: Option<&ProvisionedThroughputDescription>) -> Option<(u32, u32)> {
    Some((units(of?.read_capacity_units())?, units(of?.write_capacity_units())?))
}

/// Units; `None` for 0, which are none, and for -1, which is no limit.
fn units(of: Option<i64>) -> Option<u32> {
    of.and_then(|units| u32::try_from(units).ok()).filter(|units| *units > 0)
}

fn stream(described: &TableDescription) -> Option<TableStream> {
    let stream = described.stream_specification().filter(|stream| stream.stream_enabled())?;
    Some(match stream.stream_view_type()? {
        StreamViewType::KeysOnly => TableStream::KeysOnly,
        StreamViewType::NewImage => TableStream::NewImage,
        StreamViewType::OldImage => TableStream::OldImage,
        StreamViewType::NewAndOldImages => TableStream::NewAndOldImages,
        _ => return None,
    })
}

fn item(of: HashMap<String, AttributeValue>) -> LiveItem {
    of.into_iter().map(|(name, of)| (name, value(of))).collect()
}

fn value(of: AttributeValue) -> LiveValue {
    match of {
        AttributeValue::S(text) => LiveValue::Text(text),
        AttributeValue::N(text) => LiveValue::Number(text),
        AttributeValue::B(blob) => LiveValue::Binary(blob.into_inner()),
        AttributeValue::Bool(is) => LiveValue::Bool(is),
        AttributeValue::L(values) => LiveValue::List(values.into_iter().map(value).collect()),
        AttributeValue::M(entries) => LiveValue::Map(item(entries)),
        AttributeValue::Ss(texts) => LiveValue::Texts(texts.into_iter().collect()),
        AttributeValue::Ns(texts) => LiveValue::Numbers(texts.into_iter().collect()),
        AttributeValue::Bs(blobs) => LiveValue::Binaries(blobs.into_iter().map(|blob| blob.into_inner()).collect()),
        _ => LiveValue::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::replicas;
    use dyntastic::aws_sdk_dynamodb::types::{
        ReplicaDescription, SseDescription, TableClass, TableClassSummary, TableDescription,
    };
    use dyntastic_codegen::TableReplica;

    /// No engine has replicas. DynamoDB may list the table itself, and says the class of each.
    #[test]
    fn replicas_are_those_of_all_regions_with_what_differs_from_the_table() {
        let class = |class: TableClass| TableClassSummary::builder().table_class(class).build();
        let replica = |region: &str, of: TableClass| {
            let replica = ReplicaDescription::builder().region_name(region);
            replica.kms_master_key_id(format!("key in {region}")).replica_table_class_summary(class(of)).build()
        };
        let described = TableDescription::builder()
            .table_arn("arn:aws:dynamodb:us-east-1:123456789012:table/users")
            .table_class_summary(class(TableClass::StandardInfrequentAccess))
            .sse_description(SseDescription::builder().kms_master_key_arn("key in us-east-1").build())
            .replicas(replica("us-east-1", TableClass::StandardInfrequentAccess))
            .replicas(replica("eu-west-1", TableClass::StandardInfrequentAccess))
            .replicas(replica("us-east-2", TableClass::Standard))
            .build();
        let expected = |region: &str, is_infrequent_access| {
            let mut replica = TableReplica::new(region);
            replica.kms_key = Some(format!("key in {region}"));
            replica.is_infrequent_access = is_infrequent_access;
            replica
        };
        let own = expected("us-east-1", None);
        assert_eq!(replicas(&described), [own, expected("eu-west-1", None), expected("us-east-2", Some(false))]);
        let alone =
            TableDescription::builder().table_arn("arn:aws:dynamodb:us-east-1:123456789012:table/users").build();
        assert_eq!(replicas(&alone), []);
    }
}
