//! Items of an earlier schema version, which each kind of write stores as a save would: with transforms, hashes and index
//! keys of the transformed values. An attribute that had the name of a hash is moved by the upgrade.

use super::{db, is_sealed, put, stored, text};
use crate::engine::Engine;
use dyntastic::Client;
use dyntastic::prelude::*;
use dyntastic_tests::seals::Paper;

const A: dyntastic_tests::seals::PaperAttributes = Paper::A;

async fn put_earlier(db: &Client, id: &str) {
    let attributes = [
        ("pk", "CARD#c"),
        ("sk", &format!("PAPER#{id}")),
        ("kind", "Paper"),
        ("card_id", "c"),
        ("paper_id", id),
        ("heading", " Title "),
        ("content", "old body"),
        ("email", "Ada@Example.org"),
        ("email_hash", "an own hash"),
        ("kept", "k"),
    ];
    put::<Paper>(db, attributes.map(|(name, value)| (name.to_owned(), text(value))).into()).await;
}

async fn update_by_key(db: &Client) {
    let updated = Paper::update_by_key(db, ("c", "p"), A.pages.set(2_u32)).await.unwrap();
    assert_eq!((updated.pages, updated.email.as_deref()), (2, Some("ada@example.org")));
}

async fn update_of_a_read_item(db: &Client) {
    let mut paper = Paper::get(db, ("c", "p")).await.unwrap();
    paper.update(db, A.pages.set(2_u32)).await.unwrap();
}

async fn update_by_the_hash(db: &Client) {
    Paper::update_by_key(db, ("c", "p"), A.pages.set(2_u32)).condition(A.email.eq("ADA@example.org")).await.unwrap();
}

async fn update_of_the_index_key(db: &Client) {
    let mut paper = Paper::get(db, ("c", "p")).await.unwrap();
    paper.update(db, A.title.set("Title ")).await.unwrap();
}

async fn save(db: &Client) {
    Paper::get(db, ("c", "p")).await.unwrap().save(db).await.unwrap();
}

async fn batch(db: &Client) {
    db.batch_write().put(&Paper::get(db, ("c", "p")).await.unwrap()).await.unwrap();
}

async fn transaction(db: &Client) {
    db.transaction().update::<Paper>(("c", "p"), A.pages.set(2_u32)).await.unwrap();
}

async fn transaction_with_a_condition(db: &Client) {
    db.transaction().update_if::<Paper>(("c", "p"), A.pages.set(2_u32), A.email.eq("ada@example.org")).await.unwrap();
}

async fn migration(db: &Client) {
    let done = dyntastic::migrate::<Paper>(db, "m").progress_table("progress").await.unwrap();
    assert_eq!(done.counts.written, 1);
    let again = dyntastic::migrate::<Paper>(db, "again").progress_table("progress").await.unwrap();
    assert_eq!(again.counts.written, 0);
}

macro_rules! after {
    ($($write:ident)*) => {$(
        #[tokio::test]
        async fn $write() {
            if !Engine::current().has_time_to_live() || !Engine::current().has_transactions() {
                return;
            }
            let db = db().await;
            super::super::paper("other").save(&db).await.unwrap();
            put_earlier(&db, "p").await;
            let read = Paper::get(&db, ("c", "p")).await.unwrap();
            assert_eq!((read.digest.as_deref(), read.email.as_deref()), (Some("an own hash"), Some("Ada@Example.org")));
            super::$write(&db).await;
            let item = stored::<Paper>(&db, &[("pk", text("CARD#c")), ("sk", text("PAPER#p"))]).await;
            assert_eq!((&item["digest"], &item["title"], &item["kept"]), (&text("an own hash"), &text("Title"), &text("k")));
            assert_eq!(item["email_hash"].as_b().unwrap().as_ref().len(), 32);
            assert!(is_sealed(&item["email"]) && is_sealed(&item["body"]));
            let by_hash = Paper::scan(&db).filter(A.email.eq("Ada@Example.org")).all().await.unwrap();
            let by_title = Paper::query_by_owner(&db, "Title").all().await.unwrap();
            let read = Paper::get(&db, ("c", "p")).await.unwrap();
            assert_eq!(read.email.as_deref(), Some("ada@example.org"));
            assert_eq!((by_hash, by_title), (vec![read.clone()], vec![read]));
        }
    )*};
}

mod after {
    use super::*;

    after! {
        update_by_key update_of_a_read_item update_by_the_hash update_of_the_index_key save batch transaction
        transaction_with_a_condition migration
    }
}
