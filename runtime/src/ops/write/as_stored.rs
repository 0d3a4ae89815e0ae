//! The item that a write stores.

use crate::codec::AsStored;
use crate::ops::{Result, TableItem};
use std::borrow::Cow;

/// The item as the model's `before_write` leaves it, with the version and the times of the write, and with the schema's
/// transforms. `is_new` says whether the write creates the item.
///
/// # Errors
///
/// The model's `before_write` has changed the key or the version.
pub(in crate::ops) fn as_stored<M: TableItem>(item: &M, is_new: bool) -> Result<AsStored<'_, M>> {
    Ok(AsStored::new(Cow::Borrowed(item), |item| item.stamped(is_new))?)
}
