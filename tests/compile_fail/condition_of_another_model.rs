//! A condition of one model on the operation of another.

use dyntastic::prelude::*;
use dyntastic::Client;
use example_models::{Product, User};

fn main() {
    let misuse = |db: &Client| User::delete_by_key(db, "u1").condition(Product::A.name.eq("x"));
    let _ = misuse;
}
