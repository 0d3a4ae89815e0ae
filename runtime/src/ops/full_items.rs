//! Whole items for the keys that an index tells.

use super::backoff;
use crate::carrier::AttributeMap;
use crate::client::Target;
use crate::{Error, Result};
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use std::collections::HashMap;

/// BatchGetItem takes at most this many keys.
const CHUNK: usize = 100;

/// The whole items of these keys, in their order; those that were deleted meanwhile are left out.
pub(super) async fn fetch(
    target: &Target,
    names: &[&'static str],
    items: &[AttributeMap],
    consistent: bool,
) -> Result<Vec<AttributeMap>> {
    let mut full = Vec::with_capacity(items.len());
    for chunk in items.chunks(CHUNK) {
        let keys: Vec<AttributeMap> = chunk.iter().map(|item| key_of(item, names)).collect();
        let mut found: HashMap<Vec<Part>, AttributeMap> = HashMap::with_capacity(keys.len());
        for item in batch_get(target, keys.clone(), consistent).await? {
            found.insert(identity(&item, names), item);
        }
        full.extend(keys.iter().filter_map(|key| found.remove(&identity(key, names))));
    }
    Ok(full)
}

/// The items of up to 100 keys, in no order. Keys that DynamoDB left unprocessed are asked for again.
async fn batch_get(target: &Target, keys: Vec<AttributeMap>, consistent: bool) -> Result<Vec<AttributeMap>> {
    let mut items = Vec::with_capacity(keys.len());
    let mut left = keys;
    for attempt in 0..backoff::ATTEMPTS {
        let wanted =
            KeysAndAttributes::builder().set_keys(Some(left)).set_consistent_read(consistent.then_some(true)).build();
        let wanted = wanted.map_err(|error| Error::Config(format!("{}: BatchGetItem: {error}", target.model)))?;
        let sent = target.sdk.batch_get_item().request_items(&target.table, wanted).send().await;
        let output = sent.map_err(|error| target.error("BatchGetItem", error))?;
        items.extend(output.responses.into_iter().flatten().flat_map(|(_, items)| items));
        left = output.unprocessed_keys.into_iter().flatten().flat_map(|(_, keys)| keys.keys).collect();
        if left.is_empty() {
            return Ok(items);
        }
        tokio::time::sleep(backoff::delay(attempt)).await;
    }
    Err(Error::Unprocessed { model: target.model, table: target.table.clone(), keys: left.len() })
}

fn key_of(item: &AttributeMap, names: &[&'static str]) -> AttributeMap {
    names.iter().filter_map(|name| Some(((*name).to_owned(), item.get(*name)?.clone()))).collect()
}

/// A key's value, to tell items apart.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Part {
    Text(String),
    Bytes(Vec<u8>),
    None,
}

fn identity(item: &AttributeMap, names: &[&'static str]) -> Vec<Part> {
    let part = |name: &&str| match item.get(*name) {
        Some(AttributeValue::S(text) | AttributeValue::N(text)) => Part::Text(text.clone()),
        Some(AttributeValue::B(blob)) => Part::Bytes(blob.as_ref().to_vec()),
        _ => Part::None,
    };
    names.iter().map(part).collect()
}
