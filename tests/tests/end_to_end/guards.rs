//! The guards of unique values: one for each value that an item has, whoever writes meanwhile.

use crate::engine::{Engine, db, table_name};
use crate::random::Random;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{DateTime, TimeDelta, Utc};
use dyntastic::ops::Cause;
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::bounds::Tally;
use dyntastic_tests::defaults::Defaults;
use dyntastic_tests::unique::{ArchiveItem, Former, Note, Odd, PeopleItem, Person, Session};
use std::collections::BTreeMap;

/// A client; `None` on an engine without transactions, which keep values unique.
async fn client() -> Option<Client> {
    if Engine::current().has_transactions() { Some(db().await) } else { None }
}

fn person(id: &str, email: &str) -> Person {
    Person::builder().id(id).email(email.to_owned()).build().unwrap()
}

fn session(id: &str, token: &str, ends: DateTime<Utc>) -> Session {
    Session::builder().id(id).token(token).ends(ends).build().unwrap()
}

fn note(title: &str, slug: &str) -> Note {
    Note::builder().folder("f").title(title).slug(slug).build().unwrap()
}

type Attributes = std::collections::HashMap<String, AttributeValue>;

/// The guards in the table of people: their keys and the hash keys of their owners.
async fn guards(db: &Client) -> BTreeMap<String, String> {
    let text = |item: &Attributes, name: &str| item[name].as_s().unwrap().clone();
    let items = raw(db).await;
    let guards = items.iter().filter(|item| item["kind"].as_s().is_ok_and(|kind| kind == "UNIQUE"));
    guards.map(|guard| (text(guard, "pk"), text(guard, "unique_owner"))).collect()
}

async fn raw(db: &Client) -> Vec<Attributes> {
    let request = PeopleItem::scan(db).consistent_read().into_inner().unwrap();
    request.send().await.unwrap().items.unwrap_or_default()
}

/// The guards that the people's emails ask for.
async fn expected(db: &Client) -> BTreeMap<String, String> {
    let people = Person::scan(db).consistent_read().all().await.unwrap();
    let guards = people.iter().filter_map(|person| {
        Some((format!("UNIQUE#Person#email#{}", person.email.as_deref()?), format!("PERSON#{}", person.id)))
    });
    guards.collect()
}

