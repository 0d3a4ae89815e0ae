//! The same as `first_request_sdk`, by an emitted model.

use dyntastic::Client;
use dyntastic::prelude::*;
use dyntastic_benchmarks::items::{ID, SORT};
use dyntastic_benchmarks::models::Product;
use dyntastic_benchmarks::reads::get_response;
use dyntastic_benchmarks::server::Server;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let server = Server::new(get_response().to_string());
    let client = Client::from_conf(aws_sdk_dynamodb::Config::new(&server.environment().await));
    let product = Product::get(&client, (ID, SORT + 1)).await.expect("a product");
    println!("{}", product.name);
}
