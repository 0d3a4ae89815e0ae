//! What an export writes, an import reads: the same item.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use dyntastic::aws_sdk_dynamodb::primitives::Blob;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::AttributeMap;
use dyntastic::dynamic::{DynamicModel, DynamicSchema};
use dyntastic::{KeyAttribute, Setting, Table};
use dyntastic_codegen::{CatalogModel, LiveItem, LiveValue, Sources};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// Texts and numbers as other writers store them.
const TEXTS: [&str; 14] = [
    "",
    " Text ",
    "a",
    "true",
    "1.50",
    "1e3",
    "2024-01-31",
    "2024-01-31T12:00:00.123456789Z",
    "2024-01-31 12:00:00.5+02:00",
    "2024-01-31T12:00:00.123456789",
    "12:00:00.123456789",
    "PT0.123456789S",
    "67e55044-10b1-426f-9247-bb680e5fe0c8",
    "HTTP://EXAMPLE.org/a",
];
const NUMBERS: [&str; 8] = [
    "0",
    "-1",
    "1.50",
    "1E3",
    "0.12345678901234567890",
    "1706702400.123456789",
    "1706702400123",
    "1706702400123456789",
];

fn stored(of: &LiveValue) -> AttributeValue {
    match of {
        LiveValue::Text(text) => AttributeValue::S(text.clone()),
        LiveValue::Number(number) => AttributeValue::N(number.clone()),
        LiveValue::Binary(bytes) => AttributeValue::B(Blob::new(bytes.clone())),
        LiveValue::Bool(value) => AttributeValue::Bool(*value),
        LiveValue::Null => AttributeValue::Null(true),
        LiveValue::List(values) => AttributeValue::L(values.iter().map(stored).collect()),
        LiveValue::Map(of) => AttributeValue::M(item(of)),
        LiveValue::Texts(of) => AttributeValue::Ss(of.iter().cloned().collect()),
        LiveValue::Numbers(of) => AttributeValue::Ns(of.iter().cloned().collect()),
        LiveValue::Binaries(of) => AttributeValue::Bs(of.iter().cloned().map(Blob::new).collect()),
    }
}

fn item(of: &LiveItem) -> AttributeMap {
    of.iter().map(|(name, value)| (name.clone(), stored(value))).collect()
}

/// The value with each of its texts and numbers as other writers store it.
fn others(of: &AttributeValue) -> Vec<AttributeValue> {
    let texts = || TEXTS.iter().map(|text| (*text).to_owned());
    let numbers = || NUMBERS.iter().map(|number| (*number).to_owned());
    match of {
        AttributeValue::S(_) => texts().map(AttributeValue::S).chain(numbers().map(AttributeValue::N)).collect(),
        AttributeValue::N(_) => numbers().map(AttributeValue::N).chain(texts().map(AttributeValue::S)).collect(),
        AttributeValue::Ss(_) => texts().map(|text| AttributeValue::Ss(vec![text])).collect(),
        AttributeValue::Ns(_) => numbers().map(|number| AttributeValue::Ns(vec![number])).collect(),
        AttributeValue::L(values) => {
            let at = |at: usize| others(&values[at]).into_iter().map(move |value| (at, value));
            let with = |(at, value)| {
                let mut values = values.clone();
                values[at] = value;
                AttributeValue::L(values)
            };
            // All are of one type, and a vector has very many.
            (0..values.len().min(1)).flat_map(at).map(with).collect()
        }
        AttributeValue::M(map) => others_of_item(map).into_iter().map(AttributeValue::M).collect(),
        _ => Vec::new(),
    }
}

fn others_of_item(of: &AttributeMap) -> Vec<AttributeMap> {
    let of_name = |(name, value): (&String, &AttributeValue)| {
        let name = name.clone();
        others(value).into_iter().map(move |value| (name.clone(), value))
    };
    let with = |(name, value)| {
        let mut item = of.clone();
        item.insert(name, value);
        item
    };
    of.iter().flat_map(of_name).map(with).collect()
}

#[derive(Default)]
struct Counts {
    read: usize,
    wrong: BTreeSet<String>,
}

impl Counts {
    fn is_wrong(&mut self, what: String) {
        self.wrong.insert(what);
    }
}

fn copy(model: DynamicModel, stored: &AttributeMap, counts: &mut Counts) {
    let Ok(read) = model.read(stored.clone()) else { return };
    counts.read += 1;
    let json = match read.to_json() {
        Ok(json) => json,
        Err(error) => return counts.is_wrong(format!("{model:?}: no export: {error}")),
    };
    let back = match model.item_of_json(&json) {
        Ok(back) => back.as_it_is(),
        Err(error) => return counts.is_wrong(format!("{model:?}: {json}: {error}")),
    };
    if let Err(violations) = model.validate(&back)
        && violations.to_string().contains("stored form")
    {
        counts.is_wrong(format!("{model:?}: {json}: {violations}"));
    }
    let again = back.to_json().map_err(|error| error.to_string());
    if again != Ok(json.clone()) || model.write(&back).ok() != model.write(&read).ok() {
        counts.is_wrong(format!("{model:?}: {json}: {again:?}"));
    }
}

#[test]
fn an_import_reads_what_an_export_writes() {
    let mut schemas: Vec<_> =
        fs::read_dir("../tests/cases").unwrap().map(|case| case.unwrap().path().join("models.yaml")).collect();
    schemas.extend(["../tests/sample.yaml", "../models.example.yaml"].map(Into::into));
    // One schema has a third of all models.
    let counts = std::thread::scope(|scope| {
        let odd = scope.spawn(|| copies(&schemas, 1));
        [copies(&schemas, 0), odd.join().unwrap()]
    });
    let wrong: Vec<&str> = counts.iter().flat_map(|counts| &counts.wrong).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let read: usize = counts.iter().map(|counts| counts.read).sum();
    assert!(read > 5_000, "{read}");
}

/// The copies of every second model.
fn copies(schemas: &[PathBuf], first: usize) -> Counts {
    let mut counts = Counts::default();
    let mut number = 0;
    for path in schemas {
        let mut sources = Sources::new();
        let Ok(_) = sources.read(path) else { continue };
        let (Ok(described), Ok(catalog)) = (dyntastic_codegen::items(&sources), dyntastic_codegen::catalog(&sources))
        else {
            continue;
        };
        let table = Table::new(Setting::value("table"), KeyAttribute::string("id"));
        let tables = vec![table; described.models.len()];
        let schema = DynamicSchema::load_for_copies(&described.json, &tables).unwrap();
        for model in schema.models().iter().filter(|model| model.own_types().is_empty()) {
            number += 1;
            if number % 2 != first {
                continue;
            }
            let is_sealed = |of: &&CatalogModel| of.fields.iter().any(|field| field.sealed.is_some());
            let of = catalog.models.iter().find(|of| of.name == model.name()).filter(|of| !is_sealed(of));
            for example in of.into_iter().flat_map(|of| of.examples.first()) {
                let stored = item(&example.item);
                copy(*model, &stored, &mut counts);
                others_of_item(&stored).iter().for_each(|stored| copy(*model, stored, &mut counts));
            }
        }
    }
    counts
}
