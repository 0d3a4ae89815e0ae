//! The models of a table: items told apart by an attribute, or by the beginnings of their keys.

use super::live::{LiveItem, LiveTable, text};
use crate::text;
use std::collections::{BTreeMap, BTreeSet};

/// The items of a table by their models.
#[derive(Debug)]
pub(super) struct Groups<'t> {
    /// The attribute that names the model of each item.
    pub(super) discriminator: Option<String>,
    /// The value of the discriminator, or the beginning of the keys, of each model, and its items.
    pub(super) models: BTreeMap<String, Vec<&'t LiveItem>>,
    /// The number of items that reserve unique values, and of those of OneTable that do.
    pub(super) guards: (usize, usize),
}

/// The beginnings of the hash keys of items that reserve unique values, here and in OneTable, and their discriminator.
const GUARDS: &str = "UNIQUE#";
const GUARDS_OF_ONETABLE: &str = "_unique#";
const GUARD: &str = "UNIQUE";
/// The beginning of the hash keys of items with the progress of a migration.
const PROGRESS: &str = "DYNTASTIC#MIGRATION";

/// The names that attributes with an item's type usually have, in lower case and without punctuation marks.
const USUAL: &[&str] = &[
    "edbe",
    "et",
    "type",
    "entity",
    "entitytype",
    "kind",
    "model",
    "itemtype",
    "typename",
    "doctype",
    "class",
    "discriminator",
];

/// The maximum number of models of one table.
const MOST_MODELS: usize = 100;

/// Divides the items of a table.
pub(super) fn of(table: &LiveTable) -> Groups<'_> {
    let (items, guards) = of_models(table);
    if let Some(discriminator) = of_guards(table, &items).or_else(|| discriminator(table, &items)) {
        let models = by(&items, |item| text(item, &discriminator).unwrap_or_default().to_owned());
        return Groups { discriminator: Some(discriminator), models, guards };
    }
    let keys: Vec<&str> = table.key.attributes().map(|(name, _)| name.as_str()).collect();
    let beginnings = by(&items, |item| {
        keys.iter().map(|key| beginning(text(item, key).unwrap_or_default())).collect::<Vec<_>>().join(" ")
    });
    let is_told = beginnings.len() > 1
        && beginnings.len() <= MOST_MODELS
        && beginnings.keys().all(|name| !name.trim().is_empty())
        && are_apart(&beginnings, &keys);
    Groups { discriminator: None, guards, models: if is_told { beginnings } else { by(&items, |_| String::new()) } }
}

fn by<'t>(items: &[&'t LiveItem], name: impl Fn(&LiveItem) -> String) -> BTreeMap<String, Vec<&'t LiveItem>> {
    let mut groups: BTreeMap<String, Vec<&LiveItem>> = BTreeMap::new();
    for item in items {
        groups.entry(name(item)).or_default().push(item);
    }
    groups
}

/// The items of models, and the numbers of items that reserve unique values.
fn of_models(table: &LiveTable) -> (Vec<&LiveItem>, (usize, usize)) {
    let is_own = |item: &&LiveItem| {
        [GUARDS, GUARDS_OF_ONETABLE, PROGRESS].iter().all(|beginning| !begins(table, item, beginning))
    };
    let count = |beginning: &str| table.items.iter().filter(|item| begins(table, item, beginning)).count();
    (table.items.iter().filter(is_own).collect(), (count(GUARDS), count(GUARDS_OF_ONETABLE)))
}

/// Whether the hash key of an item begins with a text.
fn begins(table: &LiveTable, item: &LiveItem, beginning: &str) -> bool {
    let hash_key = table.key.hash_key.first().and_then(|(name, _)| text(item, name));
    hash_key.is_some_and(|key| key.starts_with(beginning))
}

/// The attribute that names the models, if an item that reserves a unique value shows it.
fn of_guards(table: &LiveTable, items: &[&LiveItem]) -> Option<String> {
    let guard = table.items.iter().find(|item| begins(table, item, GUARDS))?;
    let is_key = |name: &str| table.key.attributes().any(|(key, _)| key == name);
    let is_named = |name: &str| items.iter().all(|item| text(item, name).is_some_and(text::is_word));
    let marks = guard.keys().filter(|name| text(guard, name) == Some(GUARD) && !is_key(name));
    marks.into_iter().find(|name| is_named(name)).cloned()
}

