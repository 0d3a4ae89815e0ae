//! Every type: what is stored, and what reads back.

use crate::engine::{db, table_name};
use dyntastic::aws_sdk_dynamodb::primitives::Blob;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::bytes::Bytes;
use dyntastic::chrono::{DateTime, Utc};
use dyntastic::prelude::*;
use dyntastic::serde_json::json;
use dyntastic::uuid::Uuid;
use dyntastic_tests::everything::{Everything, EverythingBuilder};
use std::collections::HashMap;

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn n(text: &str) -> AttributeValue {
    AttributeValue::N(text.to_owned())
}

fn b(bytes: &[u8]) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

fn ns(texts: &[&str]) -> AttributeValue {
    AttributeValue::Ns(texts.iter().map(|text| (*text).to_owned()).collect())
}

fn ss(texts: &[&str]) -> AttributeValue {
    AttributeValue::Ss(texts.iter().map(|text| (*text).to_owned()).collect())
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Everything, with all that is optional absent and all collections empty.
pub fn sparse() -> Everything {
    Everything::builder()
        .id("1")
        .number(-1)
        .a_string("text")
        .a_bool(true)
        .an_i8(i8::MIN)
        .an_i16(i16::MIN)
        .an_i32(i32::MIN)
        .an_i64(i64::MIN)
        .a_u8(u8::MAX)
        .a_u16(u16::MAX)
        .a_u32(u32::MAX)
        .a_u64(u64::MAX)
        .an_f32(0.1)
        .an_f64(-1.5e-7)
        .some_bytes(b"\x00\xff")
        .a_uuid(Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8))
        .a_datetime(at("2024-01-31T12:00:00.5Z"))
        .a_date("2024-02-29".parse::<dyntastic::chrono::NaiveDate>().unwrap())
        .some_json(json!({"a": [1, 2.5, "three", null, true], "b": {}}))
        .build()
        .unwrap()
}

fn full() -> Everything {
    let mut item = sparse();
    item.maybe_string = Some(String::new());
    item.maybe_number = Some(7);
    item.maybe_json = Some(json!(null));
    item.maybe_list = Some(vec![]);
    item.maybe_set = Some(["a".to_owned()].into());
    item.strings = vec!["a".to_owned(), "a".to_owned()];
    item.maybe_strings = vec![Some("a".to_owned()), None];
    item.matrix = vec![vec![1.0, 2.5], vec![]];
    item.string_set = ["b".to_owned(), "a".to_owned()].into();
    item.number_set = [1, 20, 3].into();
    item.byte_set = [Bytes::from_static(b"x"), Bytes::from_static(b"y")].into();
    item.uuid_set = [Uuid::nil()].into();
    item.datetime_set = [at("2024-01-01T00:00:00Z")].into();
    item.date_set = ["2024-01-01".parse().unwrap()].into();
    item.counts = [("oslo".to_owned(), 3), ("a.b [c]".to_owned(), 0)].into();
    item.maybe_counts = [("none".to_owned(), None), ("one".to_owned(), Some(1))].into();
    item.sets_by_name = [("empty".to_owned(), [].into()), ("some".to_owned(), ["x".to_owned()].into())].into();
    item.documents = vec![json!(1), json!(null), json!({"deep": [[{}]]})];
    item
}

async fn stored(db: &dyntastic::Client) -> HashMap<String, AttributeValue> {
    let key = Everything::get(db, ("1", -1)).into_inner().unwrap().get_key().clone();
    let output = db.sdk().get_item().table_name(table_name::<Everything>(db)).set_key(key).send().await.unwrap();
    let mut item = output.item.unwrap();
    for value in item.values_mut() {
        // The order of a set's elements is the engine's.
        match value {
            AttributeValue::Ss(texts) | AttributeValue::Ns(texts) => texts.sort_unstable(),
            AttributeValue::Bs(blobs) => blobs.sort_unstable_by(|one, other| one.as_ref().cmp(other.as_ref())),
            _ => {}
        }
    }
    item
}

