//! An item of a value of JSON, and the names in it that nothing reads.

use super::super::near::near;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_ignored::{Deserializer, Path};
use serde_json::Value;
use std::fmt::Write;

/// Reads an item, or tells what is wrong with it, each with its place in it.
///
/// A union is first read as a whole, so that serde ignores nothing in it: there, a name is one that nothing reads if the item is
/// written without it, and is the same without it.
pub(super) fn read<T: DeserializeOwned + Serialize + PartialEq>(json: &Value) -> Result<T, Vec<String>> {
    let mut unread = Vec::new();
    let mut note = |path: Path<'_>| unread.push(steps(&path));
    match serde_path_to_error::deserialize::<_, T>(Deserializer::new(json, &mut note)) {
        Ok(item) => {
            let written = serde_json::to_value(&item).unwrap_or_default();
            let mut unwritten = Vec::new();
            compare(json, &written, &mut Vec::new(), &mut unwritten);
            unwritten.retain(|place| !unread.contains(place) && is_same_without(json, place, &item));
            unread.append(&mut unwritten);
            if unread.is_empty() {
                Ok(item)
            } else {
                Err(unread.iter().map(|place| no_such(place, &written)).collect())
            }
        }
        Err(error) => {
            let place = error.path().to_string();
            let place = if place == "." { String::new() } else { format!(".{place}") };
            let unread = unread.iter().map(|place| format!("{}: no such field", shown(place)));
            Err(unread.chain([format!("{place}: {}", error.inner())]).collect())
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Name(String),
    Number(usize),
}

impl Step {
    fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        match self {
            Step::Name(name) => value.get(name),
            Step::Number(number) => value.get(number),
        }
    }

    fn of_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        match self {
            Step::Name(name) => value.get_mut(name),
            Step::Number(number) => value.get_mut(number),
        }
    }
}

fn steps(path: &Path<'_>) -> Vec<Step> {
    let (parent, step) = match path {
        Path::Root => return Vec::new(),
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => (parent, None),
        Path::Seq { parent, index } => (parent, Some(Step::Number(*index))),
        Path::Map { parent, key } => (parent, Some(Step::Name(key.clone()))),
    };
    let mut steps = steps(parent);
    steps.extend(step);
    steps
}

fn shown(place: &[Step]) -> String {
    let mut text = String::new();
    for step in place {
        let _ = match step {
            Step::Name(name) => write!(text, ".{name}"),
            Step::Number(number) => write!(text, "[{number}]"),
        };
    }
    text
}

/// The mistake that nothing reads the name at a place; the names that are written there are known.
fn no_such(place: &[Step], written: &Value) -> String {
    let (name, parents) = match place {
        [parents @ .., Step::Name(name)] => (name.as_str(), parents),
        _ => ("", place),
    };
    let known = parents.iter().try_fold(written, |value, step| step.of(value)).and_then(Value::as_object);
    let known = known.into_iter().flat_map(|fields| fields.keys().map(String::as_str));
    format!("{}: no such field: {}", shown(place), near(name, known))
}

/// Finds the names that are not written.
fn compare(json: &Value, written: &Value, place: &mut Vec<Step>, unwritten: &mut Vec<Vec<Step>>) {
    let entries: Vec<(Step, &Value)> = match json {
        Value::Array(elements) => elements.iter().enumerate().map(|(at, value)| (Step::Number(at), value)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (Step::Name(name.clone()), value)).collect(),
        _ => return,
    };
    for (step, value) in entries {
        let inside = step.of(written);
        place.push(step);
        match inside {
            Some(inside) => compare(value, inside, place, unwritten),
            None if written.is_object() && !value.is_null() => unwritten.push(place.clone()),
            None => {}
        }
        place.pop();
    }
}

/// Whether an item is the same without the name at a place.
fn is_same_without<T: DeserializeOwned + PartialEq>(json: &Value, place: &[Step], item: &T) -> bool {
    let [parents @ .., Step::Name(name)] = place else { return false };
    let mut json = json.clone();
    let parent = parents.iter().try_fold(&mut json, |value, step| step.of_mut(value));
    let removed = parent.and_then(Value::as_object_mut).and_then(|fields| fields.remove(name));
    removed.is_some() && T::deserialize(json).is_ok_and(|without| without == *item)
}
