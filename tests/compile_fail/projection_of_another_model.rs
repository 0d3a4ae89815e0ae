//! The projection of one model, asked of another.

use dyntastic::prelude::*;
use dyntastic::Client;
use example_models::{ProductLabel, User};

fn main() {
    let misuse = |db: &Client| User::scan(db).project_into::<ProductLabel>();
    let _ = misuse;
}
