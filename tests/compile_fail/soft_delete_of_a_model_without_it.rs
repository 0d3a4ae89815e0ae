//! A model without `role: deleted_at` has no deleted items, and one with it has no batch puts and no setter of the time.

use dyntastic::Client;
use dyntastic::prelude::*;
use dyntastic_tests::keys::ByBytes;
use dyntastic_tests::soft_delete::Note;

async fn of_another_model(db: &Client, mut item: ByBytes) {
    let _ = item.soft_delete(db).await;
    let _ = ByBytes::scan(db).with_deleted().all().await;
}

async fn in_a_batch(db: &Client, note: &Note) {
    let _ = db.batch_write().put(note).await;
}

fn set() {
    let _ = Note::A.deleted_at.remove();
}

fn main() {}
