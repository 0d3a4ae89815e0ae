//! A range condition on the second attribute of a range key, without the first.

use dyntastic::Client;
use example_models::{Event, EventByType};

fn main() {
    let a = EventByType::A;
    let misuse = |db: &Client| Event::query_by_type(db, "e1", "click").range(a.timestamp.gt(dyntastic::chrono::Utc::now()));
    let _ = misuse;
}
