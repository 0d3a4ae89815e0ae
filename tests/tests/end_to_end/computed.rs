//! Computed fields: every write stores them, every update keeps them, and reads find them.

use crate::engine::{Engine, db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{DateTime, Utc};
use dyntastic::codec::AttributeMap;
use dyntastic::prelude::*;
use dyntastic::{Client, Error, Patch};
use dyntastic_tests::computed::{
    Level, Ticket, TicketByPlace, User, UserBadge, UserByAnniversary, UserByName, UserPatch,
};
use std::collections::BTreeSet;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn ada(id: &str) -> User {
    let ada = User::builder().user_id(id).first(" Ada ").last("Lovelace").points(7_u32).level(Level::Senior);
    ada.joined(at("2024-01-31T12:00:00Z")).build().unwrap()
}

fn ticket(number: u32) -> Ticket {
    Ticket::builder().desk_id("d 1").number(number).title("Help!!").place_name("Oslo").build().unwrap()
}

async fn stored(db: &Client, id: &str) -> AttributeMap {
    let request = db.sdk().get_item().table_name(table_name::<User>(db)).consistent_read(true);
    request.key("user_id", AttributeValue::S(id.to_owned())).send().await.unwrap().item.unwrap()
}

/// The computed attributes of an item that are texts or numbers, with their values.
fn computed(item: &AttributeMap) -> Vec<(&str, &str)> {
    let value = |value: &'_ AttributeValue| match value {
        AttributeValue::S(text) | AttributeValue::N(text) => Some(text.clone()),
        _ => None,
    };
    let names = ["fullName", "search", "initials", "badge", "hint", "rank", "anniversary"];
    let found = names.into_iter().filter_map(|name| Some((name, value(item.get(name)?)?)));
    found.map(|(name, value)| (name, &*value.leak())).collect()
}

/// What a save of the item would store.
async fn assert_current(db: &Client, id: &str) {
    let item = stored(db, id).await;
    let user = User::get(db, id).consistent_read().await.unwrap();
    user.save(db).await.unwrap();
    assert_eq!(item, stored(db, id).await);
}

/// A function is given what is stored, also of a time that its stored form cuts.
#[tokio::test]
async fn what_is_computed_follows_from_what_is_stored() {
    let db = db().await;
    let fine = at("2024-01-31T12:00:00.75Z");
    let current = ("anniversary", "2025-01-31T12:00:00.000000Z");
    let of_stored = async |id| computed(&stored(&db, id).await).contains(&current);
    User { joined: fine, ..ada("saved") }.save(&db).await.unwrap();
    assert!(of_stored("saved").await);
    let mut updated = ada("updated");
    updated.save(&db).await.unwrap();
    updated.update(&db, User::A.joined.set(fine)).await.unwrap();
    assert!(of_stored("updated").await);
    assert_current(&db, "updated").await;
}

#[tokio::test]
async fn every_write_stores_what_is_computed() {
    let db = db().await;
    let expected = [
        ("fullName", "Ada Lovelace"),
        ("search", "lovelace"),
        ("badge", "#000007 of 2024-01-31, LOVELACE!"),
        ("rank", "1007"),
        ("anniversary", "2025-01-31T12:00:00.000000Z"),
    ];
    ada("saved").save(&db).await.unwrap();
    ada("inserted").insert(&db).await.unwrap();
    db.batch_write().put(&ada("in_a_batch")).await.unwrap();
    let mut ids = vec!["saved", "inserted", "in_a_batch"];
    if Engine::current().has_transactions() {
        db.transaction().put(&ada("in_a_transaction")).await.unwrap();
        ids.push("in_a_transaction");
    }
    for id in ids {
        let item = stored(&db, id).await;
        assert_eq!(computed(&item), expected, "{id}");
        let AttributeValue::Ss(words) = &item["words"] else { unreachable!("{item:?}") };
        assert_eq!(words.iter().collect::<BTreeSet<_>>(), ["ada".to_owned(), "lovelace".to_owned()].iter().collect());
    }
    let read = User::get(&db, "saved").await.unwrap();
    assert_eq!((read.full_name().as_str(), read.initials(), read.rank()), ("Ada Lovelace", None, 1007));
    // They are no unknown attributes.
    assert!(read.unknown.as_map().is_empty(), "{:?}", read.unknown);

    let mut changed = read.clone();
    (changed.middle, changed.note) = (Some("K.".to_owned()), Some("shy # and quiet".to_owned()));
    changed.replace(&db).await.unwrap();
    let item = stored(&db, "saved").await;
    let texts = computed(&item);
    assert!(texts.contains(&("initials", "AdaK.")) && texts.contains(&("hint", "(shy # and quiet)")), "{texts:?}");
}

