//! A key attribute in an update.

use dyntastic::prelude::*;
use dyntastic::Client;
use example_models::{Event, Product, User};

fn main() {
    let misuse = |db: &Client| User::update_by_key(db, "u1", User::A.user_id.set("u2"));
    let _ = (misuse, User::A, Event::A, Product::A);
}
