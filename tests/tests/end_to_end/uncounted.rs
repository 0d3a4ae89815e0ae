//! Requests of a rate limit that end without a response, or whose response tells no capacity.

use crate::canned::{self, Requests, error};
use crate::engine::eventually;
use aws_smithy_http_client::Builder;
use aws_smithy_types::retry::RetryConfig;
use dyntastic::aws_sdk_dynamodb::config::endpoint::{EndpointFuture, Params, ResolveEndpoint};
use dyntastic::observe::Access;
use dyntastic::prelude::*;
use dyntastic::serde_json::{Value, json};
use dyntastic::{Client, RateLimit};
use dyntastic_tests::queries::Entry;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// Reads many times within a limit, each time for so long at most.
async fn read(db: &Client, limit: &RateLimit, times: u32, most: Duration) {
    for _ in 0..times {
        drop(timeout(most, Entry::find(db, ("b", 1)).with_rate_limit(limit)).await);
    }
}

/// Checks that no request has taken units of a limit of one unit per second.
async fn is_untouched(limit: &RateLimit) {
    let begin = Instant::now();
    limit.acquire(Access::Read).await.consumed(1.0);
    assert!(begin.elapsed() < Duration::from_millis(500), "{:?}", begin.elapsed());
}

/// Finds no host for any request, and goes on looking.
#[derive(Debug)]
struct Looking;

impl ResolveEndpoint for Looking {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::new(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_dropped_before_it_is_sent_counts_nothing() {
    let (config, requests) = canned::answers(|_, _, _| (200, json!({})));
    let db = Client::from_conf(config.to_builder().endpoint_resolver(Looking).build());
    let limit = RateLimit::reads(1.0).unwrap();
    read(&db, &limit, 50, Duration::from_millis(5)).await;
    assert!(requests.lock().unwrap().is_empty());
    is_untouched(&limit).await;
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_dropped_while_it_is_throttled_counts_nothing() {
    let retries = RetryConfig::standard().with_initial_backoff(Duration::from_secs(1_000_000));
    let (config, requests) = canned::answers(|_, _, _| error("ProvisionedThroughputExceededException"));
    let db = Client::from_conf(config.to_builder().retry_config(retries).build());
    let limit = RateLimit::reads(1.0).unwrap();
    read(&db, &limit, 50, Duration::from_millis(5)).await;
    assert!(requests.lock().unwrap().len() >= 50);
    is_untouched(&limit).await;
}

/// The other actions of a transaction may have consumed units before one was throttled.
#[tokio::test(start_paused = true)]
async fn a_transaction_of_which_one_action_is_throttled_counts_as_a_usual_one() {
    let (config, requests) = canned::answers(|_, _, _| {
        let (status, mut canceled) = error("TransactionCanceledException");
        canceled["CancellationReasons"] = json!([{ "Code": "ThrottlingError", "Message": "slow down" }]);
        (status, canceled)
    });
    let db = Client::from_conf(config);
    let limit = RateLimit::writes(1.0).unwrap();
    let delete = db.transaction().delete::<Entry>(("b", 1)).with_rate_limit(&limit).into_future();
    drop(timeout(Duration::from_millis(5), delete).await);
    assert_eq!(requests.lock().unwrap().len(), 1);
    let begin = Instant::now();
    limit.acquire(Access::Write).await.consumed(1.0);
    assert!(begin.elapsed() > Duration::from_millis(900), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_request_that_reaches_nobody_counts_nothing() {
    // Nobody listens there.
    let config = canned::config().endpoint_url("http://127.0.0.1:1").http_client(Builder::new().build_http());
    let db = Client::from_conf(config.retry_config(RetryConfig::disabled()).build());
    let limit = RateLimit::reads(1.0).unwrap();
    read(&db, &limit, 20, Duration::from_secs(5)).await;
    is_untouched(&limit).await;
}

#[tokio::test(start_paused = true)]
async fn a_response_whose_capacity_makes_no_sense_counts_as_a_usual_one() {
    let none = json!({});
    let units = |units: Value| json!({ "ConsumedCapacity": { "TableName": "entries", "CapacityUnits": units } });
    let index = |units: Value| json!({ "by_text": { "CapacityUnits": units } });
    let of_index =
        json!({ "ConsumedCapacity": { "TableName": "entries", "GlobalSecondaryIndexes": index(json!("NaN")) } });
    let all =
        [none, units(json!(-5)), units(json!("NaN")), units(json!("Infinity")), units(json!("-Infinity")), of_index];
    for answer in all {
        let name = answer.to_string();
        let (config, requests) = canned::answers(move |_, _, before| match before {
            0..10 => (200, json!({ "ConsumedCapacity": { "TableName": "entries", "CapacityUnits": 5 } })),
            _ => (200, answer.clone()),
        });
        let db = Client::from_conf(config);
        let limit = RateLimit::reads(5.0).unwrap();
        read(&db, &limit, 11, Duration::from_secs(1_000)).await;
        let begin = Instant::now();
        read(&db, &limit, 10, Duration::from_secs(1_000)).await;
        let seconds = begin.elapsed().as_secs_f64();
        assert!((9.5..10.5).contains(&seconds), "{name}: 50 units at 5 a second took {seconds} s");
        assert_eq!(requests.lock().unwrap().len(), 21);
    }
}

#[tokio::test(start_paused = true)]
async fn limits_in_different_orders_do_not_block_each_other() {
    let (one, other) = (RateLimit::reads(100.0).unwrap(), RateLimit::total(50.0).unwrap());
    let (config, requests): (_, Requests) =
        canned::answers(|_, _, _| (200, json!({ "ConsumedCapacity": { "TableName": "entries", "CapacityUnits": 5 } })));
    let db = Client::builder().rate_limit(Entry::TABLE, &one).from_conf(config);
    let begin = Instant::now();
    for task in 0..60 {
        let (db, one, other) = (db.clone(), one.clone(), other.clone());
        tokio::spawn(async move {
            let (first, second) = if task % 2 == 0 { (&one, &other) } else { (&other, &one) };
            let read = Entry::find(&db, ("b", 1)).with_rate_limit(first).with_rate_limit(second);
            // Some are dropped while they wait.
            drop(timeout(Duration::from_secs(if task % 3 == 0 { 1 } else { 1_000 }), read).await);
        });
    }
    eventually("forty reads", async || requests.lock().unwrap().len() >= 40).await;
    let seconds = begin.elapsed().as_secs_f64();
    assert!((3.0..6.5).contains(&seconds), "at least 200 units at 50 a second took {seconds} s");
    sleep(Duration::from_secs(60)).await;
    // Those that were dropped took nothing: the units of a second are there.
    let begin = Instant::now();
    read(&db, &other, 10, Duration::from_secs(1_000)).await;
    assert!(begin.elapsed() < Duration::from_millis(10), "{:?}", begin.elapsed());
}
