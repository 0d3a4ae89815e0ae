//! BatchWriteItem and BatchGetItem.

use super::failure::{Answer, Failure};
use super::key::Key;
use super::read::{GetRequest, SharedItem};
use super::value::Item;
use super::write::Change;
use super::{Call, Store, body};
use crate::random::Random;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchWrite {
    request_items: BTreeMap<String, Vec<Write>>,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
enum Write {
    PutRequest {
        #[serde(rename = "Item")]
        item: Item,
    },
    DeleteRequest {
        #[serde(rename = "Key")]
        key: Item,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BatchWritten {
    unprocessed_items: BTreeMap<String, Vec<Write>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchGet {
    request_items: BTreeMap<String, Keys>,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Keys {
    keys: Vec<Item>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    projection_expression: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expression_attribute_names: Option<BTreeMap<String, String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    consistent_read: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BatchRead {
    responses: BTreeMap<String, Vec<SharedItem>>,
    unprocessed_keys: BTreeMap<String, Keys>,
}

fn duplicates() -> Failure {
    Failure::invalid("Provided list of item keys contains duplicates")
}

fn number(what: usize, most: usize) -> Answer<()> {
    match what {
        0 => Err(Failure::invalid("The batch request list for a table cannot be null or empty")),
        _ if what > most => {
            Err(Failure::invalid(format!("Too many items requested for the batch call, at most {most}")))
        }
        _ => Ok(()),
    }
}

/// Chooses the unprocessed requests of a batch. It never chooses all of them, because that is a different error.
fn left(random: &mut Option<Random>, count: usize) -> BTreeSet<usize> {
    let Some(random) = random else { return BTreeSet::new() };
    let kept = random.below(count as u64);
    (0..count).filter(|index| *index as u64 != kept && random.chance(500)).collect()
}

impl Store {
    pub(super) fn batch_write(&mut self, request: &[u8], call: &mut Call) -> Answer<Vec<u8>> {
        let BatchWrite { request_items } = super::parse(request)?;
        number(request_items.values().map(Vec::len).sum(), 25)?;
        let mut changes: Vec<(String, Key, Option<Arc<Item>>, Write)> = Vec::new();
        for (name, writes) in request_items {
            let table = self.active(&name, call.now)?;
            for write in writes {
                let (key, item) = match &write {
                    Write::PutRequest { item } => {
                        table.check(item)?;
                        (table.keys.of_item(item)?, Some(Arc::new(item.clone())))
                    }
                    Write::DeleteRequest { key } => (table.keys.of_key(key)?, None),
                };
                changes.push((name.clone(), key, item, write));
            }
        }
        let distinct: BTreeSet<(&String, &Key)> = changes.iter().map(|(name, key, ..)| (name, key)).collect();
        if distinct.len() != changes.len() {
            return Err(duplicates());
        }
        changes.sort_by(|one, other| (&one.0, &one.1).cmp(&(&other.0, &other.1)));
        let left = left(&mut call.leave, changes.len());
        let mut unprocessed_items: BTreeMap<String, Vec<Write>> = BTreeMap::new();
        for (index, (name, key, after, write)) in changes.into_iter().enumerate() {
            if left.contains(&index) {
                unprocessed_items.entry(name).or_default().push(write);
            } else {
                let before = self.tables.get(&name).and_then(|table| table.items.get(&key)).cloned();
                self.apply(&name, Change { key, before, after }, call);
            }
        }
        body(&BatchWritten { unprocessed_items })
    }

    pub(super) fn batch_get(&mut self, request: &[u8], call: &mut Call) -> Answer<Vec<u8>> {
        let BatchGet { request_items } = super::parse(request)?;
        number(request_items.values().map(|keys| keys.keys.len()).sum(), 100)?;
        let mut read = BatchRead { responses: BTreeMap::new(), unprocessed_keys: BTreeMap::new() };
        for (name, keys) in request_items {
            let table = self.active(&name, call.now)?;
            let found: BTreeSet<Key> = keys.keys.iter().map(|key| table.keys.of_key(key)).collect::<Answer<_>>()?;
            if found.len() != keys.keys.len() {
                return Err(duplicates());
            }
            let mut ordered = keys.keys.clone();
            ordered.sort_by_key(|key| table.keys.of_key(key).ok());
            let left = left(&mut call.leave, ordered.len());
            let mut undone = Keys { keys: Vec::new(), ..keys.clone() };
            let responses = read.responses.entry(name.clone()).or_default();
            for (index, key) in ordered.into_iter().enumerate() {
                if left.contains(&index) {
                    undone.keys.push(key);
                    continue;
                }
                let (projection_expression, names) = (&keys.projection_expression, &keys.expression_attribute_names);
                let get = GetRequest::part(key, projection_expression.clone(), names.clone());
                responses.extend(get.get(table)?.map(SharedItem));
            }
            // DynamoDB returns the items in any order.
            responses.reverse();
            if !undone.keys.is_empty() {
                read.unprocessed_keys.insert(name, undone);
            }
        }
        body(&read)
    }
}
