//! BatchGetItem: the items of up to 100 keys, with what DynamoDB left unprocessed asked for again.

use super::backoff;
use super::identity::{Identity, key_of};
use crate::carrier::AttributeMap;
use crate::client::Target;
use crate::{Error, Result};
use aws_sdk_dynamodb::types::KeysAndAttributes;
use std::collections::HashMap;

/// BatchGetItem takes at most this many keys.
pub(super) const CHUNK: usize = 100;

/// What is asked for of each item.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    pub(super) consistent: bool,
    pub(super) projection: Option<String>,
    pub(super) names: Option<HashMap<String, String>>,
}

/// The items of up to 100 keys, in no order.
pub(super) async fn batch_get(target: &Target, keys: Vec<AttributeMap>, wanted: &Wanted) -> Result<Vec<AttributeMap>> {
    let mut items = Vec::with_capacity(keys.len());
    let mut left = keys;
    for attempt in 0..backoff::ATTEMPTS {
        let request = KeysAndAttributes::builder()
            .set_keys(Some(left))
            .set_consistent_read(wanted.consistent.then_some(true))
            .set_projection_expression(wanted.projection.clone())
            .set_expression_attribute_names(wanted.names.clone())
            .build();
        let request = request.map_err(|error| Error::Config(format!("{}: BatchGetItem: {error}", target.model)))?;
        let sent = target.sdk.batch_get_item().request_items(&target.table, request).send().await;
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

/// The whole items of the keys of these, in their order; those that were deleted meanwhile are left out.
pub(super) async fn full_items(
    target: &Target,
    names: &[&'static str],
    items: &[AttributeMap],
    consistent: bool,
) -> Result<Vec<AttributeMap>> {
    let wanted = Wanted { consistent, ..Wanted::default() };
    let mut full = Vec::with_capacity(items.len());
    for chunk in items.chunks(CHUNK) {
        let keys: Vec<AttributeMap> = chunk.iter().map(|item| key_of(item, names)).collect();
        let mut found: HashMap<Identity, AttributeMap> = HashMap::with_capacity(keys.len());
        for item in batch_get(target, keys.clone(), &wanted).await? {
            found.insert(Identity::of(&item, names), item);
        }
        full.extend(keys.iter().filter_map(|key| found.remove(&Identity::of(key, names))));
    }
    Ok(full)
}
