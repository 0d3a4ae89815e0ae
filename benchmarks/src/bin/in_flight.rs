//! How many operations a second two threads do, with more and more operations in flight: reads of one item and of pages of
//! 100 items, by the SDK alone and by emitted models, in turn.

use dyntastic::prelude::*;
use dyntastic_benchmarks::clients::Clients;
use dyntastic_benchmarks::items::{self, Form, ID, SORT};
use dyntastic_benchmarks::models::Product;
use dyntastic_benchmarks::reads::{get_request, get_response, page_request};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_millis(150);

/// Runs an operation in as many tasks as are in flight, for the time of a round. Returns the operations in a second.
async fn round<F>(in_flight: usize, run: impl Fn() -> F + Clone + Send + 'static) -> f64
where
    F: Future<Output = ()> + Send + 'static,
{
    let (done, began) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let mut tasks = JoinSet::new();
    for _ in 0..in_flight {
        let (run, done) = (run.clone(), done.clone());
        tasks.spawn(async move {
            while began.elapsed() < ROUND {
                run().await;
                done.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        });
    }
    tasks.join_all().await;
    done.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let item = Clients::new("get", "products", get_response().to_string());
    let page = Clients::new("query 100", "products", items::page(100, items::nested, Form::Regular));
    println!("| in flight | get, SDK | get, dyntastic | ratio | query 100, SDK | query 100, dyntastic | ratio |");
    println!("|---|---|---|---|---|---|---|");
    for in_flight in (0..9).map(|power| 1 << power) {
        let mut rates = [const { Vec::new() }; 4];
        for _ in 0..ROUNDS {
            let [get_sdk, get_ours, page_sdk, page_ours] = &mut rates;
            let sdk = item.sdk.clone();
            let read = move || {
                let request = get_request(&sdk);
                async move { drop(request.send().await.expect("a response").item.expect("an item")) }
            };
            get_sdk.push(round(in_flight, read).await);
            let db = item.wire.clone();
            let read = move || {
                let get = Product::get(&db, (ID, SORT + 1)).into_future();
                async move { drop(get.await.expect("a product")) }
            };
            get_ours.push(round(in_flight, read).await);
            let sdk = page.sdk.clone();
            let read = move || {
                let request = page_request(&sdk, "products");
                async move { drop(request.send().await.expect("a page").items.expect("items")) }
            };
            page_sdk.push(round(in_flight, read).await);
            let db = page.wire.clone();
            let read = move || {
                let query = Product::query(&db, ID).page();
                async move { drop(query.await.expect("a page")) }
            };
            page_ours.push(round(in_flight, read).await);
        }
        let [get_sdk, get_ours, page_sdk, page_ours] = rates.map(median);
        println!(
            "| {in_flight} | {get_sdk:.0}/s | {get_ours:.0}/s | {:.2} | {page_sdk:.0}/s | {page_ours:.0}/s | {:.2} |",
            get_sdk / get_ours,
            page_sdk / page_ours
        );
    }
}
