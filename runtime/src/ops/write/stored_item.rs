//! Reads an item before or after its write.

use super::consumed::Consumed;
use crate::ground::AttributeMap;
use crate::ops::Result;
use crate::transport::Target;
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;

/// Reads the stored item with a key, consistently; `None` without an item.
pub(in crate::ops) async fn stored_item(target: &Target, key: AttributeMap) -> Result<Option<AttributeMap>> {
    stored_item_for(target, key, None).await
}

/// The same read, which adds its capacity to `consumed`.
pub(in crate::ops) async fn stored_item_for(
    target: &Target,
    key: AttributeMap,
    consumed: Option<&Consumed>,
) -> Result<Option<AttributeMap>> {
    let request = target.sdk.get_item().table_name(&target.table).set_key(Some(key)).consistent_read(true);
    let request = request.set_return_consumed_capacity(consumed.map(|_| ReturnConsumedCapacity::Total));
    let output = request.send().await.map_err(|error| target.error("GetItem", error))?;
    if let Some(consumed) = consumed {
        consumed.add(&output.consumed_capacity);
    }
    Ok(output.item)
}
