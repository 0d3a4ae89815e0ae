//! Computed fields after upserts, migrations and any updates.

use crate::engine::{Engine, db, table_name};
use crate::random::Random;
use crate::seeds::{rounds, seed};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{DateTime, TimeZone, Utc};
use dyntastic::codec::{read_model, write_model};
use dyntastic::expr::IntoUpdate;
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::computed::{Level, User};
use std::collections::HashMap;

type Stored = HashMap<String, AttributeValue>;

/// The attributes that are computed.
const COMPUTED: [&str; 8] = ["fullName", "search", "initials", "badge", "hint", "rank", "anniversary", "words"];

fn at(year: i32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, 2, 1, 12, 0, 0).unwrap()
}

fn user(id: &str) -> User {
    User::builder().user_id(id).first("Ada").last("Lovelace").joined(at(2024)).build().unwrap()
}

async fn stored(db: &Client, id: &str) -> Stored {
    let request = db.sdk().get_item().table_name(table_name::<User>(db));
    let request = request.key("user_id", AttributeValue::S(id.to_owned())).consistent_read(true);
    request.send().await.unwrap().item.unwrap_or_default()
}

/// Checks that the item has the computed attributes that its fields give.
#[track_caller]
fn check(item: &Stored) {
    let read: User = read_model(item.clone()).unwrap();
    let written = write_model(&read).unwrap();
    for name in COMPUTED {
        match (item.get(name), written.get(name)) {
            (Some(AttributeValue::Ss(one)), Some(AttributeValue::Ss(other))) => {
                let sorted = |words: &[String]| std::collections::BTreeSet::from_iter(words.to_vec());
                assert_eq!(sorted(one), sorted(other), "{name}");
            }
            (one, other) => assert_eq!(one, other, "{name} of {item:?}"),
        }
    }
}

#[tokio::test]
async fn an_upsert_computes_what_a_new_item_has() {
    let db = db().await;
    let required = || (User::A.first.set("Ada"), User::A.last.set("Byron"), User::A.joined.set(at(2024)));
    let upsert = |id: &str| {
        let fields = (required(), User::A.level.set(Level::Junior), User::A.points.set(3), User::A.middle.set("K"));
        User::update_by_key(&db, id, (fields.0, fields.1, fields.2, fields.3)).upsert()
    };
    upsert("u1").await.unwrap();
    check(&stored(&db, "u1").await);
    upsert("u1").await.unwrap();
    check(&stored(&db, "u1").await);
    // An older item, of a release without computed fields.
    let mut item = write_model(&user("u2")).unwrap();
    COMPUTED.iter().for_each(|name| drop(item.remove(*name)));
    item.insert("points".to_owned(), AttributeValue::N("7".to_owned()));
    db.sdk().put_item().table_name(table_name::<User>(&db)).set_item(Some(item)).send().await.unwrap();
    upsert("u2").await.unwrap();
    check(&stored(&db, "u2").await);
}

#[tokio::test]
async fn an_upsert_with_a_default_leaves_no_value_that_is_stale() {
    let db = db().await;
    user("u1").save(&db).await.unwrap();
    let upsert = |id: &str| {
        let name = (User::A.first.set("Ada"), User::A.middle.set("K"), User::A.last.set("Lovelace"));
        let others = (User::A.joined.set(at(2024)), User::A.level.set_default(Level::Senior));
        User::update_by_key(&db, id, (name.0, name.1, name.2, others.0, others.1)).upsert()
    };
    // The rank is that without a level, which the default would change.
    let error = upsert("u1").await.unwrap_err();
    assert!(error.is_conflict() || matches!(error, Error::IndexKey { .. }), "{error:?}");
    check(&stored(&db, "u1").await);
    upsert("u2").await.unwrap();
    check(&stored(&db, "u2").await);
    // The stored level stays, and so does the rank.
    upsert("u2").await.unwrap();
    check(&stored(&db, "u2").await);
    assert_eq!(User::get(&db, "u2").await.unwrap().rank(), 1000);
}

#[tokio::test]
async fn a_migration_computes_what_older_items_lack() {
    let db = db().await;
    User::create_table(&db).await.unwrap();
    for id in ["u1", "u2"] {
        let mut item = write_model(&user(id)).unwrap();
        COMPUTED.iter().for_each(|name| drop(item.remove(*name)));
        db.sdk().put_item().table_name(table_name::<User>(&db)).set_item(Some(item)).send().await.unwrap();
    }
    assert_eq!(User::query_by_name(&db, "lovelace").count().await.unwrap(), 0);
    let migrated = dyntastic::migrate::<User>(&db, "computed").progress_table("progress").await.unwrap();
    assert_eq!(migrated.counts.written, 2);
    assert_eq!(User::query_by_name(&db, "lovelace").count().await.unwrap(), 2);
    let again = dyntastic::migrate::<User>(&db, "again").progress_table("progress").await.unwrap();
    assert_eq!(again.counts.unchanged, 2);
}

#[tokio::test]
async fn what_is_computed_is_that_of_the_fields_after_any_updates() {
    let db = db().await;
    let mut random = Random::new(seed(9));
    for number in 0..rounds(8) {
        let id = format!("u{number}");
        let mut ada = user(&id);
        ada.save(&db).await.unwrap();
        for _ in 0..10 {
            let name = ["Ada", "Böb", "", " x "][random.below(4) as usize];
            let name = if name.is_empty() { "E" } else { name };
            if random.below(4) == 0 {
                let fields = vec![
                    User::A.first.set(name),
                    User::A.middle.set(name),
                    User::A.last.set(name),
                    User::A.joined.set(at(2001)),
                    User::A.level.set_default(Level::Senior),
                    User::A.note.set_default("n"),
                ];
                let update = (fields, User::A.points.set_default(5));
                // An item that lacks what a default would set is refused, and must be read first.
                drop(User::update_by_key(&db, id.as_str(), update).upsert().await);
                check(&stored(&db, &id).await);
                ada.refresh(&db).await.unwrap();
            }
            let update: dyntastic::UpdateExpression<User> = match random.below(9) {
                0 => User::A.first.set(name).into_update(),
                1 => User::A.last.set(name).into_update(),
                2 => User::A.middle.set(name).into_update(),
                3 => User::A.middle.remove().into_update(),
                4 => (User::A.points.set(random.below(99) as u32), User::A.last.set(name)).into_update(),
                5 => User::A.points.remove().into_update(),
                6 => User::A.level.set(Level::Senior).into_update(),
                7 => (User::A.level.remove(), User::A.note.set(name)).into_update(),
                _ => (User::A.note.remove(), User::A.joined.set(at(2000 + random.below(20) as i32))).into_update(),
            };
            match random.below(4) {
                0 if Engine::current().has_transactions() => {
                    db.transaction().update_item(&ada, update).await.unwrap();
                    ada.refresh(&db).await.unwrap();
                }
                1 => {
                    ada.clone().update_without_refresh(&db, update).await.unwrap();
                    ada.refresh(&db).await.unwrap();
                }
                _ => ada.update(&db, update).await.unwrap(),
            }
            check(&stored(&db, &id).await);
        }
    }
}
