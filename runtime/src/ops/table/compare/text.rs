//! A table and its parts in words.

use super::wanted::{all_wanted, declared_key};
use crate::description::{Table, TableClass};
use crate::ops::table::change::Maximum;
use crate::ops::table::live::{LiveIndex, LiveKey, LiveProjection, LiveVector};
use crate::ops::table::parts::stream_text;

pub(super) fn table_text(table: &Table) -> String {
    let mut text = key_text(&declared_key(&[table.hash_key], table.range_key.as_slice()));
    match table.throughput {
        None => text.push_str("; paid per request"),
        Some((read, write)) => text.push_str(&format!("; {read} read and {write} write units")),
    }
    for (name, index) in all_wanted(table) {
        let scope = if index.local { "local index" } else { "index" };
        text.push_str(&format!("; {scope} `{name}`: {}", index_text(&index)));
    }
    if let Some(view) = table.stream {
        text.push_str(&format!("; stream ({})", stream_text(view)));
    }
    if let Some(attribute) = table.ttl {
        text.push_str(&format!("; time to live in `{attribute}`"));
    }
    let settings = [
        ("; infrequent access", table.own_class() == TableClass::StandardInfrequentAccess),
        ("; deletion protection", table.deletion_protection == Some(true)),
        ("; point-in-time recovery", table.point_in_time_recovery == Some(true)),
        ("; contributor insights", table.contributor_insights == Some(true)),
    ];
    text.extend(settings.into_iter().filter(|(_, is_on)| *is_on).map(|(setting, _)| setting));
    if let Some(key) = table.own_kms_key() {
        text.push_str(&format!("; encrypted with the key {key}"));
    }
    if table.on_demand_maximum != (None, None) {
        text.push_str(&format!("; at most {} per second", Maximum(table.on_demand_maximum)));
    }
    if let Some((read, write)) = table.warm_throughput {
        text.push_str(&format!("; at once {read} read and {write} write units per second"));
    }
    if table.resource_policy.is_some_and(|policy| !policy.is_empty()) {
        text.push_str("; a resource policy");
    }
    for (key, value) in table.tags {
        text.push_str(&format!("; tag {key}={value}"));
    }
    text
}

pub(super) fn index_text(index: &LiveIndex) -> String {
    let text = format!("{}, with {}", indexed_text(index), projection_text(&index.projection));
    match index.throughput {
        None => text,
        Some((read, write)) => format!("{text}, {read} read and {write} write units"),
    }
}

pub(super) fn key_text(key: &LiveKey) -> String {
    let hash = format!("hash key {}", attributes_text(&key.hash));
    match key.range.is_empty() {
        true => hash,
        false => format!("{hash}, range key {}", attributes_text(&key.range)),
    }
}

fn attributes_text(of: &[(String, String)]) -> String {
    of.iter().map(|(name, kind)| format!("`{name}` ({})", kind_text(kind))).collect::<Vec<_>>().join(", ")
}

/// The key of an index, or the vectors of a vector index and the attributes of its searches.
pub(super) fn indexed_text(index: &LiveIndex) -> String {
    let Some(LiveVector { attribute, dimensions, distance }) = &index.vector else { return key_text(&index.key) };
    let mut text = format!("vectors of {dimensions} dimensions in `{attribute}` ({distance})");
    let of_searches = [("hash key", &index.key.hash), ("filterable", &index.key.range)];
    for (what, attributes) in of_searches.into_iter().filter(|(_, attributes)| !attributes.is_empty()) {
        text.push_str(&format!(", {what} {}", attributes_text(attributes)));
    }
    text
}

pub(super) fn kind_text(letter: &str) -> &str {
    match letter {
        "S" => "string",
        "N" => "number",
        "B" => "binary",
        other => other,
    }
}

pub(super) fn projection_text(projection: &LiveProjection) -> String {
    match projection {
        LiveProjection::All => "all attributes".to_owned(),
        LiveProjection::Keys(include) if include.is_empty() => "only the keys".to_owned(),
        LiveProjection::Keys(include) => {
            let include: Vec<String> = include.iter().map(|attribute| format!("`{attribute}`")).collect();
            format!("the keys and {}", include.join(", "))
        }
    }
}
