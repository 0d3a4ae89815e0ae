//! Migrations: every item as a save of this release stores it, whoever writes or crashes meanwhile.

use crate::between::Between;
use crate::engine::{Engine, db, eventually, isolated, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::ops::{Migrated, Migration, WhyUnmigrated};
use dyntastic::prelude::*;
use dyntastic::{Client, Error, RateLimit};
use dyntastic_tests::transforms::{Member, Note, Person, PersonNotes};
use std::collections::HashMap;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

pub type Attributes = HashMap<String, AttributeValue>;

pub fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub async fn put<M: Model>(db: &Client, item: impl IntoIterator<Item = (&str, AttributeValue)>) {
    let item = item.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    db.sdk().put_item().table_name(table_name::<M>(db)).set_item(Some(item)).send().await.unwrap();
}

/// A person from before the model had the index, the transforms and the unique email.
async fn put_person(db: &Client, name: &str, email: &str) {
    let key = [("pk", text(&format!("PERSON#{name}"))), ("sk", text("PROFILE")), ("kind", text("Person"))];
    let fields = [("name", text(name)), ("email", text(email)), ("city", text("Oslo"))];
    put::<Person>(db, key.into_iter().chain(fields)).await;
}

pub async fn raw<M: Model>(db: &Client) -> Vec<Attributes> {
    let request = db.sdk().scan().table_name(table_name::<M>(db)).consistent_read(true);
    request.send().await.unwrap().items.unwrap_or_default()
}

async fn guards(db: &Client) -> Vec<String> {
    let items = raw::<Person>(db).await;
    let guards = items.iter().filter(|item| item["kind"] == text("UNIQUE"));
    let mut guards: Vec<String> =
        guards.map(|item| format!("{} {}", item["pk"].as_s().unwrap(), item["unique_owner"].as_s().unwrap())).collect();
    guards.sort();
    guards
}

pub fn migrate<M: Model>(db: &Client, name: &str) -> Migration<M> {
    dyntastic::migrate::<M>(db, name).segments(3).workers(2).lease(Duration::from_millis(100))
}

pub fn unmigrated(result: dyntastic::Result<Migrated>) -> Migrated {
    match result {
        Err(Error::Unmigrated(migrated)) => *migrated,
        other => unreachable!("{other:?}"),
    }
}

/// The persons of the city, by the index.
async fn by_index(db: &Client) -> usize {
    Person::query_gsi1(db, "Oslo").all().await.unwrap().len()
}

#[tokio::test]
async fn items_from_before_an_index_transforms_and_unique_fields_become_as_a_save_stores_them() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    Person::create_table(&db).await.unwrap();
    for number in 0..7 {
        put_person(&db, &format!("p{number}"), &format!("P{number}@X")).await;
    }
    Person::builder().name("new").email("new@x").city("Rome").build().unwrap().save(&db).await.unwrap();
    assert_eq!((by_index(&db).await, guards(&db).await.len()), (0, 1));

    let before = raw::<Person>(&db).await.len();
    let dry = migrate::<Person>(&db, "one").dry_run().await.unwrap();
    assert_eq!((dry.counts.read, dry.counts.written, dry.counts.unchanged), (8, 7, 1));
    assert_eq!((raw::<Person>(&db).await.len(), by_index(&db).await), (before, 0));

    let done = migrate::<Person>(&db, "one").await.unwrap();
    assert_eq!((done.counts.read, done.counts.written, done.counts.unchanged), (8, 7, 1));
    assert_eq!((done.segments, done.counts.unmigrated), (3, 0));
    assert_eq!(by_index(&db).await, 7);
    let mut expected: Vec<String> =
        (0..7).map(|number| format!("UNIQUE#Person#email#p{number}@x PERSON#p{number}")).collect();
    expected.insert(0, "UNIQUE#Person#email#new@x PERSON#new".to_owned());
    assert_eq!(guards(&db).await, expected);
    let taken = Person::builder().name("other").email("p3@x").city("Oslo").build().unwrap().insert(&db).await;
    assert!(matches!(taken, Err(Error::NotUnique { .. })));

    // It is done, whoever calls it; another one finds nothing to write.
    assert_eq!(migrate::<Person>(&db, "one").await.unwrap(), done);
    let again = migrate::<Person>(&db, "two").await.unwrap();
    assert_eq!((again.counts.read, again.counts.unchanged), (8, 8));
    let other = migrate::<Note>(&db, "one").await.unwrap_err();
    assert!(other.to_string().contains("is of Person"), "{other}");

    // Readers of the table leave the progress items out.
    assert_eq!(Person::scan(&db).consistent_read().all().await.unwrap().len(), 8);
    assert_eq!(Note::scan(&db).all().await.unwrap().len(), 0);
    let found = PersonNotes::query(&db, "p1").deny_unknown().await.unwrap();
    assert_eq!((found.person.map(|person| person.email), found.notes.len()), (Some("p1@x".to_owned()), 0));
}

