//! The settings of tables and indexes.

use super::fields::{Fields, Use};
use super::guess::{Guess, Member};
use super::live::{LiveIndex, LiveTable};
use crate::tables::{TableDistance, TableKeyKind, TableReplica, TableStream, TableVectorIndex};
use crate::terms::is_kms_key;
use crate::text::scalar;
use serde_json::Value;
use std::fmt::Write;

pub(super) fn key_type(kind: TableKeyKind) -> &'static str {
    match kind {
        TableKeyKind::String => "string",
        TableKeyKind::Number => "number",
        TableKeyKind::Binary => "binary",
    }
}

impl LiveTable {
    /// The attributes that indexes hold besides keys, without repetition.
    pub(super) fn projected(&self) -> Vec<&String> {
        let mut found: Vec<&String> = Vec::new();
        let of_vectors = self.vector_indexes.iter().filter_map(|index| index.include.as_ref());
        for attribute in self.indexes.iter().filter_map(|index| index.include.as_ref()).chain(of_vectors).flatten() {
            if !found.contains(&attribute) {
                found.push(attribute);
            }
        }
        found
    }

    /// The key attributes of the table and its indexes, without repetition.
    pub(super) fn all_keys(&self) -> Vec<(&str, TableKeyKind)> {
        let mut keys: Vec<(&str, TableKeyKind)> = Vec::new();
        let of_indexes = self.indexes.iter().flat_map(|index| index.key.attributes());
        let own = self.key.attributes().chain(of_indexes).map(|(name, kind)| (name.as_str(), *kind));
        let searched = self.vector_indexes.iter().flat_map(|index| index.hash_key.iter().chain(&index.filterable));
        for (name, kind) in own.chain(searched.map(|key| (key.attribute.as_str(), key.kind))) {
            if !keys.iter().any(|(key, _)| *key == name) {
                keys.push((name, kind));
            }
        }
        keys
    }

    /// The settings of `create:`.
    fn create(&self) -> Vec<String> {
        let mut settings = Vec::new();
        if let Some((read, write)) = self.throughput {
            settings.push("billing_mode: provisioned".to_owned());
            settings.push(format!("throughput: {{ read: {read}, write: {write} }}"));
        }
        if self.infrequent_access {
            settings.push("table_class: standard_infrequent_access".to_owned());
        }
        if self.deletion_protection {
            settings.push("deletion_protection: true".to_owned());
        }
        if self.point_in_time_recovery {
            settings.push("point_in_time_recovery: true".to_owned());
        }
        if self.contributor_insights {
            settings.push("contributor_insights: true".to_owned());
        }
        settings.extend(kms_key(self.kms_key.as_deref()).map(|key| format!("kms_key: {}", scalar(key))));
        let (read, write) = self.on_demand_maximum;
        let maximum = [("read", read), ("write", write)];
        let maximum = maximum.into_iter().filter_map(|(key, units)| Some(format!("{key}: {}", units?)));
        let maximum: Vec<String> = maximum.collect();
        settings.extend((!maximum.is_empty()).then(|| format!("on_demand_maximum: {{ {} }}", maximum.join(", "))));
        let policy = self.resource_policy.as_ref().and_then(|policy| serde_json::from_str::<Value>(policy).ok());
        // A map in JSON is one in YAML.
        settings.extend(policy.map(|policy| format!("resource_policy: {policy}")));
        settings.extend(self.replicated());
        settings.extend(self.stream.map(|content| {
            let content = match content {
                TableStream::KeysOnly => "keys_only",
                TableStream::NewImage => "new_image",
                TableStream::OldImage => "old_image",
                TableStream::NewAndOldImages => "new_and_old_images",
            };
            format!("stream: {content}")
        }));
        if !self.tags.is_empty() {
            let tags: Vec<String> =
                self.tags.iter().map(|(tag, value)| format!("{}: {}", scalar(tag), string(value))).collect();
            settings.push(format!("tags: {{ {} }}", tags.join(", ")));
        }
        settings
    }

    /// The setting of replicas: a list of all regions, or a map if one has settings. It is left out
    /// where the schema has no word for the rest, such as auto scaling: a table without it keeps its replicas.
    fn replicated(&self) -> Option<String> {
        let is_encrypted = kms_key(self.kms_key.as_deref()).is_some();
        let key = |replica: &TableReplica| kms_key(replica.kms_key.as_deref()).map(str::to_owned);
        let has_keys = |has: bool| self.replicas.iter().all(|replica| key(replica).is_some() == has);
        let is_paid_per_request = self.throughput.is_none() && self.stream == Some(TableStream::NewAndOldImages);
        if self.replicas.is_empty() || !is_paid_per_request || !has_keys(is_encrypted) {
            return None;
        }
        let class = |is_infrequent: bool| if is_infrequent { "standard_infrequent_access" } else { "standard" };
        let settings = |replica: &TableReplica| {
            let key = key(replica).map(|key| format!("kms_key: {}", scalar(&key)));
            let class = replica.is_infrequent_access.map(|is| format!("table_class: {}", class(is)));
            key.into_iter().chain(class).collect::<Vec<_>>().join(", ")
        };
        let entries: Vec<(&str, String)> =
            self.replicas.iter().map(|replica| (replica.region.as_str(), settings(replica))).collect();
        if entries.iter().all(|(_, settings)| settings.is_empty()) {
            let regions: Vec<&str> = entries.iter().map(|(region, _)| *region).collect();
            return Some(format!("replicas: [{}]", regions.join(", ")));
        }
        let entries: Vec<String> = entries
            .iter()
            .map(|(region, settings)| format!("{region}: {{ {settings} }}").replace("{  }", "{}"))
            .collect();
        Some(format!("replicas: {{ {} }}", entries.join(", ")))
    }

