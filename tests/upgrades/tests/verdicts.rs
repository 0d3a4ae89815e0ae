//! The verdict of a diff agrees with what happens: a change that breaks nothing leaves every item readable, and one that
//! makes items unreadable leaves one that is refused or read as something else.

use dyntastic::codec::AttributeMap;
use dyntastic_codegen::Level;
use dyntastic_upgrades::items::{item, variations};
use dyntastic_upgrades::pairs::{Side, pairs};
use dyntastic_upgrades::{COPYING, Copied, Copying, OF_RANDOM_TYPES};
use serde_json::Value;

/// The items that a model writes: of all that may be stored, those that it reads and that its constraints allow.
fn written(side: &Side, copy: Copying) -> Vec<Copied> {
    let stored = side.items.iter().flat_map(|of| variations(&item(of)));
    let written = stored.filter_map(|item| copy(item).ok().filter(|copied| copied.is_valid));
    // Once more, since a write changes values: with transforms, by cutting times.
    written.filter_map(|copied| copy(copied.item).ok().filter(|copied| copied.is_valid)).collect()
}

/// Items of releases that did not have all fields yet: those that the model reads without an attribute.
fn older(written: &[Copied], copy: Copying) -> Vec<AttributeMap> {
    let without = |copied: &Copied| {
        let is_key = |name: &str| KEYS.contains(&name) || name == INDEX_KEY;
        let names: Vec<String> = copied.item.keys().filter(|name| !is_key(name)).cloned().collect();
        let item = copied.item.clone();
        names.into_iter().map(move |name| {
            let mut older = item.clone();
            older.remove(&name);
            older
        })
    };
    written.iter().flat_map(without).filter(|item| copy(item.clone()).is_ok()).collect()
}

/// The first of these items that the other model refuses, and how.
fn refused(items: &[AttributeMap], copy: Copying) -> Option<(AttributeMap, String)> {
    items.iter().find_map(|item| copy(item.clone()).err().map(|refused| (item.clone(), refused)))
}

/// The key attributes of the models.
const KEYS: [&str; 3] = ["id", "pk", "sk"];

/// The key attribute of their index. A diff does not know releases that did not have the index yet.
const INDEX_KEY: &str = "gpk";

/// The first item that the other model refuses, or reads as something else, and how.
fn broken(items: &[Copied], copy: Copying) -> Option<(AttributeMap, String)> {
    items.iter().find_map(|written| match copy(written.item.clone()) {
        Err(refused) => Some((written.item.clone(), refused)),
        Ok(read) if KEYS.iter().any(|key| written.item.get(*key) != read.item.get(*key)) => {
            Some((written.item.clone(), "a save would store it under another key".to_owned()))
        }
        Ok(read) if agrees(&written.values, &read.values) => None,
        Ok(read) => Some((written.item.clone(), format!("{} is read as {}", written.values, read.values))),
    })
}

/// Whether values are the same, as far as both sides have them. An absent value may be read as a default.
fn agrees(written: &Value, read: &Value) -> bool {
    match (written, read) {
        (Value::Null, _) => true,
        // An empty text is absent with `empty: absent`, which the diff reports as what it is.
        (Value::String(written), Value::Null) => written.is_empty(),
        // An empty set is stored without an attribute.
        (Value::Array(written), Value::Null) => written.is_empty(),
        (Value::Object(written), Value::Object(read)) => {
            written.iter().all(|(name, value)| read.get(name).is_none_or(|read| agrees(value, read)))
        }
        (Value::Array(written), Value::Array(read)) => {
            written.len() == read.len() && written.iter().zip(read).all(|(written, read)| agrees(written, read))
        }
        (Value::String(written), Value::String(read)) => text(written) == text(read),
        // Decimals are text in JSON.
        (Value::Number(_) | Value::String(_), Value::Number(_) | Value::String(_)) => {
            let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            is_same_number(&plain(written), &plain(read))
        }
        _ => written == read,
    }
}

/// A text, and of a time the shortest form.
fn text(of: &str) -> &str {
    if !of.contains(':') {
        return of;
    }
    let of = of.trim_end_matches('Z');
    if of.contains('.') { of.trim_end_matches('0').trim_end_matches('.') } else { of }
}

fn is_same_number(one: &str, other: &str) -> bool {
    match (one.parse::<i128>(), other.parse::<i128>()) {
        (Ok(one), Ok(other)) => one == other,
        (Ok(whole), Err(_)) => other.parse::<f64>().is_ok_and(|other| other as i128 == whole && other.fract() == 0.0),
        (Err(_), Ok(whole)) => one.parse::<f64>().is_ok_and(|one| one as i128 == whole && one.fract() == 0.0),
        (Err(_), Err(_)) => one.parse::<f64>().is_ok_and(|one| other.parse::<f64>().is_ok_and(|other| one == other)),
    }
}

#[test]
fn what_the_diff_says_happens() {
    let mut wrong = Vec::new();
    let (mut forth, mut back) = ([0, 0], [0, 0]);
    let pairs = pairs(OF_RANDOM_TYPES);
    assert_eq!(pairs.len(), COPYING.len());
    for (pair, (old, new)) in pairs.iter().zip(COPYING) {
        let changes = pair.changes().unwrap_or_else(|mistakes| panic!("{}: {mistakes}", pair.name));
        let (before, after) = (written(&pair.old, *old), written(&pair.new, *new));
        assert!(
            !before.is_empty() && !after.is_empty(),
            "{}: no items\n{}\n{}",
            pair.name,
            pair.old.schema(),
            pair.new.schema()
        );
        let mut compare =
            |what: &str, says: bool, happened: Option<(AttributeMap, String)>, counts: &mut [usize; 2]| {
                counts[usize::from(says)] += 1;
                let happened = match (says, happened) {
                    (false, Some((item, how))) => format!("{how}: {item:?}"),
                    (true, None) => "every item is read as it is".to_owned(),
                    _ => return,
                };
                let says = if says { "breaks" } else { "is fine" };
                wrong.push(format!(
                    "{}: {what} {says} by the diff, but {happened}\n{}\n{}\n{changes}",
                    pair.name,
                    pair.old.schema(),
                    pair.new.schema()
                ));
            };
        let unreadable = [Level::Default, Level::Unreadable, Level::Keys, Level::Table];
        let says = unreadable.iter().any(|level| changes.breaks(*level));
        let happened = broken(&before, *new).or_else(|| refused(&older(&before, *old), *new));
        compare("reading what was written before", says, happened, &mut forth);
        compare("the previous release", changes.breaks(Level::Rollout), broken(&after, *old), &mut back);
    }
    assert!(wrong.is_empty(), "{} of {} pairs:\n\n{}", wrong.len(), pairs.len(), wrong.join("\n\n"));
    // Both verdicts occur in both directions.
    assert!(forth.iter().chain(&back).all(|count| *count > 30), "{forth:?} {back:?}");
}
