//! Limits of the capacity that requests consume per second.

use crate::all_operations;
use crate::between::Between;
use crate::canned::{self, Requests, error};
use dyntastic::observe::Access;
use dyntastic::prelude::*;
use dyntastic::serde_json::{Value, json};
use dyntastic::{ClientBuilder, Error, RateLimit};
use dyntastic_tests::queries::Entry;
use dyntastic_tests::shop::{Customer, Order};
use std::time::Duration;
use tokio::time::Instant;

/// A client whose requests consume 5 units of each of their tables.
fn client(settings: impl FnOnce(ClientBuilder) -> ClientBuilder) -> (Client, Requests) {
    let (config, requests) = canned::answers(|operation, body, _| (200, answer(operation, body, 5.0)));
    (settings(Client::builder()).from_conf(config), requests)
}

fn answer(operation: &str, body: &Value, units: f64) -> Value {
    let consumed = |table: &str| json!({ "TableName": table, "CapacityUnits": units });
    match (operation, body["TableName"].as_str()) {
        (_, Some(table)) => json!({ "ConsumedCapacity": consumed(table) }),
        (_, None) => {
            let tables = body["RequestItems"].as_object().unwrap().keys();
            json!({ "ConsumedCapacity": tables.map(|table| consumed(table)).collect::<Vec<_>>(), "Responses": {} })
        }
    }
}

fn entry() -> Entry {
    Entry::builder().book("b").number(1_u32).text("x").build().unwrap()
}

