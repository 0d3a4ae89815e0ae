//! Migrations of odd items: expired ones, those that are created again, those under another key, and those with values that
//! are too long.

use crate::engine::{Engine, config, db, isolated, table_name};
use crate::migrations::{Attributes, migrate, put, raw, text, unmigrated};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::ops::WhyUnmigrated;
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::transforms::{Member, Note};
use dyntastic_tests::unique::{Former, Session};
use std::sync::atomic::{AtomicBool, Ordering};

fn number(seconds: u64) -> AttributeValue {
    AttributeValue::N(seconds.to_string())
}

/// An item that was deleted and created again has the version of before.
#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_is_created_again_is_not_overwritten() {
    let db = db().await;
    Note::create_table(&db).await.unwrap();
    let note = |text: &str| Note::builder().name("n").at("1").text(text).build().unwrap();
    note("old").save(&db).await.unwrap();
    let (other, is_done) = (db.clone(), AtomicBool::new(false));
    let again = note("new");
    let change = move |note: &mut Note| {
        if !is_done.swap(true, Ordering::Relaxed) {
            let (db, mut again) = (other.clone(), again.clone());
            let writes = async move {
                Note::get(&db, ("n", "1")).await.unwrap().delete(&db).await.unwrap();
                again.save(&db).await.unwrap();
            };
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(writes));
        }
        if !note.text.ends_with('!') {
            note.text.push('!');
        }
    };
    let done = migrate::<Note>(&db, "one").change(change).await.unwrap();
    assert_eq!((done.counts.written, done.counts.contended), (1, 1));
    let note = Note::get(&db, ("n", "1")).await.unwrap();
    assert_eq!((note.text.as_str(), note.version), ("new!", 2));
}

/// A session with an attribute that the model does not have.
fn session(id: &str, token: &str, ends: u64) -> [(&'static str, AttributeValue); 7] {
    [
        ("pk", text(&format!("SESSION#{id}"))),
        ("sk", text("SESSION")),
        ("kind", text("Session")),
        ("id", text(id)),
        ("token", text(token)),
        ("ends", number(ends)),
        ("old", text("x")),
    ]
}

const PAST: u64 = 1_700_000_000;
const FUTURE: u64 = 4_000_000_000;

#[tokio::test]
async fn an_expired_item_needs_no_value_that_another_item_has_by_now() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    Session::create_table(&db).await.unwrap();
    put::<Session>(&db, session("s1", "T", PAST)).await;
    Session::builder().id("s2").token("T").build().unwrap().insert(&db).await.unwrap();
    let done = migrate::<Session>(&db, "one").await.unwrap();
    assert_eq!((done.counts.written, done.counts.unchanged), (1, 1));
    assert!(raw::<Session>(&db).await.iter().all(|item| !item.contains_key("old")));
    let taken = Session::builder().id("s3").token("T").build().unwrap().insert(&db).await;
    assert!(matches!(taken, Err(Error::NotUnique { .. })));
}

/// The guard of an item from before the time to live would stay after its item.
#[tokio::test]
async fn a_guard_gets_the_time_to_live_of_its_item() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    Session::create_table(&db).await.unwrap();
    put::<Session>(&db, session("s1", "T", FUTURE).into_iter().filter(|(name, _)| *name != "old")).await;
    let guard = [("pk", text("UNIQUE#Session#token#T")), ("sk", text("UNIQUE")), ("kind", text("UNIQUE"))];
    let owner = [("unique_owner", text("SESSION#s1")), ("unique_owner_range", text("SESSION"))];
    put::<Session>(&db, guard.into_iter().chain(owner)).await;
    let done = migrate::<Session>(&db, "one").await.unwrap();
    assert_eq!(done.counts.written, 1);
    let items = raw::<Session>(&db).await;
    let guard = items.iter().find(|item| item["kind"] == text("UNIQUE")).unwrap();
    assert_eq!(guard.get("ends"), Some(&number(FUTURE)));
    assert_eq!(migrate::<Session>(&db, "two").await.unwrap().counts.unchanged, 1);
}

/// The guard would stay for ever after an item that ends by the migration.
#[tokio::test]
async fn a_guard_ends_with_an_item_whose_end_the_migration_makes() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    Session::create_table(&db).await.unwrap();
    Session::builder().id("s1").token("T").build().unwrap().insert(&db).await.unwrap();
    let ends = dyntastic::chrono::DateTime::from_timestamp(PAST as i64, 0);
    migrate::<Session>(&db, "one").change(move |session| session.ends = ends).await.unwrap();
    let items = raw::<Session>(&db).await;
    let kinds = ["Session", "UNIQUE"].map(text);
    let ended = items.iter().filter(|item| kinds.contains(&item["kind"]) && item.get("ends") == Some(&number(PAST)));
    assert_eq!(ended.count(), 2, "{items:?}");
    Session::builder().id("s2").token("T").build().unwrap().insert(&db).await.unwrap();
}

