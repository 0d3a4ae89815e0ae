//! Fields of which no two items have the same value.

use crate::engine::{Engine, db};
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::shop::{Counter, Customer, ShopItem};

/// A client; `None` on an engine without transactions, which keep values unique.
async fn client() -> Option<Client> {
    if Engine::current().has_transactions() { Some(db().await) } else { None }
}

fn customer(id: &str, email: &str) -> Customer {
    Customer::builder().customer_id(id).name("x").email(email.to_owned()).build().unwrap()
}

fn not_unique<T: std::fmt::Debug>(result: dyntastic::Result<T>) -> &'static str {
    match result {
        Err(Error::NotUnique { field, .. }) => field,
        other => unreachable!("{other:?}"),
    }
}

/// How many guards there are.
async fn guards(db: &Client) -> usize {
    let items = ShopItem::scan(db).consistent_read().all().await.unwrap();
    items.iter().filter(|item| matches!(item, ShopItem::Unknown(_))).count()
}

#[tokio::test]
async fn a_value_is_one_items() {
    let Some(db) = client().await else { return };
    let mut ada = customer("ada", "a@x");
    ada.insert(&db).await.unwrap();
    assert_eq!(not_unique(customer("bob", "a@x").insert(&db).await), "email");
    assert_eq!(not_unique(customer("bob", "a@x").save(&db).await), "email");
    assert!(Customer::find(&db, "bob").await.unwrap().is_none());
    customer("bob", "b@x").save(&db).await.unwrap();
    ada.save(&db).await.unwrap();
    assert_eq!(guards(&db).await, 2);
}

#[tokio::test]
async fn a_save_frees_the_value_that_it_replaces() {
    let Some(db) = client().await else { return };
    let mut ada = customer("ada", "a@x");
    ada.save(&db).await.unwrap();
    ada.email = Some("new@x".to_owned());
    ada.save(&db).await.unwrap();
    customer("bob", "a@x").save(&db).await.unwrap();
    assert_eq!(not_unique(customer("eve", "new@x").save(&db).await), "email");
    ada.email = None;
    ada.save(&db).await.unwrap();
    customer("eve", "new@x").save(&db).await.unwrap();
    assert_eq!(guards(&db).await, 2);
}

#[tokio::test]
async fn an_update_keeps_values_unique() {
    let Some(db) = client().await else { return };
    let mut ada = customer("ada", "a@x");
    ada.save(&db).await.unwrap();
    customer("bob", "b@x").save(&db).await.unwrap();
    assert_eq!(not_unique(ada.update(&db, Customer::A.email.set("b@x")).await), "email");
    ada.update(&db, (Customer::A.email.set("c@x"), Customer::A.phone.set(47_u64))).await.unwrap();
    assert_eq!((ada.email.as_deref(), ada.phone, ada.version), (Some("c@x"), Some(47), 2));
    assert_eq!(guards(&db).await, 3);
    let after = Customer::update_by_key(&db, "ada", Customer::A.name.set("Ada")).await.unwrap();
    assert_eq!(after.name, "Ada");
    assert_eq!(not_unique(Customer::update_by_key(&db, "bob", Customer::A.phone.set(47_u64)).await), "phone");
    let old = Customer::update_by_key(&db, "ada", Customer::A.phone.remove()).return_old().await.unwrap();
    assert_eq!(old.unwrap().phone, Some(47));
    Customer::update_by_key(&db, "bob", Customer::A.phone.set(47_u64)).await.unwrap();
    let missing = Customer::update_by_key(&db, "none", Customer::A.phone.set(1_u64)).await.unwrap_err();
    assert!(missing.is_not_found(), "{missing:?}");
    assert_eq!(guards(&db).await, 3);
}

#[tokio::test]
async fn a_deleted_items_value_is_free() {
    let Some(db) = client().await else { return };
    let mut ada = customer("ada", "a@x");
    ada.save(&db).await.unwrap();
    ada.delete(&db).await.unwrap();
    assert_eq!(guards(&db).await, 0);
    customer("bob", "a@x").save(&db).await.unwrap();
    let old = Customer::delete_by_key(&db, "bob").return_old().await.unwrap();
    assert_eq!(old.unwrap().email.as_deref(), Some("a@x"));
    assert!(Customer::delete_by_key(&db, "bob").return_old().await.unwrap().is_none());
    assert_eq!(guards(&db).await, 0);
}

#[tokio::test]
async fn a_transaction_keeps_values_unique() {
    let Some(db) = client().await else { return };
    customer("ada", "a@x").save(&db).await.unwrap();
    let (mut bob, mut eve) = (customer("bob", "b@x"), customer("eve", "b@x"));
    let transaction = db.transaction().insert(&mut bob).insert(&mut eve);
    assert_eq!(not_unique(transaction.await), "email");
    // A value that one gives up, another can have in the same transaction.
    let mut bob = customer("bob", "a@x");
    let transaction = db.transaction().delete::<Customer>("ada").insert(&mut bob);
    transaction.await.unwrap();
    assert_eq!(not_unique(customer("eve", "a@x").insert(&db).await), "email");
    assert_eq!(guards(&db).await, 1);
    let error = customer("bob", "z@x").insert(&db).await.unwrap_err();
    assert!(matches!(error, Error::AlreadyExists(_)), "{error:?}");
    assert_eq!(guards(&db).await, 1);
}

#[tokio::test]
async fn conditions_are_told_from_values_that_are_taken() {
    let Some(db) = client().await else { return };
    let mut ada = customer("ada", "a@x");
    ada.save(&db).await.unwrap();
    ada.email = Some("b@x".to_owned());
    let error = ada.save(&db).condition(Customer::A.name.eq("nobody")).await.unwrap_err();
    assert!(matches!(error, Error::ConditionFailed(_)), "{error:?}");
    let mut stale = Customer::get(&db, "ada").consistent_read().await.unwrap();
    ada.save(&db).await.unwrap();
    stale.email = Some("c@x".to_owned());
    let error = stale.save(&db).await.unwrap_err();
    assert!(matches!(error, Error::VersionConflict { expected: 1, stored: Some(2), .. }), "{error:?}");
    assert_eq!(guards(&db).await, 1);
}

#[tokio::test]
async fn of_fifty_that_race_for_a_value_one_has_it() {
    let Some(db) = client().await else { return };
    Counter::create_table(&db).await.unwrap();
    let mut writers = Vec::new();
    for number in 0..50 {
        let db = db.clone();
        writers.push(tokio::spawn(async move {
            let counter = Counter::builder().id(format!("c{number}")).name("the one").value(number).build().unwrap();
            loop {
                match counter.insert(&db).await {
                    Ok(()) => return true,
                    Err(Error::NotUnique { .. }) => return false,
                    Err(error) => assert!(error.is_retryable(), "{error:?}"),
                }
            }
        }));
    }
    let mut winners = 0;
    for writer in writers {
        winners += usize::from(writer.await.unwrap());
    }
    assert_eq!(winners, 1);
    assert_eq!(Counter::scan(&db).count().await.unwrap(), 1);
}
