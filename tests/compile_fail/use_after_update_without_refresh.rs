//! An instance that is out of date.

use dyntastic::prelude::*;
use dyntastic::Client;
use example_models::User;

fn main() {
    let misuse = |db: &Client, user: User| {
        let update = user.update_without_refresh(db, User::A.age.add(1));
        (update, user.age)
    };
    let _ = misuse;
}
