//! The range key of an index is an attribute of the index's own type.
use dyntastic::Client;
use example_models::Event;

fn main() {
    let misuse = |db: &Client| {
        Event::query_by_type(db, "e1", "click").range(Event::A.timestamp.gt(dyntastic::chrono::Utc::now()))
    };
}
