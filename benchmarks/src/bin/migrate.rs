//! What a migration costs on the embedded engine: requests, capacity units and time, scaled to a million items.
//!
//!     cargo run --release --features local --bin migrate [ITEMS]

use aws_sdk_dynamodb::config::Intercept;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use dyntastic::Client;
use dyntastic::ops::Migration;
use dyntastic::prelude::*;
use dyntastic_benchmarks::models::{Account, Task};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

#[derive(Debug, Clone, Default)]
struct Requests(Arc<AtomicU64>);

#[dyn_dispatch_hint]
impl Intercept for Requests {
    fn name(&self) -> &'static str {
        "requests"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// Writes items from before the model had its index or its unique field.
async fn put(db: &Client, table: &str, items: usize, item: impl Fn(usize) -> Vec<(&'static str, String)>) {
    for first in (0..items).step_by(25) {
        let request = |number| {
            let text = |(name, value): (&str, String)| (name.to_owned(), AttributeValue::S(value));
            let mut item: HashMap<_, _> = item(number).into_iter().map(text).collect();
            item.insert("number".to_owned(), AttributeValue::N(number.to_string()));
            let put = PutRequest::builder().set_item(Some(item)).build().expect("an item");
            WriteRequest::builder().put_request(put).build()
        };
        let requests: Vec<WriteRequest> = (first..items.min(first + 25)).map(request).collect();
        db.sdk().batch_write_item().request_items(table, requests).send().await.expect("a batch");
    }
}

async fn measure<M: Model>(what: &str, (items, requests): (usize, &Requests), migration: Migration<M>) {
    let (before, began) = (requests.0.load(Ordering::Relaxed), Instant::now());
    let counts = migration.await.expect("a finished migration").counts;
    let (sent, seconds) = (requests.0.load(Ordering::Relaxed) - before, began.elapsed().as_secs_f64());
    // An item that moves may be read again under its new key.
    let million = 1e6 / items as f64;
    println!(
        "| {what} | {:.0} | {:.0} | {:.0} s |",
        sent as f64 * million,
        counts.consumed * million,
        seconds * million
    );
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let items: usize = std::env::args().nth(1).map_or(10_000, |items| items.parse().expect("a number of items"));
    let requests = Requests::default();
    let config = dyntastic::local::start().await.expect("an engine");
    let db = Client::from_conf(config.config().to_builder().interceptor(requests.clone()).build());
    Task::create_table(&db).await.expect("a table");
    put(&db, "tasks", items, |number| {
        let title = format!("Bake the sourdough bread number {number}, and bring it to the shop before eight");
        vec![
            ("pk", format!("OWNER#o{}", number / 100)),
            ("sk", format!("TASK#{number:010}")),
            ("kind", "Task".to_owned()),
            ("owner", format!("o{}", number / 100)),
            ("status", "open".to_owned()),
            ("title", title),
        ]
    })
    .await;
    Account::create_table(&db).await.expect("a table");
    put(&db, "accounts", items, |number| {
        vec![
            ("pk", format!("ACCOUNT#{number:010}")),
            ("sk", "ACCOUNT".to_owned()),
            ("kind", "Account".to_owned()),
            ("email", format!("{number}@example.com")),
        ]
    })
    .await;
    println!("| per million items | requests | capacity units | time |\n|---|---|---|---|");
    measure("the keys of a new index", (items, &requests), dyntastic::migrate::<Task>(&db, "index")).await;
    measure("nothing to write", (items, &requests), dyntastic::migrate::<Task>(&db, "again")).await;
    measure("the guards of a new unique field", (items, &requests), dyntastic::migrate::<Account>(&db, "unique")).await;
    let renamed = |task: &mut Task| {
        if !task.owner.starts_with("new-") {
            task.owner = format!("new-{}", task.owner);
        }
    };
    measure("other keys", (items, &requests), dyntastic::migrate::<Task>(&db, "rekey").change(renamed)).await;
}
