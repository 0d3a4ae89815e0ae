//! Fields that writes keep: versions, times, and the time to live.

use crate::engine::{Engine, db, table_name};
use dyntastic::chrono::{TimeDelta, Utc};
use dyntastic::ops::Cause;
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::queries::Entry;
use dyntastic_tests::roles::{Page, Session};
use dyntastic_tests::upserts::Ticket;
use std::time::Duration;

fn page(path: &str) -> Page {
    Page::builder().path(path).text("one").build().unwrap()
}

async fn stored(db: &Client, path: &str) -> Page {
    Page::get(db, path).consistent_read().await.unwrap()
}

fn conflict<T: std::fmt::Debug>(result: dyntastic::Result<T>) -> (u64, Option<u64>) {
    match result {
        Err(Error::VersionConflict { expected, stored, .. }) => (expected, stored),
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test]
async fn every_write_raises_the_version() {
    let db = db().await;
    let mut page = page("a");
    assert_eq!(page.version, 0);
    page.save(&db).await.unwrap();
    assert_eq!(page.version, 1);
    assert_eq!(stored(&db, "a").await, page);
    page.replace(&db).await.unwrap();
    page.update(&db, Page::A.text.set("two")).await.unwrap();
    assert_eq!(page.version, 3);
    let after = Page::update_by_key(&db, "a", Page::A.text.set("three")).await.unwrap();
    assert_eq!(after.version, 4);
    Page::update_by_key(&db, "new", Page::A.text.set("x")).upsert().await.unwrap();
    assert_eq!(stored(&db, "new").await.version, 1);
}

#[tokio::test]
async fn a_write_of_an_old_version_is_a_conflict_with_the_stored_one() {
    let db = db().await;
    let mut first = page("a");
    first.insert(&db).await.unwrap();
    let mut second = stored(&db, "a").await;
    second.update(&db, Page::A.text.set("second")).await.unwrap();
    let expected = if Engine::current().returns_existing() { (1, Some(2)) } else { (1, None) };
    assert_eq!(conflict(first.save(&db).await), expected);
    assert_eq!(first.version, 1, "a write that fails leaves the struct as it was");
    assert_eq!(conflict(first.delete(&db).await), expected);
    if Engine::current().returns_existing() {
        assert_eq!(conflict(first.update(&db, Page::A.text.set("first")).await), expected);
        assert_eq!(conflict(first.replace(&db).await), expected);
    }
    assert_eq!(stored(&db, "a").await.text, "second");
    let error = first.save(&db).await.unwrap_err();
    assert!(error.is_conflict());
    first.refresh(&db).consistent_read().await.unwrap();
    first.save(&db).await.unwrap();
    first.delete(&db).await.unwrap();
    first.delete(&db).await.unwrap();
}

#[tokio::test]
async fn an_item_that_is_new_does_not_replace_another() {
    let db = db().await;
    page("a").save(&db).await.unwrap();
    let expected = if Engine::current().returns_existing() { (0, Some(1)) } else { (0, None) };
    let mut other = page("a");
    if Engine::current().returns_existing() {
        assert_eq!(conflict(other.save(&db).await), expected);
    } else {
        assert!(other.save(&db).await.unwrap_err().is_conflict());
    }
}

#[tokio::test]
async fn a_condition_of_ones_own_is_told_from_a_conflict() {
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    let mut page = page("a");
    page.save(&db).await.unwrap();
    let failed = page.save(&db).condition(Page::A.text.eq("other")).await.unwrap_err();
    assert!(matches!(failed, Error::ConditionFailed(_)), "{failed:?}");
}

#[tokio::test]
async fn of_racing_writers_of_one_version_one_wins() {
    let db = db().await;
    page("a").save(&db).await.unwrap();
    let read = stored(&db, "a").await;
    let mut writers = Vec::new();
    for number in 0..20 {
        let (db, mut page) = (db.clone(), read.clone());
        writers.push(tokio::spawn(async move {
            page.text = format!("writer {number}");
            page.save(&db).await.is_ok()
        }));
    }
    let mut winners = 0;
    for writer in writers {
        winners += usize::from(writer.await.unwrap());
    }
    assert_eq!(winners, 1);
    assert_eq!(stored(&db, "a").await.version, 2);
}

#[tokio::test]
async fn times_are_those_of_the_first_write_and_of_the_last() {
    let db = db().await;
    let before = dyntastic::factory::now() - TimeDelta::seconds(1);
    let mut page = page("a");
    page.created_at = before - TimeDelta::days(1);
    page.insert(&db).await.unwrap();
    assert!(page.created_at > before);
    assert_eq!(page.created_at, page.updated_at);
    let (created, updated) = (page.created_at, page.updated_at);
    tokio::time::sleep(Duration::from_millis(2)).await;
    page.save(&db).await.unwrap();
    assert_eq!(page.created_at, created);
    assert!(page.updated_at > updated);
    let updated = page.updated_at;
    tokio::time::sleep(Duration::from_millis(2)).await;
    page.update(&db, Page::A.text.set("two")).await.unwrap();
    assert_eq!(page.created_at, created);
    assert!(page.updated_at > updated);
    page.update(&db, Page::A.updated_at.set(before)).await.unwrap();
    assert_eq!(page.updated_at.timestamp(), before.timestamp(), "what an update sets is what it sets");
    let new = Page::update_by_key(&db, "new", Page::A.text.set("x")).upsert().await.unwrap();
    assert!(new.created_at > before);
    assert_eq!(new.created_at, new.updated_at);
}

#[tokio::test]
async fn batches_and_transactions_keep_times_and_versions_too() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let (mut a, mut b) = (page("a"), page("b"));
    let transaction = db.transaction().insert(&mut a).put(&mut b);
    transaction.await.unwrap();
    assert_eq!((&a, &b), (&stored(&db, "a").await, &stored(&db, "b").await), "the structs are what was written");
    assert_eq!((a.version, b.version), (1, 1));
    let mut stale = b.clone();
    stale.version = 7;
    let before = stale.clone();
    let transaction = db.transaction().update::<Page>("a", Page::A.text.set("two")).put(&mut stale);
    let error = transaction.await.unwrap_err();
    assert!(error.is_conflict() && !error.is_retryable(), "{error:?}");
    let Error::TransactionCanceled(canceled) = error else { unreachable!("{error:?}") };
    let causes: Vec<_> = canceled.reasons().iter().map(|reason| (reason.index(), reason.cause())).collect();
    assert_eq!(causes, [(1, Cause::VersionConflict { expected: 7, stored: Some(1) })]);
    assert_eq!(stale, before, "nothing was written");
    let transaction = db.transaction().update::<Page>("a", Page::A.text.set("two")).put(&mut b);
    transaction.await.unwrap();
    b.update(&db, Page::A.text.set("b")).await.unwrap();
    b.version = 2;
    b.save(&db).await.unwrap_err();
    let mut b = stored(&db, "b").await;
    b.version = 1;
    assert_eq!((stored(&db, "a").await.version, stored(&db, "b").await.version), (2, 3));
    let transaction = db.transaction().update_item(&b, Page::A.text.set("stale"));
    assert!(matches!(transaction.await.unwrap_err(), Error::TransactionCanceled(_)));
    let (a, mut stale) = (stored(&db, "a").await, stored(&db, "b").await);
    stale.version = 1;
    let transaction = db.transaction().delete_item(&a).delete_item(&stale);
    assert!(matches!(transaction.await.unwrap_err(), Error::TransactionCanceled(_)));
    let transaction = db.transaction().delete_item(&a).update_item(&stored(&db, "b").await, Page::A.text.set("three"));
    transaction.await.unwrap();
    assert!(Page::find(&db, "a").consistent_read().await.unwrap().is_none());
}

