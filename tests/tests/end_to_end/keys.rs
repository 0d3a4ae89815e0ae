//! Keys of every type, alone and with a range key.

use crate::engine::db;
use dyntastic::bytes::Bytes;
use dyntastic::chrono::{DateTime, NaiveDate, Utc};
use dyntastic::prelude::*;
use dyntastic::uuid::Uuid;
use dyntastic_tests::keys::*;

#[tokio::test]
async fn text_keys_are_taken_in_natural_forms() {
    let db = db().await;
    let item = ByText::builder().id("a").build().unwrap();
    item.save(&db).await.unwrap();
    let owned = String::from("a");
    assert_eq!(ByText::get(&db, "a").await.unwrap(), item);
    assert_eq!(ByText::get(&db, &owned).await.unwrap(), item);
    assert_eq!(ByText::get(&db, owned).await.unwrap(), item);
    assert_eq!(ByText::get(&db, &item).await.unwrap(), item);
    assert_eq!(ByText::get(&db, ByText::key("a")).await.unwrap(), item);
    assert_eq!(ByText::key("a"), ByTextKey { id: "a".to_owned() });
}

#[tokio::test]
async fn numbers_and_bytes_and_uuids_are_keys() {
    let db = db().await;
    for id in &[i64::MIN, -1, 0, i64::MAX] {
        let item = ByNumber::builder().id(id).note("n").build().unwrap();
        item.save(&db).await.unwrap();
        assert_eq!(ByNumber::get(&db, *id).await.unwrap(), item);
        assert_eq!(ByNumber::get(&db, id).await.unwrap(), item);
    }
    let item = ByBytes::builder().id(vec![0, 255]).build().unwrap();
    item.save(&db).await.unwrap();
    assert_eq!(ByBytes::get(&db, [0, 255]).await.unwrap(), item);
    assert_eq!(ByBytes::get(&db, Bytes::from_static(&[0, 255])).await.unwrap(), item);

    let id = &Uuid::from_u128(7);
    let item = ByUuid::builder().id(id).build().unwrap();
    item.save(&db).await.unwrap();
    assert_eq!(ByUuid::get(&db, id).await.unwrap(), item);
}

#[tokio::test]
async fn hash_and_range_key_make_one_key() {
    let db = db().await;
    let day: NaiveDate = "2024-02-29".parse().unwrap();
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    for (time, note) in [("2024-02-29T08:00:00Z", "early"), ("2024-02-29T20:00:00.5Z", "late")] {
        ByDate::builder().day(day).at(at(time)).note(note).build().unwrap().save(&db).await.unwrap();
    }
    let late = ByDate::get(&db, (day, at("2024-02-29T20:00:00.5Z"))).await.unwrap();
    assert_eq!(late.note.as_deref(), Some("late"));
    late.delete(&db).await.unwrap();
    assert_eq!(ByDate::find(&db, &late).await.unwrap(), None);
    let early = ByDate::get(&db, (&day, at("2024-02-29T08:00:00Z"))).await.unwrap();
    assert_eq!(early.note.as_deref(), Some("early"), "the other range key is intact");

    let item = ByNumbers::builder().id(u64::MAX).part(i8::MIN).build().unwrap();
    item.save(&db).await.unwrap();
    assert_eq!(ByNumbers::get(&db, (u64::MAX, i8::MIN)).await.unwrap(), item);
    assert_eq!(ByNumbers::find(&db, (u64::MAX, 0)).await.unwrap(), None);
}