#[tokio::test]
async fn a_unique_value_that_is_too_long_is_named() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    Session::create_table(&db).await.unwrap();
    put::<Session>(&db, session("s1", &"T".repeat(3000), FUTURE)).await;
    put::<Session>(&db, session("s2", "T", FUTURE)).await;
    let left = unmigrated(migrate::<Session>(&db, "one").await);
    assert_eq!((left.counts.written, left.counts.unmigrated), (1, 1));
    assert_eq!(left.unmigrated[0].why(), WhyUnmigrated::Invalid);
}

async fn put_member(db: &Client, email: &str, more: impl IntoIterator<Item = (&str, AttributeValue)>) {
    put::<Member>(db, [("email", text(email)), ("team", text("RED"))].into_iter().chain(more)).await;
}

/// The progress of a segment is one item, whatever its items break.
#[tokio::test]
async fn items_that_break_very_many_constraints_do_not_stop_a_migration() {
    let db = db().await;
    Member::create_table(&db).await.unwrap();
    for number in 0..5 {
        let lines = AttributeValue::L(vec![text(""); 10_000]);
        put_member(&db, &format!("m{number}@x"), [("lines", lines), ("city", text("OSLO"))]).await;
    }
    let migration = migrate::<Member>(&db, "one").segments(1).progress_table("migrations");
    let left = unmigrated(migration.await);
    assert_eq!(left.counts.unmigrated, 5);
    assert!(left.unmigrated.iter().all(|item| item.to_string().len() < 600));
}

/// A key that is a field moves to the form that its transforms make, as a key of a template does.
#[tokio::test]
async fn a_key_that_transforms_change_is_moved() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    Member::create_table(&db).await.unwrap();
    for (email, team) in [("A@X", "red"), ("b@x", "red"), ("c@x", "RED"), ("D@X", "RED"), ("d@x", "RED")] {
        put::<Member>(&db, [("email", text(email)), ("team", text(team)), ("note", text(email))]).await;
    }
    let left = unmigrated(migrate::<Member>(&db, "one").progress_table("migrations").await);
    assert_eq!((left.counts.rekeyed, left.counts.unmigrated), (2, 1));
    assert_eq!(left.unmigrated[0].why(), WhyUnmigrated::KeyTaken);
    let mut found: Vec<Attributes> = raw::<Member>(&db).await;
    found.retain(|item| item["team"] == text("RED"));
    let mut notes: Vec<(&AttributeValue, &AttributeValue)> =
        found.iter().map(|item| (&item["email"], &item["note"])).collect();
    notes.sort_by_key(|(email, _)| email.as_s().unwrap());
    let expected = [("D@X", "D@X"), ("a@x", "A@X"), ("b@x", "b@x"), ("c@x", "c@x"), ("d@x", "d@x")];
    let expected = expected.map(|(email, note)| (text(email), text(note)));
    assert_eq!(notes, expected.iter().map(|(email, note)| (email, note)).collect::<Vec<_>>());
}

/// One name in one progress table is one migration of one table.
#[tokio::test]
async fn the_progress_of_another_table_is_not_taken_for_its_own() {
    let isolated = isolated().from_conf(config().await);
    let prefix = table_name::<Member>(&isolated);
    for (name, is_refused) in [("one", false), ("two", true)] {
        let prefix = prefix.clone();
        let names = move |table: &str| match table {
            "members" => format!("{prefix}-{name}"),
            other => format!("{prefix}-{other}"),
        };
        let db = Client::builder().table_names(names).from_conf(config().await);
        Member::create_table(&db).await.unwrap();
        put_member(&db, "m@x", [("city", text("OSLO"))]).await;
        let done = migrate::<Member>(&db, "one").progress_table("migrations").await;
        match done {
            Ok(done) => assert!(!is_refused && done.counts.written == 1),
            Err(error) => assert!(is_refused && error.to_string().contains("-one: give it another name"), "{error}"),
        }
    }
}

#[tokio::test]
async fn the_model_s_own_table_is_no_table_for_progress() {
    let db = db().await;
    Member::create_table(&db).await.unwrap();
    let refused = migrate::<Member>(&db, "one").progress_table("members").await.unwrap_err();
    assert!(matches!(refused, Error::InvalidRequest(_)), "{refused:?}");
    // The items of several models can be in one table, and progress too.
    Note::create_table(&db).await.unwrap();
    let mut note = Note::builder().name("n").at("1").text("t").build().unwrap();
    note.save(&db).await.unwrap();
    assert_eq!(migrate::<Note>(&db, "one").progress_table("persons").await.unwrap().counts.unchanged, 1);
    assert_eq!(Note::scan(&db).all().await.unwrap().len(), 1);
    assert_eq!(migrate::<Note>(&db, "one").await.unwrap().counts.unchanged, 1);
}

/// The discriminator of the table has a name that the progress uses too.
#[tokio::test]
async fn progress_leaves_the_names_of_the_table_alone() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    Former::create_table(&db).await.unwrap();
    let former = [("pk", "PERSON#f"), ("sk", "PERSON"), ("model", "Person"), ("id", "f"), ("email", "f@x")];
    put::<Former>(&db, former.map(|(name, value)| (name, text(value)))).await;
    let done = migrate::<Former>(&db, "one").await.unwrap();
    assert_eq!((done.counts.read, done.counts.written), (1, 1));
    assert_eq!(migrate::<Former>(&db, "one").await.unwrap(), done);
}
