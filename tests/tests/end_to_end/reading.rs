//! Items that others wrote: what is read from them, and what is said of those that do not fit.

use crate::engine::{db, table_name};
use crate::types::sparse;
use dyntastic::aws_sdk_dynamodb::primitives::Blob;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::ReadErrorKind;
use dyntastic::prelude::*;
use dyntastic::serde_json::json;
use dyntastic::{Client, Error, Result};
use dyntastic_tests::defaults::Defaults;
use dyntastic_tests::everything::Everything;
use dyntastic_tests::unknown::{Keeper, Loser};
use std::collections::HashMap;

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn n(text: &str) -> AttributeValue {
    AttributeValue::N(text.to_owned())
}

/// Saves an item with one attribute as somebody else might have written it, and reads it.
async fn read_with(db: &Client, name: &str, value: Option<AttributeValue>) -> Result<Everything> {
    Everything::find(db, ("1", -1)).await.ok();
    let mut item = sparse().save(db).into_inner()?.get_item().clone().unwrap();
    match value {
        Some(value) => item.insert(name.to_owned(), value),
        None => item.remove(name),
    };
    db.sdk().put_item().table_name(table_name::<Everything>(db)).set_item(Some(item)).send().await.unwrap();
    Everything::get(db, ("1", -1)).consistent_read().await
}

async fn table() -> Client {
    let db = db().await;
    Everything::create_table(&db).await.unwrap();
    db
}

#[tokio::test]
async fn an_error_tells_model_place_and_types() {
    let db = table().await;
    let list = |value| Some(AttributeValue::L(vec![value]));
    let map = |name: &str, value| Some(AttributeValue::M([(name.to_owned(), value)].into()));
    let cases = [
        ("a_string", Some(n("1")), "Everything.a_string: expected S, found N"),
        ("a_bool", Some(s("true")), "Everything.a_bool: expected BOOL, found S"),
        ("an_i8", Some(s("1")), "Everything.an_i8: expected N, found S"),
        ("an_f64", Some(AttributeValue::Bool(true)), "Everything.an_f64: expected N, found BOOL"),
        ("some_bytes", Some(s("x")), "Everything.some_bytes: expected B, found S"),
        ("strings", Some(s("x")), "Everything.strings: expected L, found S"),
        ("strings", list(n("1")), "Everything.strings[0]: expected S, found N"),
        ("strings", list(AttributeValue::Null(true)), "Everything.strings[0]: expected S, found NULL"),
        ("matrix", list(AttributeValue::L(vec![n("1"), s("x")])), "Everything.matrix[0][1]: expected N, found S"),
        ("string_set", list(s("x")), "Everything.string_set: expected a set, found L"),
        ("number_set", Some(AttributeValue::Ss(vec!["x".to_owned()])), "Everything.number_set: expected NS, found SS"),
        ("counts", map("a.b", s("x")), "Everything.counts[\"a.b\"]: expected N, found S"),
        ("counts", map("oslo", n("-1")), "Everything.counts.oslo: expected u32: the number is out of range"),
        ("a_u8", Some(n("256")), "Everything.a_u8: expected u8: the number is out of range"),
        ("a_u8", Some(n("1.5")), "Everything.a_u8: expected u8: the number has a fraction or is out of range"),
        ("a_uuid", Some(s("secret")), "Everything.a_uuid: expected a uuid: the text has another form"),
        ("some_json", Some(AttributeValue::B(Blob::new("x"))), "Everything.some_json: expected a JSON value, found B"),
        ("a_string", Some(AttributeValue::Null(true)), "Everything.a_string: missing, and the field has no default"),
        ("a_string", None, "Everything.a_string: missing, and the field has no default"),
    ];
    for (name, value, expected) in cases {
        let error = read_with(&db, name, value).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        let Error::Read(error) = error else { panic!("{error:?}") };
        assert_eq!(error.model(), "Everything");
    }
    let error = read_with(&db, "a_date", Some(s("2023-02-29"))).await.unwrap_err();
    assert!(error.to_string().starts_with("Everything.a_date: expected a date: "), "{error}");
    assert!(!error.to_string().contains("2023"), "values stay out of errors: {error}");
    let Error::Read(error) = error else { panic!("{error:?}") };
    assert!(matches!(error.kind(), ReadErrorKind::Value { expected: "a date", .. }));
}

#[tokio::test]
async fn null_reads_as_absent() {
    let db = table().await;
    let null = || Some(AttributeValue::Null(true));
    for name in ["maybe_string", "maybe_number", "maybe_list", "maybe_set", "strings", "string_set", "counts"] {
        assert_eq!(read_with(&db, name, null()).await.unwrap(), sparse(), "{name}");
    }
    assert_eq!(read_with(&db, "some_json", null()).await.unwrap().some_json, json!(null));
}

#[tokio::test]
async fn unknown_attributes_are_passed_over() {
    let db = table().await;
    let unknown = AttributeValue::M([("a".to_owned(), AttributeValue::L(vec![n("1")]))].into());
    assert_eq!(read_with(&db, "unknown", Some(unknown)).await.unwrap(), sparse());
}