    /// The lines of the table's name and settings.
    pub(super) fn settings(&self, indent: &str, key: Option<&str>) -> String {
        let create = self.create();
        let mut lines = String::new();
        let _ = match (key, create.is_empty()) {
            (Some(key), true) => writeln!(lines, "{indent}{key}: {}", scalar(&self.name)),
            (Some(key), false) => write!(
                lines,
                "{indent}{key}:\n{indent}  name: {}\n{indent}  create: {{ {} }}\n",
                scalar(&self.name),
                create.join(", ")
            ),
            (None, true) => writeln!(lines, "{indent}name: {}", scalar(&self.name)),
            (None, false) => {
                write!(lines, "{indent}name: {}\n{indent}create: {{ {} }}\n", scalar(&self.name), create.join(", "))
            }
        };
        lines
    }
}

/// The key in KMS as a schema names it. Engines for tests make an ARN of an alias as if it were an id.
fn kms_key(key: Option<&str>) -> Option<&str> {
    let key = key?;
    let named = key.split_once(":key/").map(|(_, name)| name).filter(|name| name.starts_with("alias/"));
    Some(named.unwrap_or(key)).filter(|key| is_kms_key(key))
}

/// A text that YAML must not read as another type.
fn string(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// The name, projection and throughput of an index.
pub(super) fn index_settings(index: &LiveIndex, name: &str, known: impl Fn(&String) -> Option<String>) -> String {
    let mut text = if name == index.name { String::new() } else { format!(", name: {}", scalar(&index.name)) };
    text.push_str(&projection(index.include.as_deref(), known));
    if let Some((read, write)) = index.throughput {
        let _ = write!(text, ", throughput: {{ read: {read}, write: {write} }}");
    }
    text
}

/// The projection of an index.
fn projection(include: Option<&[String]>, known: impl Fn(&String) -> Option<String>) -> String {
    let mut text = String::new();
    match include {
        None => {}
        Some([]) => text.push_str(", projection: keys_only"),
        Some(include) => {
            let names: Vec<String> = include.iter().filter_map(known).collect();
            let _ = match names.is_empty() {
                true => write!(text, ", projection: keys_only"),
                false => write!(text, ", projection: [{}]", names.join(", ")),
            };
        }
    }
    text
}

/// The settings of a vector index.
pub(super) fn vector_index_settings(of: &TableVectorIndex, known: impl Fn(&String) -> Option<String>) -> String {
    let distance = match of.distance {
        TableDistance::Cosine => "cosine",
        TableDistance::Euclidean => "euclidean",
        TableDistance::DotProduct => "dot_product",
    };
    let vector = known(&of.attribute).unwrap_or_default();
    let mut text = format!("vector: {vector}, distance: {distance}");
    if let Some(name) = of.hash_key.as_ref().and_then(|key| known(&key.attribute)) {
        let _ = write!(text, ", hash_key: {name}");
    }
    let filterable: Vec<String> = of.filterable.iter().filter_map(|key| known(&key.attribute)).collect();
    if !filterable.is_empty() {
        let _ = write!(text, ", filterable: [{}]", filterable.join(", "));
    }
    // A projection may name the vector, which searches do not return.
    let include: Option<Vec<String>> =
        of.include.as_ref().map(|include| include.iter().filter(|name| **name != of.attribute).cloned().collect());
    let _ = write!(text, "{}, name: {}", projection(include.as_deref(), known), scalar(&of.name));
    text
}

/// An attribute that no item of the sample has, with its field.
pub(super) type Unseen<'t> = (&'t String, Member, Use);

/// The time to live in an attribute that no item of the sample has.
pub(super) fn unseen_ttl(table: &LiveTable, is_seen: impl Fn(&String) -> bool) -> Option<Unseen<'_>> {
    let attribute = table.ttl.as_ref().filter(|attribute| !is_seen(attribute))?;
    let member = Member { guess: Guess::EpochSeconds, present: 0, of: 1 };
    Some((attribute, member, Use { is_ttl: true, is_described: true, ..Use::default() }))
}

/// What is odd about a model's attributes.
pub(super) fn left(fields: &Fields, indent: &str, text: &mut String) {
    if !fields.left.is_empty() {
        let names: Vec<String> = fields.left.iter().map(|name| scalar(name)).collect();
        let _ = writeln!(text, "{indent}# Without a field, as values of several types have none: {}", names.join(", "));
    }
    if let Some(attribute) = &fields.odd_ttl {
        let attribute = scalar(attribute);
        let _ = writeln!(
            text,
            "{indent}# The table's time to live is in {attribute}, which is no time here: `dyntastic plan` would turn it off."
        );
    }
}
