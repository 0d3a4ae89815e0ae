//! A table as DynamoDB describes it.

use super::replicas::{self, LiveReplica};
use crate::ops::{Error, Result};
use crate::transport::Target;
use aws_sdk_dynamodb as sdk;
use sdk::types::{
    AttributeDefinition, BillingMode, ContributorInsightsStatus, GlobalSecondaryIndexDescription, KeySchemaElement,
    KeyType, LocalSecondaryIndexDescription, PointInTimeRecoveryStatus, Projection, ProjectionType,
    ProvisionedThroughputDescription, SearchSchemaElement, SearchSchemaElementType, TableDescription, TimeToLiveStatus,
    VectorIndexDescription,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

/// A table that exists.
#[derive(Debug, Clone, Default)]
pub(super) struct Live {
    /// Such as `ACTIVE`.
    pub(super) status: String,
    pub(super) arn: Option<String>,
    /// When it was created in the client's region.
    pub(super) created: Option<SystemTime>,
    /// The number of items, which DynamoDB counts every six hours.
    pub(super) items: u64,
    pub(super) key: LiveKey,
    /// The provisioned units; `None` if it is paid per request.
    pub(super) throughput: Option<(u64, u64)>,
    /// Whether it has the class for infrequent access.
    pub(super) is_infrequent: bool,
    pub(super) deletion_protection: bool,
    /// The content of its stream, as DynamoDB's word.
    pub(super) stream: Option<String>,
    pub(super) ttl: Option<String>,
    /// `None` if the schema has none, or the engine.
    pub(super) tags: Option<BTreeMap<String, String>>,
    /// `None` if the schema does not say, or the engine has none.
    pub(super) point_in_time_recovery: Option<bool>,
    /// `None` if the schema does not say, or the engine has none.
    pub(super) contributor_insights: Option<bool>,
    /// The ARN of its key in KMS, if it is not DynamoDB's own.
    pub(super) kms_key: Option<String>,
    /// The maximum of its read and of its write request units per second; `None` without one.
    pub(super) on_demand_maximum: (Option<u32>, Option<u32>),
    /// The units per second that it takes at once; `None` if the engine does not say.
    pub(super) warm_throughput: Option<(u64, u64)>,
    /// Its policy in JSON, empty for none; `None` if the schema does not say, or the engine has none.
    pub(super) resource_policy: Option<String>,
    pub(super) indexes: Vec<LiveIndex>,
    /// Those in other regions.
    pub(super) replicas: Vec<LiveReplica>,
    /// Whether the engine has no replicas, as its words for its region show.
    pub(super) lacks_regions: bool,
}

/// The attributes of a key, each with DynamoDB's letter for its type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct LiveKey {
    pub(super) hash: Vec<(String, String)>,
    pub(super) range: Vec<(String, String)>,
}

/// An index that exists.
#[derive(Debug, Clone, Default)]
pub(super) struct LiveIndex {
    pub(super) name: String,
    pub(super) local: bool,
    pub(super) key: LiveKey,
    pub(super) projection: LiveProjection,
    /// The provisioned units; `None` if it has none.
    pub(super) throughput: Option<(u64, u64)>,
    /// Such as `ACTIVE`; local indexes have none.
    pub(super) status: Option<String>,
    pub(super) items: u64,
    /// The vectors of a vector index. Its key has the attribute that divides it, and those by which a search filters.
    pub(super) vector: Option<LiveVector>,
}

/// The vectors of a vector index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LiveVector {
    pub(super) attribute: String,
    pub(super) dimensions: u64,
    /// As DynamoDB's word.
    pub(super) distance: String,
}

/// The attributes of each item in an index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum LiveProjection {
    #[default]
    All,
    /// The keys and these attributes.
    Keys(BTreeSet<String>),
}

impl Live {
    /// An index that is being created, changed or deleted.
    pub(super) fn changing_index(&self) -> Option<&LiveIndex> {
        self.indexes.iter().find(|index| !index.is_active())
    }

