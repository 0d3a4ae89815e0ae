//! What the models of an accepted schema store under the names of keys: DynamoDB refuses another type than the key's in
//! every write, and sealed values and hashes have no order. The schemas are random, with few names, so that they meet.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use crate::rounds;
use dyntastic_codegen::{Sources, TableDescription, TableKey, TableKeyKind, items};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use std::cell::Cell;

const NAMES: &[&str] = &["a", "b", "a", "b", "a_hash", "b_hash"];
const KEYS: &[Pair] = &[
    ("x", "string"),
    ("x", "string"),
    ("a_hash", "binary"),
    ("b_hash", "binary"),
    ("a_hash", "number"),
    ("b_hash", "string"),
    ("a", "string"),
    ("a", "binary"),
];
const FIELDS_OF_KEYS: &[&str] = &["a", "b"];
const FIELDS: &[&str] = &[
    "string?",
    "u32?",
    "bytes?",
    "bool?",
    "list<string>",
    "string?, compress: zstd",
    "string?, encrypt: k",
    "string?, encrypt: { key: k, searchable: true }",
    "string?, encrypt: { key: k, searchable: true }",
    "string?, encrypt: { key: k, searchable: true }",
    "bytes?, encrypt: { key: k, searchable: true }",
    "string?, encrypt: { key: k, searchable: b_hash }",
];

/// A name, and what is written of it.
type Pair = (&'static str, &'static str);

fn fields(of: &[Pair]) -> String {
    let is_first = |(at, (name, _)): &(usize, &Pair)| !of.iter().take(*at).any(|(other, _)| other == name);
    let fields = of.iter().enumerate().filter(is_first).map(|(_, (name, ty))| {
        let (ty, rest) = ty.split_once(',').unwrap_or((ty, ""));
        let rest = if rest.is_empty() { String::new() } else { format!(",{rest}") };
        format!(", {name}: {{ type: \"{ty}\"{rest} }}")
    });
    format!("{{ id: string{} }}", fields.collect::<String>())
}