fn is_not_unique<T: std::fmt::Debug>(result: dyntastic::Result<T>) -> bool {
    match result {
        Err(Error::NotUnique { .. }) => true,
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guards_and_owners_are_one_to_one_under_contention() {
    let Some(db) = client().await else { return };
    Person::create_table(&db).await.unwrap();
    for number in 0..4 {
        person(&number.to_string(), &format!("{number}@x")).insert(&db).await.unwrap();
    }
    let tasks = (0..20).map(|seed| tokio::spawn(change_people(db.clone(), seed)));
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!(guards(&db).await, expected(&db).await);
}

/// Swaps, changes and deletes emails of a few people.
async fn change_people(db: Client, seed: u64) {
    let mut random = Random::new(seed + 1);
    for _ in 0..4 {
        let [one, other] = [random.below(4), random.below(4)].map(|id| id.to_string());
        let email = format!("{}@x", random.below(5));
        let done = match random.below(4) {
            0 => swap(&db, &one, &other).await,
            1 => person(&one, &email).save(&db).await,
            2 => Person::delete_by_key(&db, one.as_str()).await,
            _ => Person::update_by_key(&db, one.as_str(), Person::A.email.set(email)).await.map(drop),
        };
        if let Err(error) = done {
            assert!(error.is_conflict() || error.is_not_found() || error.is_retryable(), "{error:?}");
            assert!(!matches!(error, Error::InvalidRequest(_)), "{error:?}");
        }
    }
}

/// Two people swap their emails.
async fn swap(db: &Client, one: &str, other: &str) -> dyntastic::Result<()> {
    let [first, second] = [Person::find(db, one).await?, Person::find(db, other).await?];
    let (Some(first), Some(second)) = (first, second) else { return Ok(()) };
    if one == other {
        return Ok(());
    }
    let transaction = db
        .transaction()
        .update::<Person>(one, Person::A.email.set(second.email))
        .update::<Person>(other, Person::A.email.set(first.email));
    transaction.await
}

#[tokio::test]
async fn a_value_moves_between_tables() {
    let Some(db) = client().await else { return };
    person("ada", "a@x").insert(&db).await.unwrap();
    Former::create_table(&db).await.unwrap();
    let former = Former::builder().id("ada").email("a@x".to_owned()).build().unwrap();
    db.transaction().delete::<Person>("ada").insert(&former).await.unwrap();
    assert_eq!(guards(&db).await, BTreeMap::new(), "the first table's guard is gone");
    assert_eq!(ArchiveItem::scan(&db).count().await.unwrap(), 2, "the second table has one");
    person("bob", "a@x").insert(&db).await.unwrap();
    db.transaction().delete::<Former>("ada").insert(&person("eve", "e@x")).await.unwrap();
    assert_eq!(ArchiveItem::scan(&db).count().await.unwrap(), 0);
    assert_eq!(guards(&db).await, expected(&db).await);
}

#[tokio::test]
async fn a_value_of_an_ended_item_is_free() {
    let Some(db) = client().await else { return };
    let now = Utc::now();
    // DynamoDB never removes what ended more than five years ago, and DynamoDB Local removes the rest at any moment.
    let ended = now - TimeDelta::weeks(6 * 53);
    session("old", "t", ended).insert(&db).await.unwrap();
    session("new", "t", now + TimeDelta::hours(1)).insert(&db).await.unwrap();
    assert!(is_not_unique(session("third", "t", now).insert(&db).await));
    // The ended item no longer has the value: it can be neither prolonged with it, nor take it along when it is deleted.
    let prolonged = Session::update_by_key(&db, "old", Session::A.ends.set(now + TimeDelta::hours(2))).await;
    assert!(is_not_unique(prolonged));
    Session::delete_by_key(&db, "old").await.unwrap();
    assert!(is_not_unique(session("third", "t", now).insert(&db).await));
    // A guard ends when its owner does.
    Session::update_by_key(&db, "new", Session::A.ends.set(ended)).await.unwrap();
    session("third", "t", now + TimeDelta::hours(1)).insert(&db).await.unwrap();
    Session::delete_by_key(&db, "new").await.unwrap();
    Session::update_by_key(&db, "third", Session::A.ends.remove()).await.unwrap();
    assert!(is_not_unique(session("fourth", "t", now).insert(&db).await));
    assert_eq!(guards(&db).await.len(), 1);
}

#[tokio::test]
async fn a_version_that_is_spent_is_not_moved() {
    let Some(db) = client().await else { return };
    let mut spent = Note { version: u64::MAX, ..note("one", "s") };
    let from = spent.clone();
    spent.title = "two".to_owned();
    let error = Note::rekey(&db, &from, &mut spent).await.unwrap_err();
    assert!(matches!(error, Error::VersionExhausted { .. }), "{error:?}");
}

#[tokio::test]
async fn an_ended_item_and_the_one_that_has_its_value_are_deleted_together() {
    let Some(db) = client().await else { return };
    let now = Utc::now();
    session("old", "t", now - TimeDelta::weeks(6 * 53)).insert(&db).await.unwrap();
    session("new", "t", now + TimeDelta::hours(1)).insert(&db).await.unwrap();
    db.transaction().delete::<Session>("old").delete::<Session>("new").await.unwrap();
    assert_eq!(raw(&db).await.len(), 0);
}

#[tokio::test]
async fn one_transaction_writes_an_ended_item_and_the_one_that_takes_its_value() {
    let Some(db) = client().await else { return };
    let now = Utc::now();
    let (ended, later) = (now - TimeDelta::weeks(6 * 53), now + TimeDelta::hours(1));
    for is_stored in [false, true] {
        for is_first in [false, true] {
            let mut old = session("old", "t", later);
            if is_stored {
                old.insert(&db).await.unwrap();
            }
            old.ends = Some(ended);
            let new = session("new", "t", later);
            let items = if is_first { [&old, &new] } else { [&new, &old] };
            db.transaction().put(items[0]).put(items[1]).await.unwrap();
            assert!(is_not_unique(session("third", "t", later).insert(&db).await), "{is_stored} {is_first}");
            let both = db.transaction().put(&session("third", "u", later)).put(&session("fourth", "u", later));
            assert!(is_not_unique(both.await));
            db.transaction().delete::<Session>("old").delete::<Session>("new").await.unwrap();
            assert_eq!(raw(&db).await.len(), 0, "{is_stored} {is_first}");
        }
    }
}

#[tokio::test]
async fn names_with_the_separator_have_guards_of_their_own() {
    let Some(db) = client().await else { return };
    let odd = |id: &str, a: &str, b: &str| Odd::builder().id(id).a(a).b(b).build().unwrap();
    odd("1", "b#v", "w").insert(&db).await.unwrap();
    odd("2", "w", "v").insert(&db).await.unwrap();
    assert_eq!(guards(&db).await.len(), 4);
    assert!(is_not_unique(odd("3", "x", "v").insert(&db).await));
}

#[tokio::test]
async fn a_value_that_is_too_long_for_its_guard_says_so() {
    let Some(db) = client().await else { return };
    let error = person("ada", &"x".repeat(2100)).insert(&db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Person.email: the unique value has 2100 bytes, and the key of its guard has room for 2028"
    );
    person("ada", &"x".repeat(2028)).insert(&db).await.unwrap();
}

#[tokio::test]
async fn chunks_have_room_for_guards() {
    let Some(db) = client().await else { return };
    Person::create_table(&db).await.unwrap();
    let mut transaction = db.transaction();
    for number in 0..60 {
        transaction = transaction.insert(&person(&number.to_string(), &format!("{number}@x")));
    }
    transaction.in_chunks_of(100).await.unwrap();
    assert_eq!(guards(&db).await.len(), 60);
    let mut transaction = db.transaction();
    for number in 60..120 {
        transaction = transaction.insert(&person(&number.to_string(), &format!("{number}@x")));
    }
    let error = transaction.await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "TransactWriteItems: a transaction has at most 100 actions, this one has 120, 60 of them for guards of unique fields"
    );
}

/// An action fills a chunk of as many writes as it may need, and what comes after it is in the next.
#[tokio::test]
async fn a_chunk_counts_the_guards_that_an_action_may_need() {
    let Some(db) = client().await else { return };
    Person::create_table(&db).await.unwrap();
    let nobody = |id: &str| Person::builder().id(id).build().unwrap();
    let cases = [
        ("a save may free a value and claim one", 3, false, person("ada", "a@x")),
        ("an insert frees none", 2, true, person("bob", "b@x")),
        ("a save without a value may free one", 2, false, nobody("cy")),
        ("an insert without a value does neither", 1, true, nobody("di")),
    ];
    for (why, needed, is_new, item) in cases {
        for (most, is_alone) in [(needed + 1, false), (needed, true)] {
            let transaction = db.transaction();
            let transaction = if is_new { transaction.insert(&item) } else { transaction.put(&item) };
            let transaction = transaction.check::<Person>("none", Person::A.visits.gt(3));
            transaction.in_chunks_of(most).await.unwrap_err();
            let written = Person::find(&db, &item).consistent_read().await.unwrap();
            assert_eq!(written.is_some(), is_alone, "{why}: chunks of {most}");
        }
    }
    for (most, is_alone) in [(3, false), (2, true)] {
        let transaction = db.transaction().delete::<Person>("ada");
        let transaction = transaction.check::<Person>("none", Person::A.visits.gt(3));
        transaction.in_chunks_of(most).await.unwrap_err();
        assert_eq!(Person::find(&db, "ada").consistent_read().await.unwrap().is_none(), is_alone, "chunks of {most}");
    }
}

#[tokio::test]
async fn the_sdks_builders_are_no_way_around_guards() {
    let Some(db) = client().await else { return };
    let ada = person("ada", "a@x");
    let refused = [
        ada.save(&db).into_inner().unwrap_err(),
        ada.delete(&db).into_inner().unwrap_err(),
        Person::update_by_key(&db, "ada", Person::A.email.remove()).into_inner().unwrap_err(),
    ];
    for error in refused {
        assert!(matches!(error, Error::NeedsTransaction { model: "Person", .. }), "{error:?}");
    }
    Person::update_by_key(&db, "ada", Person::A.visits.set(1_u32)).into_inner().unwrap();
}

#[tokio::test]
async fn a_token_with_guards_or_times_is_refused_before_it_is_sent() {
    let Some(db) = client().await else { return };
    let error = db.transaction().insert(&person("ada", "a@x")).token("once").await.unwrap_err();
    assert!(error.to_string().contains("Person has unique fields"), "{error}");
    let bounded = db.transaction().update::<Tally>("t", Tally::A.labels.add(["a", "b", "c", "d"])).token("once");
    let error = bounded.await.unwrap_err();
    assert!(error.to_string().contains("Tally has an update whose bounds depend"), "{error}");
    let making = db.transaction().upsert::<Defaults>("d", Defaults::A.text.set("x")).token("once");
    let error = making.await.unwrap_err();
    assert!(
        error.to_string().contains("Defaults has times that writes keep, or defaults that a factory makes"),
        "{error}"
    );
    let long = db.transaction().update::<Person>("ada", Person::A.visits.set(1_u32)).token("t".repeat(37));
    assert_eq!(long.await.unwrap_err().to_string(), "TransactWriteItems: a token has 1 to 36 characters");
    assert!(!Person::table_exists(&db).await.unwrap());
}

#[tokio::test]
async fn a_move_to_another_key_is_versioned() {
    let Some(db) = client().await else { return };
    let mut first = note("one", "s");
    first.insert(&db).await.unwrap();
    let mut stale = first.clone();
    let created = first.created_at;
    let from = first.clone();
    first.title = "two".to_owned();
    Note::rekey(&db, &from, &mut first).await.unwrap();
    assert_eq!((first.version, first.created_at), (2, created));
    assert!(first.updated_at > from.updated_at);
    assert_eq!(Note::get(&db, &first).consistent_read().await.unwrap(), first);
    first.save(&db).await.unwrap();

    // Nobody moves what another writer has changed, and nobody moves onto another item.
    stale.title = "three".to_owned();
    let error = Note::rekey(&db, &first, &mut stale).await.unwrap_err();
    assert!(matches!(error, Error::VersionConflict { expected: 1, stored: Some(3), .. }), "{error:?}");
    assert_eq!(stale.version, 1);
    assert!(Note::rekey(&db, ("f", "none"), &mut stale).await.unwrap_err().is_not_found());
    note("taken", "t").insert(&db).await.unwrap();
    let from = first.clone();
    let mut onto = Note { title: "taken".to_owned(), ..first.clone() };
    let error = Note::rekey(&db, &from, &mut onto).await.unwrap_err();
    assert!(matches!(error, Error::AlreadyExists(_)), "{error:?}");

    // The same key is a replacement.
    Note::rekey(&db, &from, &mut first).await.unwrap();
    assert_eq!(first.version, 4);
    assert_eq!(guards(&db).await.into_values().collect::<Vec<_>>(), ["NOTE#f#two", "NOTE#f#taken"]);
}

/// The item that stands in the way is the one that was read: planning again is of no use.
#[tokio::test]
async fn another_models_item_is_no_stale_plan() {
    let Some(db) = client().await else { return };
    Person::create_table(&db).await.unwrap();
    let texts = [("pk", "PERSON#ada"), ("sk", "PERSON"), ("kind", "Alien"), ("email", "a@x")];
    let item = texts.map(|(name, text)| (name.to_owned(), AttributeValue::S(text.to_owned()))).into_iter().collect();
    db.sdk().put_item().table_name(table_name::<Person>(&db)).set_item(Some(item)).send().await.unwrap();
    let upsert = db.transaction().upsert::<Person>("ada", Person::A.email.set("c@x"));
    let Err(Error::TransactionCanceled(canceled)) = upsert.await else { unreachable!() };
    assert_eq!(canceled.reasons()[0].cause(), Cause::NotFound);
}

#[tokio::test]
async fn a_canceled_transaction_says_what_stood_in_the_way() {
    let Some(db) = client().await else { return };
    let ada = person("ada", "a@x");
    ada.insert(&db).await.unwrap();
    assert!(matches!(ada.insert(&db).await, Err(Error::AlreadyExists(_))));
    let error = person("bob", "b@x").replace(&db).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    let transaction = db
        .transaction()
        .insert(&ada)
        .update::<Person>("none", Person::A.visits.set(1_u32))
        .check::<Person>("bob", Person::A.visits.gt(3));
    let error = transaction.await.unwrap_err();
    assert!(error.is_conflict());
    assert_eq!(error.code(), Some("TransactionCanceledException"));
    let Error::TransactionCanceled(canceled) = error else { unreachable!("{error:?}") };
    let causes: Vec<_> = canceled.reasons().iter().map(|reason| (reason.index(), reason.cause())).collect();
    assert_eq!(causes, [(0, Cause::AlreadyExists), (1, Cause::NotFound), (2, Cause::ConditionFailed)]);
    // The item is as it was read, so that it is the condition that fails and no other writer.
    let changed = person("ada", "c@x");
    let update = db.transaction().update_if::<Person>("ada", Person::A.email.set("c@x"), Person::A.visits.gt(3));
    for transaction in [update, db.transaction().put_if(&changed, Person::A.visits.gt(3))] {
        let Err(Error::TransactionCanceled(canceled)) = transaction.await else { unreachable!() };
        assert_eq!(canceled.reasons()[0].cause(), Cause::ConditionFailed);
    }
}