/// All items as one model.
pub(super) fn one(table: &LiveTable) -> Groups<'_> {
    let (items, guards) = of_models(table);
    Groups { discriminator: None, models: by(&items, |_| String::new()), guards }
}

/// The attribute that names the models: all items have it, it has few values, and the items of each value have other
/// attributes or keys than the items of others. With an unusual name, it must be the keys: in one model, items of
/// different states have different attributes too.
fn discriminator(table: &LiveTable, items: &[&LiveItem]) -> Option<String> {
    let is_key = |name: &str| {
        let keys = table.key.attributes().chain(table.indexes.iter().flat_map(|index| index.key.attributes()));
        keys.into_iter().any(|(key, _)| key == name)
    };
    let (first, _) = items.split_first()?;
    let keys: Vec<&str> = table.key.attributes().map(|(name, _)| name.as_str()).collect();
    let mut found: Vec<(usize, &String)> = Vec::new();
    for name in first.keys().filter(|name| !is_key(name)) {
        let values: Option<BTreeSet<&str>> = items.iter().map(|item| text(item, name)).collect();
        let Some(values) = values.filter(|values| values.len() <= MOST_MODELS) else { continue };
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let usual = USUAL.iter().position(|usual| *usual == plain);
        let is_named = values.iter().all(|value| text::is_word(value));
        let shapes = by(items, |item| text(item, name).unwrap_or_default().to_owned());
        let differ = shapes.len() > 1 && differ(table, &shapes);
        match usual {
            Some(place) if is_named && (differ || shapes.len() == 1 && place < 2) => found.push((place, name)),
            None if is_named && differ && are_apart(&shapes, &keys) => found.push((USUAL.len(), name)),
            _ => {}
        }
    }
    found.into_iter().min().map(|(_, name)| name.clone())
}

/// Whether the items of each value have other sets of attributes, or other beginnings of keys, than those of others.
fn differ(table: &LiveTable, shapes: &BTreeMap<String, Vec<&LiveItem>>) -> bool {
    let keys: Vec<&str> = table.key.attributes().map(|(name, _)| name.as_str()).collect();
    let shapes: Vec<_> = shapes.values().map(|items| shape(items, &keys)).collect();
    shapes.iter().enumerate().all(|(place, one)| shapes.iter().skip(place + 1).all(|other| one != other))
}

/// The attributes of the items, and the beginnings of their keys.
fn shape<'t>(items: &[&'t LiveItem], keys: &[&str]) -> (BTreeSet<&'t String>, BTreeSet<String>) {
    let attributes = items.iter().flat_map(|item| item.keys()).collect();
    let beginnings =
        |item: &&LiveItem| keys.iter().map(|key| beginning(text(item, key).unwrap_or_default())).collect::<Vec<_>>();
    (attributes, items.iter().flat_map(beginnings).collect())
}

/// The beginning of a key: the text up to the first punctuation mark, or a whole word in capitals.
fn beginning(key: &str) -> String {
    let end = key.find(['#', '|', '/', ':']).map(|at| at + 1);
    match end {
        Some(end) => key
            .get(..end)
            .filter(|text| text::is_word(text.trim_start_matches('$').trim_end_matches(['#', '|', '/', ':']))),
        None => Some(key).filter(|key| key.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')),
    }
    .unwrap_or_default()
    .to_owned()
}

/// Whether for each two models one of their keys tells them apart.
fn are_apart(groups: &BTreeMap<String, Vec<&LiveItem>>, keys: &[&str]) -> bool {
    let beginnings: Vec<Vec<String>> = groups
        .values()
        .filter_map(|items| items.first())
        .map(|item| keys.iter().map(|key| beginning(text(item, key).unwrap_or_default())).collect())
        .collect();
    let apart = |one: &Vec<String>, other: &Vec<String>| {
        one.iter().zip(other).any(|(one, other)| !one.starts_with(other.as_str()) && !other.starts_with(one.as_str()))
    };
    beginnings.iter().enumerate().all(|(place, one)| beginnings.iter().skip(place + 1).all(|other| apart(one, other)))
}
