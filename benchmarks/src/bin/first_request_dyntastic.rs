//! The same as `first_request_sdk`, by an emitted model.

use dyntastic::Client;
use dyntastic::prelude::*;
use dyntastic_benchmarks::first_request::environment;
use dyntastic_benchmarks::items::{ID, SORT};
use dyntastic_benchmarks::models::Product;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let client = Client::from_conf(aws_sdk_dynamodb::Config::new(&environment().await));
    let product = Product::get(&client, (ID, SORT + 1)).await.expect("a product");
    println!("{}", product.name);
}
