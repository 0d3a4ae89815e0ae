//! Items do not store the field, so no condition, filter or projection can use it.

use dyntastic::Client;
use dyntastic::prelude::*;
use dyntastic_tests::key_only::Document;

fn main() {
    let of = |db: &Client| Document::scan(db).filter(Document::A.slug.begins_with("a"));
    let of = |db: &Client| Document::scan(db).filter(Document::A.org.ne(dyntastic::uuid::Uuid::nil()));
    let of = |db: &Client| Document::scan(db).project((Document::A.number,));
    let of = |db: &Client| Document::query(db, dyntastic::uuid::Uuid::nil()).range(Document::A.number.eq(1));
}
