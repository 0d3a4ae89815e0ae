//! A table as DynamoDB describes it, with a sample of its items.

use super::{Stop, print_error};
use dyntastic::aws_sdk_dynamodb::Client;
use dyntastic::aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use dyntastic::aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, PointInTimeRecoveryStatus, Projection,
    ProjectionType, ProvisionedThroughputDescription, ReturnConsumedCapacity, ScalarAttributeType, StreamViewType,
    TableClass, TableDescription, TimeToLiveStatus,
};
use dyntastic_codegen::{LiveIndex, LiveItem, LiveKey, LiveTable, LiveValue, TableKeyKind, TableStream};
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// How much of a table is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// The number of items, at most.
    pub(super) items: usize,
    /// The number of read capacity units per second.
    pub(super) rate: u32,
}

/// The number of items for which a segment of its own is read.
const ITEMS_OF_A_SEGMENT: usize = 50;
const MOST_SEGMENTS: usize = 16;

/// Describes a table and reads a sample of its items. `read` is told the number of items so far.
pub(super) async fn table(db: &Client, name: &str, sample: Sample, read: impl FnMut(usize)) -> Result<LiveTable, Stop> {
    let described = db.describe_table().table_name(name).send().await.map_err(|error| failed(name, &error))?;
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
    let is_provisioned = described
        .billing_mode_summary()
        .is_none_or(|billing| billing.billing_mode() != Some(&BillingMode::PayPerRequest));
    table.throughput = throughput(described.provisioned_throughput()).filter(|_| is_provisioned);
    table.infrequent_access =
        described.table_class_summary().and_then(|of| of.table_class()) == Some(&TableClass::StandardInfrequentAccess);
    table.deletion_protection = described.deletion_protection_enabled() == Some(true);
    table.stream = stream(&described);
    settings(db, &described, &mut table).await;
    table.items = items(db, name, sample, read).await?;
    Ok(table)
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
    let Some(arn) = described.table_arn() else { return };
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
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let error = match answer {
        Ok(answer) => return Some(answer),
        Err(error) => error,
    };
    if error.code() != Some("UnknownOperationException") {
        // Nobody can be told about an error of standard error.
        drop(print_error(format_args!("note: {table}: {what} could not be read: {}", DisplayErrorContext(error))));
    }
    None
}

/// Reads items of all parts of the table.
async fn items(db: &Client, name: &str, sample: Sample, mut read: impl FnMut(usize)) -> Result<Vec<LiveItem>, Stop> {
    if sample.items == 0 {
        return Ok(Vec::new());
    }
    let segments = (sample.items / ITEMS_OF_A_SEGMENT).clamp(1, MOST_SEGMENTS);
    let of_segment = Sample {
        items: sample.items.div_ceil(segments),
        rate: (sample.rate / u32::try_from(segments).unwrap_or(1)).max(1),
    };
    let mut running = JoinSet::new();
    for segment in 0..segments {
        running.spawn(of_one(db.clone(), name.to_owned(), (segment, segments), of_segment));
    }
    let mut found = Vec::new();
    while let Some(done) = running.join_next().await {
        let items = done.map_err(|error| Stop::Other(format!("{name}: {error}")))??;
        found.extend(items);
        read(found.len());
    }
    found.truncate(sample.items);
    Ok(found)
}

/// Reads the first items of a segment.
async fn of_one(
    db: Client,
    name: String,
    (segment, segments): (usize, usize),
    sample: Sample,
) -> Result<Vec<LiveItem>, Stop> {
    let number = |of: usize| i32::try_from(of).unwrap_or(i32::MAX);
    let mut found: Vec<LiveItem> = Vec::new();
    let mut start: Option<HashMap<String, AttributeValue>> = None;
    loop {
        let began = Instant::now();
        let request = db.scan().table_name(&name).segment(number(segment)).total_segments(number(segments));
        let request = request.limit(number(sample.items - found.len())).set_exclusive_start_key(start);
        let page = request.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await;
        let page = page.map_err(|error| failed(&name, &error))?;
        found.extend(page.items.unwrap_or_default().into_iter().map(item));
        start = page.last_evaluated_key;
        if start.is_none() || found.len() >= sample.items {
            return Ok(found);
        }
        let units = page.consumed_capacity.and_then(|of| of.capacity_units).unwrap_or_default();
        let least = Duration::try_from_secs_f64(units / f64::from(sample.rate)).unwrap_or_default();
        tokio::time::sleep(least.saturating_sub(began.elapsed())).await;
    }
}

fn failed<E: std::error::Error + Send + Sync + 'static, R: std::fmt::Debug + Send + Sync + 'static>(
    name: &str,
    error: &SdkError<E, R>,
) -> Stop {
    Stop::Other(format!("{name}: {}", DisplayErrorContext(error)))
}

fn key(described: &TableDescription, schema: &[KeySchemaElement]) -> LiveKey {
    let of = |wanted: &KeyType| {
        let elements = schema.iter().filter(|element| element.key_type() == wanted);
        let attribute = |element: &KeySchemaElement| {
            let is_it = |of: &&AttributeDefinition| of.attribute_name() == element.attribute_name();
            let definition = described.attribute_definitions().iter().find(is_it);
            let kind = match definition.map(AttributeDefinition::attribute_type) {
                Some(ScalarAttributeType::N) => TableKeyKind::Number,
                Some(ScalarAttributeType::B) => TableKeyKind::Binary,
                _ => TableKeyKind::String,
            };
            (element.attribute_name().to_owned(), kind)
        };
        elements.map(attribute).collect()
    };
    LiveKey { hash_key: of(&KeyType::Hash), range_key: of(&KeyType::Range) }
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
    let unit = |units: Option<i64>| units.and_then(|units| u32::try_from(units).ok()).filter(|units| *units > 0);
    Some((unit(of?.read_capacity_units())?, unit(of?.write_capacity_units())?))
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
