//! What an operation fails with when DynamoDB refuses, or is not there.

use crate::engine::{config, db};
use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use dyntastic::aws_sdk_dynamodb::operation::put_item::PutItemError;
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::tables::{NotCreated, Plain};

async fn refused(status: u16, body: &'static str) -> Error {
    let http = infallible_client_fn(move |_request| {
        http::Response::builder().status(status).body(SdkBody::from(body)).unwrap()
    });
    let config = config().await.to_builder().http_client(http).retry_config(RetryConfig::disabled()).build();
    Plain::get(&Client::from_conf(config), "1").await.unwrap_err()
}

#[tokio::test]
async fn the_sdks_error_stays_reachable() {
    let db = db().await;
    let error = NotCreated::builder().id("1").build().unwrap().save(&db).await.unwrap_err();
    assert_eq!(error.code(), Some("ResourceNotFoundException"));
    let Error::Service(service) = &error else { panic!("{error:?}") };
    assert_eq!((service.operation(), service.model()), ("PutItem", "NotCreated"));
    assert!(service.as_sdk::<PutItemError>().unwrap().as_service_error().unwrap().is_resource_not_found_exception());
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn throttling_is_retryable_and_a_refusal_is_not() {
    let error = refused(
        400,
        r#"{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow down"}"#,
    )
    .await;
    assert!(error.is_retryable() && !error.is_conflict(), "{error}");
    assert_eq!(
        error.to_string(),
        "GetItem of Plain on the table plain: ProvisionedThroughputExceededException: slow down"
    );
    assert!(refused(500, r#"{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError"}"#).await.is_retryable());
    let error = refused(400, r#"{"__type":"com.amazon.coral.validate#ValidationException","message":"no"}"#).await;
    assert!(!error.is_retryable() && !error.is_conflict() && !error.is_not_found(), "{error}");
    assert_eq!(error.code(), Some("ValidationException"));
    let error =
        refused(400, r#"{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no"}"#)
            .await;
    assert!(error.is_conflict() && !error.is_retryable(), "{error}");
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_retryable() {
    // The port is free: a listener had it and is gone.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config = config()
        .await
        .to_builder()
        .endpoint_url(format!("http://127.0.0.1:{port}"))
        .retry_config(RetryConfig::disabled())
        .build();
    let error = Plain::get(&Client::from_conf(config), "1").await.unwrap_err();
    assert!(error.is_retryable() && !error.is_not_found(), "{error}");
    assert_eq!(error.code(), None);
    assert!(error.to_string().starts_with("GetItem of Plain on the table plain: "), "{error}");
}

/// The SDK's own texts quote the request and the answer.
#[tokio::test]
async fn items_and_keys_stay_out_of_every_error() {
    let key = "secret key";
    let broken = r#"{"Item": {"id": {"S": "secret item"}, "broken": "#;
    let http = infallible_client_fn(move |_request| http::Response::new(SdkBody::from(broken)));
    let unreadable = config().await.to_builder().http_client(http).retry_config(RetryConfig::disabled()).build();
    let unsendable = config().await.to_builder().endpoint_url("no url").build();
    for config in [unreadable, unsendable] {
        let error = Plain::get(&Client::from_conf(config), key).await.unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(!text.contains("secret"), "{text}");
        assert!(text.contains("GetItem of Plain on the table plain: "), "{text}");
    }
}

#[tokio::test]
async fn what_never_passes_is_not_retryable() {
    let config = config().await.to_builder().endpoint_url("no url").build();
    let error = Plain::get(&Client::from_conf(config), "1").await.unwrap_err();
    assert!(!error.is_retryable(), "{error}");

    let error = Plain::get(&Client::builder().host("localhost:8000").from_conf(crate::engine::config().await), "1")
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Config(_)), "{error:?}");
}

#[test]
fn an_error_can_be_shared_between_threads() {
    fn is_shared<E: std::error::Error + Send + Sync + 'static>() {}
    is_shared::<dyntastic::Error>();
}
