//! A part of the key is missing: the error names the parts.

use dyntastic::Client;
use dyntastic::prelude::*;
use dyntastic_tests::key_texts::Visit;

fn main() {
    let get = |db: &Client| Visit::get(db, ("site", 1));
}
