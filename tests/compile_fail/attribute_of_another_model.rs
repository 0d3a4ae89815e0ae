//! An attribute of one model compared with another's.

use example_models::{Product, User};

fn main() {
    let _ = User::A.name.eq(Product::A.name);
}
