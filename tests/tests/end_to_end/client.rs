//! Clients: where operations go, and how tables are called there.

use crate::engine::{config, isolated, table_name, url};
use dyntastic::prelude::*;
use dyntastic::{Client, local};
use dyntastic_tests::tables::{Elsewhere, Plain};

fn item(id: &str) -> Plain {
    Plain::builder().id(id).build().unwrap()
}

#[tokio::test]
async fn mapped_table_names_keep_clients_apart() {
    let config = config().await;
    let (one, other) = (isolated().from_conf(config.clone()), isolated().from_conf(config.clone()));
    item("1").save(&one).await.unwrap();
    assert!(!Plain::table_exists(&other).await.unwrap());

    let name = table_name::<Plain>(&one);
    let mapped = Client::builder().table_names(move |_| name.clone()).from_conf(config);
    assert_eq!(Plain::get(&mapped, "1").await.unwrap(), item("1"));
}

#[tokio::test]
async fn a_table_with_a_region_of_its_own_is_reached_there() {
    let db = isolated().from_conf(config().await);
    let item = Elsewhere::builder().id("1").build().unwrap();
    item.save(&db).await.unwrap();
    assert_eq!(Elsewhere::get(&db, "1").await.unwrap(), item);

    let region = dyntastic::aws_sdk_dynamodb::config::Region::new("eu-west-1");
    let there = config().await.to_builder().region(region).build();
    let described = dyntastic::aws_sdk_dynamodb::Client::from_conf(there)
        .describe_table()
        .table_name(table_name::<Elsewhere>(&db))
        .send()
        .await
        .unwrap();
    assert!(described.table.is_some());
}

/// Credentials and region are made up where the machine has none.
#[tokio::test]
async fn a_host_on_this_machine_needs_no_aws() {
    let db = isolated().host(url().await).from_env().await.unwrap();
    item("1").save(&db).await.unwrap();
    assert_eq!(Plain::get(&db, "1").await.unwrap(), item("1"));
}

#[test]
fn a_client_can_be_shared() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    shared::<Client>();
}

#[tokio::test]
async fn an_embedded_dynamodb_lives_as_long_as_its_clients() {
    let local = local::start().await.unwrap();
    let endpoint = local.endpoint().replace("http://", "");
    let db = local.client();
    drop(local);
    item("1").save(&db).await.unwrap();
    assert_eq!(Plain::get(&db, "1").await.unwrap(), item("1"));
    assert!(std::net::TcpStream::connect(&endpoint).is_ok());
    drop(db);
    assert!(std::net::TcpStream::connect(&endpoint).is_err(), "the last client has stopped it");
}

#[tokio::test]
async fn an_embedded_dynamodb_on_a_file_keeps_its_items() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tables.db");
    for id in ["1", "2"] {
        let db = local::start_on(&file).await.unwrap().client();
        item(id).save(&db).await.unwrap();
    }
    let db = local::start_on(&file).await.unwrap().client();
    assert_eq!(Plain::get(&db, "1").await.unwrap(), item("1"));
    assert_eq!(Plain::get(&db, "2").await.unwrap(), item("2"));
    drop(db);

    let error = local::start_on(folder.path().join("no such folder").join("tables.db")).await.unwrap_err();
    assert!(error.to_string().starts_with("the embedded DynamoDB could not be started: "), "{error}");
}

/// An embedded DynamoDB does not depend on the async runtime that started it.
#[test]
fn an_embedded_dynamodb_outlives_the_runtime_that_started_it() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let local = runtime().block_on(local::start()).unwrap();
    runtime().block_on(async { item("1").save(&local.client()).await }).unwrap();
    assert_eq!(runtime().block_on(async { Plain::get(&local.client(), "1").await }).unwrap(), item("1"));
}
