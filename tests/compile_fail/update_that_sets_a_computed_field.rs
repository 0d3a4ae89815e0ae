//! A computed field follows from other fields: nothing sets it.

use dyntastic_tests::computed::User;

fn set() {
    let _ = User::A.full_name.set("Ada");
    let _ = User::builder().full_name("Ada");
    let _ = |user: User| user.full_name;
}

fn main() {}
