//! The first write to a missing table creates it: once, and only if it may.

use crate::engine::{Engine, config, db, isolated, table_name};
use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use dyntastic::aws_sdk_dynamodb::operation::create_table::CreateTableInput;
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::keys::ByNumber;
use dyntastic_tests::tables::NotCreated;
use dyntastic_tests::unique::Person;
use futures_util::future::join_all;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the CreateTable requests of the clients that it is given to.
#[derive(Debug, Clone, Default)]
struct Creations(Arc<AtomicUsize>);

#[dyn_dispatch_hint]
impl Intercept for Creations {
    fn name(&self) -> &'static str {
        "Creations"
    }

    fn read_before_execution(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if context.input().downcast_ref::<CreateTableInput>().is_some() {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

impl Creations {
    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

fn item(id: i64) -> ByNumber {
    ByNumber::builder().id(id).build().unwrap()
}

async fn save_all(clients: &[&Client], items: i64) {
    let saves = (0..items).map(|id| {
        let db = clients[usize::try_from(id).unwrap() % clients.len()].clone();
        tokio::spawn(async move { item(id).save(&db).await })
    });
    for saved in join_all(saves).await {
        saved.unwrap().unwrap();
    }
    for id in 0..items {
        assert_eq!(ByNumber::get(clients[0], id).await.unwrap(), item(id));
    }
}

#[tokio::test]
async fn racing_writes_create_the_table_once_and_all_arrive() {
    let creations = Creations::default();
    let db = isolated().from_conf(config().await.to_builder().interceptor(creations.clone()).build());
    save_all(&[&db], 50).await;
    assert_eq!(creations.count(), 1);
}

#[tokio::test]
async fn writers_that_do_not_know_of_each_other_create_it_once_too() {
    let prefix = isolated();
    let config = config().await;
    let (one, other) = (prefix.clone().from_conf(config.clone()), prefix.from_conf(config));
    save_all(&[&one, &other], 40).await;
}

#[tokio::test]
async fn a_table_that_was_deleted_is_created_again() {
    let db = db().await;
    for id in 0..3 {
        item(id).save(&db).await.unwrap();
        ByNumber::delete_table(&db).await.unwrap();
    }
    item(3).save(&db).await.unwrap();
    assert_eq!(ByNumber::get(&db, 3).await.unwrap(), item(3));
    assert_eq!(ByNumber::find(&db, 0).await.unwrap(), None);
}

/// While a table is being deleted it is in the way of a new one, and then it is gone.
#[tokio::test]
async fn a_table_that_is_being_deleted_is_created_again() {
    let statuses = ["DELETING", "DELETING", "", "ACTIVE"];
    let (described, created, put) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let missing = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"none"}"#;
    let in_use = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceInUseException","message":"in use"}"#;
    let http = infallible_client_fn(move |request| {
        let operation = request.headers()["x-amz-target"].to_str().unwrap().rsplit('.').next().unwrap().to_owned();
        let next = |counter: &AtomicUsize| counter.fetch_add(1, Ordering::Relaxed);
        let (status, body) = match operation.as_str() {
            "PutItem" if next(&put) == 0 => (400, missing.to_owned()),
            "CreateTable" if next(&created) == 0 => (400, in_use.to_owned()),
            "DescribeTable" => match statuses[next(&described)] {
                "" => (400, missing.to_owned()),
                status => (200, format!(r#"{{"Table": {{"TableStatus": "{status}"}}}}"#)),
            },
            _ => (200, "{}".to_owned()),
        };
        http::Response::builder().status(status).body(SdkBody::from(body)).unwrap()
    });
    let creations = Creations::default();
    let config = config().await.to_builder().http_client(http).interceptor(creations.clone()).build();
    item(1).save(&Client::from_conf(config)).await.unwrap();
    assert_eq!(creations.count(), 2);
}

#[tokio::test]
async fn schema_and_client_can_turn_it_off() {
    let db = db().await;
    let error = NotCreated::builder().id("1").build().unwrap().save(&db).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert!(error.to_string().contains(&table_name::<NotCreated>(&db)), "{error}");
    assert!(!NotCreated::table_exists(&db).await.unwrap());

    let never = isolated().auto_create(false).from_conf(config().await);
    let error = item(1).save(&never).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert!(!ByNumber::table_exists(&never).await.unwrap());
}

#[tokio::test]
async fn reads_and_deletes_never_create() {
    let db = db().await;
    assert!(ByNumber::get(&db, 1).await.unwrap_err().is_not_found());
    assert!(ByNumber::find(&db, 1).await.unwrap_err().is_not_found(), "a missing table is not an absent item");
    assert!(item(1).delete(&db).await.unwrap_err().is_not_found());
    let deleted = db.batch_write().delete::<ByNumber>(1).await.unwrap_err();
    assert!(matches!(deleted, Error::UnfinishedBatch(_)), "{deleted:?}");
    assert!(!ByNumber::table_exists(&db).await.unwrap());
}

/// Where a model's writes are transactions, those that need an item create no table either.
#[tokio::test]
async fn transactions_that_put_nothing_never_create() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let person = || Person::builder().id("ada").email("a@x".to_owned()).build().unwrap();
    let email = || Person::A.email.set("b@x");
    for error in [
        Person::update_by_key(&db, "ada", email()).await.unwrap_err(),
        person().delete(&db).await.unwrap_err(),
        db.transaction().update::<Person>("ada", email()).await.unwrap_err(),
        db.transaction().delete::<Person>("ada").await.unwrap_err(),
        db.transaction().check::<Person>("ada", Person::A.visits.eq(1)).await.unwrap_err(),
    ] {
        assert_eq!(error.code(), Some("ResourceNotFoundException"), "{error:?}");
    }
    assert!(!Person::table_exists(&db).await.unwrap());
    Person::update_by_key(&db, "ada", email()).upsert().await.unwrap();
    assert!(Person::table_exists(&db).await.unwrap());
}
