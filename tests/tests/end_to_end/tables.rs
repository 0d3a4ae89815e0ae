//! Creating, deleting and finding tables.

use crate::engine::{Engine, config, db, table_name};
use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_types::body::SdkBody;
use dyntastic::aws_sdk_dynamodb as sdk;
use dyntastic::prelude::*;
use dyntastic::{Client, Error, Model};
use dyntastic_tests::{keys, tables};
use sdk::types::{AttributeDefinition, KeySchemaElement, KeyType, ScalarAttributeType, TableDescription};
use std::time::{Duration, Instant};

async fn describe<M: Model>(db: &Client) -> TableDescription {
    let described = db.sdk().describe_table().table_name(table_name::<M>(db)).send().await;
    described.expect("the table is described").table.expect("it is there")
}

fn key(name: &str, key_type: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(key_type).build().unwrap()
}

fn attribute(name: &str, kind: ScalarAttributeType) -> AttributeDefinition {
    AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build().unwrap()
}

#[tokio::test]
async fn a_table_with_a_hash_key_alone() {
    let db = db().await;
    keys::ByText::create_table(&db).await.unwrap();
    let table = describe::<keys::ByText>(&db).await;
    assert_eq!(table.table_status().unwrap().as_str(), "ACTIVE");
    assert_eq!(table.key_schema(), [key("id", KeyType::Hash)]);
    assert_eq!(table.attribute_definitions(), [attribute("id", ScalarAttributeType::S)]);
    assert_eq!(table.billing_mode_summary().unwrap().billing_mode().unwrap().as_str(), "PAY_PER_REQUEST");
}

#[tokio::test]
async fn key_attributes_have_the_types_of_their_fields() {
    let db = db().await;
    keys::ByTextAndBytes::create_table(&db).await.unwrap();
    let table = describe::<keys::ByTextAndBytes>(&db).await;
    assert_eq!(table.key_schema(), [key("id", KeyType::Hash), key("part", KeyType::Range)]);
    let mut attributes = table.attribute_definitions().to_vec();
    attributes.sort_by_key(|attribute| attribute.attribute_name().to_owned());
    assert_eq!(attributes, [attribute("id", ScalarAttributeType::S), attribute("part", ScalarAttributeType::B)]);

    keys::ByNumbers::create_table(&db).await.unwrap();
    let table = describe::<keys::ByNumbers>(&db).await;
    assert!(
        table.attribute_definitions().iter().all(|attribute| *attribute.attribute_type() == ScalarAttributeType::N)
    );
}

#[tokio::test]
async fn every_argument_of_create_table_arrives() {
    let db = db().await;
    let engine = Engine::current();
    tables::Full::create_table(&db).await.unwrap();
    let table = describe::<tables::Full>(&db).await;
    let throughput = table.provisioned_throughput().unwrap();
    assert_eq!((throughput.read_capacity_units(), throughput.write_capacity_units()), (Some(3), Some(4)));
    if engine.has_streams() {
        let stream = table.stream_specification().unwrap();
        assert_eq!(stream.stream_view_type().unwrap().as_str(), "NEW_AND_OLD_IMAGES");
    }
    if engine.keeps_class() {
        let class = table.table_class_summary().unwrap().table_class().unwrap();
        assert_eq!(class.as_str(), "STANDARD_INFREQUENT_ACCESS");
    }
    if engine.protects_tables() {
        assert_eq!(table.deletion_protection_enabled(), Some(true));
        let refused = tables::Full::delete_table(&db).await.unwrap_err();
        assert!(!refused.is_not_found(), "{refused}");
    }
    if engine.has_point_in_time_recovery() {
        let name = table_name::<tables::Full>(&db);
        let backups = db.sdk().describe_continuous_backups().table_name(name).send().await.unwrap();
        let recovery = backups.continuous_backups_description.unwrap().point_in_time_recovery_description.unwrap();
        assert_eq!(recovery.point_in_time_recovery_status.unwrap().as_str(), "ENABLED");
    }
    if engine.keeps_tags() {
        let tags = db.sdk().list_tags_of_resource().resource_arn(table.table_arn().unwrap()).send().await.unwrap();
        let mut tags: Vec<_> = tags.tags().iter().map(|tag| (tag.key(), tag.value())).collect();
        tags.sort_unstable();
        assert_eq!(tags, [("cost center", "42"), ("team", "shop")]);
    }
}

