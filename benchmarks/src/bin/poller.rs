//! How long a poller takes to handle the records of a stream of the embedded engine, beside a loop of GetRecords by the SDK
//! alone, which has neither leases nor a place to go on from.
//!
//!     cargo run --release --features local --bin poller [ITEMS]

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use dyntastic::Client;
use dyntastic::aws_sdk_dynamodbstreams as streams_sdk;
use dyntastic::prelude::*;
use dyntastic::streams::{Failure, handler, poll};
use dyntastic_benchmarks::by_hand;
use dyntastic_benchmarks::items;
use dyntastic_benchmarks::models::Product;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use streams_sdk::types::ShardIteratorType;
use tokio::time::sleep;

const BATCH: i32 = 1_000;

/// Reads all records of the table's stream, and its items by serde_dynamo.
async fn by_loop(db: &Client, sdk: &streams_sdk::Client, records: u64) {
    let table = db.sdk().describe_table().table_name("products").send().await.expect("a table");
    let arn = table.table.and_then(|table| table.latest_stream_arn).expect("a stream");
    let stream = sdk.describe_stream().stream_arn(&arn).send().await.expect("a stream").stream_description;
    let mut read = 0;
    for shard in stream.expect("a description").shards() {
        let first = sdk.get_shard_iterator().stream_arn(&arn).set_shard_id(shard.shard_id.clone());
        let first = first.shard_iterator_type(ShardIteratorType::TrimHorizon).send().await.expect("an iterator");
        let mut next = first.shard_iterator;
        while let Some(iterator) = next.take().filter(|_| read < records) {
            let page = sdk.get_records().shard_iterator(iterator).limit(BATCH).send().await.expect("records");
            for record in page.records.unwrap_or_default() {
                let image = record.dynamodb.and_then(|change| change.new_image).expect("an item");
                std::hint::black_box(serde_dynamo::from_item::<_, by_hand::Product>(image).expect("a product"));
                read += 1;
            }
            next = page.next_shard_iterator;
        }
    }
    assert_eq!(read, records);
}

async fn by_poller(db: &Client, sdk: &streams_sdk::Client, consumer: &str, records: u64) {
    let handled = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&handled);
    let handler = handler().on::<Product>(move |change, _| {
        std::hint::black_box(change);
        count.fetch_add(1, Ordering::Relaxed);
        async { Ok::<_, Failure>(()) }
    });
    let all = async {
        while handled.load(Ordering::Relaxed) < records {
            sleep(Duration::from_millis(1)).await;
        }
    };
    let poller = poll::<Product>(db, sdk, consumer).progress_table("progress").batch(BATCH as u32);
    poller.run_until(&handler, all).await.expect("all records are handled");
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let items: u64 = std::env::args().nth(1).map_or(10_000, |items| items.parse().expect("a number of items"));
    let local = dyntastic::local::start().await.expect("an engine");
    let db = local.client();
    Product::create_table(&db).await.expect("a table");
    let all: Vec<Product> = (0..items as usize).map(|number| items::product(number, 75)).collect();
    db.batch_write().put_all(&all).await.expect("a batch");
    let config = streams_sdk::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("a", "b", None, None, "benchmark"))
        .endpoint_url(local.endpoint());
    let sdk = streams_sdk::Client::from_conf(config.build());
    for round in 0..5 {
        let began = Instant::now();
        by_loop(&db, &sdk, items).await;
        let alone = began.elapsed();
        let began = Instant::now();
        by_poller(&db, &sdk, &format!("consumer-{round}"), items).await;
        let ours = began.elapsed();
        println!("SDK alone {alone:.2?}, poller {ours:.2?}, {:.2}", ours.as_secs_f64() / alone.as_secs_f64());
    }
}