#[tokio::test]
async fn expired_items_can_be_left_out() {
    if !Engine::current().has_time_to_live() {
        return;
    }
    let db = db().await;
    let now = Utc::now();
    // DynamoDB never removes what ended more than five years ago, and DynamoDB Local removes the rest at any moment.
    let mut sessions: Vec<Session> = [now - TimeDelta::weeks(6 * 53), now + TimeDelta::hours(1)]
        .into_iter()
        .zip(1..)
        .map(|(ends, number)| Session::builder().user("u").number(number).ends(ends).build().unwrap())
        .collect();
    sessions.push(Session::builder().user("u").number(3).build().unwrap());
    db.batch_write().put_all(&mut sessions).await.unwrap();
    let numbers = |sessions: Vec<Session>| sessions.into_iter().map(|of| of.number).collect::<Vec<_>>();
    assert_eq!(numbers(Session::query(&db, "u").all().await.unwrap()), [1, 2, 3]);
    assert_eq!(numbers(Session::query(&db, "u").skip_expired().all().await.unwrap()), [2, 3]);
    assert_eq!(Session::scan(&db).skip_expired().count().await.unwrap(), 2);
    assert!(Session::find(&db, ("u", 1)).await.unwrap().is_some());
    assert!(Session::find(&db, ("u", 1)).skip_expired().await.unwrap().is_none());
    assert!(Session::get(&db, ("u", 1)).skip_expired().await.unwrap_err().is_not_found());
    assert!(Session::get(&db, ("u", 3)).skip_expired().await.unwrap().made.is_some(), "batches keep times");
    let table = Session::get(&db, ("u", 2)).into_inner().unwrap();
    let name = table.get_table_name().clone().unwrap();
    let described = db.sdk().describe_time_to_live().table_name(name).send().await.unwrap();
    assert_eq!(described.time_to_live_description().and_then(|of| of.attribute_name()), Some("ends"));
}