#[tokio::test]
async fn an_update_of_an_item_that_was_read_keeps_what_is_computed() {
    let db = db().await;
    let mut user = ada("read");
    user.save(&db).await.unwrap();
    user.update(&db, (User::A.last.set("King"), User::A.middle.set("B"))).await.unwrap();
    let item = stored(&db, "read").await;
    let texts = computed(&item);
    for text in [("fullName", "Ada King"), ("search", "king"), ("initials", "AdaB"), ("rank", "1007")] {
        assert!(texts.contains(&text), "{texts:?}");
    }
    assert_current(&db, "read").await;
    // A value that an update calculates is not known before.
    user.update(&db, User::A.points.set(20_u32)).await.unwrap();
    assert_eq!(user.rank(), 1020);
    assert_current(&db, "read").await;
    user.update(&db, (User::A.middle.remove(), User::A.level.remove())).await.unwrap();
    let item = stored(&db, "read").await;
    assert!(!item.contains_key("initials") && item["rank"] == AttributeValue::N("20".to_owned()), "{item:?}");
    assert_current(&db, "read").await;

    let patch =
        UserPatch { first: Some("Augusta".to_owned()), note: Patch::Set("x".to_owned()), ..UserPatch::default() };
    user.update(&db, patch).await.unwrap();
    assert_eq!(computed(&stored(&db, "read").await)[0], ("fullName", "Augusta King"));
    assert_current(&db, "read").await;
}

#[tokio::test]
async fn an_update_by_key_sets_all_fields_of_what_it_changes() {
    let db = db().await;
    ada("by key").save(&db).await.unwrap();
    let error = User::update_by_key(&db, "by key", User::A.first.set("A")).await.unwrap_err();
    assert!(matches!(&error, Error::IndexKey { key: "fullName", .. }), "{error:?}");
    assert!(error.to_string().contains("lastName"), "{error}");
    let error = User::update_by_key(&db, "by key", User::A.level.set(Level::Junior)).await.unwrap_err();
    assert!(matches!(error, Error::IndexKey { key: "rank", .. }), "{error:?}");
    assert_eq!(computed(&stored(&db, "by key").await)[0], ("fullName", "Ada Lovelace"));

    let names = (User::A.first.set(" Bea "), User::A.last.set("Z"), User::A.middle.set("y"));
    let rest =
        (User::A.points.set(1_u32), User::A.level.set(Level::Junior), User::A.joined.set(at("2025-01-01T00:00:00Z")));
    User::update_by_key(&db, "by key", (names, rest)).await.unwrap();
    assert_current(&db, "by key").await;
    assert_eq!(User::get(&db, "by key").await.unwrap().full_name(), "Bea Z");
    // Nothing is computed of the note but the hint.
    User::update_by_key(&db, "by key", User::A.note.set("n")).await.unwrap();
    assert_current(&db, "by key").await;
}

#[tokio::test]
async fn an_update_of_a_stale_item_is_a_conflict() {
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    let mut stale = ada("stale");
    stale.save(&db).await.unwrap();
    let mut other = stale.clone();
    other.update(&db, User::A.last.set("King")).await.unwrap();
    let error = stale.update(&db, User::A.first.set("A")).await.unwrap_err();
    assert!(matches!(error, Error::StaleIndexKey { key: "fullName", field: "lastName", .. }), "{error:?}");
    stale.refresh(&db).await.unwrap();
    stale.update(&db, User::A.first.set("A")).await.unwrap();
    assert_eq!(stale.full_name(), "A King");
    assert_current(&db, "stale").await;
}

#[tokio::test]
async fn an_item_of_before_is_read_and_its_next_writes_compute() {
    let db = db().await;
    User::create_table(&db).await.unwrap();
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let item = [
        ("user_id", text("old")),
        ("first", text("Ada")),
        ("lastName", text("Lovelace")),
        ("joined", AttributeValue::N("1706702400".to_owned())),
        ("fullName", text("of an earlier rule")),
        ("extra", text("kept")),
    ];
    let item = item.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    db.sdk().put_item().table_name(table_name::<User>(&db)).set_item(Some(item)).send().await.unwrap();

    let mut old = User::get(&db, "old").await.unwrap();
    assert_eq!((old.full_name().as_str(), old.rank()), ("Ada Lovelace", 0));
    let badges: Vec<UserBadge> = User::scan(&db).filter(User::A.user_id.eq("old")).project_into().all().await.unwrap();
    assert_eq!(badges[0].badge, None);
    old.update(&db, User::A.points.set(3_u32)).await.unwrap();
    let item = stored(&db, "old").await;
    assert_eq!(item["rank"], AttributeValue::N("3".to_owned()));
    assert_eq!((&item["fullName"], &item["extra"]), (&text("of an earlier rule"), &text("kept")));
    old.save(&db).await.unwrap();
    let item = stored(&db, "old").await;
    assert_eq!((&item["fullName"], &item["extra"]), (&text("Ada Lovelace"), &text("kept")));
}

