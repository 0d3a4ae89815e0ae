//! A batch has no conditions, so that it cannot keep versions.

use dyntastic_tests::roles::Page;

fn put(db: &dyntastic::Client, page: &mut Page) {
    let _ = db.batch_write().put(page);
}

fn main() {}
