//! A consistent read of a global secondary index.

use dyntastic::Client;
use example_models::Product;

fn main() {
    let misuse = |db: &Client| Product::query_by_shelf(db, "A1").consistent_read();
    let _ = misuse;
}
