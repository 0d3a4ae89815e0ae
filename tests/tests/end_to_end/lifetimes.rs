//! Times to live that writes set: from each write, or from a field.

use crate::engine::{Engine, db, table_name};
use dyntastic::Client;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{DateTime, TimeDelta, Utc};
use dyntastic::prelude::*;
use dyntastic_tests::lifetimes::{Draft, Invite, Login, LoginByEnd, LoginPatch, Visit};
use dyntastic_tests::{jiff_types, time_types};

fn login(token: &str) -> Login {
    Login::builder().token(token).user("ada").build().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The stored number of seconds, if the item has the attribute.
async fn stored<M: Model>(db: &Client, key: (&str, &str), attribute: &str) -> Option<i64> {
    let request = db.sdk().get_item().table_name(table_name::<M>(db)).consistent_read(true);
    let item = request.key(key.0, AttributeValue::S(key.1.to_owned())).send().await.unwrap().item.unwrap();
    item.get(attribute).map(|value| value.as_n().unwrap().parse().unwrap())
}

/// Whether the login ends a day and a half after this write.
async fn is_renewed(db: &Client, token: &str) -> bool {
    let ends = stored::<Login>(db, ("token", token), "expires_at").await.unwrap();
    let wanted = Utc::now().timestamp() + 36 * 3600;
    (wanted - 60..=wanted).contains(&ends)
}

/// Stores a login that ends soon.
async fn age(db: &Client, token: &str) {
    let soon = Utc::now() + TimeDelta::minutes(10);
    Login::update_by_key(db, token, Login::A.expires_at.set(soon)).await.unwrap();
    assert!(!is_renewed(db, token).await, "an update may set it itself");
}

#[tokio::test]
async fn every_write_moves_the_time_to_live() {
    if !Engine::current().has_time_to_live() {
        return;
    }
    let db = db().await;
    let mut login = login("a");
    login.save(&db).await.unwrap();
    assert!(is_renewed(&db, "a").await);
    assert_eq!(login.expires_at.timestamp_subsec_nanos(), 0);
    assert_eq!(Login::get(&db, "a").await.unwrap(), login, "the struct has the stored time");

    age(&db, "a").await;
    Login::update_by_key(&db, "a", Login::A.user.set("bob")).await.unwrap();
    assert!(is_renewed(&db, "a").await);
    age(&db, "a").await;
    let patch = LoginPatch { user: Some("eve".to_owned()) };
    Login::update_by_key(&db, "a", patch).await.unwrap();
    assert!(is_renewed(&db, "a").await);
    age(&db, "a").await;
    login.replace(&db).await.unwrap();
    assert!(is_renewed(&db, "a").await);
    age(&db, "a").await;
    login.update(&db, Login::A.user.set("ada")).await.unwrap();
    assert!(is_renewed(&db, "a").await);
    assert_eq!(Login::get(&db, "a").await.unwrap(), login);

    Login::update_by_key(&db, "new", Login::A.user.set("ada")).upsert().await.unwrap();
    assert!(is_renewed(&db, "new").await);
    Visit::update_by_key(&db, "ada", Visit::A.pages.add(1)).upsert().await.unwrap();
    let ends = stored::<Visit>(&db, ("visitor", "ada"), "until").await.unwrap();
    assert!((ends - Utc::now().timestamp() - 14 * 86_400).abs() < 60);

    let mut other = self::login("b");
    db.batch_write().put(&mut other).await.unwrap();
    assert!(is_renewed(&db, "b").await);
}

#[tokio::test]
async fn a_transaction_moves_the_time_to_live() {
    if !Engine::current().has_transactions() || !Engine::current().has_time_to_live() {
        return;
    }
    let db = db().await;
    let (mut one, mut other) = (login("a"), login("b"));
    other.save(&db).await.unwrap();
    age(&db, "b").await;
    let transaction = db.transaction().put(&mut one).update::<Login>("b", Login::A.user.set("bob"));
    transaction.await.unwrap();
    assert!(is_renewed(&db, "a").await && is_renewed(&db, "b").await);
}

#[tokio::test]
async fn a_time_to_live_follows_from_a_field() {
    if !Engine::current().has_transactions() || !Engine::current().has_time_to_live() {
        return;
    }
    let db = db().await;
    let ends = async |id: &str| stored::<Draft>(&db, ("pk", &format!("DRAFT#{id}")), "ends_at").await;
    let guard = async |slug: &str| stored::<Draft>(&db, ("pk", &format!("UNIQUE#Draft#slug#{slug}")), "ends_at").await;
    let mut draft = Draft::builder().draft_id("1").slug("one").build().unwrap();
    assert_eq!(draft.ends_at(), None);
    draft.save(&db).await.unwrap();
    assert_eq!((ends("1").await, guard("one").await), (None, None));

    let edited = at("2100-01-01T00:00:00Z");
    let later = edited.timestamp() + 90 * 86_400;
    draft.update(&db, Draft::A.edited_at.set(edited)).await.unwrap();
    assert_eq!(draft.ends_at(), Some(edited + TimeDelta::days(90)));
    assert_eq!(ends("1").await, Some(later));
    assert_eq!(guard("one").await, Some(later), "the guard of a unique value ends with its item");
    Draft::update_by_key(&db, "1", Draft::A.edited_at.set(edited + TimeDelta::seconds(5))).await.unwrap();
    assert_eq!((ends("1").await, guard("one").await), (Some(later + 5), Some(later + 5)));
    Draft::update_by_key(&db, "1", Draft::A.slug.set("two")).await.unwrap();
    assert_eq!((ends("1").await, guard("two").await), (Some(later + 5), Some(later + 5)));
    Draft::update_by_key(&db, "1", Draft::A.edited_at.remove()).await.unwrap();
    assert_eq!((ends("1").await, guard("two").await), (None, None));
}

#[tokio::test]
async fn reads_leave_out_what_has_ended_by_a_field() {
    if !Engine::current().has_transactions() || !Engine::current().has_time_to_live() {
        return;
    }
    let db = db().await;
    for (id, edited) in [("1", "2001-01-01T00:00:00Z"), ("2", "2100-01-01T00:00:00Z")] {
        Draft::builder().draft_id(id).slug(id).edited_at(at(edited)).build().unwrap().save(&db).await.unwrap();
    }
    let found = Draft::scan(&db).skip_expired().all().await.unwrap();
    assert_eq!(found.iter().map(|draft| draft.draft_id.as_str()).collect::<Vec<_>>(), ["2"]);
    assert_eq!(Draft::scan(&db).all().await.unwrap().len(), 2);
}

/// DynamoDB has no filter on a key of what it reads.
#[tokio::test]
async fn a_query_by_the_time_to_live_says_how_to_leave_out_what_has_ended() {
    if !Engine::current().has_time_to_live() {
        return;
    }
    let db = db().await;
    Login::create_table(&db).await.unwrap();
    login("t").save(&db).await.unwrap();
    let by_end = |db| Login::query_by_end(db, "ada");
    let error = by_end(&db).skip_expired().all().await.unwrap_err();
    assert!(error.to_string().contains("a key of this query: read from now on, by `.range(…)`"), "{error}");
    assert_eq!(by_end(&db).range(LoginByEnd::A.expires_at.ge(Utc::now())).all().await.unwrap().len(), 1);
    assert_eq!(Login::scan(&db).skip_expired().all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_libraries_of_times_expire_alike() {
    if !Engine::current().has_time_to_live() {
        return;
    }
    let db = db().await;
    let in_30_days = Utc::now().timestamp() + 30 * 86_400;
    let is_near = |ends: Option<i64>| (in_30_days..in_30_days + 60).contains(&ends.unwrap());
    time_types::Reminder::builder().id("time").build().unwrap().save(&db).await.unwrap();
    assert!(is_near(stored::<time_types::Reminder>(&db, ("id", "time"), "ends").await));
    jiff_types::Reminder::builder().id("jiff").build().unwrap().save(&db).await.unwrap();
    assert!(is_near(stored::<jiff_types::Reminder>(&db, ("id", "jiff"), "ends").await));

    let (seconds, ends) = (4_102_444_800_i64, 4_102_444_800 + 30 * 86_400);
    let at = dyntastic::time::OffsetDateTime::from_unix_timestamp(seconds).unwrap();
    let invitation = time_types::Invitation::builder().id("time").at(at).build().unwrap();
    invitation.save(&db).await.unwrap();
    assert_eq!(invitation.ends().unwrap().unix_timestamp(), ends);
    assert_eq!(stored::<time_types::Invitation>(&db, ("id", "time"), "ends").await, Some(ends));
    let at = dyntastic::jiff::Timestamp::from_second(seconds).unwrap();
    let invitation = jiff_types::Invitation::builder().id("jiff").at(at).build().unwrap();
    invitation.save(&db).await.unwrap();
    assert_eq!(invitation.ends().unwrap().as_second(), ends);
    assert_eq!(stored::<jiff_types::Invitation>(&db, ("id", "jiff"), "ends").await, Some(ends));
    jiff_types::Invitation::update_by_key(&db, "jiff", jiff_types::Invitation::A.at.remove()).await.unwrap();
    assert_eq!(stored::<jiff_types::Invitation>(&db, ("id", "jiff"), "ends").await, None);
}

#[tokio::test]
async fn a_migration_prolongs_no_item_that_has_expired() {
    if !Engine::current().has_transactions() || !Engine::current().has_time_to_live() {
        return;
    }
    let db = db().await;
    let invite = |id: &str| Invite::builder().invite_id(id).code("c").build().unwrap();
    invite("1").insert(&db).await.unwrap();
    let past = Utc::now() - TimeDelta::minutes(10);
    Invite::update_by_key(&db, "1", Invite::A.ends_at.set(past)).await.unwrap();
    invite("2").insert(&db).await.unwrap();
    let migrated = dyntastic::migrate::<Invite>(&db, "newer").change(|invite| invite.text = "newer".into());
    assert_eq!(migrated.await.unwrap().counts.written, 1);
    let found = Invite::scan(&db).skip_expired().all().await.unwrap();
    assert_eq!(found.iter().map(|invite| invite.invite_id.as_str()).collect::<Vec<_>>(), ["2"]);
}

#[tokio::test]
async fn a_lifetime_beyond_the_times_of_a_library_ends_with_them() {
    let last = dyntastic::jiff::Timestamp::MAX.as_second();
    let at = dyntastic::jiff::Timestamp::from_second(last).unwrap();
    let invitation = jiff_types::Invitation::builder().id("jiff").at(at).build().unwrap();
    assert_eq!(invitation.ends().unwrap().as_second(), last);
}