    /// A replica that is being created, changed or deleted.
    pub(super) fn changing_replica(&self) -> Option<&LiveReplica> {
        self.replicas.iter().find(|replica| replica.is_changing())
    }

    /// Whether nothing of it is being created, changed or deleted.
    fn is_settled(&self) -> bool {
        self.status == "ACTIVE" && self.changing_index().is_none() && self.changing_replica().is_none()
    }

    /// The key attributes of the table and its indexes with their types, and repetitions.
    pub(super) fn keys(&self) -> impl Iterator<Item = &(String, String)> {
        let keys = std::iter::once(&self.key).chain(self.indexes.iter().map(|index| &index.key));
        keys.flat_map(|key| key.hash.iter().chain(&key.range))
    }

    pub(super) fn index(&self, name: &str) -> Option<&LiveIndex> {
        self.indexes.iter().find(|index| index.name == name)
    }

    /// The replica in a region, unless it is being deleted.
    pub(super) fn replica(&self, region: &str) -> Option<&LiveReplica> {
        self.replicas.iter().find(|replica| replica.region == region && replica.status != "DELETING")
    }
}

impl LiveKey {
    /// The same in another order: that of the attributes by which searches filter makes no difference.
    pub(super) fn sorted(mut self) -> Self {
        self.range.sort();
        self
    }
}

impl LiveIndex {
    pub(super) fn is_active(&self) -> bool {
        self.status.as_deref().is_none_or(|status| status == "ACTIVE")
    }
}

