//! `size` compared with text.

use dyntastic::prelude::*;
use dyntastic::Client;
use example_models::{Event, Product, User};

fn main() {
    let misuse = |db: &Client| User::delete_by_key(db, "u1").condition(User::A.name.size().gt("3"));
    let _ = (misuse, User::A, Event::A, Product::A);
}
