//! The rules that hold after every run.

mod bulk;
mod claims;
mod guards;
mod items;
mod limits;
mod marks;
mod migrations;
mod numbers;
mod searches;
mod tallies;
pub(crate) mod upgrades;
mod writes;

pub(crate) use items::sdk;

use crate::keys;
use crate::run::{Ended, Record};
use crate::store::Effect;
use crate::store::value::{Item, Value};
use serde_json::Value as Json;
use std::fmt;

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The rule, in fixed words.
    pub rule: &'static str,
    /// The place, and how the rule is broken there.
    pub how: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.how)
    }
}

/// Checks all rules after a run.
pub fn broken(ended: &Ended) -> Vec<Broken> {
    let mut broken = Vec::new();
    for record in &ended.records {
        writes::check(ended, record, &mut broken);
        claims::check(ended, record, &mut broken);
        bulk::check(ended, record, &mut broken);
    }
    items::check(ended, &mut broken);
    marks::check(ended, &mut broken);
    tallies::check(ended, &mut broken);
    numbers::check(ended, &mut broken);
    limits::check(ended, &mut broken);
    migrations::check(ended, &mut broken);
    guards::check(ended, &mut broken);
    broken
}

/// The changes by an operation.
fn effects<'e>(ended: &'e Ended, record: &Record) -> impl Iterator<Item = (usize, &'e Effect)> {
    let number = record.number;
    ended.state.store.history.iter().enumerate().filter(move |(_, effect)| effect.by == Some(number))
}

/// Whether an item is deleted and stays.
fn has_left(item: &Item) -> bool {
    item.get("left_at").is_some_and(|value| !matches!(value, Value::Null(_)))
}

/// The names of times. They come from the machine's clock, and their texts in JSON differ from the stored ones.
const TIMES: [&str; 4] = ["created_at", "updated_at", "ends_at", "left_at"];

/// Whether a model and a stored item have equal values. A field without an attribute has its default, or is in the key.
fn is_same(model: &Json, item: &Item) -> bool {
    let Some(fields) = model.as_object() else { return false };
    if let Some(read) = keys::read(item) {
        return fields.iter().all(|(name, value)| TIMES.contains(&name.as_str()) || read.get(name) == Some(value));
    }
    let item = upgrades::current(item);
    let item = item.as_ref();
    fields.iter().filter(|(name, _)| !TIMES.contains(&name.as_str())).all(|(name, value)| {
        match (value, item.get(name)) {
            (Json::String(text), None) if is_in_key(item, name, text) => true,
            (value, None | Some(Value::Null(_))) if is_default(name, value) => true,
            (value, stored) => is_same_value(value, stored),
        }
    })
}

/// Whether a value of a model and a stored value are equal.
fn is_same_value(value: &Json, stored: Option<&Value>) -> bool {
    match (value, stored) {
        (Json::Null, None | Some(Value::Null(_))) => true,
        (Json::String(text), Some(Value::S(stored))) => text == stored,
        (Json::Number(number), Some(Value::N(stored))) if number.is_f64() => {
            number.as_f64() == stored.text().parse().ok()
        }
        (Json::Number(number), Some(Value::N(stored))) => number.to_string() == stored.text(),
        (Json::Array(elements), Some(Value::L(stored))) => {
            elements.len() == stored.len()
                && elements.iter().zip(stored).all(|(value, stored)| is_same_value(value, Some(stored)))
        }
        (Json::Object(fields), Some(Value::M(stored))) => fields.iter().all(|(name, value)| {
            let stored = stored.get(name);
            is_same_value(value, stored) || (stored.is_none() && is_default(name, value))
        }),
        _ => false,
    }
}

/// Whether the key of an item has the value of a field that is not stored.
fn is_in_key(item: &Item, name: &str, value: &str) -> bool {
    let mut parts = ["pk", "sk"].iter().filter_map(|key| text(item, key)).flat_map(|key| key.split('#'));
    ["id", "game", "code"].contains(&name) && parts.any(|part| part == value)
}

/// Whether a value is the default that the schema gives a field.
fn is_default(name: &str, value: &Json) -> bool {
    match name {
        "rank" | "text" | "album" | "digest" => value == "none",
        "tier" => value == "basic",
        "points" | "visits" | "length" | "version" | "times" | "low" | "high" | "strokes" | "hits" | "last" => {
            value == 0
        }
        "level" => value == 1,
        "state" => value == "played",
        "lives" => value == 3,
        _ => false,
    }
}

fn text<'i>(item: &'i Item, name: &str) -> Option<&'i str> {
    item.get(name).and_then(Value::text)
}
