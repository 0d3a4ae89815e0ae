//! Checks that a patch changes what it names in structs, and nothing else, and leaves none that breaks its rule.

use super::{Broken, is_same_value};
use crate::run::Ended;
use crate::store::value::{Item, Value};
use serde_json::Value as Json;

/// The structs of a badge, and their fields.
const STRUCTS: [(&str, &[&str]); 2] = [("mark", &["by", "note", "times"]), ("span", &["low", "high"])];

/// Whether the structs of a badge after a write are those before it with a merge patch (RFC 7396).
pub(super) fn is_merged(patch: &Json, before: Option<&Item>, after: &Item) -> bool {
    STRUCTS.iter().all(|(name, fields)| {
        let stored = |item: &Item| item.get(*name).cloned().filter(|value| !matches!(value, Value::Null(_)));
        is_struct_merged(patch.get(*name), before.and_then(stored), stored(after), fields)
    })
}

fn is_struct_merged(patch: Option<&Json>, before: Option<Value>, after: Option<Value>, fields: &[&str]) -> bool {
    match (patch, before, after) {
        (None, before, after) => before == after,
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
            fields.iter().all(is_right)
        }
        _ => false,
    }
}

/// The end of the span of an item. Without a span, it has the defaults.
fn end(item: Option<&Item>, name: &str) -> i64 {
    match item.and_then(|item| item.get("span")) {
        Some(Value::M(span)) => span.get(name).and_then(Value::integer).unwrap_or_default(),
        _ => 0,
    }
}

/// Whether a patch would leave the span of an item out of order.
pub(super) fn is_disordered(patch: &Json, item: Option<&Item>) -> bool {
    let end = |name: &str| {
        let set = patch.pointer(&format!("/span/{name}")).and_then(Json::as_i64);
        set.unwrap_or_else(|| end(item, name))
    };
    end("low") > end("high")
}

/// Checks that each stored span is in order.
pub(super) fn check(ended: &Ended, broken: &mut Vec<Broken>) {
    for effect in &ended.state.store.history {
        let after = effect.after.as_deref();
        if end(after, "low") > end(after, "high") {
            let how = format!("{:?}, by {:?}: {after:?}", effect.key, effect.by);
            broken.push(Broken { rule: "a patch leaves a struct that keeps its rule", how });
        }
    }
}