/// A member from before its texts were transformed.
async fn put_member(db: &Client, number: u32) {
    let fields = [("email", text(&format!("m{number}@x"))), ("team", text("RED")), ("city", text("OSLO"))];
    put::<Member>(db, fields).await;
}

async fn members(count: u32) -> Client {
    let db = db().await;
    Member::create_table(&db).await.unwrap();
    for number in 0..count {
        put_member(&db, number).await;
    }
    db
}

#[tokio::test]
async fn a_model_with_its_own_table_has_its_progress_elsewhere() {
    let db = members(9).await;
    let refused = migrate::<Member>(&db, "one").await.unwrap_err();
    assert!(refused.to_string().contains("progress_table"), "{refused}");
    put::<Member>(&db, [("email", text("x@x")), ("team", text("RED")), ("nested", AttributeValue::Bool(true))]).await;
    put::<Member>(&db, [("email", text("y@x")), ("team", text("RED")), ("city", text("more than nine"))]).await;

    let left = unmigrated(migrate::<Member>(&db, "one").progress_table("migrations").await);
    assert_eq!((left.counts.read, left.counts.written, left.counts.unmigrated), (11, 9, 2));
    let mut why: Vec<_> =
        left.unmigrated.iter().map(|item| (item.key()["email"].as_s().unwrap().as_str(), item.why())).collect();
    why.sort_by_key(|(email, _)| *email);
    assert_eq!(why, [("x@x", WhyUnmigrated::Unreadable), ("y@x", WhyUnmigrated::Invalid)]);
    assert_eq!(Member::query_by_city(&db, "Oslo").all().await.unwrap().len(), 9);
    assert!(left.to_string().starts_with("Member: the migration one is finished, and 2 of 11 items stay"), "{left}");

    let again = unmigrated(migrate::<Member>(&db, "two").progress_table("migrations").await);
    assert_eq!((again.counts.written, again.counts.unchanged, again.counts.unmigrated), (0, 9, 2));
}

#[tokio::test]
async fn two_items_with_one_unique_value_are_both_named() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    Person::create_table(&db).await.unwrap();
    put_person(&db, "p1", "same@x").await;
    put_person(&db, "p2", "SAME@x").await;
    let left = unmigrated(migrate::<Person>(&db, "one").await);
    assert_eq!((left.counts.written, left.counts.unmigrated), (1, 1));
    let [item] = &*left.unmigrated else { unreachable!("{left:?}") };
    let mut both = [&item.key()["pk"], &item.other_key().unwrap()["pk"]].map(|key| key.as_s().unwrap().as_str());
    both.sort_unstable();
    assert_eq!((item.why(), both), (WhyUnmigrated::NotUnique, ["PERSON#p1", "PERSON#p2"]));
}

