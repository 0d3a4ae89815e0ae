//! Updates of items whose stored fields have another form than the struct would write: from before a field existed, with
//! NULL, or in another spelling.

use crate::engine::{Engine, db};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{TimeZone, Utc};
use dyntastic::{Client, Error};
use dyntastic_tests::upserts::{State, Ticket, TicketByOwner};
use std::collections::HashMap;

type Item = HashMap<String, AttributeValue>;

fn ticket() -> Ticket {
    let at = Utc.with_ymd_and_hms(2024, 2, 1, 12, 0, 0).unwrap();
    Ticket::builder().ticket_id("t1").title("x").opened_at(at).owner("ada").build().unwrap()
}

/// A ticket as it is stored.
async fn raw(db: &Client) -> Item {
    let output = Ticket::get(db, "t1").consistent_read().into_inner().unwrap().send().await.unwrap();
    output.item.unwrap()
}

/// Stores a ticket, changed by hand as another writer might.
async fn stored(db: &Client, change: impl FnOnce(&mut Item)) {
    if !Ticket::table_exists(db).await.unwrap() {
        Ticket::create_table(db).await.unwrap();
    }
    let mut ticket = ticket();
    let mut item = ticket.insert(db).into_inner().unwrap().get_item().clone().unwrap();
    change(&mut item);
    let table = crate::engine::table_name::<Ticket>(db);
    db.sdk().put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
}

async fn read(db: &Client) -> Ticket {
    Ticket::get(db, "t1").consistent_read().await.unwrap()
}

fn text<'i>(item: &'i Item, name: &str) -> Option<&'i str> {
    item.get(name).map(|value| value.as_s().unwrap().as_str())
}

/// That the index keys are those of a fresh save of what is read.
async fn assert_true_keys(db: &Client) {
    let item = raw(db).await;
    read(db).await.save(db).await.unwrap();
    let saved = raw(db).await;
    for name in ["gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk", "rank_key"] {
        assert_eq!(item.get(name), saved.get(name), "{name} of {item:?}");
    }
}

fn null() -> AttributeValue {
    AttributeValue::Null(true)
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// What can stand for a default: nothing, NULL, or the default itself.
fn forms(default: &AttributeValue) -> [Option<AttributeValue>; 3] {
    [None, Some(null()), Some(default.clone())]
}

fn put(item: &mut Item, name: &str, value: Option<AttributeValue>) {
    match value {
        Some(value) => drop(item.insert(name.to_owned(), value)),
        None => drop(item.remove(name)),
    }
}

#[tokio::test]
async fn an_item_from_before_a_defaulted_field_is_updated() {
    for form in forms(&s("2030-01-01T00:00:00.000000Z")) {
        let db = db().await;
        stored(&db, |item| {
            put(item, "due", form);
            item.remove("gsi2sk");
        })
        .await;
        let mut ticket = read(&db).await;
        assert!(ticket.update(&db, Ticket::A.place.set(3)).if_matches().await.unwrap());
        assert_eq!(text(&raw(&db).await, "gsi2sk"), Some("DUE#2030-01-01T00:00:00.000000Z#0000000003"));
        assert_true_keys(&db).await;
    }
}

#[tokio::test]
async fn parts_of_one_key_may_be_defaults_nulls_and_absent() {
    let db = db().await;
    stored(&db, |item| {
        item.remove("serial");
        put(item, "owner", Some(null()));
        item.remove("gsi2pk");
        put(item, "s", Some(null()));
    })
    .await;
    let mut ticket = read(&db).await;
    let serial = ticket.serial;
    assert_eq!((ticket.state, &ticket.owner), (State::Open, &None));
    let opened = Utc.with_ymd_and_hms(2025, 1, 1, 0, 0, 0).unwrap();
    ticket.update(&db, (Ticket::A.opened_at.set(opened), Ticket::A.due.set(opened))).await.unwrap();
    assert_eq!(ticket.serial, serial, "what a factory made is stored with the key that is made of it");
    assert_eq!(read(&db).await.serial, serial);
    assert_eq!(ticket.owner, None);
    assert_true_keys(&db).await;
}

#[tokio::test]
async fn a_field_in_another_spelling_is_the_same() {
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    stored(&db, |item| {
        let serial = text(item, "serial").unwrap().to_uppercase();
        put(item, "serial", Some(s(&serial)));
    })
    .await;
    let mut ticket = read(&db).await;
    let opened = Utc.with_ymd_and_hms(2025, 1, 1, 0, 0, 0).unwrap();
    assert!(ticket.update(&db, Ticket::A.opened_at.set(opened)).if_matches().await.unwrap());
    let expected = format!("OPENED#2025-01-01T00:00:00.000000Z#{}", ticket.serial);
    assert_eq!(text(&raw(&db).await, "gsi1sk"), Some(expected.as_str()));
    // A condition that does not hold is still told.
    let update = Ticket::A.opened_at.set(opened + dyntastic::chrono::TimeDelta::days(1));
    assert!(!ticket.update(&db, update).condition(Ticket::A.title.eq("other")).if_matches().await.unwrap());
    assert_true_keys(&db).await;
}

#[tokio::test]
async fn a_field_that_another_writer_has_changed_is_a_conflict() {
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    let other = s("2031-05-05T00:00:00.000000Z");
    // Each is another value than the struct's: one that is set, the default where the struct has none, and none where the
    // struct has another.
    for (read_with, changed_to) in
        [(None, Some(other.clone())), (Some(other.clone()), None), (Some(other), Some(null()))]
    {
        stored(&db, |item| put(item, "due", read_with)).await;
        let mut ticket = read(&db).await;
        stored(&db, |item| put(item, "due", changed_to)).await;
        let before = raw(&db).await;
        let update = ticket.update(&db, Ticket::A.place.set(3));
        let error = update.if_matches().await.unwrap_err();
        assert!(error.is_conflict() && !matches!(error, Error::ConditionFailed(_)), "{error:?}");
        assert!(error.to_string().contains("gsi2sk") && error.to_string().contains("due"), "{error}");
        assert_eq!(raw(&db).await, before);
    }
}

#[tokio::test]
async fn removing_a_defaulted_field_leaves_the_key_of_its_default() {
    let db = db().await;
    stored(&db, |item| put(item, "due", Some(s("2031-05-05T00:00:00.000000Z")))).await;
    let mut ticket = read(&db).await;
    ticket.update(&db, (Ticket::A.due.remove(), Ticket::A.state.remove())).await.unwrap();
    assert_eq!(text(&raw(&db).await, "gsi1pk"), Some("STATE#open"));
    assert_eq!(Ticket::query_by_owner(&db, "ada").range(TicketByOwner::A.due.eq(ticket.due)).count().await.unwrap(), 1);
    assert_true_keys(&db).await;
}
