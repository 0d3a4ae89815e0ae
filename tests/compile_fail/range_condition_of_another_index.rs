//! The range condition of an index, on the table.

use dyntastic::Client;
use example_models::{Event, EventBySeverity};

fn main() {
    let misuse = |db: &Client| Event::query(db, "e1").range(EventBySeverity::A.severity.gt(1));
    let _ = misuse;
}
