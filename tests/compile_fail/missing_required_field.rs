//! A builder without one of its required fields.

use example_models::User;

fn main() {
    let _ = User::builder().user_id("user123").email("alice@example.com").build();
}
