//! `add` on a set that is stored as a list.

use dyntastic::Client;
use dyntastic::prelude::*;
use dyntastic_tests::formats_of_fields::Sale;

fn main() {
    let misuse = |db: &Client, sale: &mut Sale| sale.update(db, Sale::A.tags.add(["a"]));
    let _ = misuse;
}
