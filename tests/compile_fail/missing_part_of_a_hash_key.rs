//! One of the two attributes of an index's hash key.

use dyntastic::Client;
use example_models::Event;

fn main() {
    let misuse = |db: &Client| Event::query_by_type(db, "e1");
    let _ = misuse;
}