/// Stores an item by hand, as another writer might.
async fn put<M: dyntastic::Model>(db: &Client, item: &M) {
    let (table, item) = (table_name::<M>(db), dyntastic::codec::write_model(item).unwrap());
    db.sdk().put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
}

fn is_exhausted<T: std::fmt::Debug>(result: dyntastic::Result<T>) -> bool {
    let error = result.unwrap_err();
    !error.is_conflict() && error.to_string().contains("the maximum of its type")
}

#[tokio::test]
async fn a_version_that_is_the_most_of_its_type_is_written_no_more() {
    let db = db().await;
    Page::create_table(&db).await.unwrap();
    put(&db, &Page { version: u32::MAX - 1, ..page("a") }).await;
    let mut last = Page::update_by_key(&db, "a", Page::A.text.set("last")).await.unwrap();
    assert_eq!(last.version, u32::MAX);
    assert!(is_exhausted(last.save(&db).await));
    assert!(is_exhausted(last.replace(&db).await));
    assert!(is_exhausted(last.insert(&db).await));
    assert!(is_exhausted(last.update(&db, Page::A.text.set("later")).await));
    assert!(is_exhausted(last.update(&db, Page::A.text.set("later")).upsert().if_matches().await));
    for update in [|update| update, dyntastic::ops::Update::upsert] {
        let later = update(Page::update_by_key(&db, "a", Page::A.text.set("later"))).await;
        assert!(later.is_err());
        if Engine::current().returns_existing() {
            assert!(is_exhausted(later));
        }
    }
    if Engine::current().has_transactions() {
        let mut again = last.clone();
        assert!(is_exhausted(db.transaction().put(&mut again).await));
        assert!(is_exhausted(db.transaction().update_item(&last, Page::A.text.set("later")).await));
        let transaction = db.transaction().update::<Page>("a", Page::A.text.set("later"));
        let Err(Error::TransactionCanceled(canceled)) = transaction.await else { unreachable!() };
        assert_eq!(canceled.reasons()[0].cause(), Cause::VersionExhausted { max: u64::from(u32::MAX) });
    }
    assert_eq!(stored(&db, "a").await, last);
    let refused = last.delete(&db).condition(Page::A.text.eq("other")).await.unwrap_err();
    // Without the item that is there, a refusal does not tell which of the conditions failed.
    if Engine::current().returns_existing() {
        assert!(matches!(refused, Error::ConditionFailed(_)), "a delete raises no version: {refused:?}");
    }
    last.delete(&db).await.unwrap();
}

#[tokio::test]
async fn a_version_of_64_bits_ends_before_what_it_cannot_hold() {
    let db = db().await;
    Ticket::create_table(&db).await.unwrap();
    let mut ticket = Ticket::builder().ticket_id("t").title("x").build().unwrap();
    ticket.revision = u64::MAX - 1;
    put(&db, &ticket).await;
    ticket.save(&db).await.unwrap();
    assert_eq!(ticket.revision, u64::MAX);
    assert!(is_exhausted(ticket.save(&db).await));
    assert!(Ticket::update_by_key(&db, "t", Ticket::A.title.set("y")).await.is_err());
    let stored = Ticket::get(&db, "t").consistent_read().await.unwrap();
    assert_eq!((stored.title.as_str(), stored.revision), ("x", u64::MAX));
}

#[tokio::test]
async fn what_stands_for_no_version_is_none() {
    use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
    let db = db().await;
    Page::create_table(&db).await.unwrap();
    for version in [None, Some(AttributeValue::Null(true)), Some(AttributeValue::N("0".to_owned()))] {
        let mut item = dyntastic::codec::write_model(&page("a")).unwrap();
        item.remove("version");
        item.extend(version.map(|version| ("version".to_owned(), version)));
        db.sdk().put_item().table_name(table_name::<Page>(&db)).set_item(Some(item)).send().await.unwrap();
        let mut read = stored(&db, "a").await;
        assert_eq!(read.version, 0);
        let mut updated = read.clone();
        updated.update(&db, Page::A.text.set("two")).await.unwrap();
        assert_eq!(updated.version, 1);
        db.sdk()
            .delete_item()
            .table_name(table_name::<Page>(&db))
            .key("path", AttributeValue::S("a".to_owned()))
            .send()
            .await
            .unwrap();
        assert!(read.save(&db).await.is_ok(), "what is gone is saved again, as one that is new");
    }
}

