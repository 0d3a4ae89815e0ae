//! Tables in Terraform's JSON syntax ("aws_dynamodb_table", the AWS provider's documentation).

mod replicas;

use super::in_order::{InOrder, text};
use super::names;
use crate::tables::{TableDescription, TableIndex, TableSetting};
use heck::ToSnakeCase;
use serde::Serialize;

/// The first version of the provider that has indexes with keys of several attributes.
const WITH_SEVERAL_ATTRIBUTES: &str = ">= 6.30";

/// The first version of the provider that protects replicas against deletion.
const WITH_REPLICAS: &str = ">= 6.9";

/// The comment of a table with vector indexes.
const NO_VECTORS: &str = "the provider has no vector indexes; `dyntastic apply` creates them";

/// The tables in Terraform's JSON syntax, for a file such as `tables.tf.json`: with all that `create_table` sets,
/// variables for names that apps read from the environment, and outputs with names, ARNs and the ARNs of streams.
///
/// Terraform refuses to destroy the tables (`prevent_destroy`).
///
/// ```
/// use dyntastic_codegen::{Sources, tables, terraform};
///
/// let mut sources = Sources::new();
/// sources.add("models.yaml", "dyntastic: 1\nmodels: { User: { table: users, hash_key: id, fields: { id: string } } }");
/// assert!(terraform(&tables(&sources)?).contains("\"aws_dynamodb_table\""));
/// # Ok::<(), dyntastic_codegen::Diagnostics>(())
/// ```
pub fn terraform(tables: &[TableDescription]) -> String {
    let ids = names::of_tables(tables, identifier);
    let of_variables = names::of_variables(tables, variable_identifier);
    let variable = |(variable, default): (&str, Option<&str>)| {
        let description = format!("The name of a table, which apps read from {variable}");
        (
            names::of_variable(&of_variables, variable).to_owned(),
            Variable { kind: "string", description, default: default.map(escaped) },
        )
    };
    let mut outputs: Vec<(String, Output)> = Vec::new();
    for (id, table) in ids.iter().zip(tables) {
        for attribute in ["name", "arn"].into_iter().chain(table.stream.map(|_| "stream_arn")) {
            let name = names::free(format!("{id}_{attribute}"), |name| outputs.iter().any(|(taken, _)| taken == name));
            outputs.push((name, Output { value: format!("${{aws_dynamodb_table.{id}.{attribute}}}") }));
        }
    }
    let version = if tables.iter().flat_map(|table| &table.indexes).any(has_several_attributes) {
        Some(WITH_SEVERAL_ATTRIBUTES)
    } else {
        tables.iter().any(replicas::has_replicas).then_some(WITH_REPLICAS)
    };
    let keys = ids.iter().zip(tables).filter_map(kms_key).chain(replicas::kms_keys(&ids, tables)).collect();
    text(&Configuration {
        terraform: Terraform { required_providers: Providers { aws: Provider { source: "hashicorp/aws", version } } },
        variable: InOrder(names::variables(tables).into_iter().map(variable).collect()),
        data: Data {
            region: tables.iter().any(replicas::depends_on_region).then(replicas::RegionData::default),
            keys: InOrder(keys),
        },
        resource: Resources {
            tables: InOrder(
                ids.iter().zip(tables).map(|(id, of)| (id.clone(), table(id, of, &ids, &of_variables))).collect(),
            ),
            insights: InOrder(ids.iter().zip(tables).filter_map(insights).collect()),
            policies: InOrder(ids.iter().zip(tables).filter_map(policy).collect()),
        },
        output: InOrder(outputs),
    })
}

/// An identifier, which begins with a letter.
fn identifier(words: &str) -> String {
    let name = words.to_snake_case();
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) { name } else { format!("table_{name}") }
}

/// The names of variables that Terraform keeps for itself ("Input variables").
const RESERVED: [&str; 8] =
    ["count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source", "version"];

fn variable_identifier(words: &str) -> String {
    let name = identifier(words);
    if RESERVED.contains(&name.as_str()) { format!("{name}_table") } else { name }
}

