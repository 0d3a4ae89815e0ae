//! Writes that fail, with an answer or without: the error says whether they may have been applied. They are the same for every
//! engine, in front of canned answers and of sockets.

use crate::canned::{answering, config, error};
use crate::engine::Engine;
use aws_smithy_http_client::test_util::{NeverClient, infallible_client_fn};
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_types::body::SdkBody;
use dyntastic::aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextMut;
use dyntastic::aws_sdk_dynamodb::config::retry::RetryConfig;
use dyntastic::aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use dyntastic::aws_sdk_dynamodb::config::{Builder, ConfigBag, Intercept, RuntimeComponents};
use dyntastic::prelude::*;
use dyntastic::serde_json::json;
use dyntastic::{Client, Error};
use dyntastic_tests::queries::Entry;
use dyntastic_tests::unique::Session;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

fn is_once() -> bool {
    Engine::current() == Engine::Embedded
}

/// Every write of one item, and transactions: the error of each, by its name.
async fn errors_of_writes(db: &Client) -> Vec<(&'static str, Error)> {
    let mut entry = Entry::builder().book("b").number(1_u32).text("x").build().unwrap();
    let key = || ("b", 1);
    let add = || Entry::A.length.add(1);
    let session = Session::builder().id("a").token("t".to_owned()).build().unwrap();
    vec![
        ("save", entry.save(db).await.unwrap_err()),
        ("insert", entry.insert(db).await.unwrap_err()),
        ("insert.if_matches", entry.insert(db).if_matches().await.unwrap_err()),
        ("replace", entry.replace(db).await.unwrap_err()),
        ("update", entry.update(db, Entry::A.text.set("y")).await.unwrap_err()),
        ("update_by_key", Entry::update_by_key(db, key(), add()).return_nothing().await.unwrap_err()),
        ("return_old", Entry::update_by_key(db, key(), Entry::A.text.set("y")).return_old().await.unwrap_err()),
        ("delete", entry.delete(db).await.unwrap_err()),
        ("delete.return_old", entry.delete(db).return_old().await.unwrap_err()),
        ("transaction", db.transaction().update::<Entry>(key(), add()).await.unwrap_err()),
        ("unique", session.save(db).await.unwrap_err()),
    ]
}

async fn expect(fault: &str, db: &Client, may_be_applied: bool) {
    for (write, error) in errors_of_writes(db).await {
        let is_as_expected = match &error {
            Error::MaybeApplied(_) => may_be_applied,
            Error::Service(_) => !may_be_applied,
            _ => false,
        };
        assert!(is_as_expected, "{fault}: {write}: {error:?}");
        let text = error.to_string();
        assert_eq!(text.contains("may have been applied"), may_be_applied, "{fault}: {write}: {text}");
    }
}

/// The client of a configuration; reads of the plans of unique fields find nothing.
fn client(config: Builder) -> Client {
    Client::builder().auto_create(false).from_conf(config.build())
}

/// Answers reads with nothing, and each attempt of a write by whether it is the first.
fn by_attempt(answer: impl Fn(bool) -> (u16, String) + Send + Sync + 'static) -> Builder {
    config().http_client(infallible_client_fn(move |request: http::Request<SdkBody>| {
        let is_read = request.headers()["x-amz-target"].to_str().unwrap().ends_with("GetItem");
        let is_first = request.headers()["amz-sdk-request"].to_str().unwrap().contains("attempt=1");
        let (status, body) = if is_read { (200, "{}".to_owned()) } else { answer(is_first) };
        http::Response::builder().status(status).body(SdkBody::from(body)).unwrap()
    }))
}

fn failing() -> (u16, String) {
    let (status, body) = error("InternalServerError");
    (status, body.to_string())
}

/// Fails before an attempt is sent, from one of them on.
#[derive(Debug)]
struct Unsendable {
    from: u32,
}

#[dyn_dispatch_hint]
impl Intercept for Unsendable {
    fn name(&self) -> &'static str {
        "unsendable"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let headers = context.request().headers();
        let is_read = headers.get("x-amz-target").is_some_and(|target| target.ends_with("GetItem"));
        let is_sent = (1..self.from).any(|attempt| {
            headers.get("amz-sdk-request").is_some_and(|header| header.contains(&format!("attempt={attempt}")))
        });
        if is_read || is_sent { Ok(()) } else { Err("it cannot be sent".into()) }
    }
}

#[tokio::test(start_paused = true)]
async fn fault_a_retry_that_cannot_be_sent_leaves_the_attempt_before_it() {
    if !is_once() {
        return;
    }
    expect("500", &client(by_attempt(|_| failing())), true).await;
    let fails_once = by_attempt(|_| failing()).interceptor(Unsendable { from: 2 });
    // Of what is sent once there is no second attempt, and the first one may have been applied all the same.
    expect("500, then not sent", &client(fails_once), true).await;
    let never_sent = by_attempt(|_| failing()).interceptor(Unsendable { from: 1 });
    expect("never sent", &client(never_sent), false).await;
}

