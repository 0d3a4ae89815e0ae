//! A batch has no transactions, so that it cannot keep values unique.

use dyntastic_tests::shop::Customer;

fn delete(db: &dyntastic::Client) {
    let _ = db.batch_write().delete::<Customer>("c1");
}

fn main() {}
