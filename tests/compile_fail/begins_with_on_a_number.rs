//! `begins_with` on a number.

use dyntastic::prelude::*;
use dyntastic::Client;
use example_models::{Event, Product, User};

fn main() {
    let misuse = |db: &Client| User::delete_by_key(db, "u1").condition(User::A.age.begins_with("4"));
    let _ = (misuse, User::A, Event::A, Product::A);
}
