//! Checks that a patch changes what it names in a struct, and nothing else.

use super::is_same_value;
use crate::store::value::{Item, Value};
use serde_json::Value as Json;

/// Whether the mark of a badge after a write is the mark before it with a merge patch (RFC 7396).
pub(super) fn is_merged(patch: &Json, before: Option<&Item>, after: &Item) -> bool {
    let mark = |item: &Item| item.get("mark").cloned().filter(|value| !matches!(value, Value::Null(_)));
    let (before, after) = (before.and_then(mark), mark(after));
    match (patch.get("mark"), before, after) {
        (Some(Json::Null), _, after) => after.is_none(),
        (Some(Json::Object(patch)), before, Some(Value::M(after))) => {
            let before = match before {
                Some(Value::M(before)) => before,
                _ => Item::default(),
            };
            let is_kept = |name: &str| match (before.get(name), after.get(name)) {
                (None, Some(Value::N(made))) => made.text() == "0",
                (before, after) => before == after,
            };
            let is_right = |name: &&str| match patch.get(*name) {
                Some(value) => is_same_value(value, after.get(*name)),
                None => is_kept(name),
            };
            ["by", "note", "times"].iter().all(is_right)
        }
        _ => false,
    }
}
