//! Operations are methods of traits: the error says what to import.

use dyntastic_tests::queries::Entry;

async fn load(db: &dyntastic::Client, entry: &Entry) {
    let _ = Entry::get(db, ("b", 1_u32)).await;
    let _ = Entry::scan(db).count().await;
    let _ = entry.save(db).await;
}

fn main() {}
