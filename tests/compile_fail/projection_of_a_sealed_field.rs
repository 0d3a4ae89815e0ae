//! A sealed value is read only with the whole item, since it belongs to its key.

use dyntastic::Client;
use dyntastic::prelude::*;
use dyntastic_tests::seals::Secret;

fn main() {
    let of = |db: &Client| Secret::scan(db).project((Secret::A.title, Secret::A.pin));
    let of = |db: &Client| Secret::scan(db).project((Secret::A.log,));
}
