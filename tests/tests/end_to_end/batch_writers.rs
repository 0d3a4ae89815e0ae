//! Batch writers under faults: whatever a writer has accepted is pending until DynamoDB has acknowledged it, through errors,
//! futures that are dropped, and items that are refused.

use crate::engine::db;
use crate::random::Random;
use crate::seeds::fault_seeds;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::{Response, StatusCode};
use aws_smithy_types::body::SdkBody;
use dyntastic::aws_sdk_dynamodb::Config;
use dyntastic::aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Value, json};
use dyntastic::{Client, Error};
use dyntastic_tests::queries::Entry;
use futures_util::{StreamExt, stream};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{sleep, timeout};

fn entry(number: u32) -> Entry {
    Entry::builder().book("b").number(number).text(format!("text {number}")).build().unwrap()
}

/// One that breaks a constraint.
fn refused() -> Entry {
    let mut entry = entry(0);
    entry.book.clear();
    entry
}

/// A DynamoDB that takes its time: what reaches it is done later, also where nobody waits for the answer any more.
#[derive(Debug, Clone)]
struct Late(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    random: Random,
    texts: BTreeMap<u32, String>,
}

impl Late {
    fn client(seed: u64) -> (Self, Client) {
        let late = Self(Arc::new(Mutex::new(State { random: Random::new(seed), texts: BTreeMap::new() })));
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("a", "b", None, None, "tests"))
            .http_client(late.clone());
        (late, Client::from_conf(config.build()))
    }

    fn text(&self, number: u32) -> Option<String> {
        self.0.lock().unwrap().texts.get(&number).cloned()
    }
}

impl State {
    fn batch_write(&mut self, body: &Value) -> (u16, Value) {
        let fault = self.random.below(12);
        if fault == 0 {
            return (400, json!({ "__type": "com.amazonaws.dynamodb.v20120810#ValidationException" }));
        }
        let mut unprocessed = serde_json::Map::new();
        for (table, requests) in body["RequestItems"].as_object().unwrap() {
            for request in requests.as_array().unwrap() {
                if fault == 1 && self.random.below(2) == 0 {
                    let left = unprocessed.entry(table).or_insert(json!([]));
                    left.as_array_mut().unwrap().push(request.clone());
                } else if let Some(item) = request["PutRequest"].get("Item") {
                    self.texts.insert(number(item), item["text"]["S"].as_str().unwrap().to_owned());
                } else {
                    self.texts.remove(&number(&request["DeleteRequest"]["Key"]));
                }
            }
        }
        if fault == 2 {
            return (500, json!({ "__type": "com.amazonaws.dynamodb.v20120810#InternalServerError" }));
        }
        (200, json!({ "UnprocessedItems": unprocessed }))
    }
}

fn number(item: &Value) -> u32 {
    item["number"]["N"].as_str().unwrap().parse().unwrap()
}

impl HttpClient for Late {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Late {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        assert!(request.headers().get("x-amz-target").unwrap().ends_with("BatchWriteItem"));
        let body: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let late = self.clone();
        let done = tokio::spawn(async move {
            let delay = late.0.lock().unwrap().random.below(50);
            sleep(Duration::from_millis(delay)).await;
            late.0.lock().unwrap().batch_write(&body)
        });
        HttpConnectorFuture::new(async move {
            let (status, body) = done.await.map_err(|error| ConnectorError::other(error.into(), None))?;
            let mut response = Response::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body.to_string()));
            response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
            Ok(response)
        })
    }
}

