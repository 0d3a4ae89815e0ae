//! A field that the items of an index do not have.

use example_models::ProductByShelf;

fn main() {
    let misuse = |product: ProductByShelf| product.tags;
    let _ = misuse;
}
