//! Reads an item before or after its write.

use crate::ground::AttributeMap;
use crate::ops::Result;
use crate::transport::{Decoder, Target, send};

/// Reads the stored item with a key, consistently; `None` without an item.
pub(in crate::ops) async fn stored_item(target: &Target, key: AttributeMap) -> Result<Option<AttributeMap>> {
    let request = target.sdk.get_item().table_name(&target.table).set_key(Some(key)).consistent_read(true);
    let output = send!(target, request, &None::<Decoder>).map_err(|error| target.error("GetItem", error))?;
    Ok(output.item)
}
