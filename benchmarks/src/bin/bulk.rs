//! How long bulk writes of one hash key's items take on the embedded engine, beside the deletion in batches.
//!
//!     cargo run --release --features local --bin bulk [ITEMS]

use dyntastic::Client;
use dyntastic::prelude::*;
use dyntastic_benchmarks::models::Flat;
use std::time::Instant;

async fn fill(db: &Client, items: i64) {
    let item = |number| Flat {
        id: "customer".to_owned(),
        sort: number,
        name: format!("Sourdough bread number {number}"),
        description: None,
        price: 3.99,
        qty: number * 7,
        active: true,
    };
    let all: Vec<Flat> = (0..items).map(item).collect();
    db.batch_write().put_all(&all).await.expect("a batch");
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let items: i64 = std::env::args().nth(1).map_or(10_000, |items| items.parse().expect("a number of items"));
    let db = dyntastic::local::start().await.expect("an engine").client();
    Flat::create_table(&db).await.expect("a table");
    fill(&db, items).await;
    let shown = |what: &str, began: Instant| {
        let took = began.elapsed();
        println!("{what}: {took:.2?}, {:.0} items a second", items as f64 / took.as_secs_f64());
    };
    let query = || Flat::query(&db, "customer");
    for concurrency in [1, 4, 16] {
        for (is, becomes) in [(true, false), (false, true)] {
            let began = Instant::now();
            let update = query().update_where(Flat::A.active.eq(is), Flat::A.active.set(becomes));
            let report = update.concurrency(concurrency).await.expect("all are written");
            assert_eq!(report.counts.written, items as u64);
            shown(&format!("update_where, {concurrency} at a time"), began);
        }
    }
    for concurrency in [1, 4, 16] {
        let began = Instant::now();
        let report = query().delete_where(Flat::A.active.eq(true)).concurrency(concurrency).await;
        assert_eq!(report.expect("all are deleted").counts.written, items as u64);
        shown(&format!("delete_where, {concurrency} at a time"), began);
        fill(&db, items).await;
    }
    let began = Instant::now();
    assert_eq!(Flat::delete_partition(&db, "customer").await.expect("all are deleted"), items as u64);
    shown("delete_partition", began);
}
