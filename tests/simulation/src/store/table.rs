//! A table: its description, its state and its items.

use super::failure::{Answer, Failure};
use super::key::{AttributeDefinition, Key, KeyAttributes, KeySchemaElement};
use super::search::{VectorIndex, VectorIndexDescription};
use super::value::{Item, item_bytes};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The maximum bytes of an item ("Service, account, and table quotas in Amazon DynamoDB").
const LARGEST_ITEM: usize = 400 * 1024;

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    description: Description,
    /// Its key attributes.
    pub keys: KeyAttributes,
    /// Its secondary indexes.
    pub indexes: Vec<Index>,
    /// Its vector indexes.
    pub vector_indexes: Vec<VectorIndex>,
    /// The attribute of its time to live.
    pub time_to_live: Option<String>,
    /// The time when its creation ends.
    pub ready_at: u64,
    /// The time when its deletion ends; `None` if it is not being deleted.
    pub gone_at: Option<u64>,
    /// Its items.
    pub items: BTreeMap<Key, Arc<Item>>,
}

/// A secondary index.
#[derive(Debug, Clone)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its key attributes.
    pub keys: KeyAttributes,
    /// Whether it is a local secondary index.
    pub is_local: bool,
    /// The attributes that it holds besides the keys; `None` for all.
    pub projection: Option<Vec<String>>,
}

/// The request of CreateTable.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Description {
    /// The table's name.
    pub table_name: String,
    key_schema: Vec<KeySchemaElement>,
    attribute_definitions: Vec<AttributeDefinition>,
    #[serde(default, skip_serializing)]
    global_secondary_indexes: Vec<IndexDescription>,
    #[serde(default, skip_serializing)]
    local_secondary_indexes: Vec<IndexDescription>,
    #[serde(default, skip_serializing)]
    vector_indexes: Vec<VectorIndexDescription>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IndexDescription {
    index_name: String,
    key_schema: Vec<KeySchemaElement>,
    projection: Projection,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Projection {
    projection_type: String,
    #[serde(default)]
    non_key_attributes: Vec<String>,
}

impl Projection {
    /// The attributes besides the keys; `None` for all.
    pub(super) fn attributes(&self) -> Option<Vec<String>> {
        (self.projection_type != "ALL").then(|| self.non_key_attributes.clone())
    }
}

impl Table {
    /// A table of a description, whose creation ends at `ready_at`.
    pub fn new(description: Description, ready_at: u64) -> Answer<Self> {
        let keys = KeyAttributes::new(&description.key_schema, &description.attribute_definitions)?;
        let local = description.local_secondary_indexes.iter().map(|index| (index, true));
        let described = description.global_secondary_indexes.iter().map(|index| (index, false)).chain(local);
        let indexes = described.map(|(index, is_local)| {
            let projection = index.projection.attributes();
            let keys = KeyAttributes::new(&index.key_schema, &description.attribute_definitions)?;
            Ok(Index { name: index.index_name.clone(), keys, is_local, projection })
        });
        let indexes = indexes.collect::<Answer<Vec<_>>>()?;
        let vector_indexes = description.vector_indexes.iter().map(VectorIndex::new).collect();
        let items = BTreeMap::new();
        Ok(Self { description, keys, indexes, vector_indexes, time_to_live: None, ready_at, gone_at: None, items })
    }

    /// The table's status at a time.
    pub fn status(&self, now: u64) -> &'static str {
        match self.gone_at {
            Some(_) => "DELETING",
            None if now < self.ready_at => "CREATING",
            None => "ACTIVE",
        }
    }

    /// Whether items can be written and read.
    pub fn is_active(&self, now: u64) -> bool {
        self.status(now) == "ACTIVE"
    }

    /// The table in the form of DescribeTable's response.
    pub fn describe(&self, now: u64) -> Json {
        let mut body = json!(self.description);
        body["TableStatus"] = json!(self.status(now));
        body["ItemCount"] = json!(self.items.len());
        body
    }

    /// The index of a name.
    pub fn index(&self, name: &str) -> Answer<&Index> {
        self.indexes
            .iter()
            .find(|index| index.name == name)
            .ok_or_else(|| Failure::invalid(format!("The table does not have the specified index: {name}")))
    }

    /// Checks that the table can store an item.
    pub fn check(&self, item: &Item) -> Answer<()> {
        for index in &self.indexes {
            index.keys.check_indexed(item, &index.name)?;
        }
        if item_bytes(item) > LARGEST_ITEM {
            return Err(Failure::invalid("Item size has exceeded the maximum allowed size"));
        }
        Ok(())
    }
}

impl Index {
    /// The part of an item that the index holds.
    pub fn project(&self, table: &KeyAttributes, item: &Arc<Item>) -> Arc<Item> {
        let Some(attributes) = &self.projection else { return item.clone() };
        let held = |name: &String| self.keys.has(name) || table.has(name) || attributes.contains(name);
        Arc::new(
            item.iter().filter(|(name, _)| held(name)).map(|(name, value)| (name.clone(), value.clone())).collect(),
        )
    }
}
