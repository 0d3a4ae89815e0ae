//! A vector of another length, as an array.

use dyntastic::Client;
use dyntastic_tests::vectors::Document;

fn main() {
    let built = Document::builder().embedding([1.0, 2.0]);
    let found = |db: &Client| Document::search_by_embedding(db, "acme", [1.0, 2.0]);
    let _ = (built, found);
}
