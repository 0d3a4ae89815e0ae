//! What is written reads back, whatever the values; and what Dyntastic has written reads and is written again.

use crate::engine::db;
use crate::random::Random;
use crate::seeds::seed;
use dyntastic::aws_sdk_dynamodb::primitives::Blob;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::AttributeMap;
use dyntastic::codec::{read_model, write_model};
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Value};
use dyntastic_tests::python::Python;

/// DynamoDB JSON as the SDK's values.
fn attribute(json: &Value) -> AttributeValue {
    let (kind, value) = json.as_object().unwrap().iter().next().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let blob = |value: &Value| Blob::new(base64(value.as_str().unwrap()));
    let all = |value: &Value| value.as_array().unwrap().clone();
    match kind.as_str() {
        "S" => AttributeValue::S(text(value)),
        "N" => AttributeValue::N(text(value)),
        "B" => AttributeValue::B(blob(value)),
        "BOOL" => AttributeValue::Bool(value.as_bool().unwrap()),
        "NULL" => AttributeValue::Null(true),
        "SS" => AttributeValue::Ss(all(value).iter().map(text).collect()),
        "NS" => AttributeValue::Ns(all(value).iter().map(text).collect()),
        "BS" => AttributeValue::Bs(all(value).iter().map(blob).collect()),
        "L" => AttributeValue::L(all(value).iter().map(attribute).collect()),
        "M" => AttributeValue::M(attributes(value)),
        other => unreachable!("{other}"),
    }
}

pub fn attributes(json: &Value) -> AttributeMap {
    json.as_object().unwrap().iter().map(|(name, value)| (name.clone(), attribute(value))).collect()
}

fn base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'=').map(digit).collect();
    let bits = digits.iter().flat_map(|digit| (0..6).rev().map(move |bit| digit >> bit & 1)).collect::<Vec<u8>>();
    bits.chunks_exact(8).map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | bit)).collect()
}

#[tokio::test]
async fn an_item_of_dyntastics_reads_and_is_written_again_as_it_was() {
    let text = include_str!("../../fixtures/dyntastic.json");
    let item = attributes(&serde_json::from_str(text).unwrap());
    let model: Python = read_model(item.clone()).unwrap();
    assert_eq!((model.small, model.big, model.price.to_string().as_str()), (-5, 1 << 63, "9.90"));
    assert_eq!(model.zoned.to_rfc3339(), "2024-01-31T12:00:00+00:00");
    assert_eq!(model.wait.num_seconds(), 3 * 86_400 + 45_005);
    let mut expected = item;
    // Here times have UTC and six digits of fraction, so that their texts sort by time.
    for (attribute, text) in [
        ("zoned", "2024-01-31T12:00:00.000000Z"),
        ("clock", "08:30:00.000000"),
        ("local", "2024-01-31T12:00:00.000000"),
    ] {
        expected.insert(attribute.to_owned(), AttributeValue::S(text.to_owned()));
    }
    assert_eq!(write_model(&model).unwrap(), expected);
    let db = db().await;
    model.save(&db).await.unwrap();
    assert_eq!(Python::get(&db, "p1").await.unwrap(), model);
}

#[tokio::test]
async fn random_items_survive_the_codec_and_the_engine() {
    let seed = seed(1);
    let mut random = Random::new(seed);
    let db = db().await;
    for round in 0..40 {
        let everything = random.everything(&format!("e{round}"));
        assert_eq!(read_model(write_model(&everything).unwrap()), Ok(everything.clone()), "seed {seed}");
        let scalars = random.scalars();
        assert_eq!(read_model(write_model(&scalars).unwrap()), Ok(scalars.clone()), "seed {seed}");
        let order = random.order(&format!("o{round}"));
        assert_eq!(read_model(write_model(&order).unwrap()), Ok(order.clone()), "seed {seed}");
        let (moments, others) = random.moments();
        assert_eq!(read_model(write_model(&moments).unwrap()), Ok(moments.clone()), "seed {seed}");
        assert_eq!(read_model(write_model(&others).unwrap()), Ok(others.clone()), "seed {seed}");

        everything.save(&db).await.unwrap();
        let key = (everything.id.clone(), everything.number);
        assert_eq!(dyntastic_tests::everything::Everything::get(&db, key).await.unwrap(), everything, "seed {seed}");
        scalars.save(&db).await.unwrap();
        let key = (scalars.id, scalars.at);
        assert_eq!(dyntastic_tests::scalars::Scalars::get(&db, key).await.unwrap(), scalars, "seed {seed}");
        order.save(&db).await.unwrap();
        let found = dyntastic_tests::nested::Order::get(&db, &order.order_id).await.unwrap();
        assert_eq!(found, order, "seed {seed}");
    }
}
