//! DynamoDB cannot look into a field that is encrypted or compressed.

use dyntastic::Client;
use dyntastic::prelude::*;
use dyntastic::rust_decimal::Decimal;
use dyntastic_tests::seals::{Account, Secret};

fn main() {
    let of = |db: &Client| Secret::scan(db).filter(Secret::A.password.eq("open sesame"));
    let of = |db: &Client| Secret::scan(db).filter(Secret::A.pin.lt(5));
    let of = |db: &Client| Secret::scan(db).filter(Secret::A.log.begins_with("a"));
    let of = |db: &Client| Secret::scan(db).filter(Secret::A.words.contains("a"));
    let of = |db: &Client| Secret::scan(db).filter(Secret::A.report.size().gt(5));
    let of = |db: &Client| Secret::scan(db).filter(Secret::A.title.eq(Secret::A.password));
    // A hash says only whether values are equal.
    let of = |db: &Client| Account::scan(db).filter(Account::A.tax.lt(Decimal::ONE));
    let of = |db: &Client| Account::scan(db).filter(Account::A.email.contains("a"));
    let of = |db: &Client| Account::scan(db).project(Account::A.email);
}
