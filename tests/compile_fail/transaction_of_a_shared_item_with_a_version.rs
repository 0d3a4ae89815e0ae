//! A transaction raises the version of the struct too, so that it takes it mutably.

use dyntastic_tests::roles::Page;

fn put(db: &dyntastic::Client, page: &Page) {
    let _ = db.transaction().put(page);
}

fn main() {}
