//! Tables as a CloudFormation template ("AWS::DynamoDB::Table", AWS CloudFormation Template Reference).

mod replicas;
mod template;

use super::in_order::{InOrder, text};
use super::names;
use crate::tables::{TableDescription, TableIndex, TableKey, TableSetting, TableVectorIndex};
use heck::ToUpperCamelCase;
use template::{
    AttributeDefinition, ContributorInsights, Encryption, Index, KeyElement, Name, OnDemandThroughput, Output,
    Parameter, PointInTimeRecovery, Policy, Projection, Properties, Reference, Resource, SearchElement, Settings,
    StreamSpecification, Tag, Template, Throughput, TimeToLive, VectorAttribute, VectorIndex, WarmThroughput,
};

/// The tables as a CloudFormation template in JSON: with all that `create_table` sets, parameters for names that apps
/// read from the environment, and outputs with names, ARNs and the ARNs of streams.
///
/// The tables stay when they leave the template, or the stack is deleted.
///
/// ```
/// use dyntastic_codegen::{Sources, cloudformation, tables};
///
/// let mut sources = Sources::new();
/// sources.add("models.yaml", "dyntastic: 1\nmodels: { User: { table: users, hash_key: id, fields: { id: string } } }");
/// assert!(cloudformation(&tables(&sources)?).contains("\"TableName\": \"users\""));
/// # Ok::<(), dyntastic_codegen::Diagnostics>(())
/// ```
pub fn cloudformation(tables: &[TableDescription]) -> String {
    let ids = names::of_tables(tables, |words| {
        let name = words.to_upper_camel_case();
        format!("{}Table", name.strip_suffix("Table").unwrap_or(&name))
    });
    let of_variables = names::of_variables(tables, parameter_id);
    let parameter = |(variable, default): (&str, Option<&str>)| {
        let parameter = Parameter {
            kind: "String",
            description: format!("The name of a table, which apps read from {variable}"),
            default: default.map(str::to_owned),
            allowed_pattern: "[a-zA-Z0-9_.-]{3,255}",
        };
        (names::of_variable(&of_variables, variable).to_owned(), parameter)
    };
    let resources = ids.iter().zip(tables).map(|(id, table)| (id.clone(), resource(id, table, &of_variables)));
    let outputs = ids.iter().zip(tables).flat_map(|(id, table)| {
        let arn = |of: &str| Reference::Attribute([id.clone(), of.to_owned()]);
        let mut outputs = vec![
            (format!("{id}Name"), Output { value: Reference::Id(id.clone()) }),
            (format!("{id}Arn"), Output { value: arn("Arn") }),
        ];
        outputs.extend(table.stream.map(|_| (format!("{id}StreamArn"), Output { value: arn("StreamArn") })));
        outputs
    });
    text(&Template {
        version: "2010-09-09",
        parameters: InOrder(names::variables(tables).into_iter().map(parameter).collect()),
        rules: InOrder(replicas::rule(tables).into_iter().collect()),
        conditions: InOrder(ids.iter().zip(tables).filter_map(replicas::condition).collect()),
        resources: InOrder(resources.collect()),
        outputs: InOrder(outputs.collect()),
    })
}

/// A parameter and a resource have different ids.
fn parameter_id(variable: &str) -> String {
    let words: String = variable.chars().map(|of| if of.is_ascii_alphanumeric() { of } else { ' ' }).collect();
    format!("{}Name", words.to_upper_camel_case())
}