/// NULL and text stand for no version that an update by key could count on from.
#[tokio::test]
async fn an_update_by_key_of_what_is_no_version_says_so() {
    use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    Page::create_table(&db).await.unwrap();
    for version in [AttributeValue::Null(true), AttributeValue::S("3".to_owned())] {
        let mut item = dyntastic::codec::write_model(&page("a")).unwrap();
        item.insert("version".to_owned(), version);
        db.sdk().put_item().table_name(table_name::<Page>(&db)).set_item(Some(item.clone())).send().await.unwrap();
        let text = || Page::A.text.set("two");
        let error = Page::update_by_key(&db, "a", text()).await.unwrap_err();
        assert!(matches!(error, Error::NoVersion { attribute: "version", .. }), "{error:?}");
        assert!(error.to_string().starts_with("Page: the version of the item in the table"), "{error}");
        let error = Page::update_by_key(&db, "a", text()).upsert().await.unwrap_err();
        assert!(matches!(error, Error::NoVersion { .. }), "{error:?}");
        let error = db.transaction().update::<Page>("a", text()).await.unwrap_err();
        let Error::TransactionCanceled(canceled) = &error else { unreachable!("{error:?}") };
        assert_eq!(canceled.reasons()[0].cause(), Cause::NoVersion { attribute: "version" });
        // A check counts on from no version.
        let check = db.transaction().check::<Page>("a", Page::A.text.eq("other")).return_existing();
        let Err(Error::TransactionCanceled(canceled)) = check.await else { unreachable!() };
        assert_eq!(canceled.reasons()[0].cause(), Cause::ConditionFailed);
    }
}

#[tokio::test]
async fn batches_bring_up_to_date_what_they_have_written_and_nothing_else() {
    if !Engine::current().has_time_to_live() {
        return;
    }
    let session = |number| Session::builder().user("u").number(number).build().unwrap();
    let stored = async |db: &Client, number: u32| Session::find(db, ("u", number)).consistent_read().await.unwrap();
    // The times as they are stored: of a second, or of a millisecond.
    let times = |session: &Session| {
        (session.number, session.made.map(|at| at.timestamp_millis()), session.seen.map(|at| at.timestamp()))
    };
    let db = db().await;
    let mut sessions: Vec<Session> = (1..=30).map(session).collect();
    assert!(sessions.iter().all(|session| session.seen.is_none()));
    db.batch_write().put_all(&mut sessions).await.unwrap();
    for session in &sessions {
        assert!(session.seen.is_some());
        assert_eq!(stored(&db, session.number).await.as_ref().map(times), Some(times(session)));
    }
    let mut items: Vec<Session> = (31..=40).map(session).collect();
    {
        let mut writer = db.batch_writer();
        for item in &mut items {
            writer.put(item).await.unwrap();
        }
        writer.put_stream(futures_util::stream::iter([session(41)])).await.unwrap();
        assert_eq!(writer.pending(), 0);
    }
    for item in &items {
        assert!(item.seen.is_some());
        assert_eq!(stored(&db, item.number).await.as_ref().map(times), Some(times(item)));
    }
    assert!(stored(&db, 41).await.is_some());

    // What is left stays as it was, and what was written before is what was written.
    let db = crate::engine::isolated().auto_create(false).from_conf(crate::engine::config().await);
    Session::create_table(&db).await.unwrap();
    let (mut first, mut second) = (session(1), session(2));
    let elsewhere = Entry::builder().book("b").number(1).text("x").build().unwrap();
    let batch = db.batch_write().put(&mut first).put(&elsewhere).put(&mut second).chunk_size(1).concurrency(1);
    let error = batch.await.unwrap_err();
    let Error::UnfinishedBatch(batch) = error else { unreachable!("{error:?}") };
    assert_eq!(batch.left(), 2);
    assert!(first.seen.is_some());
    assert_eq!(stored(&db, 1).await.as_ref().map(times), Some(times(&first)));
    assert_eq!((second.clone(), stored(&db, 2).await), (session(2), None));
}
