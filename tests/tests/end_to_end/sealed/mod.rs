//! Fields that are stored encrypted or compressed.

mod changes;
pub mod failures;
mod fields;
mod keys;
mod search;
mod upgraded;

use crate::engine::{isolated, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::AttributeMap;
use dyntastic::keys::LocalKeys;
use dyntastic::prelude::*;
use dyntastic::rust_decimal::Decimal;
use dyntastic::serde_json::json;
use dyntastic::{Client, ClientBuilder};
use dyntastic_tests::seals::{Address, Card, Line, Paper, Secret};

/// The plain values that no stored item and no error may hold.
const PLAIN: [&str; 4] = ["hunter2", "4711", "Secret Street", "private words"];

fn with_keys(builder: ClientBuilder) -> ClientBuilder {
    let keys = |byte: u8| LocalKeys::new("2026", [byte; 32]).unwrap().and_search([byte + 100; 32]).unwrap();
    ["personal", "medical", "notes", "cards", "seals"]
        .into_iter()
        .zip(1..)
        .fold(builder, |builder, (name, byte)| builder.encryption_key(name, keys(byte)))
}

async fn db() -> Client {
    with_keys(isolated()).from_conf(crate::engine::config().await)
}

fn secret(number: u32) -> Secret {
    let mut secret = Secret::builder()
        .owner("o")
        .number(Decimal::from(number))
        .title("t")
        .pin(4711_u32)
        .home(Address { street: "Secret Street".to_owned(), city: "X".to_owned() })
        .extra(json!({ "private words": [1, null, "hunter2"] }))
        .build()
        .unwrap();
    secret.password = Some("hunter2".to_owned());
    secret.words = vec!["private words ".repeat(50), "hunter2".to_owned()];
    secret.tags = ["hunter2".to_owned()].into();
    secret.scores = [("hunter2".to_owned(), 4711)].into();
    secret.photo = Some(vec![1, 2, 3].into());
    secret.note = Some("private words".to_owned());
    secret.log = "a line of the log\n".repeat(200);
    secret
}

/// The item as it is stored.
async fn stored<M: Model>(db: &Client, key: &[(&str, AttributeValue)]) -> AttributeMap {
    let key = key.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let request = db.sdk().get_item().table_name(table_name::<M>(db)).set_key(Some(key)).consistent_read(true);
    request.send().await.unwrap().item.unwrap()
}

async fn stored_secret(db: &Client, number: u32) -> AttributeMap {
    stored::<Secret>(db, &secret_key(number)).await
}

fn secret_key(number: u32) -> [(&'static str, AttributeValue); 2] {
    [("owner", AttributeValue::S("o".to_owned())), ("number", AttributeValue::N(number.to_string()))]
}

async fn put<M: Model>(db: &Client, item: AttributeMap) {
    db.sdk().put_item().table_name(table_name::<M>(db)).set_item(Some(item)).send().await.unwrap();
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn bytes(value: &AttributeValue) -> Vec<u8> {
    value.as_b().unwrap_or_else(|other| panic!("{other:?} is not sealed")).clone().into_inner()
}

fn is_sealed(value: &AttributeValue) -> bool {
    value.as_b().is_ok_and(|blob| blob.as_ref().starts_with(b"\xD7dyn"))
}

/// Whether bytes of an item have a text in them.
fn has(item: &AttributeMap, plain: &str) -> bool {
    fn of(value: &AttributeValue, plain: &str) -> bool {
        match value {
            AttributeValue::S(text) | AttributeValue::N(text) => text.contains(plain),
            AttributeValue::B(blob) => blob.as_ref().windows(plain.len()).any(|part| part == plain.as_bytes()),
            AttributeValue::L(values) => values.iter().any(|value| of(value, plain)),
            AttributeValue::M(entries) => has(entries, plain),
            AttributeValue::Ss(texts) => texts.iter().any(|text| text.contains(plain)),
            _ => false,
        }
    }
    item.iter().any(|(name, value)| name.contains(plain) || of(value, plain))
}

fn assert_sealed(item: &AttributeMap) {
    for plain in PLAIN {
        assert!(!has(item, plain), "{plain} is stored");
    }
    let sealed = ["password", "pin", "balance", "photo", "home", "tags", "words", "scores", "extra", "note", "log"];
    for name in sealed.into_iter().filter(|name| item.contains_key(*name)) {
        assert!(is_sealed(&item[name]), "{name}");
    }
    for name in ["owner", "number", "title", "level", "version", "updated_at"] {
        assert!(!is_sealed(&item[name]), "{name}");
    }
}

fn line(id: &str) -> Line {
    let mut line = Line::builder().id(id).text("hunter2 ".repeat(100)).build().unwrap();
    line.data = Some(json!({ "a": ["hunter2", null, 1.5, { "é": "\u{1F600}\"" }] }));
    line
}

fn paper(id: &str) -> Paper {
    Paper::builder().card_id("c").paper_id(id).title("t").body("hunter2").pages(3_u32).build().unwrap()
}

fn card(number: i32) -> Card {
    let mut card = Card::builder().card_id("c").number(number).owner("o").title("t").build().unwrap();
    card.digits = Some("4711".to_owned());
    card.text = Some("private words ".repeat(100));
    card.home = Some(Address { street: "Secret Street".to_owned(), city: "X".to_owned() });
    card
}
