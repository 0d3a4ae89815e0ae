//! A value of another type than the field's.

use example_models::User;

fn main() {
    let _ = User::builder().user_id("user123").age("42");
}
