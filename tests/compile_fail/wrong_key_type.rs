//! A key of another type than the table's.

use dyntastic::prelude::*;
use dyntastic::Client;
use example_models::User;

fn main() {
    let get = |db: &Client| User::get(db, 123);
    let _ = get;
}