fn resource(id: &str, table: &TableDescription, of_variables: &[(String, String)]) -> Resource {
    let global = replicas::global(id, table);
    let throughput = |(read, write)| Throughput { read_capacity_units: read, write_capacity_units: write };
    let indexes = |local: bool| {
        let of_kind = table.indexes.iter().filter(move |index| index.local == local);
        of_kind.map(|index| self::index(index, table)).collect()
    };
    Resource {
        kind: if global.is_some() { "AWS::DynamoDB::GlobalTable" } else { "AWS::DynamoDB::Table" },
        deletion_policy: "Retain",
        update_replace_policy: "Retain",
        properties: Properties {
            table_name: match &table.name {
                TableSetting::Value(name) => Name::Fixed(name.clone()),
                TableSetting::Env { variable, .. } => {
                    Name::Parameter(Reference::Id(names::of_variable(of_variables, variable).to_owned()))
                }
            },
            attribute_definitions: names::attributes(table, true)
                .into_iter()
                .map(|(name, letter)| AttributeDefinition { attribute_name: name.to_owned(), attribute_type: letter })
                .collect(),
            key_schema: key_schema([&table.hash_key], &table.range_key),
            billing_mode: if table.throughput.is_some() { "PROVISIONED" } else { "PAY_PER_REQUEST" },
            provisioned_throughput: table.throughput.map(throughput),
            global_secondary_indexes: indexes(false),
            local_secondary_indexes: indexes(true),
            vector_indexes: table.vector_indexes.iter().map(vector_index).collect(),
            stream_specification: table.stream.map(|of| StreamSpecification { stream_view_type: of.name() }),
            time_to_live_specification: table
                .ttl
                .as_ref()
                .map(|attribute| TimeToLive { attribute_name: attribute.clone(), enabled: true }),
            encryption: table.kms_key.as_ref().map(|_| Encryption {
                enabled: true,
                kind: "KMS",
                key: table.named_kms_key().filter(|_| global.is_none()).map(str::to_owned),
            }),
            on_demand_throughput: match table.on_demand_maximum {
                (read, write) if global.is_none() && (read.is_some() || write.is_some()) => {
                    Some(OnDemandThroughput { max_read_request_units: read, max_write_request_units: write })
                }
                _ => None,
            },
            warm_throughput: table
                .warm_throughput
                .map(|(read, write)| WarmThroughput { read_units_per_second: read, write_units_per_second: write }),
            settings: global.is_none().then(|| settings(table, table.is_infrequent_access)),
            global,
        },
    }
}

fn settings(table: &TableDescription, is_infrequent_access: bool) -> Settings {
    Settings {
        table_class: is_infrequent_access.then_some("STANDARD_INFREQUENT_ACCESS"),
        deletion_protection_enabled: table.deletion_protection,
        point_in_time_recovery_specification: table
            .point_in_time_recovery
            .map(|enabled| PointInTimeRecovery { point_in_time_recovery_enabled: enabled }),
        contributor_insights_specification: table.contributor_insights.map(|enabled| ContributorInsights { enabled }),
        resource_policy: table
            .policy
            .clone()
            .filter(|policy| !policy.statement.is_empty())
            .map(|policy_document| Policy { policy_document }),
        tags: table.tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() }).collect(),
    }
}

fn index(index: &TableIndex, table: &TableDescription) -> Index {
    let throughput = index.throughput.or(table.throughput).filter(|_| !index.local);
    Index {
        index_name: index.name.clone(),
        key_schema: key_schema(&index.hash_key, &index.range_key),
        projection: projection(index.include.as_deref()),
        provisioned_throughput: throughput
            .map(|(read, write)| Throughput { read_capacity_units: read, write_capacity_units: write }),
    }
}

fn projection(include: Option<&[String]>) -> Projection {
    match include {
        None => Projection { projection_type: "ALL", non_key_attributes: Vec::new() },
        Some([]) => Projection { projection_type: "KEYS_ONLY", non_key_attributes: Vec::new() },
        Some(include) => Projection { projection_type: "INCLUDE", non_key_attributes: include.to_vec() },
    }
}

fn vector_index(of: &TableVectorIndex) -> VectorIndex {
    let element = |key: &TableKey, kind| SearchElement {
        attribute_name: key.attribute.clone(),
        search_schema_element_type: kind,
    };
    let hash_key = of.hash_key.iter().map(|key| element(key, "HASH"));
    VectorIndex {
        index_name: of.name.clone(),
        vector_attribute: VectorAttribute { attribute_name: of.attribute.clone() },
        dimensions: of.dimensions,
        distance_function: of.distance.name(),
        search_schema: hash_key.chain(of.filterable.iter().map(|key| element(key, "INLINE_FILTER"))).collect(),
        projection: projection(of.include.as_deref()),
    }
}

fn key_schema<'k>(
    hash_key: impl IntoIterator<Item = &'k TableKey>,
    range_key: impl IntoIterator<Item = &'k TableKey>,
) -> Vec<KeyElement> {
    let element = |key: &TableKey, key_type| KeyElement { attribute_name: key.attribute.clone(), key_type };
    let hash = hash_key.into_iter().map(|key| element(key, "HASH"));
    hash.chain(range_key.into_iter().map(|key| element(key, "RANGE"))).collect()
}
