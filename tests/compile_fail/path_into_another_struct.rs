//! An attribute of one struct, as if it were of another.

use dyntastic::prelude::*;
use dyntastic::Client;
use example_models::{Category, User};

fn main() {
    let misuse = |db: &Client| User::scan(db).filter(User::A.address.then(Category::A.name).eq("x"));
    let _ = misuse;
}
