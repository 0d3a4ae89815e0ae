//! A hash key alone, for a table with a range key.

use dyntastic::prelude::*;
use dyntastic::Client;
use example_models::Event;

fn main() {
    let get = |db: &Client| Event::get(db, "event");
    let _ = get;
}
