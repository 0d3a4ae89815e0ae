//! The most memory that a query of 200 pages of 1 MB holds at one time, read as a stream whose items are dropped as they come.

use dyntastic::{Client, Codec};
use dyntastic_benchmarks::count;
use dyntastic_benchmarks::items::{self, Form, ID, SORT};
use dyntastic_benchmarks::models::Product;
use dyntastic_benchmarks::reads::page_request;
use dyntastic_benchmarks::server::Server;

const PAGES: usize = 200;
/// The items in 1 MB.
const ITEMS: usize = 2_500;

fn print(name: &str, page: usize) {
    let peak = count::stop().peak as f64;
    println!("{name:<16} {:>6.2} MB at the peak, {:.2} pages", peak / 1e6, peak / page as f64);
}

async fn ours(db: &Client) {
    let query = Product::query(db, ID).limit(PAGES * ITEMS);
    let mut stream = query.stream();
    let mut number = 0;
    while let Some(product) = stream.try_next().await.expect("a product") {
        std::hint::black_box(product);
        number += 1;
    }
    assert_eq!(number, PAGES * ITEMS);
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let last = format!("\"LastEvaluatedKey\":{{\"id\":{{\"S\":\"{ID}\"}},\"sort\":{{\"N\":\"{SORT}\"}}}}");
    let response = items::page(ITEMS, items::nested, Form::Regular);
    let response = format!("{{{last},{}", &response[1..]);
    let page = response.len();
    println!("{PAGES} pages of {page} B");
    let server = Server::new(response).copied();

    let sdk = aws_sdk_dynamodb::Client::from_conf(server.config().build());
    count::start();
    let mut pages = page_request(&sdk, "products").into_paginator().stop_on_duplicate_token(false).send();
    for _ in 0..PAGES {
        for item in pages.next().await.expect("a page").expect("a response").items.expect("items") {
            std::hint::black_box(item);
        }
    }
    drop(pages);
    print("SDK untyped", page);
    for (name, codec) in [("dyntastic map", Codec::Map), ("dyntastic wire", Codec::Wire)] {
        let db = Client::builder().codec(codec).from_conf(server.config().build());
        count::start();
        ours(&db).await;
        print(name, page);
    }
}
