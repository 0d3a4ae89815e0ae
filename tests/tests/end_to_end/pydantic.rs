//! A table that Dyntastic writes too: its items are found, changed and deleted from both sides.

use crate::engine::db;
use crate::round_trip::attributes;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::AttributeMap;
use dyntastic::codec::ReadErrorKind;
use dyntastic::codec::{read_model, write_model};
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Value};
use dyntastic_tests::pydantic::Entry;

/// What Dyntastic 0.18 on Pydantic 2 has sent: for each of its items the request of its `save`, and the keys of its
/// `safe_get` and `delete`.
fn sent() -> Vec<(AttributeMap, AttributeMap, AttributeMap)> {
    let sent: Vec<Value> = serde_json::from_str(include_str!("../../fixtures/dyntastic_keys.json")).unwrap();
    let of = |sent: &Value, operation: &str| attributes(&sent[operation]);
    sent.iter().map(|sent| (of(sent, "PutItem"), of(sent, "GetItem"), of(sent, "DeleteItem"))).collect()
}

fn is_utc(item: &AttributeMap) -> bool {
    item["at"].as_s().unwrap().ends_with('Z')
}

#[tokio::test]
async fn items_of_both_are_found_changed_and_deleted_by_both() {
    let db = db().await;
    Entry::create_table(&db).await.unwrap();
    let sent: Vec<_> = sent().into_iter().filter(|(item, ..)| is_utc(item)).collect();
    assert_eq!(sent.len(), 4);
    for (item, get, delete) in &sent {
        // Dyntastic writes, and this crate finds, changes and deletes.
        let entry: Entry = read_model(item.clone()).unwrap();
        assert_eq!(write_model(&entry).unwrap(), *item);
        let put = entry.save(&db).into_inner().unwrap().set_item(Some(item.clone()));
        put.send().await.unwrap();
        let mut found = Entry::get(&db, &entry).await.unwrap();
        assert_eq!(found, entry);
        let queried = Entry::query(&db, entry.day).range(Entry::A.at.eq(entry.at)).all().await.unwrap();
        assert_eq!(queried, std::slice::from_ref(&entry));
        found.update(&db, Entry::A.note.set("rust")).await.unwrap();
        found.save(&db).await.unwrap();
        assert_eq!(Entry::scan(&db).count().await.unwrap(), 1, "no second item");

        // This crate has written, and Dyntastic finds.
        let get = Entry::get(&db, &entry).into_inner().unwrap().set_key(Some(get.clone()));
        let stored = get.send().await.unwrap().item.unwrap();
        assert_eq!(stored["note"], AttributeValue::S("rust".to_owned()));
        let delete = Entry::delete_by_key(&db, &entry).into_inner().unwrap().set_key(Some(delete.clone()));
        delete.send().await.unwrap();
        assert_eq!(Entry::find(&db, &entry).await.unwrap(), None);

        entry.save(&db).await.unwrap();
        entry.delete(&db).await.unwrap();
        assert_eq!(Entry::scan(&db).count().await.unwrap(), 0);
    }
}

#[test]
fn a_key_with_an_offset_is_an_error() {
    let others: Vec<_> = sent().into_iter().filter(|(item, ..)| !is_utc(item)).collect();
    assert_eq!(others.len(), 2);
    for (item, ..) in others {
        let stored = item["at"].as_s().unwrap().clone();
        let error = read_model::<Entry>(item).unwrap_err();
        let ReadErrorKind::OtherKey { stored: shown, written } = error.kind() else { unreachable!("{error:?}") };
        assert_eq!((error.path().to_string().as_str(), shown), ("at", &stored));
        assert!(written.ends_with('Z'), "{written}");
    }
}

#[tokio::test]
async fn times_of_a_second_are_found_by_its_beginning() {
    let db = db().await;
    let entries: Vec<Entry> =
        sent().into_iter().filter(|(item, ..)| is_utc(item)).map(|(item, ..)| read_model(item).unwrap()).collect();
    for entry in &entries {
        entry.save(&db).await.unwrap();
    }
    let found = Entry::of_second(&db, entries[0].day, "2022-02-12T18:27:55").all().await.unwrap();
    assert_eq!(found, [entries[1].clone(), entries[0].clone()], "in the order of their texts");
    let condition = Entry::A.clock.eq(entries[0].clock) & Entry::A.local.eq(entries[0].local);
    assert_eq!(Entry::scan(&db).filter(condition).all().await.unwrap(), [entries[0].clone()]);
}