#[tokio::test]
async fn indexes_conditions_and_projections_have_them() {
    let db = db().await;
    let mut low = ada("low");
    low.last = "Lúcia".to_owned();
    let high = User { points: 90, middle: Some("M".to_owned()), ..User { user_id: "high".to_owned(), ..low.clone() } };
    low.level = None;
    low.save(&db).await.unwrap();
    high.save(&db).await.unwrap();
    let found = User::best(&db, "lúcia", 100_u32).all().await.unwrap();
    assert_eq!(found, std::slice::from_ref(&high));
    let page = User::query_by_name(&db, "lúcia").range(UserByName::A.rank.between(0, 50)).page().await.unwrap();
    assert_eq!(page.items, [low]);
    let day = at("2025-01-31T00:00:00Z");
    let seen: Vec<UserByAnniversary> = User::query_by_anniversary(&db, "Ada Lúcia")
        .range(UserByAnniversary::A.anniversary.ge(day))
        .all()
        .await
        .unwrap();
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|of| of.full_name == "Ada Lúcia" && of.words.contains("ada")), "{seen:?}");
    assert!(seen.iter().any(|of| of.initials.as_deref() == Some("AdaM")), "{seen:?}");

    let filter = User::A.search.eq("lúcia") & User::A.initials.exists();
    assert_eq!(User::scan(&db).filter(filter).count().await.unwrap(), 1);
    let refused = high.save(&db).condition(User::A.rank.lt(100)).await.unwrap_err();
    assert!(matches!(refused, Error::ConditionFailed { .. }), "{refused:?}");
    high.save(&db).condition(User::A.rank.gt(100)).await.unwrap();
}

#[tokio::test]
async fn a_key_of_an_index_is_not_empty() {
    let db = db().await;
    let empty = User { last: String::new(), ..ada("empty") };
    let violations = empty.validate().unwrap_err();
    assert_eq!(violations.iter().map(|of| of.path().to_string()).collect::<Vec<_>>(), ["search"], "{violations}");
    assert!(matches!(empty.save(&db).await.unwrap_err(), Error::Invalid(_)));
    let mut user = ada("emptied");
    user.save(&db).await.unwrap();
    let error = user.update(&db, User::A.last.set("")).await.unwrap_err();
    let Error::Invalid(violations) = &error else { unreachable!("{error:?}") };
    assert_eq!(violations.iter().map(|of| of.path().to_string()).collect::<Vec<_>>(), ["search"], "{error}");
    let error = user.update(&db, User::A.last.set("x".repeat(2_049))).await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error:?}");
    assert_eq!(computed(&stored(&db, "emptied").await)[0], ("fullName", "Ada Lovelace"));
}

#[tokio::test]
async fn a_shared_table_has_them_too() {
    let db = db().await;
    let mut one = ticket(1);
    one.save(&db).await.unwrap();
    ticket(2).insert(&db).await.unwrap();
    assert_eq!((one.label().as_str(), one.urgency()), ("d 1/1: Help!!", 2));
    one.update(&db, (Ticket::A.title.set("Fire!"), Ticket::A.done.set(false))).await.unwrap();
    let found = Ticket::query(&db, "d 1").filter(Ticket::A.urgency.eq(1) & Ticket::A.label.contains("Fire")).all();
    assert_eq!(found.await.unwrap(), [one]);
    // Its key tells an update by key the fields of the key.
    Ticket::update_by_key(&db, ("d 1", 2_u32), (Ticket::A.title.set("Done"), Ticket::A.done.set(true))).await.unwrap();
    let labels: Vec<TicketByPlace> = Ticket::query_by_place(&db, "Oslo").all().await.unwrap();
    let labels: Vec<&str> = labels.iter().filter_map(|of| of.label.as_deref()).collect();
    assert_eq!(labels, ["d 1/1: Fire!", "d 1/2: Done"]);
}