#[tokio::test]
async fn every_text_form_of_a_time_is_read() {
    let db = table().await;
    let texts = [
        "2024-01-31T12:00:00Z",
        "2024-01-31T12:00:00.000000+00:00",
        "2024-01-31T12:00:00.000Z",
        "2024-01-31T14:00:00+02:00",
        "2024-01-31t12:00:00z",
        "2024-01-31 12:00:00+00:00",
        "2024-01-31 12:00:00",
        "2024-01-31T12:00:00",
        "2024-01-31T12:00:00.000000000",
    ];
    for text in texts {
        let found = read_with(&db, "a_datetime", Some(s(text))).await.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(found.a_datetime.to_rfc3339(), "2024-01-31T12:00:00+00:00", "{text}");
    }
}

#[tokio::test]
async fn numbers_in_other_forms_are_read_exactly() {
    let db = table().await;
    assert_eq!(read_with(&db, "a_u64", Some(n("18446744073709551615.0"))).await.unwrap().a_u64, u64::MAX);
    assert_eq!(read_with(&db, "an_i16", Some(n("-1.2E3"))).await.unwrap().an_i16, -1200);
}

#[tokio::test]
async fn missing_attributes_take_the_fields_defaults() {
    let db = db().await;
    Defaults::create_table(&db).await.unwrap();
    db.sdk().put_item().table_name(table_name::<Defaults>(&db)).item("id", s("only a key")).send().await.unwrap();
    let found = Defaults::get(&db, "only a key").await.unwrap();
    let built = Defaults::builder().id("only a key").build().unwrap();

    assert_eq!(found.text, "say \"hi\"\n\\ {} */ \u{202e} é");
    assert_eq!(found.factory_name, "now");
    assert_eq!((found.smallest, found.largest), (i64::MIN, u64::MAX));
    assert_eq!((found.whole, found.narrow, found.tiny), (3.0, 0.1, 1e-100));
    assert_eq!(found.some_bytes, [0, 1, 255].as_slice());
    assert_eq!(found.a_uuid.to_string(), "67e55044-10b1-426f-9247-bb680e5fe0c8");
    assert_eq!(found.epoch.to_rfc3339(), "1969-12-31T22:59:59.500+00:00");
    assert_eq!(found.leap_day.to_string(), "2024-02-29");
    assert_eq!(found.json, json!({"list": [1, 2.5, "three", null, true], "nested": {"a": "b"}}));
    assert_eq!(found.list, [Some("a".to_owned()), None, Some("b".to_owned())]);
    assert_eq!(found.set, [-1, 2, 3].into());
    assert_eq!(found.map["a b"], [1.5]);

    // What a factory makes is made anew; the rest is as the builder has it.
    assert_ne!(found.new_uuid, built.new_uuid);
    assert_eq!((found.new_uuid.get_version_num(), found.sortable_uuid.get_version_num()), (4, 7));
    assert_eq!((found.ulid.len(), found.uuid_text.len()), (26, 36));
    let built = Defaults {
        new_uuid: found.new_uuid,
        sortable_uuid: found.sortable_uuid,
        ulid: found.ulid.clone(),
        uuid_text: found.uuid_text.clone(),
        made_at: found.made_at,
        today: found.today,
        ..built
    };
    assert_eq!(found, built);
    built.save(&db).await.unwrap();
    assert_eq!(Defaults::get(&db, "only a key").await.unwrap(), built, "what a factory makes survives being stored");
}

#[tokio::test]
async fn attributes_that_a_model_does_not_know_survive_where_it_keeps_them() {
    let db = db().await;
    Keeper::create_table(&db).await.unwrap();
    let item = [
        ("id", s("k")),
        ("name", s("n")),
        ("secret", s("value")),
        ("inner", AttributeValue::M([("a".to_owned(), n("1")), ("b".to_owned(), n("2"))].into())),
    ];
    let item: HashMap<String, AttributeValue> = item.map(|(name, value)| (name.to_owned(), value)).into();
    let put = db.sdk().put_item().table_name(table_name::<Keeper>(&db)).set_item(Some(item.clone()));
    put.send().await.unwrap();
    let mut keeper = Keeper::get(&db, "k").await.unwrap();
    assert_eq!(keeper.unknown.as_map()["secret"], s("value"));
    assert_eq!(keeper.inner.as_ref().unwrap().unknown_.as_map()["b"], n("2"));
    assert!(!format!("{keeper:?}").contains("value"));
    keeper.name = "other".to_owned();
    keeper.save(&db).await.unwrap();
    let stored = async || {
        let found = db.sdk().get_item().table_name(table_name::<Keeper>(&db)).key("id", s("k")).send().await.unwrap();
        found.item.unwrap()
    };
    let mut expected = item;
    expected.insert("name".to_owned(), s("other"));
    assert_eq!(stored().await, expected);
    keeper.unknown.as_map_mut().remove("secret");
    keeper.update(&db, Keeper::A.name.set("third")).await.unwrap();
    assert_eq!(keeper.unknown.as_map().len(), 1, "an update refreshes them too");
    // A model that ignores them loses them, as it says.
    Loser::get(&db, "k").await.unwrap().save(&db).await.unwrap();
    assert_eq!(stored().await.len(), 1);
}
