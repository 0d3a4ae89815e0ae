//! A transaction that is not awaited does nothing: the compiler says so.
#![deny(unused_must_use)]

use dyntastic_tests::queries::Entry;

fn put(db: &dyntastic::Client, entry: &Entry) {
    db.transaction().put(entry);
}

fn main() {}