/// Reads the description of a table; `None` without a table.
pub(super) async fn table(target: &Target) -> Result<Option<Live>> {
    let sent = target.sdk.describe_table().table_name(&target.table).send().await;
    match sent.map_err(|error| target.error("DescribeTable", error)) {
        Ok(output) => Ok(output.table.map(|table| described(&table))),
        Err(error) if error.is_missing_table() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads a table, with its settings if they are wanted and nothing of it is being created, changed or deleted. Returns
/// whether nothing is.
pub(super) async fn settled(target: &Target, with_settings: bool) -> Result<(Option<Live>, bool)> {
    match table(target).await? {
        Some(live) if !live.is_settled() => Ok((Some(live), false)),
        Some(live) if !with_settings => Ok((Some(live), true)),
        Some(live) => Ok((complete(target, live).await?, true)),
        None => Ok((None, true)),
    }
}

/// Reads the settings of a table that its description in DynamoDB does not have, as far as the schema has a word for
/// them; `None` if it has been deleted meanwhile.
pub(super) async fn complete(target: &Target, live: Live) -> Result<Option<Live>> {
    const MISSING: [&str; 2] = ["ResourceNotFoundException", "TableNotFoundException"];
    match with_settings(target, live).await {
        Err(error) if error.code().is_some_and(|code| MISSING.contains(&code)) => Ok(None),
        read => read.map(Some),
    }
}

async fn with_settings(target: &Target, mut live: Live) -> Result<Live> {
    // A table that is being created or deleted refuses these requests.
    if matches!(live.status.as_str(), "CREATING" | "DELETING") {
        return Ok(live);
    }
    live.ttl = known(time_to_live(target).await)?.flatten();
    if !target.description.tags.is_empty() {
        live.tags = known(tags(target, &live).await)?;
    }
    if target.description.point_in_time_recovery.is_some() {
        live.point_in_time_recovery = known(point_in_time_recovery(target).await)?;
    }
    if target.description.contributor_insights.is_some() {
        live.contributor_insights = known(contributor_insights(target).await)?;
    }
    if target.description.resource_policy.is_some() {
        live.resource_policy = known(resource_policy(target, &live).await)?;
    }
    Ok(live)
}

/// Whether an engine does not know the operation. DynamoDB knows all of them.
pub(super) fn is_unknown(error: &Error) -> bool {
    error.code() == Some("UnknownOperationException")
}

/// `None` if an engine does not know the operation.
fn known<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_unknown(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The attribute by which DynamoDB removes expired items, or will soon.
pub(super) async fn time_to_live(target: &Target) -> Result<Option<String>> {
    let sent = target.sdk.describe_time_to_live().table_name(&target.table).send().await;
    let described = sent.map_err(|error| target.error("DescribeTimeToLive", error))?.time_to_live_description;
    let is_on = |status: Option<&TimeToLiveStatus>| {
        matches!(status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling))
    };
    Ok(described.filter(|of| is_on(of.time_to_live_status())).and_then(|of| of.attribute_name))
}

async fn tags(target: &Target, live: &Live) -> Result<BTreeMap<String, String>> {
    let (mut tags, mut next) = (BTreeMap::new(), None);
    loop {
        let request = target.sdk.list_tags_of_resource().set_resource_arn(live.arn.clone()).set_next_token(next);
        let page = request.send().await.map_err(|error| target.error("ListTagsOfResource", error))?;
        tags.extend(page.tags.into_iter().flatten().map(|tag| (tag.key, tag.value)));
        next = page.next_token;
        if next.is_none() {
            return Ok(tags);
        }
    }
}

async fn point_in_time_recovery(target: &Target) -> Result<bool> {
    let sent = target.sdk.describe_continuous_backups().table_name(&target.table).send().await;
    let backups = sent.map_err(|error| target.error("DescribeContinuousBackups", error))?;
    let recovery = backups.continuous_backups_description.and_then(|of| of.point_in_time_recovery_description);
    let status = recovery.and_then(|of| of.point_in_time_recovery_status);
    Ok(status == Some(PointInTimeRecoveryStatus::Enabled))
}

async fn contributor_insights(target: &Target) -> Result<bool> {
    let sent = target.sdk.describe_contributor_insights().table_name(&target.table).send().await;
    let insights = sent.map_err(|error| target.error("DescribeContributorInsights", error))?;
    let is_on = [ContributorInsightsStatus::Enabled, ContributorInsightsStatus::Enabling];
    Ok(insights.contributor_insights_status.is_some_and(|status| is_on.contains(&status)))
}

async fn resource_policy(target: &Target, live: &Live) -> Result<String> {
    let sent = target.sdk.get_resource_policy().set_resource_arn(live.arn.clone()).send().await;
    match sent.map_err(|error| target.error("GetResourcePolicy", error)) {
        Ok(output) => Ok(output.policy.unwrap_or_default()),
        Err(error) if error.code() == Some("PolicyNotFoundException") => Ok(String::new()),
        Err(error) => Err(error),
    }
}

/// When a table was created in its region.
pub(super) fn created(table: &TableDescription) -> Option<SystemTime> {
    table.creation_date_time().and_then(|created| SystemTime::try_from(*created).ok())
}

fn described(table: &TableDescription) -> Live {
    let types: BTreeMap<String, String> = table.attribute_definitions().iter().map(attribute_type).collect();
    let local = table.local_secondary_indexes().iter().map(|index| local_index(index, &types));
    let global = table.global_secondary_indexes().iter().map(|index| global_index(index, &types));
    let vector = table.vector_indexes().iter().map(|index| vector_index(index, &types));
    let indexes = local.chain(global).chain(vector).collect();
    let mode = table.billing_mode_summary().and_then(|summary| summary.billing_mode());
    let stream = table.stream_specification().filter(|stream| stream.stream_enabled());
    Live {
        status: table.table_status().map_or_else(String::new, |status| status.as_str().to_owned()),
        arn: table.table_arn().map(str::to_owned),
        created: created(table),
        items: count(table.item_count()),
        key: key(table.key_schema(), &types),
        throughput: match mode {
            Some(BillingMode::PayPerRequest) => None,
            _ => table.provisioned_throughput().and_then(units),
        },
        is_infrequent: table.table_class_summary().and_then(|summary| summary.table_class())
            == Some(&sdk::types::TableClass::StandardInfrequentAccess),
        deletion_protection: table.deletion_protection_enabled() == Some(true),
        kms_key: table.sse_description().and_then(|of| of.kms_master_key_arn()).map(str::to_owned),
        on_demand_maximum: table.on_demand_throughput().map_or((None, None), |of| {
            // -1 is none.
            let maximum = |units: Option<i64>| units.and_then(|units| u32::try_from(units).ok()).filter(|of| *of > 0);
            (maximum(of.max_read_request_units()), maximum(of.max_write_request_units()))
        }),
        warm_throughput: table
            .warm_throughput()
            .and_then(|of| Some((count(Some(of.read_units_per_second()?)), count(Some(of.write_units_per_second()?))))),
        stream: stream.and_then(|stream| stream.stream_view_type()).map(|view| view.as_str().to_owned()),
        indexes,
        replicas: replicas::live(table),
        lacks_regions: replicas::are_unknown_at(table.table_arn()),
        ..Live::default()
    }
}

fn count(items: Option<i64>) -> u64 {
    items.and_then(|items| u64::try_from(items).ok()).unwrap_or_default()
}

/// The units; `None` for the zeros of a table that is paid per request.
fn units(of: &ProvisionedThroughputDescription) -> Option<(u64, u64)> {
    let units = (count(of.read_capacity_units()), count(of.write_capacity_units()));
    (units != (0, 0)).then_some(units)
}

fn attribute_type(of: &AttributeDefinition) -> (String, String) {
    (of.attribute_name().to_owned(), of.attribute_type().as_str().to_owned())
}

fn key(schema: &[KeySchemaElement], types: &BTreeMap<String, String>) -> LiveKey {
    let of = |kind: KeyType| {
        let elements = schema.iter().filter(move |element| *element.key_type() == kind);
        elements
            .map(|element| {
                let name = element.attribute_name();
                (name.to_owned(), types.get(name).cloned().unwrap_or_default())
            })
            .collect()
    };
    LiveKey { hash: of(KeyType::Hash), range: of(KeyType::Range) }
}

fn projection(of: Option<&Projection>) -> LiveProjection {
    match of.and_then(|of| of.projection_type()) {
        None | Some(ProjectionType::All) => LiveProjection::All,
        _ => LiveProjection::Keys(of.map(|of| of.non_key_attributes().iter().cloned().collect()).unwrap_or_default()),
    }
}

fn local_index(of: &LocalSecondaryIndexDescription, types: &BTreeMap<String, String>) -> LiveIndex {
    LiveIndex {
        name: of.index_name().unwrap_or_default().to_owned(),
        local: true,
        key: key(of.key_schema(), types),
        projection: projection(of.projection()),
        throughput: None,
        status: None,
        items: count(of.item_count()),
        vector: None,
    }
}

fn global_index(of: &GlobalSecondaryIndexDescription, types: &BTreeMap<String, String>) -> LiveIndex {
    LiveIndex {
        name: of.index_name().unwrap_or_default().to_owned(),
        local: false,
        key: key(of.key_schema(), types),
        projection: projection(of.projection()),
        throughput: of.provisioned_throughput().and_then(units),
        status: of.index_status().map(|status| status.as_str().to_owned()),
        items: count(of.item_count()),
        vector: None,
    }
}

fn vector_index(of: &VectorIndexDescription, types: &BTreeMap<String, String>) -> LiveIndex {
    let searched = |kind: SearchSchemaElementType| {
        let elements = of.search_schema().iter().filter(move |of| *of.search_schema_element_type() == kind);
        let names = elements.map(SearchSchemaElement::attribute_name);
        names.map(|name| (name.to_owned(), types.get(name).cloned().unwrap_or_default())).collect()
    };
    LiveIndex {
        name: of.index_name().unwrap_or_default().to_owned(),
        local: false,
        key: LiveKey {
            hash: searched(SearchSchemaElementType::Hash),
            range: searched(SearchSchemaElementType::InlineFilter),
        }
        .sorted(),
        projection: projection(of.projection()),
        throughput: None,
        status: of.index_status().map(|status| status.as_str().to_owned()),
        items: count(of.item_count()),
        vector: Some(LiveVector {
            attribute: of.vector_attribute().map(|of| of.attribute_name().to_owned()).unwrap_or_default(),
            dimensions: count(of.dimensions()),
            distance: of.distance_function().map(|of| of.as_str().to_owned()).unwrap_or_default(),
        }),
    }
}
