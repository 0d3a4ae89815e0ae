//! Items that are deleted and stay: reads leave them out, writes refuse them, and their unique values are free.

use crate::engine::{Engine, db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{TimeDelta, Utc};
use dyntastic::ops::Cause;
use dyntastic::prelude::*;
use dyntastic::{Client, Error, Vector};
use dyntastic_tests::soft_delete::{
    Member, MemberKey, Note, NoteByText, NotePatch, Picture, Team, TeamItems, TeamsItem,
};
use futures_util::TryStreamExt;

fn note(number: u32) -> Note {
    Note::builder().owner("ada").number(number).text("text").build().unwrap()
}

/// Notes 1 and 2, of which the second is deleted.
async fn notes(db: &Client) -> Note {
    note(1).save(db).await.unwrap();
    let mut second = note(2);
    second.save(db).await.unwrap();
    second.soft_delete(db).await.unwrap();
    second
}

fn numbers(notes: &[Note]) -> Vec<u32> {
    let mut numbers: Vec<u32> = notes.iter().map(|note| note.number).collect();
    numbers.sort_unstable();
    numbers
}

fn member(number: u32, email: &str) -> Member {
    Member::builder().team("a").member(number).email(email).town("Bonn").build().unwrap()
}

fn is_deleted<T: std::fmt::Debug>(result: dyntastic::Result<T>) -> bool {
    match result {
        Err(error @ Error::Deleted { .. }) => error.is_not_found() && !error.is_conflict(),
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test]
async fn a_deleted_item_stays_and_gets_the_time() {
    let db = db().await;
    let deleted = notes(&db).await;
    let at = deleted.deleted_at.unwrap();
    assert!((Utc::now() - at).num_seconds() < 60);
    let found = Note::get(&db, ("ada", 2)).with_deleted().consistent_read().await.unwrap();
    assert_eq!(found, deleted);

    let restored = Note::restore(&db, ("ada", 2)).await.unwrap();
    assert_eq!(restored, note(2));
    assert_eq!(Note::get(&db, ("ada", 2)).consistent_read().await.unwrap(), note(2));
    let deleted = Note::soft_delete_by_key(&db, ("ada", 2)).await.unwrap();
    assert!(deleted.deleted_at.is_some());
}

#[tokio::test]
async fn reads_leave_out_what_is_deleted_unless_asked() {
    let db = db().await;
    let deleted = notes(&db).await;
    let key = || ("ada", 2);
    assert!(Note::get(&db, key()).await.unwrap_err().is_not_found());
    assert!(Note::find(&db, key()).await.unwrap().is_none());
    let mut stale = note(2);
    assert!(stale.refresh(&db).await.unwrap_err().is_not_found());
    stale.refresh(&db).with_deleted().await.unwrap();
    assert_eq!(stale, deleted);

    let keys = || [("ada", 1), ("ada", 2)];
    assert_eq!(numbers(&Note::batch_get(&db, keys()).await.unwrap()), [1]);
    assert_eq!(numbers(&Note::batch_get(&db, keys()).with_deleted().await.unwrap()), [1, 2]);
    let in_order = Note::batch_get(&db, keys()).in_order().await.unwrap();
    assert_eq!(in_order.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false]);
    let streamed: Vec<Note> = Note::batch_get(&db, keys()).stream().try_collect().await.unwrap();
    assert_eq!(numbers(&streamed), [1]);
    assert_eq!(Note::batch_get(&db, keys()).project((Note::A.number,)).await.unwrap(), [(1,)]);
    let mixed = db.batch_get().keys::<Note>(keys()).await.unwrap();
    assert_eq!((numbers(&mixed.items::<Note>().unwrap()), mixed.len()), (vec![1], 1));
    let mixed = db.batch_get().keys::<Note>(keys()).with_deleted().await.unwrap();
    assert_eq!((numbers(&mixed.items::<Note>().unwrap()), mixed.len()), (vec![1, 2], 2));

    assert_eq!(numbers(&Note::query(&db, "ada").all().await.unwrap()), [1]);
    assert_eq!(numbers(&Note::query(&db, "ada").with_deleted().all().await.unwrap()), [1, 2]);
    assert_eq!(Note::query(&db, "ada").count().await.unwrap(), 1);
    assert_eq!(Note::query(&db, "ada").project((Note::A.number,)).all().await.unwrap(), [(1,)]);
    assert_eq!(Note::query(&db, "ada").descending().first().await.unwrap().unwrap().number, 1);
    assert_eq!(numbers(&Note::query(&db, "ada").limit(5).page().await.unwrap().items), [1]);
    assert_eq!(Note::query(&db, "ada").filter(Note::A.text.eq("text")).count().await.unwrap(), 1);
    assert_eq!(numbers(&Note::scan(&db).all().await.unwrap()), [1]);
    assert_eq!(numbers(&Note::scan(&db).segments(3).all().await.unwrap()), [1]);
    assert_eq!(numbers(&Note::scan(&db).with_deleted().segments(3).all().await.unwrap()), [1, 2]);
    let by_text: Vec<NoteByText> = Note::query_by_text(&db, "text").all().await.unwrap();
    assert_eq!(by_text.iter().map(|note| note.number).collect::<Vec<_>>(), [1]);
    assert_eq!(numbers(&Note::query_by_text(&db, "text").full().all().await.unwrap()), [1]);
    assert_eq!(numbers(&Note::query_by_text(&db, "text").with_deleted().full().all().await.unwrap()), [1, 2]);
    assert_eq!(Note::scan_by_text(&db).with_deleted().count().await.unwrap(), 2);
    assert_eq!(numbers(&Note::query_trash(&db, "ada").all().await.unwrap()), [2]);
    assert_eq!(numbers(&Note::scan_trash(&db).full().all().await.unwrap()), [2]);
}

#[tokio::test]
async fn transactions_leave_out_what_is_deleted() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    notes(&db).await;
    let (one, two) = db.transact_get((Note::key(("ada", 1)), Note::key(("ada", 2)))).await.unwrap();
    assert!(one.is_some() && two.is_none());
}

