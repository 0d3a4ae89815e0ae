//! A range key, for a table without one.

use dyntastic::prelude::*;
use dyntastic::Client;
use example_models::User;

fn main() {
    let get = |db: &Client| User::get(db, ("user123", 1));
    let _ = get;
}
