//! A comparison with a value of another type.

use dyntastic::prelude::*;
use dyntastic::Client;
use example_models::{Event, Product, User};

fn main() {
    let misuse = |db: &Client| User::delete_by_key(db, "u1").condition(User::A.age.gt("x"));
    let _ = (misuse, User::A, Event::A, Product::A);
}
