//! Items of earlier schema versions, and the writes that upgrade them.

use super::items::sdk;
use super::text;
use crate::models::{Member, Score};
use crate::store::Effect;
use crate::store::value::Item;
use dyntastic::Model;
use dyntastic::codec::read_model;
use serde::Serialize;
use serde_json::Value as Json;
use std::borrow::Cow;

/// The attribute of the schema version.
pub const VERSION: &str = "v";
/// The name of an attribute before version 2.
pub const EARLIER: &str = "count";

/// The name that the attribute has since version 2.
pub fn later(kind: Option<&str>) -> Option<&'static str> {
    match kind {
        Some("Score") => Some("points"),
        Some("Member") => Some("visits"),
        _ => None,
    }
}

/// An item under the names of the current version.
pub(super) fn current(item: &Item) -> Cow<'_, Item> {
    match (later(text(item, "kind")), item.get(EARLIER)) {
        (Some(later), Some(value)) if !item.contains_key(VERSION) => {
            let mut current = item.clone();
            current.insert(later.to_owned(), value.clone());
            current.remove(EARLIER);
            Cow::Owned(current)
        }
        _ => Cow::Borrowed(item),
    }
}

/// Whether a change brings an item into the form of the current version, and changes no value.
pub(super) fn is_upgrade(effect: &Effect) -> bool {
    let (Some(before), Some(after)) = (&effect.before, &effect.after) else { return false };
    if before.contains_key(VERSION) || !after.contains_key(VERSION) {
        return false;
    }
    match text(before, "kind") {
        Some("Score") => is_same::<Score>(before, after),
        Some("Member") if effect.table == "shop" => is_same::<Member>(before, after),
        _ => false,
    }
}

fn is_same<M: Model + Serialize>(before: &Item, after: &Item) -> bool {
    let values = |item: &Item| -> Option<Json> {
        let read: M = read_model(item.iter().map(|(name, value)| (name.clone(), sdk(value))).collect()).ok()?;
        serde_json::to_value(read).ok()
    };
    values(before).is_some_and(|values_before| Some(values_before) == values(after))
}