#[tokio::test]
async fn searches_leave_out_what_is_deleted() {
    if !Engine::current().has_vector_indexes() {
        return;
    }
    let db = db().await;
    let vector = Vector::from([1.0, 0.0]);
    for name in ["one", "two"] {
        Picture::builder().name(name).embedding(&vector).build().unwrap().save(&db).await.unwrap();
    }
    let deleted = Picture::soft_delete_by_key(&db, "two").await.unwrap();
    let ends = deleted.gone_at().unwrap() - deleted.deleted_at.unwrap();
    assert!(ends <= TimeDelta::days(30) && ends > TimeDelta::days(30) - TimeDelta::seconds(1));
    assert_eq!(Picture::restore(&db, "two").await.unwrap().gone_at(), None);
    Picture::soft_delete_by_key(&db, "two").await.unwrap();
    let found = Picture::search_by_embedding(&db, &vector).await.unwrap();
    assert_eq!(found.iter().map(|found| found.item.name.as_str()).collect::<Vec<_>>(), ["one"]);
    assert_eq!(Picture::search_by_embedding(&db, &vector).with_deleted().await.unwrap().len(), 2);
    let whole = Picture::search_by_embedding(&db, &vector).full().await.unwrap();
    assert_eq!(whole.iter().map(|found| found.item.name.as_str()).collect::<Vec<_>>(), ["one"]);
    assert_eq!(Picture::search_by_embedding(&db, &vector).with_deleted().full().await.unwrap().len(), 2);
}

#[tokio::test]
async fn writes_do_not_change_what_is_deleted() {
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    let mut deleted = notes(&db).await;
    let key = || ("ada", 2);
    let text = || Note::A.text.set("new");
    assert!(is_deleted(Note::update_by_key(&db, key(), text()).await));
    assert!(is_deleted(Note::update_by_key(&db, key(), text()).upsert().await));
    assert!(is_deleted(Note::update_by_key(&db, key(), NotePatch { text: Some("new".into()) }).await));
    assert!(is_deleted(Note::update_by_key(&db, key(), NotePatch { text: None }).await));
    assert!(is_deleted(note(2).update(&db, text()).await));
    assert!(is_deleted(Note::increment_likes(&db, key(), 1).await));
    assert!(is_deleted(note(2).save(&db).await));
    assert!(is_deleted(note(2).replace(&db).await));
    assert!(is_deleted(note(2).soft_delete(&db).await));
    assert!(is_deleted(Note::soft_delete_by_key(&db, key()).await));
    assert!(matches!(note(2).insert(&db).await, Err(Error::AlreadyExists(_))));
    let stored = Note::get(&db, key()).with_deleted().consistent_read().await.unwrap();
    assert_eq!(stored, deleted);

    // A struct that was read as deleted is changed as such.
    deleted.update(&db, text()).await.unwrap();
    deleted.likes = 0;
    deleted.text = "newer".into();
    deleted.save(&db).await.unwrap();
    assert_eq!(Note::get(&db, key()).with_deleted().await.unwrap(), deleted);
    Note::restore(&db, key()).await.unwrap();
    assert!(matches!(deleted.save(&db).await, Err(Error::NotDeleted { .. })));
    assert!(matches!(deleted.update(&db, text()).await, Err(Error::NotDeleted { .. })));
    let error = Note::restore(&db, key()).await.unwrap_err();
    assert!(error.is_conflict() && matches!(error, Error::NotDeleted { .. }), "{error:?}");
    assert!(matches!(Note::restore(&db, ("ada", 9)).await, Err(Error::NotFound { .. })));
    assert!(matches!(Note::soft_delete_by_key(&db, ("ada", 9)).await, Err(Error::NotFound { .. })));
    for upsert in [Note::soft_delete_by_key(&db, ("ada", 9)).upsert(), Note::restore(&db, ("ada", 9)).upsert()] {
        let error = upsert.await.unwrap_err().to_string();
        assert!(error.contains("deleted or restored only if it exists"), "{error}");
    }
    // A deleted item may be stored as such where nothing is.
    deleted.number = 7;
    deleted.save(&db).await.unwrap();
    assert!(Note::find(&db, ("ada", 7)).await.unwrap().is_none());
}

