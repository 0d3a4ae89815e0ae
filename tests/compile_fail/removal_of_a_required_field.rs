//! A required field removed.

use dyntastic::prelude::*;
use dyntastic::Client;
use example_models::{Event, Product, User};

fn main() {
    let misuse = |db: &Client| User::update_by_key(db, "u1", User::A.name.remove());
    let _ = (misuse, User::A, Event::A, Product::A);
}
