//! The item that a write stores.

use crate::ops::Model;

/// The item with the version and the times of the write, and the schema's transforms; `None` if the write stores the
/// item as it is. `is_new` says whether the write creates the item.
pub(in crate::ops) fn as_stored<M: Model>(item: &M, is_new: bool) -> Option<M> {
    let stamped = item.stamped(is_new);
    let Some(change) = M::model_transforms() else { return stamped };
    let mut stored = stamped.unwrap_or_else(|| item.clone());
    change(&mut stored);
    Some(stored)
}
