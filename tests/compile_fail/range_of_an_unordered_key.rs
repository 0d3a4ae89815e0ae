//! A range on a text whose order the key does not keep (`unordered: true`).

use dyntastic_tests::separators::{File, FileByOwner};

fn queries(db: &dyntastic::Client) {
    let _ = File::query_by_owner(db, "t").range(FileByOwner::A.owner.eq("o"));
    let _ = File::query_by_owner(db, "t").range(FileByOwner::A.owner.begins_with("o"));
    let _ = File::query_by_owner(db, "t").range(FileByOwner::A.owner.gt("o"));
}

fn main() {}