#[tokio::test]
async fn a_change_moves_items_with_their_guards() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    Person::create_table(&db).await.unwrap();
    for name in ["a", "b", "x-a"] {
        Person::builder().name(name).email(format!("{name}@x")).city("Oslo").build().unwrap().save(&db).await.unwrap();
    }
    // The key of an older release, which did not change the case.
    put_person(&db, "C", "c@x").await;
    let prefixed = |person: &mut Person| {
        if !person.name.starts_with("x-") {
            person.name = format!("x-{}", person.name);
        }
    };
    let left = unmigrated(migrate::<Person>(&db, "one").change(prefixed).await);
    assert_eq!(left.unmigrated.iter().map(|item| item.why()).collect::<Vec<_>>(), [WhyUnmigrated::KeyTaken]);
    assert_eq!(left.counts.rekeyed, 2);
    let mut names: Vec<String> = Person::scan(&db).all().await.unwrap().into_iter().map(|item| item.name).collect();
    names.sort();
    assert_eq!(names, ["a", "x-a", "x-b", "x-c"]);
    let owners: Vec<String> =
        guards(&db).await.iter().map(|guard| guard.rsplit(' ').next().unwrap().to_owned()).collect();
    assert_eq!(owners, ["PERSON#a", "PERSON#x-b", "PERSON#x-c", "PERSON#x-a"]);
}

#[tokio::test]
async fn a_change_that_adds_up_is_refused() {
    let db = members(1).await;
    let grows = |member: &mut Member| member.note = Some(format!("{}!", member.note.clone().unwrap_or_default()));
    let refused = migrate::<Member>(&db, "one").progress_table("migrations").change(grows).await.unwrap_err();
    assert!(matches!(refused, Error::InvalidRequest(_)), "{refused:?}");
    assert_eq!(Member::get(&db, ("m0@x", "RED")).await.unwrap().note, None);
    let settings = [migrate::<Member>(&db, "").segments(1), migrate(&db, "x").segments(0), migrate(&db, "x").rate(0.0)];
    for refused in settings {
        assert!(matches!(refused.progress_table("migrations").await, Err(Error::InvalidRequest(_))));
    }
}

#[tokio::test]
async fn a_written_item_gets_a_version_so_that_a_stale_writer_notices() {
    let db = db().await;
    Note::create_table(&db).await.unwrap();
    let mut note = Note::builder().name("n").at("1").text("old").build().unwrap();
    note.save(&db).await.unwrap();
    let change = |note: &mut Note| note.text = "new".to_owned();
    let done = migrate::<Note>(&db, "one").change(change).await.unwrap();
    assert_eq!(done.counts.written, 1);
    assert!(matches!(note.save(&db).await, Err(Error::VersionConflict { expected: 1, .. })));
    note.refresh(&db).await.unwrap();
    assert_eq!((note.text.as_str(), note.version), ("new", 2));
}

/// A future that is dropped after this many polls.
struct Polls<F>(F, u32);

impl<F: Future + Unpin> Future for Polls<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.1.checked_sub(1) {
            None => Poll::Ready(None),
            Some(left) => {
                self.1 = left;
                Pin::new(&mut self.0).poll(cx).map(Some)
            }
        }
    }
}