/// A text without the templates of Terraform.
fn escaped(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

#[derive(Serialize)]
struct Configuration {
    terraform: Terraform,
    #[serde(skip_serializing_if = "InOrder::is_empty")]
    variable: InOrder<Variable>,
    #[serde(skip_serializing_if = "Data::is_empty")]
    data: Data,
    resource: Resources,
    output: InOrder<Output>,
}

#[derive(Serialize)]
struct Terraform {
    required_providers: Providers,
}

#[derive(Serialize)]
struct Providers {
    aws: Provider,
}

#[derive(Serialize)]
struct Provider {
    source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'static str>,
}

#[derive(Serialize)]
struct Variable {
    #[serde(rename = "type")]
    kind: &'static str,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
}

#[derive(Serialize)]
struct Output {
    value: String,
}

#[derive(Serialize)]
struct Resources {
    #[serde(rename = "aws_dynamodb_table")]
    tables: InOrder<Table>,
    #[serde(rename = "aws_dynamodb_contributor_insights", skip_serializing_if = "InOrder::is_empty")]
    insights: InOrder<Insights>,
    #[serde(rename = "aws_dynamodb_resource_policy", skip_serializing_if = "InOrder::is_empty")]
    policies: InOrder<Policy>,
}

#[derive(Serialize)]
struct Insights {
    table_name: String,
}

#[derive(Serialize)]
struct Policy {
    resource_arn: String,
    policy: String,
}

#[derive(Serialize)]
struct Data {
    #[serde(rename = "aws_region", skip_serializing_if = "Option::is_none")]
    region: Option<replicas::RegionData>,
    /// The keys that are not named by ARNs, which tables need.
    #[serde(rename = "aws_kms_key", skip_serializing_if = "InOrder::is_empty")]
    keys: InOrder<KmsKey>,
}

impl Data {
    fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.region.is_none()
    }
}

#[derive(Serialize)]
struct KmsKey {
    key_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
}

#[derive(Serialize)]
struct Table {
    /// Terraform's JSON takes this name for comments.
    #[serde(rename = "//", skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    name: String,
    billing_mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    read_capacity: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    write_capacity: Option<u32>,
    hash_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range_key: Option<String>,
    attribute: Vec<Attribute>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    global_secondary_index: Vec<Index>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    local_secondary_index: Vec<Index>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_view_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<TimeToLive>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table_class: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_protection_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    point_in_time_recovery: Option<PointInTimeRecovery>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_side_encryption: Option<Encryption>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_demand_throughput: Option<OnDemandThroughput>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warm_throughput: Option<WarmThroughput>,
    #[serde(flatten)]
    replicas: Option<replicas::Replicas>,
    #[serde(skip_serializing_if = "InOrder::is_empty")]
    tags: InOrder<String>,
    lifecycle: Lifecycle,
}