#[tokio::test]
async fn conditions_hold_beside_and_are_on_the_time() {
    let db = db().await;
    note(1).save(&db).await.unwrap();
    if Engine::current().returns_existing() {
        let refused = Note::soft_delete_by_key(&db, ("ada", 1)).condition(Note::A.text.eq("other")).if_matches().await;
        assert!(refused.unwrap().is_none());
    }
    Note::soft_delete_by_key(&db, ("ada", 1)).condition(Note::A.text.eq("text")).await.unwrap();
    let listed = Note::scan(&db).with_deleted().filter(Note::A.deleted_at.lt(Utc::now() + TimeDelta::hours(1)));
    assert_eq!(listed.count().await.unwrap(), 1);
}

#[tokio::test]
async fn null_is_no_time() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    member(1, "a@x.org").insert(&db).await.unwrap();
    let null =
        db.sdk().update_item().table_name(table_name::<Member>(&db)).key("pk", AttributeValue::S("TEAM#a".into()));
    let null = null.key("sk", AttributeValue::S("MEMBER#0000000001".into())).update_expression("SET deletedAt = :null");
    null.expression_attribute_values(":null", AttributeValue::Null(true)).send().await.unwrap();
    let mut found = Member::get(&db, ("a", 1)).await.unwrap();
    assert_eq!(Member::query(&db, "a").count().await.unwrap(), 1);
    found.save(&db).await.unwrap();
    assert!(matches!(member(2, "a@x.org").insert(&db).await, Err(Error::NotUnique { .. })));
    found.soft_delete(&db).await.unwrap();
    member(2, "a@x.org").insert(&db).await.unwrap();
}

#[tokio::test]
async fn delete_removes_an_item_whether_it_is_deleted_or_not() {
    let db = db().await;
    notes(&db).await;
    Note::delete_by_key(&db, ("ada", 2)).await.unwrap();
    assert!(Note::find(&db, ("ada", 2)).with_deleted().await.unwrap().is_none());
    notes(&db).await;
    assert_eq!(Note::delete_partition(&db, "ada").await.unwrap(), 2);
    assert_eq!(Note::scan(&db).with_deleted().count().await.unwrap(), 0);
}

#[tokio::test]
async fn unique_values_of_a_deleted_item_are_free() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let (mut first, mut second) = (member(1, "a@x.org"), member(2, "a@x.org"));
    first.insert(&db).await.unwrap();
    assert!(matches!(second.insert(&db).await, Err(Error::NotUnique { .. })));
    let updated = first.updated_at;
    first.soft_delete(&db).await.unwrap();
    assert_eq!(first.version, 2);
    assert!(first.removed_at.is_some() && first.updated_at >= updated);
    second.insert(&db).await.unwrap();

    // An item that is deleted takes no value, whatever is written to it.
    first.town = "Rome".into();
    first.save(&db).await.unwrap();
    first.update(&db, Member::A.email.set("b@x.org")).await.unwrap();
    member(3, "b@x.org").insert(&db).await.unwrap();
    first.update(&db, Member::A.email.set("a@x.org")).await.unwrap();
    let taken = Member::restore(&db, ("a", 1)).await.unwrap_err();
    assert!(matches!(taken, Error::NotUnique { field: "email", .. }), "{taken:?}");
    second.delete(&db).await.unwrap();
    let restored = Member::restore(&db, ("a", 1)).await.unwrap();
    assert_eq!((restored.town.as_str(), restored.removed_at), ("Rome", None));
    assert!(matches!(member(4, "a@x.org").insert(&db).await, Err(Error::NotUnique { .. })));
    assert_eq!(Member::query_by_city(&db, "Rome").count().await.unwrap(), 1);

    // Removing a deleted item leaves the values of others alone.
    let mut third = Member::get(&db, ("a", 3)).await.unwrap();
    third.soft_delete(&db).await.unwrap();
    member(5, "b@x.org").insert(&db).await.unwrap();
    third.delete(&db).await.unwrap();
    assert!(matches!(member(6, "b@x.org").insert(&db).await, Err(Error::NotUnique { .. })));
}