async fn read(db: &Client, times: u32) {
    for _ in 0..times {
        assert!(Entry::find(db, ("b", 1)).await.unwrap().is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn requests_on_a_table_wait_for_the_limit_of_their_client() {
    let limit = RateLimit::new(10.0, 1.0).unwrap();
    let (db, requests) = client(|builder| builder.table_prefix("dev-").rate_limit(Entry::TABLE, &limit));
    let (unlimited, _) = client(|builder| builder);
    let begin = Instant::now();
    read(&db, 5).await;
    assert_eq!(begin.elapsed().as_millis() / 10, 200, "20 units before the last request");
    // Writes have a limit of their own, and other tables and clients have none.
    entry().insert(&db).await.unwrap();
    Customer::find(&db, "c").await.unwrap();
    read(&unlimited, 100).await;
    assert_eq!(begin.elapsed().as_millis() / 10, 200);
    entry().insert(&db).await.unwrap();
    assert_eq!(begin.elapsed().as_millis() / 10, 600, "5 units at 1 a second, of which one was there");
    for (_, body) in requests.lock().unwrap().iter() {
        let is_limited = body["TableName"] != "dev-shop";
        assert_eq!(body["ReturnConsumedCapacity"] == "INDEXES", is_limited, "{body}");
    }
    // A clone is the same client.
    tokio::time::sleep(Duration::from_secs(60)).await;
    let begin = Instant::now();
    let (one, other) = (db.clone(), db.clone());
    tokio::join!(read(&one, 10), read(&other, 10));
    let seconds = begin.elapsed().as_secs_f64();
    assert!((8.0..9.5).contains(&seconds), "95 units less those of a second took {seconds} s");
}

#[tokio::test(start_paused = true)]
async fn a_request_on_two_tables_waits_for_the_limits_of_both() {
    let (entries, customers) = (RateLimit::reads(10.0).unwrap(), RateLimit::total(5.0).unwrap());
    let batch = async |db: &Client| {
        let keys = db.batch_get().keys::<Entry>([("b", 1)]).keys::<Customer>(["c"]).await;
        keys.unwrap();
    };
    let (db, _) = client(|builder| builder.rate_limit(Entry::TABLE, &entries).rate_limit(Customer::TABLE, &customers));
    let begin = Instant::now();
    batch(&db).await;
    batch(&db).await;
    assert_eq!(begin.elapsed().as_millis() / 10, 100, "5 units at 5 a second");
    let both = RateLimit::reads(2.0).unwrap();
    let (db, _) = client(|builder| builder.rate_limit(Entry::TABLE, &both).rate_limit(Customer::TABLE, &both));
    let begin = Instant::now();
    batch(&db).await;
    batch(&db).await;
    assert_eq!(begin.elapsed().as_millis() / 10, 500, "10 units at 2 a second");
}

#[tokio::test(start_paused = true)]
async fn operations_and_streams_share_a_limit() {
    let job = RateLimit::total(10.0).unwrap();
    let (db, requests) = client(|builder| builder);
    let begin = Instant::now();
    Entry::find(&db, ("b", 1)).with_rate_limit(&job).await.unwrap();
    entry().insert(&db).with_rate_limit(&job).await.unwrap();
    let mut stream = Entry::scan(&db).stream().with_rate_limit(&job).with_capacity();
    assert!(stream.try_next().await.unwrap().is_none());
    let used = stream.capacity().total();
    let (_, of_query) = Entry::query(&db, "b").all().with_rate_limit(&job).with_capacity().await.unwrap();
    assert_eq!((used, of_query.total(), requests.lock().unwrap().len()), (5.0, 5.0, 4));
    let (one, other) = (RateLimit::reads(10.0).unwrap(), RateLimit::reads(10.0).unwrap());
    let mut stream = Entry::scan(&db).stream().with_rate_limit(&one).with_capacity().with_rate_limit(&other);
    assert!(stream.try_next().await.unwrap().is_none());
    assert_eq!(stream.capacity().total(), 5.0);
    assert_eq!(begin.elapsed().as_millis() / 10, 150, "15 units before the last request");
    // A limit inside of another counts once, and a request of the SDK counts too.
    job.acquire(Access::Read).await.consumed(5.0);
    let twice = Entry::find(&db, ("b", 1)).with_rate_limit(&job).with_rate_limit(&job);
    twice.await.unwrap();
    assert_eq!(begin.elapsed().as_millis() / 10, 250);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_fetches_ahead_and_the_writes_in_its_loop_share_a_limit() {
    let (config, requests) = canned::answers(|operation, body, before| {
        let mut answer = answer(operation, body, 5.0);
        if operation == "Scan" {
            let key = |number: usize| json!({ "book": { "S": "b" }, "number": { "N": number.to_string() } });
            let item = |number: usize| {
                let mut item = key(number);
                item["text"] = json!({ "S": "x" });
                item
            };
            answer["Items"] = json!([item(2 * before), item(2 * before + 1)]);
            if before < 9 {
                answer["LastEvaluatedKey"] = key(2 * before + 1);
            }
        }
        (200, answer)
    });
    let db = Client::from_conf(config);
    let job = RateLimit::total(10.0).unwrap();
    let begin = Instant::now();
    let all = async {
        let mut entries = Entry::scan(&db).stream().with_rate_limit(&job);
        while let Some(entry) = entries.try_next().await.unwrap() {
            entry.save(&db).with_rate_limit(&job).await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(60), all).await.unwrap();
    assert_eq!(requests.lock().unwrap().len(), 30);
    let seconds = begin.elapsed().as_secs_f64();
    assert!((13.0..16.0).contains(&seconds), "150 units at 10 a second took {seconds} s");
}

#[tokio::test(start_paused = true)]
async fn throttling_slows_the_requests_of_a_limit_down() {
    let limit = RateLimit::reads(10_000.0).unwrap();
    // DynamoDB throttles one attempt, after which the SDK sends the request again.
    let (config, _) = canned::answers(|operation, body, before| match before {
        200 => error("ProvisionedThroughputExceededException"),
        _ => (200, answer(operation, body, 100.0)),
    });
    let db = Client::builder().rate_limit(Entry::TABLE, &limit).from_conf(config);
    let timed = async |times: u32| {
        let begin = Instant::now();
        read(&db, times).await;
        f64::from(times) * 100.0 / begin.elapsed().as_secs_f64()
    };
    let before = timed(200).await;
    // The units of the wait for the second attempt are there.
    read(&db, 100).await;
    let after = timed(100).await;
    assert!((9_500.0..10_500.0).contains(&before) && (6_500.0..9_000.0).contains(&after), "{before} {after}");
    tokio::time::sleep(Duration::from_secs(60)).await;
    read(&db, 125).await;
    let later = timed(100).await;
    assert!((9_500.0..10_500.0).contains(&later), "{later}");
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_throttled_in_part_slows_down() {
    let limit = RateLimit::writes(10_000.0).unwrap();
    let (config, _) = canned::answers(|operation, body, before| {
        let mut answer = answer(operation, body, 100.0);
        if before == 200 {
            answer["UnprocessedItems"] = body["RequestItems"].clone();
        }
        (200, answer)
    });
    let db = Client::builder().from_conf(config);
    let timed = async |times: u32| {
        let begin = Instant::now();
        for _ in 0..times {
            db.batch_write().put(&entry()).with_rate_limit(&limit).await.unwrap();
        }
        f64::from(times) * 100.0 / begin.elapsed().as_secs_f64()
    };
    let before = timed(200).await;
    timed(100).await;
    let after = timed(100).await;
    assert!((9_500.0..10_500.0).contains(&before) && (6_500.0..9_000.0).contains(&after), "{before} {after}");
}

#[tokio::test(start_paused = true)]
async fn throttling_slows_only_the_limit_of_the_throttled_table_down() {
    slows_only_customers_down("").await;
    slows_only_customers_down("arn:aws:dynamodb:us-east-1:123456789012:table/").await;
}

/// Tables are named by their names, or with this in front of them by their ARNs.
async fn slows_only_customers_down(arn: &'static str) {
    let (entries, customers) = (RateLimit::reads(1_000.0).unwrap(), RateLimit::reads(1_000.0).unwrap());
    let (config, _) = canned::answers(|operation, body, before| match (operation, before) {
        ("BatchGetItem", 0) => {
            let (status, mut error) = error("ThrottlingException");
            let resource = "arn:aws:dynamodb:us-east-1:123456789012:table/shop";
            error["throttlingReasons"] = json!([{ "reason": "TableReadAccountLimitExceeded", "resource": resource }]);
            (status, error)
        }
        _ => (200, answer(operation, body, 10.0)),
    });
    let named = Client::builder().table_prefix(arn);
    let limited = named.rate_limit(Entry::TABLE, &entries).rate_limit(Customer::TABLE, &customers);
    let db = limited.from_conf(config);
    for _ in 0..100 {
        read(&db, 1).await;
        Customer::find(&db, "c").await.unwrap();
    }
    db.batch_get().keys::<Entry>([("b", 1)]).keys::<Customer>(["c"]).await.unwrap();
    read(&db, 100).await;
    let begin = Instant::now();
    read(&db, 100).await;
    let of_entries = begin.elapsed().as_secs_f64();
    assert!((0.95..1.05).contains(&of_entries), "its table was not throttled: 1,000 units took {of_entries} s");
    let begin = Instant::now();
    for _ in 0..200 {
        Customer::find(&db, "c").await.unwrap();
    }
    let of_customers = begin.elapsed().as_secs_f64();
    assert!(of_customers > 1.2, "2,000 units, of which those of one second were there, took {of_customers} s");
}

#[tokio::test(start_paused = true)]
async fn a_transaction_that_is_canceled_by_throttling_slows_down() {
    let limit = RateLimit::writes(1_000.0).unwrap();
    let (config, _) = canned::answers(|_, body, before| match before {
        100 => {
            let reasons = json!([{ "Code": "ThrottlingError", "Message": "no" }]);
            let (status, mut canceled) = error("TransactionCanceledException");
            canceled["CancellationReasons"] = reasons;
            (status, canceled)
        }
        _ => {
            let table = &body["TransactItems"][0]["Put"]["TableName"];
            (200, json!({ "ConsumedCapacity": [{ "TableName": table, "CapacityUnits": 10.0 }] }))
        }
    });
    let db = Client::builder().rate_limit(Entry::TABLE, &limit).from_conf(config);
    let timed = async |times: u32| {
        let begin = Instant::now();
        for _ in 0..times {
            // The one that is throttled fails.
            drop(db.transaction().put(&entry()).await);
        }
        f64::from(times) * 10.0 / begin.elapsed().as_secs_f64()
    };
    let before = timed(100).await;
    let after = timed(100).await;
    assert!((950.0..1_050.0).contains(&before) && (650.0..900.0).contains(&after), "{before} {after}");
}

#[tokio::test(start_paused = true)]
async fn models_of_one_table_count_its_units_once() {
    let limit = RateLimit::reads(5.0).unwrap();
    let (db, _) = client(|builder| builder.rate_limit(Customer::TABLE, &limit).rate_limit(Order::TABLE, &limit));
    let begin = Instant::now();
    for _ in 0..3 {
        Customer::find(&db, "c").await.unwrap();
    }
    assert_eq!(begin.elapsed().as_millis() / 10, 200, "10 units at 5 a second");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_dropped_between_two_limits_consumes_nothing() {
    let (own, shared) = (RateLimit::reads(1.0).unwrap(), RateLimit::reads(1.0).unwrap());
    let (db, requests) = client(|builder| builder);
    shared.acquire(Access::Read).await.consumed(100.0);
    for _ in 0..50 {
        let read = Entry::find(&db, ("b", 1)).with_rate_limit(&shared).with_rate_limit(&own);
        assert!(tokio::time::timeout(Duration::from_millis(1), read).await.is_err());
    }
    assert!(requests.lock().unwrap().is_empty());
    let begin = Instant::now();
    Entry::find(&db, ("b", 1)).with_rate_limit(&own).await.unwrap();
    assert!(begin.elapsed() < Duration::from_millis(10), "{:?}", begin.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_response_without_capacity_counts_as_a_usual_one() {
    let (config, _) = canned::answers(|operation, body, before| match before {
        0..10 => (200, answer(operation, body, 5.0)),
        _ => (200, json!({})),
    });
    let limit = RateLimit::reads(5.0).unwrap();
    let db = Client::builder().rate_limit(Entry::TABLE, &limit).from_conf(config);
    read(&db, 11).await;
    let begin = Instant::now();
    read(&db, 10).await;
    let seconds = begin.elapsed().as_secs_f64();
    assert!((9.5..10.5).contains(&seconds), "50 units at 5 a second took {seconds} s");
}

#[tokio::test]
async fn no_operation_sends_a_request_before_its_limit_lets_it() {
    const RATE: f64 = 1_000.0;
    const OWED: f64 = 40.0;
    let (db, between) = Between::client(0, |builder| builder).await;
    for operation in all_operations::all(&db) {
        between.take();
        let limit = RateLimit::total(RATE).unwrap();
        let begin = std::time::Instant::now();
        limit.acquire(Access::Write).await.consumed(OWED);
        let run = operation.run.with_rate_limit(&limit).await;
        let used = run.unwrap_or_else(|error| panic!("{}: {error}", operation.name)).total();
        let first = *between.take().sent.first().unwrap();
        let paid = (first - begin).as_secs_f64() * RATE;
        assert!(paid > OWED - 1.0, "{}: {paid} of {OWED}", operation.name);
        drop(limit.acquire(Access::Write).await);
        let paid = begin.elapsed().as_secs_f64() * RATE;
        assert!(paid > OWED + used - 1.0, "{}: {paid} of {OWED} and {used}", operation.name);
    }
}

#[test]
fn a_wrong_rate_is_an_error_of_settings() {
    let error: Error = RateLimit::total(0.0).unwrap_err().into();
    assert!(matches!(error, Error::Config(_)), "{error}");
    assert!(format!("{:?}", RateLimit::reads(5.0).unwrap()).contains("reads: Some(5.0)"));
}
