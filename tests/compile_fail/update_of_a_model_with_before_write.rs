//! The hook of a model needs the whole item, which an update does not have.

use dyntastic::prelude::*;
use dyntastic_tests::hooks::Page;

fn update(db: &dyntastic::Client, page: &mut Page) {
    let _ = page.update(db, Page::A.words.set(1_u32));
}

fn update_by_key(db: &dyntastic::Client) {
    let _ = Page::update_by_key(db, ("p", 1), Page::A.words.set(1_u32));
}

fn in_a_transaction(db: &dyntastic::Client) {
    let _ = db.transaction().upsert::<Page>(("p", 1), Page::A.words.set(1_u32));
}

fn main() {}
