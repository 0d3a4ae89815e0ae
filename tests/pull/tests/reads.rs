//! The models that `dyntastic pull` makes read all items of their tables, and write them without a change.

#[path = "../src/items.rs"]
mod items;

use dyntastic::aws_sdk_dynamodb::primitives::Blob;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::bigdecimal::BigDecimal;
use dyntastic::codec::AttributeMap;
use dyntastic_pull::READERS;
use items::item;
use serde_json::Value;
use std::collections::BTreeSet;

/// A value in a form that all equal values have: numbers without an exponent, sets in order.
fn normal(value: &AttributeValue) -> AttributeValue {
    let number = |text: &String| text.parse::<BigDecimal>().unwrap().normalized().to_string();
    match value {
        AttributeValue::N(text) => AttributeValue::N(number(text)),
        AttributeValue::Ss(texts) => {
            AttributeValue::Ss(texts.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect())
        }
        AttributeValue::Ns(texts) => {
            AttributeValue::Ns(texts.iter().map(number).collect::<BTreeSet<_>>().into_iter().collect())
        }
        AttributeValue::Bs(blobs) => {
            let sorted: BTreeSet<&[u8]> = blobs.iter().map(AsRef::as_ref).collect();
            AttributeValue::Bs(sorted.into_iter().map(Blob::new).collect())
        }
        AttributeValue::L(values) => AttributeValue::L(values.iter().map(normal).collect()),
        AttributeValue::M(entries) => {
            AttributeValue::M(entries.iter().map(|(name, value)| (name.clone(), normal(value))).collect())
        }
        other => other.clone(),
    }
}

fn same(one: &AttributeMap, other: &AttributeMap) -> bool {
    normal(&AttributeValue::M(one.clone())) == normal(&AttributeValue::M(other.clone()))
}

#[test]
fn every_item_is_read_by_a_model_of_its_table_and_written_as_it_was() {
    let tables: Value = serde_json::from_str(include_str!("../tables.json")).unwrap();
    let mut count = 0;
    for table in tables.as_array().unwrap() {
        let name = table["table"]["TableName"].as_str().unwrap();
        for json in table["items"].as_array().unwrap() {
            let item = item(json);
            // A guard of a unique value is an item of no model.
            if item.values().any(|value| value.as_s().is_ok_and(|text| text == "UNIQUE")) {
                continue;
            }
            let readers = READERS.iter().filter(|(of, _)| *of == name);
            let results: Vec<_> = readers.map(|(_, read)| read(item.clone())).collect();
            let is_same = |written: &AttributeMap| same(written, &item);
            assert!(results.iter().flatten().any(is_same), "{name}: {json}\n{results:?}");
            count += 1;
        }
    }
    assert!(count > 400, "{count}");
}
