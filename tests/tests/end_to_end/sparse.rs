//! Indexes that hold an item only while a condition on its fields holds.

use crate::engine::{Engine, db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::expr::{IntoUpdate, UpdateExpression};
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::sparse::{Flag, Lead, Note, Origin, Priority, Status, Ticket, TicketGsi1};

fn ticket(id: &str, status: Status) -> Ticket {
    Ticket::builder().id(id).team("core").status(status).build().unwrap()
}

/// The ids of the open tickets of the team, as the index has them.
async fn open(db: &Client) -> Vec<String> {
    let tickets = Ticket::query_gsi1(db, "core").all().await.unwrap();
    tickets.into_iter().map(|ticket| ticket.id).collect()
}

/// The ids of the urgent tickets.
async fn urgent(db: &Client) -> Vec<String> {
    let tickets = Ticket::query_gsi2(db).all().await.unwrap();
    tickets.into_iter().map(|ticket| ticket.id).collect()
}

/// The attributes of an item that are keys of indexes.
async fn index_keys(db: &Client, id: &str) -> Vec<String> {
    let key = [("pk", format!("TICKET#{id}")), ("sk", "TICKET".to_owned())];
    let key = key.map(|(name, text)| (name.to_owned(), AttributeValue::S(text)));
    let request =
        db.sdk().get_item().table_name(table_name::<Ticket>(db)).set_key(Some(key.into())).consistent_read(true);
    let mut names: Vec<String> = request.send().await.unwrap().item.unwrap().into_keys().collect();
    names.retain(|name| name.starts_with("gsi"));
    names.sort();
    names
}

#[tokio::test]
async fn a_save_writes_the_key_only_while_the_condition_holds() {
    let db = db().await;
    let mut one = ticket("1", Status::Open);
    one.save(&db).await.unwrap();
    ticket("2", Status::Draft).save(&db).await.unwrap();
    assert_eq!(open(&db).await, ["1"]);
    one.status = Status::Closed;
    one.save(&db).await.unwrap();
    assert!(open(&db).await.is_empty());
    assert!(index_keys(&db, "1").await.is_empty());
    one.status = Status::Open;
    db.batch_write().put_all([&one]).await.unwrap();
    assert_eq!(open(&db).await, ["1"]);
    // Every condition must hold, with one of its values.
    let hot = |id, status| Ticket { priority: Some(Priority::High), ..ticket(id, status) };
    for ticket in
        [hot("3", Status::Draft), hot("4", Status::Closed), Ticket { archived: true, ..hot("5", Status::Open) }]
    {
        ticket.save(&db).await.unwrap();
    }
    assert_eq!(urgent(&db).await, ["3"]);
}

#[tokio::test]
async fn an_update_of_the_conditions_field_maintains_the_key() {
    let db = db().await;
    let mut one = ticket("1", Status::Open);
    one.save(&db).await.unwrap();
    one.update(&db, Ticket::A.status.set(Status::Closed)).await.unwrap();
    assert!(open(&db).await.is_empty());
    assert!(index_keys(&db, "1").await.is_empty());
    // While it is closed, a change of the key's fields makes no key, also one that DynamoDB calculates.
    one.update(&db, Ticket::A.rank.set(7_u32)).await.unwrap();
    Ticket::update_by_key(&db, "1", (Ticket::A.rank.add(1), Ticket::A.status.set(Status::Closed))).await.unwrap();
    assert!(index_keys(&db, "1").await.is_empty());
    one.refresh(&db).await.unwrap();
    one.update(&db, Ticket::A.status.set(Status::Open)).await.unwrap();
    let found = Ticket::query_gsi1(&db, "core").range(TicketGsi1::A.rank.eq(8_u32)).all().await.unwrap();
    assert_eq!(found, [one.clone()]);
    one.update(&db, Ticket::A.priority.set(Priority::High)).await.unwrap();
    assert_eq!(urgent(&db).await, ["1"]);
    one.update(&db, Ticket::A.priority.remove()).await.unwrap();
    assert!(urgent(&db).await.is_empty());
    // A removed field has its default: the ticket is open.
    one.update(&db, Ticket::A.status.set(Status::Closed)).await.unwrap();
    one.update(&db, Ticket::A.status.remove()).await.unwrap();
    assert_eq!(open(&db).await, ["1"]);
}

#[tokio::test]
async fn an_update_by_key_says_what_it_needs_to_know() {
    let db = db().await;
    ticket("1", Status::Open).save(&db).await.unwrap();
    let update = |update: UpdateExpression<Ticket>| Ticket::update_by_key(&db, "1", update);
    let refused = [
        (Ticket::A.team.set("ops").into_update(), "gsi1pk, and does not set status"),
        (Ticket::A.archived.set(true).into_update(), ""),
        (
            (Ticket::A.team.set("ops"), Ticket::A.status.set(Status::Open)).into_update(),
            "gsi1sk, and does not set rank",
        ),
    ];
    for (of, why) in refused {
        match update(of).await {
            Err(error @ Error::IndexKey { .. }) => assert!(error.to_string().contains(why), "{error}"),
            other => assert!(why.is_empty(), "{why}: {other:?}"),
        }
    }
    // What ends the condition needs no other field.
    update(Ticket::A.status.set(Status::Closed).into_update()).await.unwrap();
    assert!(open(&db).await.is_empty());
    let all = (Ticket::A.team.set("core"), Ticket::A.status.set(Status::Open), Ticket::A.rank.set(1_u32));
    update((all, Ticket::A.archived.set(false), Ticket::A.priority.set(Priority::Low)).into_update()).await.unwrap();
    assert_eq!(open(&db).await, ["1"]);
}

#[tokio::test]
async fn a_writer_that_ends_the_condition_is_noticed() {
    let db = db().await;
    let mut one = ticket("1", Status::Open);
    one.save(&db).await.unwrap();
    let mut stale = one.clone();
    one.update(&db, Ticket::A.status.set(Status::Closed)).await.unwrap();
    let error = stale.update(&db, Ticket::A.team.set("ops")).await.unwrap_err();
    assert!(index_keys(&db, "1").await.is_empty());
    if Engine::current().returns_existing() {
        assert!(matches!(error, Error::StaleIndexKey { key: "gsi1pk", field: "status", .. }), "{error:?}");
    }
    // The other way round: a closed ticket that another writer has opened.
    let mut closed = one.clone();
    one.update(&db, Ticket::A.status.set(Status::Open)).await.unwrap();
    closed.update(&db, Ticket::A.team.set("ops")).await.unwrap_err();
    assert_eq!(open(&db).await, ["1"]);
}

#[tokio::test]
async fn an_upsert_makes_the_key_of_a_new_item() {
    let db = db().await;
    Flag::create_table(&db).await.unwrap();
    let flags = async || {
        let flags = Flag::query_gsi1(&db).all().await.unwrap();
        flags.into_iter().map(|flag| flag.id).collect::<Vec<_>>()
    };
    let upsert = |id: &'static str| Flag::update_by_key(&db, id, Flag::A.text.set("x")).upsert();
    upsert("a").await.unwrap();
    Flag::update_by_key(&db, "b", Flag::A.state.set("off")).upsert().await.unwrap();
    assert_eq!(flags().await, ["a"]);
    // A stored flag keeps its key; one that is off would get a key.
    upsert("a").await.unwrap();
    Flag::update_by_key(&db, "c", Flag::A.state.set("on")).upsert().await.unwrap();
    assert_eq!(flags().await, ["a", "c"]);
    let error = upsert("b").await.unwrap_err();
    if Engine::current().returns_existing() {
        assert_eq!(
            error.to_string(),
            "Flag: the update changes a field of gsi1pk, and the item's state is not the default: set it \
             too, or update an item that was read"
        );
    }
    assert_eq!(flags().await, ["a", "c"]);
    let mut off = Flag::get(&db, "b").consistent_read().await.unwrap();
    off.update(&db, Flag::A.text.set("y")).await.unwrap();
    assert_eq!(flags().await, ["a", "c"]);
}

#[tokio::test]
async fn an_absent_field_is_no_value_of_a_condition() {
    let db = db().await;
    let mut note = Note::builder().id("1").build().unwrap();
    note.save(&db).await.unwrap();
    assert_eq!(Note::query_gsi1(&db).count().await.unwrap(), 0);
    note.update(&db, Note::A.state.set("Pinned")).await.unwrap();
    assert_eq!(Note::query_gsi1(&db).all().await.unwrap(), [note.clone()]);
    note.update(&db, Note::A.state.remove()).await.unwrap();
    assert_eq!(Note::query_gsi1(&db).count().await.unwrap(), 0);
}

#[tokio::test]
async fn a_value_without_a_variant_is_a_condition_too() {
    let db = db().await;
    for (id, origin) in [("a", "web"), ("b", "fair"), ("c", "mail")] {
        Lead::builder()
            .id(id)
            .origin(if origin == "web" { Origin::Web } else { Origin::Other(origin.to_owned()) })
            .build()
            .unwrap()
            .save(&db)
            .await
            .unwrap();
    }
    let found = Lead::query_gsi1(&db).all().await.unwrap();
    assert_eq!(found.iter().map(|lead| lead.id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
}
