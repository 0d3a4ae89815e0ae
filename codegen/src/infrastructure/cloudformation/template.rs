//! The form of a template ("Template anatomy", AWS CloudFormation User Guide).

use super::replicas;
use crate::infrastructure::in_order::InOrder;
use crate::terms::ResourcePolicy;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Template {
    #[serde(rename = "AWSTemplateFormatVersion")]
    pub(super) version: &'static str,
    #[serde(skip_serializing_if = "InOrder::is_empty")]
    pub(super) parameters: InOrder<Parameter>,
    #[serde(skip_serializing_if = "InOrder::is_empty")]
    pub(super) rules: InOrder<replicas::Rule>,
    #[serde(skip_serializing_if = "InOrder::is_empty")]
    pub(super) conditions: InOrder<replicas::Condition>,
    pub(super) resources: InOrder<Resource>,
    pub(super) outputs: InOrder<Output>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parameter {
    #[serde(rename = "Type")]
    pub(super) kind: &'static str,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default: Option<String>,
    pub(super) allowed_pattern: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    pub(super) value: Reference,
}

/// A reference to a parameter or a resource, or to an attribute of a resource.
#[derive(Serialize)]
pub(super) enum Reference {
    #[serde(rename = "Ref")]
    Id(String),
    #[serde(rename = "Fn::GetAtt")]
    Attribute([String; 2]),
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Resource {
    #[serde(rename = "Type")]
    pub(super) kind: &'static str,
    pub(super) deletion_policy: &'static str,
    pub(super) update_replace_policy: &'static str,
    pub(super) properties: Properties,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Properties {
    pub(super) table_name: Name,
    pub(super) attribute_definitions: Vec<AttributeDefinition>,
    pub(super) key_schema: Vec<KeyElement>,
    pub(super) billing_mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) provisioned_throughput: Option<Throughput>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) global_secondary_indexes: Vec<Index>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) local_secondary_indexes: Vec<Index>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) vector_indexes: Vec<VectorIndex>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stream_specification: Option<StreamSpecification>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time_to_live_specification: Option<TimeToLive>,
    #[serde(rename = "SSESpecification", skip_serializing_if = "Option::is_none")]
    pub(super) encryption: Option<Encryption>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) on_demand_throughput: Option<OnDemandThroughput>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) warm_throughput: Option<WarmThroughput>,
    /// Those of a table without replicas.
    #[serde(flatten)]
    pub(super) settings: Option<Settings>,
    #[serde(flatten)]
    pub(super) global: Option<replicas::Global>,
}

/// The settings that a table has in one region: it has them by itself, or its replicas have them.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Settings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) table_class: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deletion_protection_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) point_in_time_recovery_specification: Option<PointInTimeRecovery>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) contributor_insights_specification: Option<ContributorInsights>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) resource_policy: Option<Policy>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tags: Vec<Tag>,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Name {
    Fixed(String),
    Parameter(Reference),
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AttributeDefinition {
    pub(super) attribute_name: String,
    pub(super) attribute_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct KeyElement {
    pub(super) attribute_name: String,
    pub(super) key_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Throughput {
    pub(super) read_capacity_units: u32,
    pub(super) write_capacity_units: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Index {
    pub(super) index_name: String,
    pub(super) key_schema: Vec<KeyElement>,
    pub(super) projection: Projection,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) provisioned_throughput: Option<Throughput>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Projection {
    pub(super) projection_type: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) non_key_attributes: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StreamSpecification {
    pub(super) stream_view_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TimeToLive {
    pub(super) attribute_name: String,
    pub(super) enabled: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PointInTimeRecovery {
    pub(super) point_in_time_recovery_enabled: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ContributorInsights {
    pub(super) enabled: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Encryption {
    #[serde(rename = "SSEEnabled")]
    pub(super) enabled: bool,
    #[serde(rename = "SSEType")]
    pub(super) kind: &'static str,
    #[serde(rename = "KMSMasterKeyId", skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OnDemandThroughput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_read_request_units: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_write_request_units: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct VectorIndex {
    pub(super) index_name: String,
    pub(super) vector_attribute: VectorAttribute,
    pub(super) dimensions: u16,
    pub(super) distance_function: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) search_schema: Vec<SearchElement>,
    pub(super) projection: Projection,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct VectorAttribute {
    pub(super) attribute_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SearchElement {
    pub(super) attribute_name: String,
    pub(super) search_schema_element_type: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct WarmThroughput {
    pub(super) read_units_per_second: u32,
    pub(super) write_units_per_second: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Policy {
    pub(super) policy_document: ResourcePolicy,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    pub(super) key: String,
    pub(super) value: String,
}
