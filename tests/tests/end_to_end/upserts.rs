//! Items that upserts make: what is stored of them is what a save would store, and can be read back.

use crate::engine::{Engine, db};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{TimeDelta, TimeZone, Utc};
use dyntastic::expr::IntoUpdate;
use dyntastic::prelude::*;
use dyntastic::{Client, Error, Model};
use dyntastic_tests::upserts::{Draft, Size, State, Ticket, TicketByOwner};
use std::collections::HashMap;

type Item = HashMap<String, AttributeValue>;

async fn upsert(db: &Client, update: impl IntoUpdate<Ticket>) -> dyntastic::Result<Ticket> {
    Ticket::update_by_key(db, "t1", update).upsert().await
}

async fn raw(db: &Client) -> Item {
    let output = Ticket::get(db, "t1").consistent_read().into_inner().unwrap().send().await.unwrap();
    output.item.unwrap()
}

/// A write of the item by hand, as another writer might.
async fn put(db: &Client, item: Item) {
    let table = crate::engine::table_name::<Ticket>(db);
    db.sdk().put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
}

/// Whether nothing is stored in a model's table.
async fn is_empty<M: Model>(db: &Client) -> bool {
    let request = db.sdk().scan().table_name(crate::engine::table_name::<M>(db)).consistent_read(true);
    match request.send().await {
        Ok(output) => output.count() == 0,
        Err(error) => error.as_service_error().is_some_and(|error| error.is_resource_not_found_exception()),
    }
}

#[tokio::test]
async fn an_upsert_stores_what_a_save_would() {
    let db = db().await;
    let before = Utc::now() - TimeDelta::seconds(2);
    let mut made = upsert(&db, Ticket::A.title.set("x")).await.unwrap();
    let item = raw(&db).await;
    assert_eq!((made.state, made.revision, made.notify.mail), (State::Open, 1, true));
    assert!(made.opened_at > before && made.seen > before && made.changed_at > before);
    assert_eq!(Ticket::get(&db, "t1").consistent_read().await.unwrap(), made, "each default was made once");
    assert_eq!(Ticket::query_by_state(&db, State::Open).all().await.unwrap(), [made.clone()]);
    assert_eq!(Ticket::query_by_rank(&db, "t1").count().await.unwrap(), 1);
    made.save(&db).await.unwrap();
    let mut saved = raw(&db).await;
    for written in ["revision", "changed_at"] {
        saved.insert(written.to_owned(), item[written].clone());
    }
    assert_eq!(item, saved);
}

#[tokio::test]
async fn an_upsert_of_an_item_leaves_its_fields_and_index_keys() {
    let db = db().await;
    let a = Ticket::A;
    let made = upsert(
        &db,
        (
            a.title.set("x"),
            a.state.set(State::Closed),
            a.rank.set(7),
            a.owner.set("ada"),
            a.due.set(dyntastic::factory::now()),
        ),
    )
    .await;
    let made = made.unwrap();
    let again = upsert(&db, (a.title.set("y"), a.steps.append(["first"]))).await.unwrap();
    assert_eq!((again.state, again.rank, again.serial), (made.state, made.rank, made.serial));
    assert_eq!((again.opened_at, again.due, again.steps.len()), (made.opened_at, made.due, 1));
    assert_eq!(Ticket::query_by_state(&db, State::Closed).count().await.unwrap(), 1);
    assert_eq!(Ticket::query_by_owner(&db, "ada").count().await.unwrap(), 1);
}

#[tokio::test]
async fn a_default_of_the_callers_goes_into_the_index_key() {
    let db = db().await;
    let a = Ticket::A;
    let made = upsert(&db, (a.title.set("x"), a.state.set_default(State::Closed))).await.unwrap();
    assert_eq!(made.state, State::Closed);
    assert_eq!(Ticket::query_by_state(&db, State::Closed).count().await.unwrap(), 1);
    let again = upsert(&db, (a.title.set("y"), a.state.set_default(State::Open))).await.unwrap();
    assert_eq!(again.state, State::Closed);
    assert_eq!(Ticket::query_by_state(&db, State::Closed).count().await.unwrap(), 1);
}

/// An item from before the index has fields, and no index key: that is not made of defaults.
#[tokio::test]
async fn an_index_key_is_not_made_of_defaults_where_the_item_has_others() {
    let db = db().await;
    let a = Ticket::A;
    upsert(&db, (a.title.set("x"), a.state.set(State::Closed))).await.unwrap();
    let mut item = raw(&db).await;
    item.remove("gsi1pk");
    put(&db, item.clone()).await;
    let error = upsert(&db, a.title.set("y")).await.unwrap_err();
    if Engine::current().returns_existing() {
        assert!(matches!(error, Error::IndexKey { key: "gsi1pk", .. }), "{error:?}");
    }
    assert_eq!(raw(&db).await, item);
    // Of a field that is not there either, it is.
    item.remove("s");
    put(&db, item).await;
    upsert(&db, a.title.set("y")).await.unwrap();
    assert_eq!(Ticket::query_by_state(&db, State::Open).count().await.unwrap(), 1);
}

