//! A batch of keys of the wrong type.

use dyntastic::prelude::*;
use dyntastic::Client;
use example_models::Event;

fn main() {
    let misuse = |db: &Client| Event::batch_get(db, ["e1", "e2"]);
    let _ = misuse;
}
