//! The parts of "AWS::DynamoDB::GlobalTable" that "AWS::DynamoDB::Table" does not have.

use super::settings;
use super::template::{Reference, Settings};
use crate::tables::{TableDescription, TableReplica};
use serde::Serialize;

/// The most conditions in one `Fn::Or`.
const MAX_ALTERNATIVES: usize = 10;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Global {
    #[serde(skip_serializing_if = "Option::is_none")]
    write_on_demand_throughput_settings: Option<WriteThroughput>,
    replicas: Vec<Entry>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct WriteThroughput {
    max_write_request_units: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ReadThroughput {
    max_read_request_units: u32,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Entry {
    Always(Replica),
    If(Choice),
}

/// A condition, the value if it holds, and otherwise none.
#[derive(Serialize)]
struct Choice {
    #[serde(rename = "Fn::If")]
    branches: (String, Replica, Reference),
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Replica {
    region: Region,
    #[serde(rename = "SSESpecification", skip_serializing_if = "Option::is_none")]
    encryption: Option<Encryption>,
    #[serde(skip_serializing_if = "Option::is_none")]
    read_on_demand_throughput_settings: Option<ReadThroughput>,
    #[serde(flatten)]
    settings: Settings,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Region {
    Own(Reference),
    Other(String),
}

#[derive(Serialize)]
struct Encryption {
    #[serde(rename = "KMSMasterKeyId")]
    key: String,
}

#[derive(Serialize)]
pub(super) enum Condition {
    #[serde(rename = "Fn::Not")]
    Not([Box<Condition>; 1]),
    #[serde(rename = "Fn::Or")]
    Or(Vec<Condition>),
    #[serde(rename = "Fn::Equals")]
    Equals(Reference, String),
}

fn own_region() -> Reference {
    Reference::Id("AWS::Region".to_owned())
}

/// The condition under which no replica is the table of the stack's own region; `None` if that is known.
pub(super) fn condition((id, table): (&String, &TableDescription)) -> Option<(String, Condition)> {
    let replicas =
        table.replicas.as_deref().filter(|replicas| !replicas.is_empty() && table.fixed_region().is_none())?;
    let mut any: Vec<Condition> =
        replicas.iter().map(|replica| Condition::Equals(own_region(), replica.region.clone())).collect();
    while any.len() > 1 {
        let mut rest = any.into_iter().peekable();
        let mut joined = Vec::new();
        while rest.peek().is_some() {
            let mut alternatives: Vec<Condition> = rest.by_ref().take(MAX_ALTERNATIVES).collect();
            let only = if alternatives.len() == 1 { alternatives.pop() } else { None };
            joined.push(only.unwrap_or(Condition::Or(alternatives)));
        }
        any = joined;
    }
    any.pop().map(|any| (condition_id(id), Condition::Not([Box::new(any)])))
}

fn condition_id(id: &str) -> String {
    format!("{id}IsInAnotherRegion")
}

/// The properties of a table with replicas. What a table has in each region is the same in all of them, but for the key
/// and the class; the stack's own region is also one of the replicas.
pub(super) fn global(id: &str, table: &TableDescription) -> Option<Global> {
    table.replicas.as_ref().filter(|replicas| !replicas.is_empty())?;
    let (read, write) = table.on_demand_maximum;
    let replica = |region, key: Option<&str>, is_infrequent_access| Replica {
        region,
        encryption: key.map(|key| Encryption { key: key.to_owned() }),
        read_on_demand_throughput_settings: read.map(|units| ReadThroughput { max_read_request_units: units }),
        settings: settings(table, is_infrequent_access),
    };
    let entry = table.own_replica();
    let key = entry.and_then(TableReplica::named_kms_key).or(table.named_kms_key());
    let is_infrequent_access = entry.and_then(|of| of.is_infrequent_access).unwrap_or(table.is_infrequent_access);
    let own = replica(Region::Own(own_region()), key, is_infrequent_access);
    let own = match table.fixed_region() {
        Some(_) => Entry::Always(own),
        None => Entry::If(Choice { branches: (condition_id(id), own, Reference::Id("AWS::NoValue".to_owned())) }),
    };
    let other = |of: &TableReplica| {
        let is_infrequent_access = of.is_infrequent_access.unwrap_or(table.is_infrequent_access);
        Entry::Always(replica(Region::Other(of.region.clone()), of.named_kms_key(), is_infrequent_access))
    };
    Some(Global {
        write_on_demand_throughput_settings: write.map(|units| WriteThroughput { max_write_request_units: units }),
        replicas: std::iter::once(own).chain(table.other_replicas().map(other)).collect(),
    })
}

/// The rule that a stack of tables with a region of their own is in that region: CloudFormation makes each where the
/// stack is.
pub(super) fn rule(tables: &[TableDescription]) -> Option<(String, Rule)> {
    let mut regions: Vec<&str> = tables.iter().filter_map(TableDescription::fixed_region).collect();
    regions.sort_unstable();
    regions.dedup();
    let assertions = regions.into_iter().map(|region| Assertion {
        assert: Condition::Equals(own_region(), region.to_owned()),
        assert_description: format!("The schema has tables in {region}: make the stack there"),
    });
    let assertions: Vec<Assertion> = assertions.collect();
    (!assertions.is_empty()).then(|| ("StackIsInTheRegionOfItsTables".to_owned(), Rule { assertions }))
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Rule {
    assertions: Vec<Assertion>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Assertion {
    assert: Condition,
    assert_description: String,
}