fn expected_sparse() -> HashMap<String, AttributeValue> {
    let map = |entries: Vec<(&str, AttributeValue)>| {
        AttributeValue::M(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    };
    let json = map(vec![
        (
            "a",
            AttributeValue::L(vec![
                n("1"),
                n("2.5"),
                s("three"),
                AttributeValue::Null(true),
                AttributeValue::Bool(true),
            ]),
        ),
        ("b", map(vec![])),
    ]);
    [
        ("id", s("1")),
        ("number", n("-1")),
        ("a_string", s("text")),
        ("a_bool", AttributeValue::Bool(true)),
        ("an_i8", n("-128")),
        ("an_i16", n("-32768")),
        ("an_i32", n("-2147483648")),
        ("an_i64", n("-9223372036854775808")),
        ("a_u8", n("255")),
        ("a_u16", n("65535")),
        ("a_u32", n("4294967295")),
        ("a_u64", n("18446744073709551615")),
        ("an_f32", n("0.1")),
        ("an_f64", n("-0.00000015")),
        ("some_bytes", b(b"\x00\xff")),
        ("a_uuid", s("67e55044-10b1-426f-9247-bb680e5fe0c8")),
        ("a_datetime", s("2024-01-31T12:00:00.500000Z")),
        ("a_date", s("2024-02-29")),
        ("some_json", json),
        ("strings", AttributeValue::L(vec![])),
        ("maybe_strings", AttributeValue::L(vec![])),
        ("matrix", AttributeValue::L(vec![])),
        ("counts", map(vec![])),
        ("maybe_counts", map(vec![])),
        ("sets_by_name", map(vec![])),
        ("documents", AttributeValue::L(vec![])),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

#[tokio::test]
async fn the_stored_item_is_exact() {
    let db = db().await;
    sparse().save(&db).await.unwrap();
    assert_eq!(stored(&db).await, expected_sparse(), "absent options and empty sets are no attributes");
    assert_eq!(Everything::get(&db, ("1", -1)).await.unwrap(), sparse());
}

#[tokio::test]
async fn collections_are_stored_in_their_own_types() {
    let db = db().await;
    full().save(&db).await.unwrap();
    assert_eq!(Everything::get(&db, ("1", -1)).await.unwrap(), full());

    let item = stored(&db).await;
    assert_eq!(item["maybe_string"], s(""));
    assert_eq!(item["maybe_json"], AttributeValue::Null(true));
    assert_eq!(item["maybe_strings"], AttributeValue::L(vec![s("a"), AttributeValue::Null(true)]));
    assert_eq!(item["string_set"], ss(&["a", "b"]));
    assert_eq!(item["number_set"], ns(&["1", "20", "3"]));
    assert_eq!(item["byte_set"], AttributeValue::Bs(vec![Blob::new("x"), Blob::new("y")]));
    assert_eq!(item["uuid_set"], ss(&["00000000-0000-0000-0000-000000000000"]));
    assert_eq!(item["datetime_set"], ss(&["2024-01-01T00:00:00.000000Z"]));
    assert_eq!(item["date_set"], ss(&["2024-01-01"]));
    assert_eq!(item["counts"].as_m().unwrap()["a.b [c]"], n("0"));
    assert_eq!(item["maybe_counts"].as_m().unwrap()["none"], AttributeValue::Null(true));
    assert_eq!(item["sets_by_name"].as_m().unwrap()["empty"], AttributeValue::Null(true));
}

#[tokio::test]
async fn datetimes_sort_as_text_in_the_order_of_time() {
    let times =
        ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.000001Z", "2024-01-01T00:00:00.5Z", "2024-01-01T00:00:01Z"];
    let db = db().await;
    let mut texts = Vec::new();
    for time in times {
        let item = Everything { a_datetime: at(time), ..sparse() };
        item.save(&db).await.unwrap();
        texts.push(stored(&db).await["a_datetime"].as_s().unwrap().clone());
    }
    assert!(texts.is_sorted(), "{texts:?}");
}

#[tokio::test]
async fn a_time_finer_than_microseconds_is_refused() {
    let db = db().await;
    let fine = Everything { a_datetime: at("2024-01-01T00:00:00.123456789Z"), ..sparse() };
    let error = fine.save(&db).await.unwrap_err().to_string();
    assert!(error.starts_with("Everything.a_datetime: whole microseconds"), "{error}");
}

#[tokio::test]
async fn times_that_are_stored_as_one_text_are_one_element() {
    let db = db().await;
    let times = ["2024-01-01T00:00:00.0000001Z", "2024-01-01T00:00:00.0000002Z", "2024-01-02T00:00:00Z"];
    // A write by the SDK checks nothing.
    let item = dyntastic::codec::write_model(&Everything { datetime_set: times.map(at).into(), ..sparse() }).unwrap();
    sparse().save(&db).await.unwrap();
    db.sdk().put_item().table_name(table_name::<Everything>(&db)).set_item(Some(item)).send().await.unwrap();
    let found = Everything::get(&db, ("1", -1)).await.unwrap();
    assert_eq!(found.datetime_set, [at("2024-01-01T00:00:00Z"), at("2024-01-02T00:00:00Z")].into());
}

#[test]
fn builders_take_natural_forms() {
    fn other(builder: EverythingBuilder) -> EverythingBuilder {
        builder
            .maybe_string("x")
            .maybe_number(Some(3))
            .maybe_list(["a", "b"])
            .string_set(["a", "b", "a"])
            .number_set(vec![1, 2])
            .counts([("oslo", 3)])
            .strings(["a"])
    }
    let builder = other(Everything::builder()).maybe_string(None::<String>).maybe_string(Some("y"));
    // Required fields may be set in any order, and again.
    let again = builder.a_bool(false).a_bool(true).id("1").number(-1).a_string("text");
    let again = again.an_i8(0).an_i16(0).an_i32(0).an_i64(0).a_u8(0).a_u16(0).a_u32(0).a_u64(0).an_f32(0.0).an_f64(0.0);
    let again = again.some_bytes(b"").a_uuid(Uuid::nil()).a_datetime(at("2024-01-31T12:00:00Z"));
    let built = again.a_date(dyntastic::chrono::NaiveDate::MIN).some_json(json!({})).build().unwrap();
    assert_eq!((built.maybe_string.as_deref(), built.maybe_number, built.a_bool), (Some("y"), Some(3), true));
    assert_eq!(built.maybe_list, Some(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!((built.string_set, built.number_set), (["a", "b"].map(str::to_owned).into(), [1, 2].into()));
    assert_eq!((built.counts, built.strings), ([("oslo".to_owned(), 3)].into(), vec!["a".to_owned()]));
}
