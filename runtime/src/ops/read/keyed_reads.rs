//! Reading the items of up to 100 keys (BatchGetItem). Keys that DynamoDB leaves unprocessed are requested again.

use crate::codec::{FullItem, RawItem};
use crate::ground::AttributeMap;
use crate::ops::write::ItemKey;
use crate::ops::{Error, Result};
use crate::transport::{Decoder, Operation, Target, backoff, response_items_of_tables, send};
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemOutput;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use std::collections::HashMap;

/// The maximum of keys in one BatchGetItem.
pub(in crate::ops) const CHUNK: usize = 100;

/// The attributes and the consistency of the requested items.
#[derive(Debug, Clone, Default)]
pub(in crate::ops) struct Wanted {
    pub(in crate::ops) consistent: bool,
    pub(in crate::ops) projection: Option<String>,
    pub(in crate::ops) names: Option<HashMap<String, String>>,
}

/// Keys by their tables.
pub(in crate::ops) type Keys = HashMap<String, Vec<AttributeMap>>;

/// The items of up to 100 keys, in no order, each with its table. Unprocessed keys are requested again, and so is the
/// whole request after an error that passes. All keys share a client; `target` is the target of one of them.
pub(in crate::ops) async fn batch_get(target: &Target, keys: Keys, wanted: &Wanted) -> Result<Vec<(String, RawItem)>> {
    let mut items = Vec::new();
    let mut left = keys;
    let mut attempt = 0;
    loop {
        attempt += 1;
        let error = match send(target, &left, wanted).await {
            Ok((output, decoder)) => {
                let responses = output.responses.into_iter().flatten();
                items.extend(response_items_of_tables(target, decoder, responses).await);
                let unprocessed = output.unprocessed_keys.into_iter().flatten();
                left = unprocessed.map(|(table, of)| (table, of.keys)).filter(|(_, keys)| !keys.is_empty()).collect();
                None
            }
            Err(error) if error.is_retryable() => Some(error),
            Err(error) => return Err(error),
        };
        if left.is_empty() {
            return Ok(items);
        }
        if attempt == backoff::ATTEMPTS {
            let keys = left.values().map(Vec::len).sum();
            let unprocessed = || Error::Unprocessed { model: target.model, table: target.table.clone(), keys };
            return Err(error.unwrap_or_else(unprocessed));
        }
        tokio::time::sleep(backoff::delay(attempt)).await;
    }
}

async fn send(target: &Target, keys: &Keys, wanted: &Wanted) -> Result<(BatchGetItemOutput, Option<Decoder>)> {
    let mut request = target.sdk.batch_get_item();
    for (table, keys) in keys {
        let of_table = KeysAndAttributes::builder()
            .set_keys(Some(keys.clone()))
            .set_consistent_read(wanted.consistent.then_some(true))
            .set_projection_expression(wanted.projection.clone())
            .set_expression_attribute_names(wanted.names.clone())
            .build();
        let of_table =
            of_table.map_err(|error| Error::invalid("BatchGetItem", format_args!("{}: {error}", target.model)))?;
        request = request.request_items(table, of_table);
    }
    let decoder = target.decoder(Operation::BatchGetItem);
    let output = send!(target, request, &decoder).map_err(|error| target.error("BatchGetItem", error))?;
    Ok((output, decoder))
}

/// The whole items for entries of an index, in their order. Items that were deleted in the meantime are left out.
pub(in crate::ops) async fn full_items(
    target: &Target,
    names: &[&'static str],
    entries: Vec<RawItem>,
    consistent: bool,
) -> Result<Vec<FullItem>> {
    let wanted = Wanted { consistent, ..Wanted::default() };
    let mut full = Vec::with_capacity(entries.len());
    let mut entries = entries.into_iter();
    loop {
        let chunk: Vec<(AttributeMap, RawItem)> =
            entries.by_ref().take(CHUNK).map(|entry| (entry.attributes(names), entry)).collect();
        if chunk.is_empty() {
            return Ok(full);
        }
        let mut found: HashMap<ItemKey, RawItem> = HashMap::with_capacity(chunk.len());
        let keys = chunk.iter().map(|(key, _)| key.clone()).collect();
        for (_, item) in batch_get(target, Keys::from([(target.table.clone(), keys)]), &wanted).await? {
            found.insert(ItemKey::of_raw(&item, names), item);
        }
        full.extend(chunk.into_iter().filter_map(|(key, entry)| {
            let item = found.remove(&ItemKey::of(&key, names))?;
            Some(FullItem { entry, item })
        }));
    }
}
