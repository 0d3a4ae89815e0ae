//! Compares the times in which tokenizers read the page of 3000 nested items into the same structs. Two more contenders
//! are a whole query by dyntastic, and only the allocation of the structs.

mod by_jiter;
mod by_serde;

use by_serde::Page;
use dyntastic::{Client, Codec};
use dyntastic_benchmarks::by_hand::Product;
use dyntastic_benchmarks::items::{self, Form, ID, read_product};
use dyntastic_benchmarks::models;
use dyntastic_benchmarks::run::{Case, Taken, case, contender};
use dyntastic_benchmarks::server::Server;
use dyntastic_benchmarks::tables::markdown;
use std::hint::black_box;

const ITEMS: usize = 3000;
const FIRST: &str = "serde_json";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let server = Server::new(items::page(ITEMS, items::nested, Form::Regular));
    let body = server.response();
    let db = Client::builder().codec(Codec::Wire).from_conf(server.config().build());
    let ours = || async { models::Product::query(&db, ID).page().await.expect("a page").items };
    let with_serde_json = || serde_json::from_slice::<Page>(body).expect("a page").products();
    let with_sonic_rs = || sonic_rs::from_slice::<Page>(body).expect("a page").products();
    // simd-json writes into its input, so it needs a copy of the response.
    let with_simd_json = || simd_json::from_slice::<Page>(&mut body.to_vec()).expect("a page").products();
    let with_jiter = || by_jiter::products(body).expect("a page");

    let expected: Vec<Product> = (0..ITEMS).map(read_product).collect();
    for read in [with_serde_json(), with_sonic_rs(), with_simd_json(), with_jiter()] {
        assert_eq!(read, expected);
    }
    assert_eq!(ours().await.iter().map(Product::from).collect::<Vec<_>>(), expected);

    let contenders = vec![
        contender(FIRST, || async { drop(black_box(with_serde_json())) }),
        contender("sonic-rs", || async { drop(black_box(with_sonic_rs())) }),
        contender("simd-json", || async { drop(black_box(with_simd_json())) }),
        contender("jiter", || async { drop(black_box(with_jiter())) }),
        contender("nothing: structs are cloned", || async { drop(black_box(expected.clone())) }),
        contender("dyntastic wire", || async { drop(black_box(ours().await)) }),
    ];
    println!("{}", table(&case("tokenizer", 3, contenders).await));
}

/// The time of each contender, and its ratio to the first contender's.
fn table(case: &Case) -> String {
    let heads = ["reads by", "time of a page", "ratio to serde_json", "allocations"].map(str::to_owned).to_vec();
    let ratio = |taken: &Taken| case.of(FIRST).map_or(String::new(), |first| format!("{:.2}", taken.ratio(first)));
    markdown(
        heads,
        case.taken.iter().map(|taken| {
            vec![taken.name.to_owned(), format!("{:.2?}", taken.time), ratio(taken), taken.allocations.to_string()]
        }),
    )
}
