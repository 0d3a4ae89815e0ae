//! A save raises the version of the struct too, so that it takes it mutably.

use dyntastic::prelude::*;
use dyntastic_tests::roles::Page;

fn save(db: &dyntastic::Client, page: &Page) {
    let _ = page.save(db);
}

fn main() {}
