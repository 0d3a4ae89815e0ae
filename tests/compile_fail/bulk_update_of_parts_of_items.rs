//! An update of the items of an index that holds parts of them.

use dyntastic::Client;
use example_models::Event;

fn main() {
    let misuse = |db: &Client| {
        let query = Event::query_by_severity(db, "e1");
        query.update_where(Event::A.ratio.exists(), Event::A.ratio.set(0.5))
    };
    let _ = misuse;
}