#[tokio::test(start_paused = true)]
async fn fault_whatever_a_writer_has_accepted_is_pending_or_written() {
    for seed in fault_seeds(10) {
        let (late, db) = Late::client(seed);
        let mut random = Random::new(seed + 1000);
        let mut writer = db.batch_writer();
        // What each number was last given.
        let mut accepted: BTreeMap<u32, Option<String>> = BTreeMap::new();
        for step in 0..500 {
            let number = u32::try_from(random.below(150)).unwrap();
            let patience = Duration::from_millis(random.below(60));
            let text = format!("step {step}");
            let item = Entry { text: text.clone(), ..entry(number) };
            let sent = match random.below(12) {
                0 => timeout(patience, writer.flush()).await,
                1 => {
                    let error = writer.put(&refused()).await.unwrap_err();
                    assert!(matches!(error, Error::Invalid(_)), "seed {seed}: {error:?}");
                    continue;
                }
                2 | 3 => {
                    accepted.insert(number, None);
                    timeout(patience, writer.delete::<Entry>(("b", number))).await
                }
                4 => {
                    let numbers = stream::iter(number..number + 40);
                    let taken = numbers.map(|number| {
                        accepted.insert(number, Some(text.clone()));
                        Entry { text: text.clone(), ..entry(number) }
                    });
                    timeout(patience, writer.put_stream(taken)).await
                }
                _ => {
                    accepted.insert(number, Some(text));
                    timeout(patience, writer.put(&item)).await
                }
            };
            match sent {
                Ok(Err(Error::UnfinishedFlush(flush))) => {
                    assert!(flush.pending() > 0, "seed {seed}");
                    assert_eq!(flush.pending(), writer.pending(), "seed {seed}");
                }
                Ok(Err(error)) => unreachable!("seed {seed}: {error:?}"),
                Ok(Ok(())) | Err(_) => {}
            }
            let missing = accepted.iter().filter(|(number, text)| late.text(**number) != **text).count();
            assert!(missing <= writer.pending(), "seed {seed}, step {step}: {missing} of {}", writer.pending());
        }
        while let Err(error) = writer.flush().await {
            assert!(matches!(error, Error::UnfinishedFlush(_)), "seed {seed}: {error:?}");
        }
        assert_eq!(writer.pending(), 0, "seed {seed}");
        // What is still on its way, of requests that nobody waits for, comes too late to change anything.
        sleep(Duration::from_secs(10)).await;
        for (number, text) in &accepted {
            assert_eq!(late.text(*number), *text, "seed {seed}: {number}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn fault_a_batch_of_what_is_pending_comes_after_requests_under_way() {
    for seed in fault_seeds(10) {
        let (late, db) = Late::client(seed);
        let mut writer = db.batch_writer();
        for number in 1..=30 {
            writer.put(&entry(number)).await.unwrap();
        }
        let flushed = timeout(Duration::from_millis(1), writer.flush()).await;
        assert!(flushed.is_err() || writer.pending() == 0 || matches!(flushed, Ok(Err(_))), "seed {seed}");
        writer.put(&Entry { text: "later".to_owned(), ..entry(1) }).await.unwrap();
        let mut sent = writer.into_batch().await;
        while let Err(error) = sent {
            let Error::UnfinishedBatch(left) = error else { unreachable!("seed {seed}: {error:?}") };
            sent = left.into_batch(&db).await;
        }
        sleep(Duration::from_secs(10)).await;
        assert_eq!(late.text(1).as_deref(), Some("later"), "seed {seed}");
        assert_eq!(late.text(30).as_deref(), Some("text 30"), "seed {seed}");
    }
}

#[tokio::test]
async fn an_item_that_is_refused_changes_nothing_for_the_others() {
    let db = db().await;
    let mut writer = db.batch_writer();
    for number in 1..=50 {
        writer.put(&entry(number)).await.unwrap();
    }
    let error = writer.put(&refused()).await.unwrap_err();
    assert_eq!(error.to_string(), "Entry.book: a hash key must not be empty");
    assert_eq!(writer.pending(), 50);
    writer.flush().await.unwrap();
    assert_eq!((Entry::query(&db, "b").count().await.unwrap(), writer.pending()), (50, 0));

    // A stream ends at it, and can be gone on with.
    let mut items = stream::iter(51..=200).map(|number| if number == 190 { refused() } else { entry(number) });
    assert!(matches!(writer.put_stream(&mut items).await.unwrap_err(), Error::Invalid(_)));
    assert_eq!(writer.pending(), 39);
    writer.put_stream(&mut items).await.unwrap();
    assert_eq!(Entry::query(&db, "b").count().await.unwrap(), 199);
}

#[tokio::test]
async fn after_an_error_the_rest_is_pending_and_the_next_flush_sends_it() {
    let db = crate::engine::isolated().auto_create(false).from_conf(crate::engine::config().await);
    let mut writer = db.batch_writer();
    for number in 1..=120 {
        match writer.put(&entry(number)).await {
            Ok(()) => assert!(number < 100, "{number}"),
            Err(Error::UnfinishedFlush(flush)) => {
                assert_eq!(flush.pending(), usize::try_from(number).unwrap());
                assert_eq!(flush.cause().and_then(Error::code), Some("ResourceNotFoundException"), "{flush}");
            }
            Err(error) => unreachable!("{error:?}"),
        }
    }
    Entry::create_table(&db).await.unwrap();
    writer.flush().await.unwrap();
    assert_eq!(Entry::query(&db, "b").count().await.unwrap(), 120);

    writer.delete::<Entry>(("b", 1)).await.unwrap();
    let batch = writer.into_batch();
    assert_eq!(batch.len(), 1);
    batch.await.unwrap();
    assert_eq!(Entry::find(&db, ("b", 1)).await.unwrap(), None);
}