#[tokio::test]
async fn transactions_delete_and_restore() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    member(1, "a@x.org").insert(&db).await.unwrap();
    let mut other = member(2, "a@x.org");
    db.transaction().soft_delete::<Member>(("a", 1)).insert(&mut other).await.unwrap();
    let refused = db.transaction().update::<Member>(("a", 1), Member::A.town.set("Rome"));
    let Err(Error::TransactionCanceled(canceled)) = refused.await else { unreachable!() };
    assert_eq!(canceled.reasons()[0].cause(), Cause::Deleted);
    let refused = db.transaction().check_exists::<Member>(("a", 1)).delete::<Member>(("a", 9)).await;
    assert!(refused.is_err());
    db.transaction().delete::<Member>(("a", 2)).restore::<Member>(("a", 1)).await.unwrap();
    assert_eq!(Member::get(&db, ("a", 1)).await.unwrap().email, "a@x.org");
}

#[tokio::test]
async fn collections_leave_out_what_is_deleted() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    Team::builder().team("a").name("A").build().unwrap().save(&db).await.unwrap();
    for number in 1..=2 {
        member(number, &format!("{number}@x.org")).insert(&db).await.unwrap();
    }
    Member::soft_delete_by_key(&db, ("a", 2)).await.unwrap();
    let items: TeamItems = TeamItems::query(&db, "a").await.unwrap();
    assert_eq!((items.team.is_some(), items.members.len()), (true, 1));
    let items = TeamItems::query(&db, "a").with_deleted().await.unwrap();
    assert_eq!((items.team.is_some(), items.members.len()), (true, 2));
    let all: Vec<TeamsItem> = TeamsItem::query(&db, "TEAM#a").all().await.unwrap();
    assert_eq!(all.iter().filter(|item| matches!(item, TeamsItem::Member(_))).count(), 1);
}

#[tokio::test]
async fn a_migration_keeps_what_is_deleted() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let mut first = member(1, "a@x.org");
    first.insert(&db).await.unwrap();
    first.soft_delete(&db).await.unwrap();
    member(2, "a@x.org").insert(&db).await.unwrap();
    let moved = dyntastic::migrate::<Member>(&db, "rome").change(|member| member.town = "Rome".into()).await.unwrap();
    assert_eq!((moved.counts.written, moved.counts.unmigrated), (2, 0));
    let found = Member::get(&db, MemberKey::from(&first)).with_deleted().await.unwrap();
    assert_eq!((found.town.as_str(), found.removed_at), ("Rome", first.removed_at));
    assert!(matches!(member(3, "a@x.org").insert(&db).await, Err(Error::NotUnique { .. })));
}

#[tokio::test]
async fn a_deletion_costs_what_is_calculated() {
    let engine = Engine::current();
    if !engine.reports_indexes() || !engine.reports_transactions() {
        return;
    }
    let sources = dyntastic_codegen::read_sources(&["cases/soft_delete/models.yaml"]).unwrap();
    let costs = dyntastic_codegen::cost(&sources, &dyntastic_codegen::Prices::default()).unwrap();
    let calculated = |model: &str| {
        let of = costs.models.iter().find(|of| of.name == model).unwrap();
        let request = of.requests.iter().find(|request| request.name == "soft_delete").unwrap();
        request.parts.iter().map(|part| part.write_units).sum::<f64>()
    };
    let db = db().await;
    note(1).save(&db).await.unwrap();
    let (_, of_note) = note(1).soft_delete(&db).with_capacity().await.unwrap();
    let mut member = member(1, "a@b.example");
    member.save(&db).await.unwrap();
    let (_, of_member) = member.soft_delete(&db).with_capacity().await.unwrap();
    let mut picture = Picture::builder().name("p").embedding([1.0, 0.0]).build().unwrap();
    picture.save(&db).await.unwrap();
    let (_, of_picture) = picture.soft_delete(&db).with_capacity().await.unwrap();
    let measured = [&of_note, &of_member, &of_picture].map(|used| used.write_units());
    assert_eq!(measured, ["Note", "Member", "Picture"].map(calculated));
}
