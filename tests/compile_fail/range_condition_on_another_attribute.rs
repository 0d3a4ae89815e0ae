//! A range condition on an attribute that is not the range key.

use dyntastic::Client;
use example_models::{Event, Product, User};

fn main() {
    let misuse = |db: &Client| Event::query(db, "e1").range(Event::A.severity.gt(1));
    let _ = (misuse, User::A, Event::A, Product::A);
}
