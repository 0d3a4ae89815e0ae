//! The replicas of a table. The region of a configuration is only known when it is applied, and may be one of theirs.

use super::{KmsKey, escaped, names};
use crate::tables::{TableDescription, TableReplica};
use serde::Serialize;

const OWN_REGION: &str = "data.aws_region.current.id";

const INFREQUENT: &str = "STANDARD_INFREQUENT_ACCESS";

/// The region in which a configuration is applied.
#[derive(Serialize, Default)]
pub(super) struct RegionData {
    current: Empty,
}

#[derive(Serialize, Default)]
struct Empty {}

/// The blocks of replicas: as they are, or for each region that is not the configuration's.
#[derive(Serialize)]
pub(super) enum Replicas {
    #[serde(rename = "replica")]
    Fixed(Vec<Replica>),
    #[serde(rename = "dynamic")]
    Others { replica: ForEach },
}

#[derive(Serialize)]
pub(super) struct ForEach {
    for_each: String,
    content: Replica,
}

#[derive(Serialize)]
pub(super) struct Replica {
    region_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    point_in_time_recovery: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_protection_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    propagate_tags: Option<bool>,
}

pub(super) fn has_replicas(table: &TableDescription) -> bool {
    table.other_replicas().next().is_some()
}

/// Whether one of the replicas may be the table itself.
pub(super) fn depends_on_region(table: &TableDescription) -> bool {
    has_replicas(table) && table.fixed_region().is_none()
}

/// The keys of replicas whose ARNs have to be looked up.
pub(super) fn kms_keys<'t>(
    ids: &'t [String],
    tables: &'t [TableDescription],
) -> impl Iterator<Item = (String, KmsKey)> + 't {
    let of_table = move |(id, table): (&'t String, &'t TableDescription)| {
        table.replicas.iter().flatten().filter_map(move |replica| {
            let key = replica.named_kms_key().filter(|key| !key.starts_with("arn:"))?;
            let region = Some(replica.region.clone());
            Some((key_id(id, replica, ids), KmsKey { key_id: key.to_owned(), region }))
        })
    };
    ids.iter().zip(tables).flat_map(of_table)
}

fn key_id(id: &str, replica: &TableReplica, ids: &[String]) -> String {
    names::free(format!("{id}_in_{}", replica.region.replace('-', "_")), |name| ids.iter().any(|taken| taken == name))
}

/// The expression of the key of a replica.
fn key(id: &str, replica: &TableReplica, ids: &[String]) -> Option<String> {
    let key = replica.named_kms_key()?;
    Some(match key.starts_with("arn:") {
        true => quoted(key),
        false => format!("data.aws_kms_key.{}.arn", key_id(id, replica, ids)),
    })
}

/// An object with a value for each replica that has one.
fn by_region(table: &TableDescription, value: impl Fn(&TableReplica) -> Option<String>) -> Option<String> {
    let entry = |replica: &TableReplica| Some(format!("{} = {}", quoted(&replica.region), value(replica)?));
    let entries: Vec<String> = table.other_replicas().filter_map(entry).collect();
    (!entries.is_empty()).then(|| format!("{{ {} }}", entries.join(", ")))
}

/// The ARN of the key of a table, which is that of a replica if the configuration is of the replica's region.
pub(super) fn own_key(id: &str, table: &TableDescription, ids: &[String]) -> Option<String> {
    if let Some(own) = table.own_replica().filter(|own| own.named_kms_key().is_some()) {
        return key_value(id, own, ids);
    }
    let own = table.named_kms_key()?;
    let is_arn = own.starts_with("arn:");
    let of_replicas = by_region(table, |replica| key(id, replica, ids)).filter(|_| depends_on_region(table));
    Some(match of_replicas {
        Some(keys) => {
            let own = if is_arn { quoted(own) } else { format!("data.aws_kms_key.{id}.arn") };
            format!("${{lookup({keys}, {OWN_REGION}, {own})}}")
        }
        None if is_arn => escaped(own),
        None => format!("${{data.aws_kms_key.{id}.arn}}"),
    })
}

/// The class of a table, which is that of a replica if the configuration is of the replica's region.
pub(super) fn own_class(table: &TableDescription) -> Option<String> {
    let name = |is_infrequent: bool| if is_infrequent { INFREQUENT } else { "STANDARD" };
    if let Some(is_infrequent) = table.own_replica().and_then(|own| own.is_infrequent_access) {
        return Some(name(is_infrequent).to_owned());
    }
    let of_replica = |replica: &TableReplica| replica.is_infrequent_access.map(|is| quoted(name(is)));
    match by_region(table, of_replica).filter(|_| depends_on_region(table)) {
        Some(classes) => {
            Some(format!("${{lookup({classes}, {OWN_REGION}, {})}}", quoted(name(table.is_infrequent_access))))
        }
        None => table.is_infrequent_access.then(|| INFREQUENT.to_owned()),
    }
}

pub(super) fn replicas(id: &str, table: &TableDescription, ids: &[String]) -> Option<Replicas> {
    let replica = |region_name: String, kms_key_arn: Option<String>| Replica {
        region_name,
        kms_key_arn,
        point_in_time_recovery: table.point_in_time_recovery,
        deletion_protection_enabled: table.deletion_protection,
        propagate_tags: (!table.tags.is_empty()).then_some(true),
    };
    if !has_replicas(table) {
        return None;
    }
    if !depends_on_region(table) {
        let fixed = table.other_replicas().map(|of| replica(escaped(&of.region), key_value(id, of, ids)));
        return Some(Replicas::Fixed(fixed.collect()));
    }
    let keys = by_region(table, |replica| key(id, replica, ids));
    let (for_each, content) = match keys {
        Some(keys) => {
            let each = format!("${{{{ for region, key in {keys} : region => key if region != {OWN_REGION} }}}}");
            (each, replica("${replica.key}".to_owned(), Some("${replica.value}".to_owned())))
        }
        None => {
            let regions: Vec<String> = table.other_replicas().map(|replica| quoted(&replica.region)).collect();
            let each = format!("${{setsubtract([{}], [{OWN_REGION}])}}", regions.join(", "));
            (each, replica("${replica.value}".to_owned(), None))
        }
    };
    Some(Replicas::Others { replica: ForEach { for_each, content } })
}

/// The key of a replica as the value of an argument.
fn key_value(id: &str, replica: &TableReplica, ids: &[String]) -> Option<String> {
    let key = replica.named_kms_key()?;
    Some(match key.starts_with("arn:") {
        true => escaped(key),
        false => format!("${{data.aws_kms_key.{}.arn}}", key_id(id, replica, ids)),
    })
}

/// A text in an expression: in quotes. No region, class or ARN has characters that need another escape.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// What the provider cannot say of replicas.
pub(super) fn comment(table: &TableDescription) -> Option<String> {
    let has_class = table.other_replicas().any(|replica| replica.is_infrequent_access.is_some());
    let has_policy = table.policy.as_ref().is_some_and(|policy| !policy.statement.is_empty());
    let settings = [
        ("the class", has_class),
        ("the contributor insights", table.contributor_insights == Some(true)),
        ("the resource policy", has_policy),
    ];
    let left: Vec<&str> = settings.into_iter().filter(|(_, is_set)| *is_set).map(|(setting, _)| setting).collect();
    let is_left = has_replicas(table) && !left.is_empty();
    is_left.then(|| {
        format!("the provider does not set {} of replicas; `dyntastic apply` does, in their regions", left.join(", "))
    })
}
