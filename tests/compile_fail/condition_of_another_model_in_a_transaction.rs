//! The condition of one model, on the key of another, in a transaction.

use dyntastic::Client;
use example_models::{Product, User};

fn main() {
    let misuse = |db: &Client| drop(db.transaction().check::<User>("u1", Product::A.name.eq("x")));
    let _ = misuse;
}
