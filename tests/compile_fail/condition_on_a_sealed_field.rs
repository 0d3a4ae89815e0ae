//! DynamoDB cannot look into a field that is encrypted or compressed.

use dyntastic::Client;
use dyntastic::prelude::*;
use dyntastic_tests::seals::Secret;

fn main() {
    let of = |db: &Client| Secret::scan(db).filter(Secret::A.password.eq("open sesame"));
    let of = |db: &Client| Secret::scan(db).filter(Secret::A.pin.lt(5));
    let of = |db: &Client| Secret::scan(db).filter(Secret::A.log.begins_with("a"));
    let of = |db: &Client| Secret::scan(db).filter(Secret::A.words.contains("a"));
    let of = |db: &Client| Secret::scan(db).filter(Secret::A.report.size().gt(5));
    let of = |db: &Client| Secret::scan(db).filter(Secret::A.title.eq(Secret::A.password));
}
