//! A table as it is: its description and a sample of its items.

use crate::tables::{TableKeyKind, TableReplica, TableStream, TableVectorIndex};
use std::collections::{BTreeMap, BTreeSet};

/// A table of DynamoDB, as DescribeTable shows it, with a sample of its items.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct LiveTable {
    /// Its name.
    pub name: String,
    /// The key of its items.
    pub key: LiveKey,
    /// Its secondary indexes.
    pub indexes: Vec<LiveIndex>,
    /// Its vector indexes.
    pub vector_indexes: Vec<TableVectorIndex>,
    /// The attribute with the time when an item expires, if that is on.
    pub ttl: Option<String>,
    /// Its provisioned read and write capacity units per second; `None` if it is paid per request.
    pub throughput: Option<(u32, u32)>,
    /// Whether its class is Standard-Infrequent Access.
    pub infrequent_access: bool,
    /// Whether it cannot be deleted.
    pub deletion_protection: bool,
    /// Whether it can be restored to any second of the last days.
    pub point_in_time_recovery: bool,
    /// Whether its most accessed keys are recorded.
    pub contributor_insights: bool,
    /// The ARN of its key in KMS, if it is not DynamoDB's own.
    pub kms_key: Option<String>,
    /// The maximum of its read and of its write request units per second, if it has one.
    pub on_demand_maximum: (Option<u32>, Option<u32>),
    /// Its resource-based policy in JSON, if it has one.
    pub resource_policy: Option<String>,
    /// Its regions, its own one included; empty if it is in one.
    pub replicas: Vec<TableReplica>,
    /// The content of its stream, if it has one.
    pub stream: Option<TableStream>,
    /// Its tags.
    pub tags: Vec<(String, String)>,
    /// A sample of its items.
    pub items: Vec<LiveItem>,
}

/// The attributes of a key.
#[derive(Debug, Clone, Default)]
pub struct LiveKey {
    /// The attributes of the hash key; an index has up to four.
    pub hash_key: Vec<(String, TableKeyKind)>,
    /// The attributes of the range key; none if there is none.
    pub range_key: Vec<(String, TableKeyKind)>,
}

/// A secondary index.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct LiveIndex {
    /// Its name.
    pub name: String,
    /// Whether it is a local one.
    pub is_local: bool,
    /// Its key.
    pub key: LiveKey,
    /// The attributes in it besides the keys; `None` if it holds whole items.
    pub include: Option<Vec<String>>,
    /// Its provisioned read and write capacity units per second.
    pub throughput: Option<(u32, u32)>,
}

/// An item: its attributes.
pub type LiveItem = BTreeMap<String, LiveValue>;

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LiveValue {
    /// S
    Text(String),
    /// N, in decimal
    Number(String),
    /// B
    Binary(Vec<u8>),
    /// BOOL
    Bool(bool),
    /// NULL
    Null,
    /// L
    List(Vec<LiveValue>),
    /// M
    Map(LiveItem),
    /// SS
    Texts(BTreeSet<String>),
    /// NS
    Numbers(BTreeSet<String>),
    /// BS
    Binaries(BTreeSet<Vec<u8>>),
}

impl LiveTable {
    /// A table without items and with default settings.
    pub fn new(name: impl Into<String>, key: LiveKey) -> Self {
        Self { name: name.into(), key, ..Self::default() }
    }
}

impl LiveTable {
    /// The number of dimensions of the vectors in an attribute, if a vector index holds it and all items agree.
    pub(crate) fn dimensions(&self, attribute: &str) -> Option<u16> {
        let dimensions = self.vector_indexes.iter().find(|index| index.attribute == attribute)?.dimensions;
        let is_vector = |value: &LiveValue| match value {
            LiveValue::List(values) => {
                let are_numbers = values.iter().all(|value| matches!(value, LiveValue::Number(_)));
                are_numbers && values.len() == usize::from(dimensions)
            }
            value => *value == LiveValue::Null,
        };
        self.items.iter().filter_map(|item| item.get(attribute)).all(is_vector).then_some(dimensions)
    }
}

impl LiveIndex {
    /// A global secondary index that holds whole items.
    pub fn new(name: impl Into<String>, key: LiveKey) -> Self {
        Self { name: name.into(), key, ..Self::default() }
    }
}

impl LiveKey {
    /// The attributes of the key, those of the hash key first.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &(String, TableKeyKind)> {
        self.hash_key.iter().chain(&self.range_key)
    }
}

/// The text of an attribute.
pub(crate) fn text<'i>(item: &'i LiveItem, attribute: &str) -> Option<&'i str> {
    match item.get(attribute)? {
        LiveValue::Text(text) => Some(text),
        _ => None,
    }
}
