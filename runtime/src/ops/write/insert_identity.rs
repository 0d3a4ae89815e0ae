//! An insert before anything is sent.

use super::as_stored;
use super::item_key::ItemKey;
use crate::codec::{Codec, LIKELY_SIZE, RawItem};
use crate::ground::Violations;
use crate::ops::{Result, TableItem};
use crate::transport::{Client, Place};

/// What tells an item from all others: its table and its key.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct ItemIdentity {
    table: String,
    place: Place,
    key: ItemKey,
}

/// The identity of an item that an insert would write.
///
/// # Errors
///
/// Those of an insert that it finds before it sends a request: the item as `before_write` and the transforms leave it breaks a
/// constraint, or cannot be stored.
pub(crate) fn insert_identity<M: TableItem>(client: &Client, item: &M) -> Result<ItemIdentity> {
    let stored = as_stored(item, true)?;
    Violations::of(M::model_name(), &*stored)?;
    let target = client.target::<M>()?;
    let item = RawItem::write(&stored, Codec::Map, LIKELY_SIZE)?;
    let key = ItemKey::of_raw(&item, &target.description.key_names());
    Ok(ItemIdentity { table: target.table, place: target.place, key })
}