#[derive(Serialize)]
struct Attribute {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct Index {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range_key: Option<String>,
    /// The key of several attributes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    key_schema: Vec<KeyElement>,
    projection_type: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    non_key_attributes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    read_capacity: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    write_capacity: Option<u32>,
}

#[derive(Serialize)]
struct KeyElement {
    attribute_name: String,
    key_type: &'static str,
}

#[derive(Serialize)]
struct TimeToLive {
    attribute_name: String,
    enabled: bool,
}

#[derive(Serialize)]
struct PointInTimeRecovery {
    enabled: bool,
}

#[derive(Serialize)]
struct Encryption {
    enabled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_arn: Option<String>,
}

#[derive(Serialize)]
struct OnDemandThroughput {
    #[serde(skip_serializing_if = "Option::is_none")]
    max_read_request_units: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_write_request_units: Option<u32>,
}

#[derive(Serialize)]
struct WarmThroughput {
    read_units_per_second: u32,
    write_units_per_second: u32,
}

#[derive(Serialize)]
struct Lifecycle {
    prevent_destroy: bool,
}

/// The key of a table, if its ARN has to be looked up.
fn kms_key((id, table): (&String, &TableDescription)) -> Option<(String, KmsKey)> {
    let key = table.named_kms_key().filter(|key| !key.starts_with("arn:"))?;
    Some((id.clone(), KmsKey { key_id: key.to_owned(), region: None }))
}

fn insights((id, table): (&String, &TableDescription)) -> Option<(String, Insights)> {
    let table_name = format!("${{aws_dynamodb_table.{id}.name}}");
    (table.contributor_insights == Some(true)).then(|| (id.clone(), Insights { table_name }))
}

fn policy((id, table): (&String, &TableDescription)) -> Option<(String, Policy)> {
    let policy = table.resource_policy().filter(|policy| !policy.is_empty())?;
    let resource_arn = format!("${{aws_dynamodb_table.{id}.arn}}");
    Some((id.clone(), Policy { resource_arn, policy: escaped(&policy) }))
}

fn table(id: &str, of: &TableDescription, ids: &[String], of_variables: &[(String, String)]) -> Table {
    let indexes = |local: bool| {
        let of_kind = of.indexes.iter().filter(move |index| index.local == local);
        of_kind.map(|index| self::index(index, of)).collect()
    };
    let vectors: Vec<String> = of.vector_indexes.iter().map(|index| format!("`{}`", index.name)).collect();
    let vectors = (!vectors.is_empty()).then(|| format!("{NO_VECTORS}: {}", vectors.join(", ")));
    let comments: Vec<String> = vectors.into_iter().chain(replicas::comment(of)).collect();
    Table {
        comment: (!comments.is_empty()).then(|| comments.join("; ")),
        name: match &of.name {
            TableSetting::Value(name) => escaped(name),
            TableSetting::Env { variable, .. } => format!("${{var.{}}}", names::of_variable(of_variables, variable)),
        },
        billing_mode: if of.throughput.is_some() { "PROVISIONED" } else { "PAY_PER_REQUEST" },
        read_capacity: of.throughput.map(|(read, _)| read),
        write_capacity: of.throughput.map(|(_, write)| write),
        hash_key: escaped(&of.hash_key.attribute),
        range_key: of.range_key.as_ref().map(|key| escaped(&key.attribute)),
        attribute: names::attributes(of, false)
            .into_iter()
            .map(|(name, kind)| Attribute { name: escaped(name), kind })
            .collect(),
        global_secondary_index: indexes(false),
        local_secondary_index: indexes(true),
        stream_enabled: of.stream.map(|_| true),
        stream_view_type: of.stream.map(|stream| stream.name()),
        ttl: of.ttl.as_ref().map(|attribute| TimeToLive { attribute_name: escaped(attribute), enabled: true }),
        table_class: replicas::own_class(of),
        deletion_protection_enabled: of.deletion_protection,
        point_in_time_recovery: of.point_in_time_recovery.map(|enabled| PointInTimeRecovery { enabled }),
        server_side_encryption: of
            .kms_key
            .as_ref()
            .map(|_| Encryption { enabled: true, kms_key_arn: replicas::own_key(id, of, ids) }),
        on_demand_throughput: match of.on_demand_maximum {
            (None, None) => None,
            (read, write) => Some(OnDemandThroughput { max_read_request_units: read, max_write_request_units: write }),
        },
        warm_throughput: of
            .warm_throughput
            .map(|(read, write)| WarmThroughput { read_units_per_second: read, write_units_per_second: write }),
        replicas: replicas::replicas(id, of, ids),
        tags: InOrder(of.tags.iter().map(|(key, value)| (escaped(key), escaped(value))).collect()),
        lifecycle: Lifecycle { prevent_destroy: true },
    }
}

fn index(of: &TableIndex, table: &TableDescription) -> Index {
    let throughput = of.throughput.or(table.throughput).filter(|_| !of.local);
    let key = |attribute: &String, key_type| KeyElement { attribute_name: escaped(attribute), key_type };
    let first = |keys: &[crate::tables::TableKey]| keys.first().map(|key| escaped(&key.attribute));
    let is_several = has_several_attributes(of);
    let include = of.include.as_deref();
    Index {
        name: of.name.clone(),
        // A local index has the hash key of its table.
        hash_key: first(&of.hash_key).filter(|_| !is_several && !of.local),
        range_key: first(&of.range_key).filter(|_| !is_several),
        key_schema: match is_several {
            false => Vec::new(),
            true => {
                let hash = of.hash_key.iter().map(|of| key(&of.attribute, "HASH"));
                hash.chain(of.range_key.iter().map(|of| key(&of.attribute, "RANGE"))).collect()
            }
        },
        projection_type: match include {
            None => "ALL",
            Some([]) => "KEYS_ONLY",
            Some(_) => "INCLUDE",
        },
        non_key_attributes: include.unwrap_or_default().iter().map(|name| escaped(name)).collect(),
        read_capacity: throughput.map(|(read, _)| read),
        write_capacity: throughput.map(|(_, write)| write),
    }
}

fn has_several_attributes(index: &TableIndex) -> bool {
    index.hash_key.len() > 1 || index.range_key.len() > 1
}
