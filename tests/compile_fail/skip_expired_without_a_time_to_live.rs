//! Items without a time to live do not expire.

use dyntastic::prelude::*;
use dyntastic_tests::roles::Page;

fn find(db: &dyntastic::Client) {
    let _ = Page::find(db, "a").skip_expired();
}

fn main() {}
