//! `add`, and a comparison by order, on a number that is stored as text.

use dyntastic::Client;
use dyntastic::prelude::*;
use dyntastic_tests::formats_of_fields::Sale;

fn main() {
    let add = |db: &Client, sale: &mut Sale| sale.update(db, Sale::A.price.add(1));
    let less = Sale::A.rank.lt(5);
    let _ = (add, less);
}