/// What is asked of CreateTable does not depend on what an engine keeps of it.
#[tokio::test]
async fn the_request_has_every_argument() {
    let request = tables::Full::create_table(&db().await).into_inner().unwrap();
    assert_eq!(request.get_billing_mode().as_ref().unwrap().as_str(), "PROVISIONED");
    assert_eq!(request.get_table_class().as_ref().unwrap().as_str(), "STANDARD_INFREQUENT_ACCESS");
    assert_eq!(*request.get_deletion_protection_enabled(), Some(true));
    assert_eq!(request.get_tags().as_ref().unwrap().len(), 2);
    let plain = tables::Plain::create_table(&db().await).into_inner().unwrap();
    assert_eq!(plain.get_billing_mode().as_ref().unwrap().as_str(), "PAY_PER_REQUEST");
    assert!(plain.get_provisioned_throughput().is_none(), "an on-demand table has no throughput");
    assert!(plain.get_sse_specification().is_none() && plain.get_warm_throughput().is_none());
    let request = tables::NotCreated::create_table(&db().await).into_inner().unwrap();
    let key = request.get_sse_specification().as_ref().unwrap();
    assert_eq!((key.enabled(), key.kms_master_key_id()), (Some(true), Some("alias/shop")));
    let most = request.get_on_demand_throughput().as_ref().unwrap();
    assert_eq!((most.max_read_request_units(), most.max_write_request_units()), (Some(1000), Some(500)));
    let warm = request.get_warm_throughput().as_ref().unwrap();
    assert_eq!((warm.read_units_per_second(), warm.write_units_per_second()), (Some(13000), Some(4500)));
}

#[tokio::test]
async fn a_table_is_there_from_creation_to_deletion() {
    let db = db().await;
    assert!(!tables::Plain::table_exists(&db).await.unwrap());
    tables::Plain::create_table(&db).await.unwrap();
    assert!(tables::Plain::table_exists(&db).await.unwrap());
    tables::Plain::delete_table(&db).await.unwrap();
    assert!(!tables::Plain::table_exists(&db).await.unwrap());
}

#[tokio::test]
async fn no_wait_returns_at_once_and_the_table_comes() {
    let db = db().await;
    tables::Plain::create_table(&db).no_wait().await.unwrap();
    crate::engine::eventually("the table", async || {
        let described = db.sdk().describe_table().table_name(table_name::<tables::Plain>(&db)).send().await.unwrap();
        described.table.unwrap().table_status.unwrap().as_str() == "ACTIVE"
    })
    .await;
    tables::Plain::delete_table(&db).no_wait().await.unwrap();
    crate::engine::eventually("its end", async || !tables::Plain::table_exists(&db).await.unwrap()).await;
}

#[tokio::test]
async fn creating_a_table_twice_is_a_conflict_and_deleting_none_is_not_found() {
    let db = db().await;
    let error = tables::Plain::delete_table(&db).await.unwrap_err();
    assert!(error.is_not_found() && !error.is_conflict(), "{error}");
    tables::Plain::create_table(&db).await.unwrap();
    let error = tables::Plain::create_table(&db).await.unwrap_err();
    assert!(error.is_conflict() && !error.is_not_found(), "{error}");
}

#[tokio::test]
async fn a_name_from_the_environment_falls_back_to_its_default() {
    let db = db().await;
    assert!(table_name::<tables::FromEnvironment>(&db).ends_with("-from-environment"));
    let error = tables::OnlyFromEnvironment::create_table(&db).await.unwrap_err();
    assert!(matches!(error, Error::Config(_)), "{error}");
    assert!(
        error.to_string().contains("OnlyFromEnvironment: the environment variable DYNTASTIC_TESTS_UNSET"),
        "{error}"
    );
}

#[tokio::test]
async fn two_models_share_a_table() {
    let db = db().await;
    tables::Plain::create_table(&db).await.unwrap();
    let shared = tables::SharesPlain::builder().key("1").note("seen by both").build().unwrap();
    shared.save(&db).await.unwrap();
    assert_eq!(tables::Plain::get(&db, "1").await.unwrap().id, "1");
    assert_eq!(tables::SharesPlain::get(&db, "1").await.unwrap(), shared);
}

/// A table that never becomes active, as no engine makes one.
#[tokio::test]
async fn waiting_ends_with_an_error_that_tells_the_status() {
    let http = infallible_client_fn(|_request| {
        http::Response::new(SdkBody::from(r#"{"Table": {"TableStatus": "CREATING"}}"#))
    });
    let config = config().await.to_builder().http_client(http).build();
    let db = Client::from_conf(config);
    let start = Instant::now();
    let error = tables::Plain::create_table(&db).wait_limit(Duration::from_millis(200)).await.unwrap_err();
    assert!(start.elapsed() >= Duration::from_millis(200));
    match &error {
        Error::TableNotReady { table, status, .. } => {
            assert_eq!((table.as_str(), status.as_str()), ("plain", "CREATING"))
        }
        other => panic!("{other}"),
    }
}