#[tokio::test]
async fn a_migration_goes_on_after_it_was_dropped_anywhere() {
    let db = members(12).await;
    let (mut polls, mut dropped) = (1, 0);
    let done = loop {
        let migration =
            migrate::<Member>(&db, "one").progress_table("migrations").rate(1e9).lease(Duration::from_millis(20));
        match Polls(pin!(migration.into_future()), polls).await {
            Some(done) => break done.unwrap(),
            None => (polls, dropped) = (polls + 2, dropped + 1),
        }
    };
    assert!(dropped > 5, "{dropped}");
    assert_eq!(done.counts.read, 12);
    assert_eq!(Member::query_by_city(&db, "Oslo").all().await.unwrap().len(), 12);
    let again = migrate::<Member>(&db, "two").progress_table("migrations").await.unwrap();
    assert_eq!(again.counts.unchanged, 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_share_the_segments() {
    let name = isolated();
    let db = name.from_conf(crate::engine::config().await);
    Member::create_table(&db).await.unwrap();
    for number in 0..60 {
        put_member(&db, number).await;
    }
    let pages = Arc::new([const { AtomicU64::new(0) }; 3]);
    let workers = (0..3).map(|worker| {
        let (db, pages) = (db.clone(), pages.clone());
        tokio::spawn(async move {
            let migration =
                dyntastic::migrate::<Member>(&db, "one").segments(12).workers(1).progress_table("migrations");
            let count = move |_: &_| {
                let _ = pages[worker].fetch_add(1, Ordering::Relaxed);
            };
            migration.on_progress(count).await.unwrap()
        })
    });
    let mut all = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        all.push(worker.await.unwrap());
    }
    assert!(all.iter().all(|done| *done == all[0]), "{all:?}");
    assert_eq!((all[0].segments, all[0].counts.read, all[0].counts.written), (12, 60, 60));
    let pages: u64 = pages.iter().map(|pages| pages.load(Ordering::Relaxed)).sum();
    assert_eq!(pages, 12, "each segment is read once");
}

#[tokio::test]
async fn a_worker_that_waits_for_a_rate_limit_keeps_its_lease() {
    let db = members(6).await;
    let pages = Arc::new([const { AtomicU64::new(0) }; 2]);
    let migration = |worker: usize| {
        let pages = pages.clone();
        let count = move |_: &_| {
            let _ = pages[worker].fetch_add(1, Ordering::Relaxed);
        };
        let migration = migrate::<Member>(&db, "one").segments(1).workers(1).lease(Duration::from_millis(400));
        migration.progress_table("migrations").on_progress(count)
    };
    let name = table_name::<Member>(&db).replace("members", "migrations");
    let progress = || db.sdk().scan().table_name(&name).consistent_read(true).send();
    let limit = RateLimit::total(2.0).unwrap();
    let slow = migration(0).with_rate_limit(&limit);
    let other = async {
        // The head, and the segment that the first worker has leased.
        eventually("a lease", async || progress().await.is_ok_and(|items| items.count == 2)).await;
        migration(1).await
    };
    let (slow, other) = tokio::join!(slow, other);
    assert_eq!((slow.unwrap().counts.written, other.unwrap().counts.written), (6, 6));
    assert_eq!(pages.each_ref().map(|pages| pages.load(Ordering::Relaxed)), [1, 0]);
}

#[tokio::test]
async fn the_rate_is_kept() {
    let db = members(20).await;
    let begin = Instant::now();
    let done = migrate::<Member>(&db, "one").progress_table("migrations").workers(3).rate(20.0).await.unwrap();
    let (consumed, seconds) = (done.counts.consumed, begin.elapsed().as_secs_f64());
    assert_eq!(done.counts.written, 20);
    // dynalite reports no consumption of some requests.
    assert!(consumed == 0.0 || consumed > 20.0, "{consumed}");
    // Each of the workers has one request that is not paid in the end.
    assert!(seconds > (consumed - 6.0) / 20.0, "{consumed} units in {seconds} s");
}

#[tokio::test]
async fn the_rate_is_also_that_of_the_progress() {
    let (db, between) = Between::client(0, |builder| builder).await;
    Member::create_table(&db).await.unwrap();
    for number in 0..3 {
        put_member(&db, number).await;
    }
    between.take();
    let begin = Instant::now();
    let migration = dyntastic::migrate::<Member>(&db, "one").progress_table("migrations");
    let done = migration.segments(12).workers(1).rate(20.0).await.unwrap();
    let seconds = begin.elapsed().as_secs_f64();
    let consumed: f64 = between.take().units.values().sum();
    assert!(consumed == 0.0 || consumed > done.counts.consumed + 24.0, "{consumed} units");
    assert!(seconds > (consumed - 6.0) / 20.0, "{consumed} units in {seconds} s");
}
