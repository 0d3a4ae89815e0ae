//! How long a parallel scan takes on the embedded engine, by the number of segments: as a stream of items, and as pages
//! whose states are kept.
//!
//!     cargo run --release --features local --bin segments [ITEMS]

use dyntastic::prelude::*;
use dyntastic_benchmarks::models::Flat;
use std::time::Instant;

const ROUNDS: usize = 3;

fn item(number: i64) -> Flat {
    Flat {
        id: format!("customer#{:06}", number / 100),
        sort: number,
        name: format!("Sourdough bread number {number}"),
        description: None,
        price: 3.99,
        qty: number * 7,
        active: true,
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let items: usize = std::env::args().nth(1).map_or(1_000_000, |items| items.parse().expect("a number of items"));
    let db = dyntastic::local::start().await.expect("an engine").client();
    let began = Instant::now();
    Flat::create_table(&db).await.expect("a table");
    for first in (0..items).step_by(10_000) {
        let batch: Vec<Flat> = (first..items.min(first + 10_000)).map(|number| item(number as i64)).collect();
        db.batch_write().put_all(&batch).await.expect("a batch");
    }
    println!("{items} items, written in {:.0?}", began.elapsed());
    for segments in [1, 2, 4, 8] {
        let mut times = Vec::new();
        let mut of_pages = Vec::new();
        for _ in 0..ROUNDS {
            let began = Instant::now();
            let mut pages = Flat::scan(&db).segments(segments).pages();
            let (mut number, mut kept) = (0, String::new());
            while let Some(page) = pages.try_next().await.expect("a page") {
                number += page.items.len();
                kept = page.state;
            }
            std::hint::black_box(kept);
            assert_eq!(number, items);
            of_pages.push(began.elapsed());

            let began = Instant::now();
            let mut stream = Flat::scan(&db).segments(segments).stream();
            let mut number = 0;
            while let Some(item) = stream.try_next().await.expect("an item") {
                std::hint::black_box(item);
                number += 1;
            }
            assert_eq!(number, items);
            times.push(began.elapsed());
        }
        times.sort_unstable();
        of_pages.sort_unstable();
        println!(
            "{segments} segments: {:.2?}, least {:.2?}; as pages {:.2?}, least {:.2?}",
            times[ROUNDS / 2],
            times[0],
            of_pages[ROUNDS / 2],
            of_pages[0]
        );
    }
}
