//! Combinations of fields of which no two items have the same values.

use crate::engine::{Engine, db};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{TimeDelta, Utc};
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::unique_together::{Account, Lease, WorkItem};

/// A client; `None` on an engine without transactions, which keep values unique.
async fn client() -> Option<Client> {
    if Engine::current().has_transactions() { Some(db().await) } else { None }
}

fn account(id: &str, tenant: &str, email: &str) -> Account {
    Account::builder().id(id).tenant(tenant).email(email).build().unwrap()
}

fn seated(id: &str, room: Option<u32>, desk: Option<&str>) -> Account {
    Account { room, desk: desk.map(str::to_owned), ..account(id, id, "x") }
}

fn lease(tenant: &str, id: &str, number: u32) -> Lease {
    Lease::builder().tenant(tenant).id(id).number(number).build().unwrap()
}

fn not_unique<T: std::fmt::Debug>(result: dyntastic::Result<T>) -> String {
    match result {
        Err(error @ Error::NotUnique { .. }) => error.to_string(),
        other => unreachable!("{other:?}"),
    }
}

/// The hash keys of the guards.
async fn guards(db: &Client) -> Vec<String> {
    let items = WorkItem::scan(db).consistent_read().into_inner().unwrap().send().await.unwrap();
    let is_guard = |kind: &AttributeValue| kind.as_s().is_ok_and(|kind| kind == "UNIQUE");
    let guards = items.items().iter().filter(|item| is_guard(&item["kind"]));
    let mut guards: Vec<String> = guards.map(|guard| guard["pk"].as_s().unwrap().clone()).collect();
    guards.sort();
    guards
}

#[tokio::test]
async fn a_combination_has_one_owner() {
    let Some(db) = client().await else { return };
    account("1", "acme", "ada@x").insert(&db).await.unwrap();
    account("2", "acme", "bob@x").insert(&db).await.unwrap();
    account("3", "umbrella", "ada@x").insert(&db).await.unwrap();
    let refused = account("4", "acme", "ada@x").insert(&db).await;
    assert_eq!(not_unique(refused), "Account: (tenant, e#mail) is unique, and another item has this value");
    not_unique(account("3", "acme", "bob@x").save(&db).await);
    // A save of its owner keeps it, and one that changes it frees it.
    account("1", "acme", "ada@x").save(&db).await.unwrap();
    account("1", "acme", "eve@x").save(&db).await.unwrap();
    account("4", "acme", "ada@x").insert(&db).await.unwrap();
    Account::delete_by_key(&db, "2").await.unwrap();
    account("5", "acme", "bob@x").insert(&db).await.unwrap();
    assert_eq!(guards(&db).await.len(), 4);
}

#[tokio::test]
async fn an_update_of_one_field_claims_the_combination() {
    let Some(db) = client().await else { return };
    let mut ada = account("1", "acme", "ada@x");
    ada.insert(&db).await.unwrap();
    account("2", "umbrella", "ada@x").insert(&db).await.unwrap();
    not_unique(Account::update_by_key(&db, "2", Account::A.tenant.set("acme")).await);
    not_unique(ada.update(&db, Account::A.tenant.set("umbrella")).await);
    assert_eq!(ada.tenant, "acme");
    ada.update(&db, Account::A.email.set("lovelace@x")).await.unwrap();
    Account::update_by_key(&db, "2", Account::A.tenant.set("acme")).await.unwrap();
    // Two accounts swap their emails.
    let swap = db
        .transaction()
        .update::<Account>("1", Account::A.email.set("ada@x"))
        .update::<Account>("2", Account::A.email.set("lovelace@x"));
    swap.await.unwrap();
    let keys = guards(&db).await;
    assert_eq!(
        keys,
        ["UNIQUE#Account#e%23mail%2Ctenant#ada@x#acme", "UNIQUE#Account#e%23mail%2Ctenant#lovelace@x#acme"]
    );
    // Other fields need no transaction.
    Account::update_by_key(&db, "1", Account::A.visits.add(1)).into_inner().unwrap();
}

#[tokio::test]
async fn an_item_without_one_of_the_fields_is_free() {
    let Some(db) = client().await else { return };
    for (id, room, desk) in [("1", Some(1), None), ("2", Some(1), None), ("3", None, Some("a")), ("4", None, Some("a"))]
    {
        seated(id, room, desk).insert(&db).await.unwrap();
    }
    seated("5", Some(1), Some("a")).insert(&db).await.unwrap();
    let refused = Account::update_by_key(&db, "1", Account::A.desk.set("a")).await;
    assert_eq!(not_unique(refused), "Account: (room, desk) is unique, and another item has this value");
    not_unique(Account::update_by_key(&db, "3", Account::A.room.set(1_u32)).await);
    Account::update_by_key(&db, "5", Account::A.desk.remove()).await.unwrap();
    Account::update_by_key(&db, "3", Account::A.room.set(1_u32)).await.unwrap();
    not_unique(Account::update_by_key(&db, "5", Account::A.desk.set("a")).await);
    let calculated = Account::update_by_key(&db, "3", Account::A.room.add(1)).await.unwrap_err();
    assert!(matches!(calculated, Error::UniqueField { field: "room", .. }), "{calculated:?}");
}

