//! A process that reads one item by the SDK alone, and ends: what a cold start pays.

use dyntastic_benchmarks::by_hand::product_of;
use dyntastic_benchmarks::first_request::environment;
use dyntastic_benchmarks::reads::get_request;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let client = aws_sdk_dynamodb::Client::new(&environment().await);
    let item = get_request(&client).send().await.expect("a response").item.expect("an item");
    println!("{}", product_of(item).expect("a product").name);
}