/// Two models in a shared table. Each may be in the index.
fn shared(index: (Pair, Option<Pair>, bool), of: &[(Vec<Pair>, Option<[&'static str; 2]>)]) -> String {
    let ((hash, kind), range, local) = index;
    let local = local && range.is_some();
    let key = |(name, kind)| format!("{{ {name}: {kind} }}");
    let hash_key = if local { "local: true".to_owned() } else { format!("hash_key: {}", key((hash, kind))) };
    let range_key = range.map(|range| format!(", range_key: {}", key(range))).unwrap_or_default();
    let models = ["One", "Two"].iter().zip(of).map(|(name, (of, index))| {
        let made = |name: &str, field: &str| match name {
            "x" => "x: 'X#{id}'".to_owned(),
            "a" => format!("a: '{{{field}}}'"),
            hash => format!("{hash}: '{{{}}}'", hash.trim_end_matches("_hash")),
        };
        let keys = index.map(|[hash_field, range_field]| {
            let hash = (!local).then(|| made(hash, hash_field));
            let keys: Vec<String> = hash.into_iter().chain(range.map(|(name, _)| made(name, range_field))).collect();
            format!("    indexes: {{ by_it: {{ {} }} }}\n", keys.join(", "))
        });
        let keys = keys.unwrap_or_default();
        format!(
            "  {name}:\n    table: tab\n    key: {{ pk: '{name}#{{id}}', sk: X }}\n{keys}    fields: {}\n",
            fields(of)
        )
    });
    let models: String = models.collect();
    format!(
        "dyntastic: 1\ntables:\n  tab:\n    hash_key: {{ pk: string }}\n    range_key: {{ sk: string }}\n    \
         discriminator: kind\n    indexes: {{ by_it: {{ {hash_key}{range_key} }} }}\nmodels:\n{models}"
    )
}

/// Two models that name one table.
fn own(of: &[(Vec<Pair>, Option<[&'static str; 2]>)]) -> String {
    let models = ["One", "Two"].iter().zip(of).map(|(name, (of, index))| {
        let index = index.map(|[hash, range]| {
            let range = if hash == range { String::new() } else { format!(", range_key: {range}") };
            format!("    indexes: {{ by_it: {{ name: {name}-x, hash_key: {hash}{range} }} }}\n")
        });
        let index = index.unwrap_or_default();
        format!("  {name}:\n    table: t-1\n    hash_key: id\n{index}    fields: {}\n", fields(of))
    });
    format!("dyntastic: 1\nmodels:\n{}", models.collect::<String>())
}

fn kind(field: &Value) -> Option<TableKeyKind> {
    if !field["seal"].is_null() {
        return Some(TableKeyKind::Binary);
    }
    match field["ty"]["Optional"]["Scalar"].as_str().or(field["ty"]["Scalar"].as_str())? {
        "String" => Some(TableKeyKind::String),
        "U32" => Some(TableKeyKind::Number),
        "Bytes" => Some(TableKeyKind::Binary),
        _ => None,
    }
}

fn keys(table: &TableDescription) -> impl Iterator<Item = &TableKey> {
    let of_indexes = table.indexes.iter().flat_map(|index| index.hash_key.iter().chain(&index.range_key));
    [&table.hash_key].into_iter().chain(&table.range_key).chain(of_indexes)
}

/// Checks an accepted schema; whether it is one, and whether an index is by hashes.
fn check(schema: &str) -> (bool, bool) {
    let mut sources = Sources::new();
    sources.add("models.yaml", schema);
    let Ok(described) = items(&sources) else { return (false, false) };
    let all: Value = serde_json::from_str(&described.json).unwrap();
    let mut has_hash_key = false;
    for (model, of) in all["models"].as_array().unwrap().iter().zip(&described.models) {
        let table = &described.tables[of.table];
        for field in model["structure"]["fields"].as_array().unwrap() {
            for key in keys(table).filter(|key| field["attribute"] == key.attribute) {
                assert_eq!(kind(field), Some(key.kind), "{}: {}\n{schema}", key.attribute, of.name);
            }
            let is_in = |keys: &[TableKey]| keys.iter().any(|key| field["attribute"] == key.attribute);
            for index in model["indexes"].as_array().unwrap() {
                let index = table.indexes.iter().find(|of| index["index_name"] == of.name).unwrap();
                let is_unordered = !field["hash_of"].is_null() || !field["seal"].is_null();
                assert!(!is_unordered || !is_in(&index.range_key), "{}\n{schema}", field["attribute"]);
                has_hash_key |= !field["hash_of"].is_null() && is_in(&index.hash_key);
            }
        }
    }
    (true, has_hash_key)
}

#[test]
fn items_store_the_types_of_keys() {
    let field = || proptest::collection::vec((select(NAMES), select(FIELDS)), 1..4);
    let model = || (field(), proptest::option::of([select(FIELDS_OF_KEYS), select(FIELDS_OF_KEYS)]));
    let index = (select(KEYS), proptest::option::of(select(KEYS)), any::<bool>());
    let [in_shared, in_own] = [(); 2].map(|()| (Cell::new(0), Cell::new(0)));
    let count = |(accepted, by_hashes): &(Cell<usize>, Cell<usize>), (is_accepted, has_hash_key): (bool, bool)| {
        accepted.set(accepted.get() + usize::from(is_accepted));
        by_hashes.set(by_hashes.get() + usize::from(has_hash_key));
    };
    proptest!(rounds::config(1500), |(index in index, models in [model(), model()])| {
        count(&in_shared, check(&shared(index, &models)));
        count(&in_own, check(&own(&models)));
    });
    for (accepted, by_hashes) in [in_shared, in_own] {
        let found = (accepted.get(), by_hashes.get());
        assert!(found.0 > 50 && found.1 > 0, "{found:?} schemas were accepted, and are by hashes");
    }
}