/// Of an item that is there, an upsert by key does not know the rest of an index key; of one that it makes, it does.
#[tokio::test]
async fn an_index_key_of_a_value_and_a_default_is_that_of_an_item_with_the_default() {
    let db = db().await;
    let a = Ticket::A;
    let due = |day| Utc.with_ymd_and_hms(2031, 1, day, 0, 0, 0).unwrap();
    upsert(&db, (a.title.set("x"), a.owner.set("ada"), a.due.set(due(1)))).await.unwrap();
    upsert(&db, (a.title.set("x"), a.due.set(due(2)))).await.unwrap();
    let found = async |day| {
        let range = TicketByOwner::A.due.eq(due(day));
        Ticket::query_by_owner(&db, "ada").range(range).count().await.unwrap()
    };
    assert_eq!((found(1).await, found(2).await), (0, 1));
    Ticket::update_by_key(&db, "t1", (a.due.set(due(2)), a.place.set(3))).await.unwrap();
    let before = raw(&db).await;
    let error = upsert(&db, (a.title.set("x"), a.due.set(due(4)))).await.unwrap_err();
    if Engine::current().returns_existing() {
        assert!(matches!(error, Error::IndexKey { key: "gsi2sk", .. }), "{error:?}");
        assert!(error.to_string().contains("the item's place is not the default"), "{error}");
    }
    assert_eq!(raw(&db).await, before);
}

#[tokio::test]
async fn an_upsert_of_an_instance_that_is_gone_makes_no_wrong_index_key() {
    let db = db().await;
    let a = Ticket::A;
    let mut ticket =
        upsert(&db, (a.title.set("x"), a.owner.set("ada"), a.due.set(dyntastic::factory::now()))).await.unwrap();
    ticket.delete(&db).await.unwrap();
    ticket.revision = 0;
    let error = ticket.update(&db, (a.title.set("y"), a.place.set(3))).upsert().await.unwrap_err();
    if Engine::current().returns_existing() {
        assert!(matches!(error, Error::StaleIndexKey { field: "due", .. }), "{error:?}");
    }
    assert!(is_empty::<Ticket>(&db).await);
}

#[tokio::test]
async fn an_upsert_sets_every_required_field_or_is_not_sent() {
    let db = db().await;
    let a = Draft::A;
    let upsert = async |update: dyntastic::expr::UpdateExpression<Draft>| match Draft::update_by_key(&db, "d1", update)
        .upsert()
        .await
    {
        Ok(draft) => panic!("{draft:?}"),
        Err(error) => error.to_string(),
    };
    let size = Size::builder().width(1_u32).build().unwrap();
    let count_and_size = upsert(a.note.set("x").into_update()).await;
    assert!(count_and_size.contains("count") && count_and_size.contains("size"), "{count_and_size}");
    let only_size = upsert(a.count.add(1_u32).into_update()).await;
    assert!(only_size.contains("size") && !only_size.contains("count"), "{only_size}");
    // What yields nothing where there is no item does not set a field.
    for update in [
        (a.size.set(size), a.count.set(a.count.plus(1_u32))).into_update(),
        (a.size.set(size), a.count.set(&a.count)).into_update(),
        (a.count.set(1_u32), a.size.then(Size::A.width).set(1_u32)).into_update(),
    ] {
        let error = upsert(update).await;
        assert!(error.contains("count") != error.contains("size"), "{error}");
    }
    assert!(is_empty::<Draft>(&db).await, "an error before anything is stored");

    let whole = [
        (a.size.set(size), a.count.set(a.count.or(1_u32).plus(1_u32))).into_update(),
        (a.size.set_default(size), a.count.add(1_u32)).into_update(),
        (a.size.set(size), a.count.set(5_u32), a.note.remove()).into_update(),
    ];
    for (update, count) in whole.into_iter().zip([2, 1, 5]) {
        let draft = Draft::update_by_key(&db, "d1", update).upsert().await.unwrap();
        assert_eq!((draft.count, draft.state), (count, State::Open));
        assert_eq!(Draft::query_by_state(&db, State::Open).count().await.unwrap(), 1);
        draft.delete(&db).await.unwrap();
    }
}

#[tokio::test]
async fn an_upsert_in_a_transaction_does_the_same() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let transaction = db.transaction().upsert::<Ticket>("t1", Ticket::A.owner.set_default("ada"));
    let error = transaction.await.unwrap_err();
    assert!(error.to_string().contains("does not set t"), "{error}");
    assert!(is_empty::<Ticket>(&db).await);
    let transaction = db.transaction().upsert::<Ticket>("t1", Ticket::A.title.set("x"));
    transaction.await.unwrap();
    assert_eq!(Ticket::query_by_state(&db, State::Open).count().await.unwrap(), 1);
    let update = Ticket::A.title.set("");
    let transaction = db.transaction().upsert::<Ticket>("t1", update);
    assert!(matches!(transaction.await.unwrap_err(), Error::Invalid(_)));
}
