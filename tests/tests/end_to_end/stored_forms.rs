//! Updates of items whose stored fields have another form than the struct would write: from before a field existed, with
//! NULL, or in another spelling.

use crate::engine::{Engine, db};
use crate::random::Random;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{SubsecRound, TimeZone, Utc};
use dyntastic::prelude::*;
use dyntastic::uuid::Uuid;
use dyntastic::{Client, Error};
use dyntastic_tests::upserts::{Seat, State, Ticket, TicketByOwner};
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

/// An update of parts of two keys, which are made of a field each that another writer may have changed.
#[tokio::test]
async fn each_field_that_an_update_makes_keys_of_is_asked_for() {
    let db = db().await;
    stored(&db, |_| {}).await;
    let later = Utc.with_ymd_and_hms(2031, 1, 1, 0, 0, 0).unwrap();
    let both = || (Ticket::A.opened_at.set(later), Ticket::A.due.set(later));
    let changes =
        [("gsi1sk", "serial", Ticket::A.serial.set(Uuid::from_u128(7))), ("gsi2sk", "place", Ticket::A.place.set(4))];
    for (key, field, change) in changes {
        let mut stale = read(&db).await;
        read(&db).await.update(&db, change).await.unwrap();
        stale.revision += 1;
        let error = stale.update(&db, both()).await.unwrap_err();
        if Engine::current().returns_existing() {
            let Error::StaleIndexKey { key: of, field: changed, .. } = error else { unreachable!("{error:?}") };
            assert_eq!((of, changed), (key, field));
        }
        assert_true_keys(&db).await;
    }
}

/// Of what an update does not set, it stores what a factory has made, and nothing else.
#[tokio::test]
async fn what_an_update_does_not_set_is_left_as_it_is_stored() {
    let db = db().await;
    stored(&db, |item| put(item, "place", None)).await;
    let due = Utc.with_ymd_and_hms(2031, 1, 1, 0, 0, 0).unwrap();
    read(&db).await.update(&db, Ticket::A.due.set(due)).await.unwrap();
    assert_eq!(raw(&db).await.get("place"), None);
    // A field that is removed has its default, which is stored where a key is made of it.
    read(&db).await.update(&db, (Ticket::A.weight.remove(), Ticket::A.rank.remove())).await.unwrap();
    let item = raw(&db).await;
    assert_eq!((item.get("weight"), item.get("rank")), (None, Some(&AttributeValue::N("1.5".to_owned()))));
    assert_true_keys(&db).await;
}

#[tokio::test]
async fn a_value_that_cannot_be_stored_is_what_is_wrong_with_an_index_key() {
    let db = db().await;
    stored(&db, |_| {}).await;
    let late = Ticket::A.due.set(dyntastic::chrono::DateTime::<Utc>::MAX_UTC.trunc_subsecs(0));
    let error = read(&db).await.update(&db, late).await.unwrap_err();
    assert!(matches!(error, Error::Write(_)) && error.to_string().starts_with("Ticket.due: "), "{error:?}");
    // The value of another field is no default.
    let due = Utc.with_ymd_and_hms(2031, 1, 1, 0, 0, 0).unwrap();
    let other = Ticket::A.due.set(Ticket::A.opened_at.or(due));
    let error = Ticket::update_by_key(&db, "t1", (Ticket::A.title.set("x"), other)).upsert().await.unwrap_err();
    assert!(matches!(error, Error::IndexKey { key: "gsi2sk", .. }), "{error:?}");
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
async fn a_field_in_another_spelling_is_the_same_in_a_transaction() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    stored(&db, |item| {
        let serial = text(item, "serial").unwrap().to_uppercase();
        put(item, "serial", Some(s(&serial)));
    })
    .await;
    let ticket = read(&db).await;
    let opened = Utc.with_ymd_and_hms(2025, 1, 1, 0, 0, 0).unwrap();
    let update = || Ticket::A.opened_at.set(opened);
    // What is in the way is told, and not the spelling.
    let transaction = db.transaction().update_item(&ticket, update()).check::<Ticket>("none", Ticket::A.title.exists());
    let error = transaction.await.unwrap_err();
    let Error::TransactionCanceled(canceled) = &error else { unreachable!("{error:?}") };
    assert_eq!(canceled.reasons().iter().map(|reason| reason.index()).collect::<Vec<_>>(), [1]);
    db.transaction().update_item(&ticket, update()).await.unwrap();
    let expected = format!("OPENED#2025-01-01T00:00:00.000000Z#{}", ticket.serial);
    assert_eq!(text(&raw(&db).await, "gsi1sk"), Some(expected.as_str()));
    assert_true_keys(&db).await;
    // A field of another value is still another one.
    stored(&db, |item| put(item, "serial", Some(s(&Uuid::from_u128(7).to_string().to_uppercase())))).await;
    let error = db.transaction().update_item(&ticket, update()).await.unwrap_err();
    assert!(error.is_conflict(), "{error:?}");
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

#[tokio::test]
async fn an_update_of_a_unique_field_takes_what_is_stored_too() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let mut seat = Seat::builder().seat_id("s1").room(Uuid::from_u128(0xab)).build().unwrap();
    seat.save(&db).await.unwrap();
    let mut item = dyntastic::codec::write_model(&seat).unwrap();
    item.remove("row");
    let room = text(&item, "room").unwrap().to_uppercase();
    put(&mut item, "room", Some(s(&room)));
    let table = crate::engine::table_name::<Seat>(&db);
    db.sdk().put_item().table_name(&table).set_item(Some(item)).send().await.unwrap();
    let mut stale = seat.clone();
    seat.update(&db, (Seat::A.row.set(2_u32), Seat::A.label.set("window"))).await.unwrap();
    assert_eq!(Seat::query_by_state(&db, seat.room, 2_u32).all().await.unwrap(), [seat.clone()]);
    seat.update(&db, Seat::A.room.set(Uuid::from_u128(0xcd))).await.unwrap();
    let error = stale.update(&db, (Seat::A.row.set(3_u32), Seat::A.label.set("door"))).if_matches().await.unwrap_err();
    assert!(matches!(error, Error::StaleIndexKey { field: "room", .. }), "{error:?}");
}