#[tokio::test(start_paused = true)]
async fn fault_what_dynamodb_does_not_answer_may_be_applied() {
    if !is_once() {
        return;
    }
    // The reads of plans are not answered either.
    let silent = |timeouts: TimeoutConfig| client(config().http_client(NeverClient::new()).timeout_config(timeouts));
    let limit = Duration::from_secs(5);
    for (fault, timeouts) in [
        ("each attempt", TimeoutConfig::builder().operation_attempt_timeout(limit).build()),
        ("all attempts", TimeoutConfig::builder().operation_timeout(limit).build()),
    ] {
        let db = silent(timeouts);
        let errors = errors_of_writes(&db).await;
        for (write, error) in errors.iter().filter(|(write, _)| *write != "unique") {
            assert!(matches!(error, Error::MaybeApplied(_)), "{fault}: {write}: {error:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn fault_an_answer_that_cannot_be_read_may_be_one_that_says_done() {
    if !is_once() {
        return;
    }
    let cut_off = r#"{"ConsumedCapacity":{"#;
    let refused_later = |is_first| match is_first {
        true => (500, "<html>".to_owned()),
        false => (400, error("ValidationException").1.to_string()),
    };
    expect("cut off", &client(by_attempt(move |_| (200, cut_off.to_owned()))), true).await;
    expect("500, then refused", &client(by_attempt(refused_later)), true).await;
    // What has no code of DynamoDB's is no refusal of it.
    expect("a proxy", &client(by_attempt(|_| (408, "<html>".to_owned()))), true).await;
    expect("cut off", &client(by_attempt(|_| (400, r#"{"__type":"com.amaz"#.to_owned()))), true).await;
}

#[tokio::test(start_paused = true)]
async fn fault_a_write_whose_item_cannot_be_read_is_applied() {
    if !is_once() {
        return;
    }
    let damaged = json!({ "Attributes": { "book": { "S": "b" }, "number": { "S": "one" } } }).to_string();
    let db = client(by_attempt(move |_| (200, damaged.clone())));
    let set = || Entry::A.text.set("y");
    let mut entry = Entry::builder().book("b").number(1_u32).text("x").build().unwrap();
    for error in [
        Entry::update_by_key(&db, ("b", 1), set()).await.unwrap_err(),
        Entry::update_by_key(&db, ("b", 1), set()).return_old().await.unwrap_err(),
        entry.update(&db, set()).await.unwrap_err(),
        entry.delete(&db).return_old().await.unwrap_err(),
    ] {
        assert!(matches!(error, Error::Unread(_)), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn fault_a_table_that_is_not_ready_does_not_hide_what_was_sent_before() {
    if !is_once() {
        return;
    }
    for first in ["InternalServerError", "TransactionInProgressException"] {
        let (db, _) = answering(move |operation, _, before| match (operation, before) {
            ("TransactWriteItems", 0) => error(first),
            ("TransactWriteItems", _) => error("ResourceNotFoundException"),
            ("CreateTable", _) => error("ResourceInUseException"),
            _ => (200, json!({ "Table": { "TableStatus": "CREATING" } })),
        });
        let entry = Entry::builder().book("b").number(1_u32).text("x").build().unwrap();
        let error = db.transaction().put(&entry).await.unwrap_err();
        assert!(matches!(error, Error::MaybeApplied(_)), "{first}: {error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn fault_what_is_refused_each_time_is_not_applied() {
    if !is_once() {
        return;
    }
    for code in ["ThrottlingException", "ValidationException", "AccessDeniedException"] {
        let (db, _) = answering(move |operation, _, _| match operation {
            "GetItem" => (200, json!({})),
            _ => error(code),
        });
        expect(code, &db, false).await;
    }
}

#[tokio::test]
async fn fault_a_connection_that_breaks_is_not_one_that_was_never_made() {
    if !is_once() {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let db = || {
        let once = config().retry_config(RetryConfig::standard().with_max_attempts(1));
        client(once.endpoint_url(format!("http://{address}")))
    };
    let breaking = tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut begin = [0; 64];
            let _ = socket.read(&mut begin).await;
        }
    });
    for (write, error) in errors_of_writes(&db()).await.iter().filter(|(write, _)| *write != "unique") {
        assert!(matches!(error, Error::MaybeApplied(_)), "{write}: {error:?}");
    }
    breaking.abort();
    assert!(breaking.await.is_err());
    for (write, error) in errors_of_writes(&db()).await {
        assert!(matches!(error, Error::Service(_)), "nobody listens: {write}: {error:?}");
    }
}