#[tokio::test]
async fn values_with_the_separator_are_no_other_combination() {
    let Some(db) = client().await else { return };
    account("1", "a#b", "c").insert(&db).await.unwrap();
    account("2", "b", "c#a").insert(&db).await.unwrap();
    account("3", "a", "c#b").insert(&db).await.unwrap();
    account("4", "a%23b", "c").insert(&db).await.unwrap();
    not_unique(account("5", "a#b", "c").insert(&db).await);
}

#[tokio::test]
async fn a_combination_with_a_key_field_of_an_item_that_expires() {
    let Some(db) = client().await else { return };
    let now = Utc::now();
    // DynamoDB never removes what ended more than five years ago.
    let ended = now - TimeDelta::weeks(6 * 53);
    let old = Lease { ends: Some(ended), code: Some("c".to_owned()), ..lease("t", "old", 7) };
    old.insert(&db).await.unwrap();
    lease("u", "other", 7).insert(&db).await.unwrap();
    lease("t", "new", 7).insert(&db).await.unwrap();
    // The ended item can no longer be prolonged with the combination that another item has taken.
    not_unique(Lease::update_by_key(&db, ("t", "old"), Lease::A.ends.set(now + TimeDelta::hours(2))).await);
    not_unique(Lease::update_by_key(&db, ("t", "third"), Lease::A.number.set(7_u32)).upsert().await);
    let prolonged = (Lease::A.ends.set(now + TimeDelta::hours(2)), Lease::A.number.set(8_u32));
    Lease::update_by_key(&db, ("t", "old"), prolonged).await.unwrap();
    not_unique(lease("t", "fourth", 8).insert(&db).await);
    assert_eq!(guards(&db).await.len(), 4);
}

#[tokio::test]
async fn an_upsert_claims_what_it_leaves_to_defaults() {
    let Some(db) = client().await else { return };
    Lease::create_table(&db).await.unwrap();
    let upsert = |id: &'static str| Lease::update_by_key(&db, ("t", id), Lease::A.code.set(id)).upsert();
    assert_eq!(upsert("a").await.unwrap().number, 1);
    not_unique(upsert("b").await);
    Lease::update_by_key(&db, ("t", "a"), Lease::A.number.set(2_u32)).await.unwrap();
    assert_eq!(upsert("a").await.unwrap().number, 2, "the stored number stays");
    upsert("b").await.unwrap();
}

/// An item without the attribute reads as one with the default, so the default has an owner too.
#[tokio::test]
async fn a_removal_claims_the_default() {
    let Some(db) = client().await else { return };
    lease("t", "a", 1).insert(&db).await.unwrap();
    lease("t", "b", 2).insert(&db).await.unwrap();
    let removed = |id: &'static str| Lease::update_by_key(&db, ("t", id), Lease::A.number.remove());
    not_unique(removed("b").await);
    not_unique(db.transaction().update::<Lease>(("t", "b"), Lease::A.number.remove()).await);
    assert_eq!(removed("a").await.unwrap().number, 1);
    not_unique(lease("t", "c", 1).insert(&db).await);
    lease("t", "a", 1).save(&db).await.unwrap();
    // The value before the removal is free.
    Lease::update_by_key(&db, ("t", "a"), Lease::A.number.set(3_u32)).await.unwrap();
    assert_eq!(removed("b").await.unwrap().number, 1);
    lease("t", "c", 2).insert(&db).await.unwrap();
    assert_eq!(guards(&db).await.len(), 3);
}

/// Writers that meet leave one owner of each combination.
#[tokio::test(flavor = "multi_thread")]
async fn writers_that_meet_leave_one_owner() {
    let Some(db) = client().await else { return };
    Account::create_table(&db).await.unwrap();
    let one = |writer: u32| {
        let (db, id) = (db.clone(), (writer % 4).to_string());
        async move {
            for round in 0..4 {
                let tenant = format!("t{}", (writer + round) % 2);
                let sent = match (writer + round) % 3 {
                    0 => account(&id, &tenant, "ada@x").save(&db).await,
                    1 => Account::update_by_key(&db, id.as_str(), Account::A.tenant.set(tenant)).await.map(drop),
                    _ => Account::delete_by_key(&db, id.as_str()).await,
                };
                if let Err(error) = sent {
                    assert!(error.is_conflict() || error.is_not_found() || error.is_retryable(), "{error:?}");
                }
            }
        }
    };
    for task in (0..12).map(|writer| tokio::spawn(one(writer))).collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let accounts = Account::scan(&db).consistent_read().all().await.unwrap();
    let guard = |of: &Account| format!("UNIQUE#Account#e%23mail%2Ctenant#{}#{}", of.email, of.tenant);
    let mut owned: Vec<String> = accounts.iter().map(guard).collect();
    owned.sort();
    assert_eq!(guards(&db).await, owned);
    owned.dedup();
    assert_eq!(owned.len(), accounts.len());
}