#[tokio::test]
async fn an_update_in_a_transaction_takes_absence_null_and_the_default() {
    if !Engine::current().has_transactions() {
        return;
    }
    for form in forms(&s("2030-01-01T00:00:00.000000Z")) {
        let db = db().await;
        stored(&db, |item| put(item, "due", form)).await;
        let ticket = read(&db).await;
        let transaction = db.transaction().update_item(&ticket, Ticket::A.place.set(3));
        transaction.await.unwrap();
        assert_true_keys(&db).await;
        stored(&db, |item| put(item, "due", Some(s("2031-01-01T00:00:00.000000Z")))).await;
        let transaction = db.transaction().update_item(&ticket, Ticket::A.place.set(3));
        assert!(transaction.await.is_err());
    }
}

#[tokio::test]
async fn a_condition_of_ones_own_is_told_from_fields_in_another_form() {
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    stored(&db, |item| {
        put(item, "place", Some(AttributeValue::N("0.0".to_owned())));
        let due = s("2030-01-01T00:00:00Z");
        put(item, "due", Some(due));
    })
    .await;
    let mut ticket = read(&db).await;
    let other = ticket.due + dyntastic::chrono::TimeDelta::days(1);
    for update in [Ticket::A.due.set(other), Ticket::A.place.set(1)] {
        let matched = ticket.update(&db, update).condition(Ticket::A.title.eq("other")).if_matches().await;
        assert!(!matched.unwrap());
    }
    ticket.update(&db, Ticket::A.place.set(1)).condition(Ticket::A.title.eq("x")).await.unwrap();
    assert_true_keys(&db).await;
}

/// Whatever form the fields of an item have, and whatever an update does: its index keys are those of a save.
#[tokio::test]
async fn index_keys_are_those_of_a_save_whatever_is_stored() {
    let db = db().await;
    let mut random = Random::new(12);
    let takes_spellings = Engine::current().returns_existing();
    for _ in 0..60 {
        let mut form = |item: &mut Item, name: &str, default: AttributeValue, spelling: AttributeValue| {
            let [absent, null, default] = forms(&default);
            match random.below(5) {
                0 => put(item, name, absent),
                1 => put(item, name, null),
                2 => put(item, name, default),
                3 if takes_spellings => put(item, name, Some(spelling)),
                _ => {}
            }
        };
        stored(&db, |item| {
            let serial = text(item, "serial").unwrap().to_owned();
            form(item, "s", s("open"), s("closed"));
            form(item, "serial", s(&serial), s(&serial.to_uppercase()));
            form(item, "due", s("2030-01-01T00:00:00.000000Z"), s("2030-01-01T01:00:00+01:00"));
            form(item, "place", AttributeValue::N("0".to_owned()), AttributeValue::N("7.0".to_owned()));
            form(item, "opened_at", s("2024-01-01T00:00:00.000000Z"), s("2024-01-01T00:00:00.5Z"));
            form(item, "revision", AttributeValue::N("0".to_owned()), AttributeValue::N("3".to_owned()));
        })
        .await;
        // Index keys that no action is about stay as they are, so that one is for each of them.
        let opened = Utc.with_ymd_and_hms(2025, 1, 1, 0, 0, 0).unwrap();
        let a = Ticket::A;
        let mut updates = vec![
            if random.below(2) == 0 { a.opened_at.set(opened) } else { a.serial.set(Uuid::from_u128(5)) },
            if random.below(2) == 0 { a.due.set(opened) } else { a.place.set(3) },
            if random.below(2) == 0 { a.state.set(State::Closed) } else { a.state.remove() },
            if random.below(2) == 0 { a.owner.set("bob") } else { a.owner.remove() },
        ];
        if random.below(2) == 0 {
            updates.push(a.title.set("y"));
        }
        let mut ticket = read(&db).await;
        let update = ticket.update(&db, updates);
        assert!(update.if_matches().await.unwrap());
        assert_true_keys(&db).await;
    }
}
