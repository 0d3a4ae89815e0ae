//! Batches: many items by their keys, many writes of any models and tables.

use crate::engine::{db, table_name};
use crate::queries::book;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::keys::{ByNumber, ByText};
use dyntastic_tests::queries::{Entry, Word};
use dyntastic_tests::tables::Plain;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

fn entry(number: u32) -> Entry {
    Entry::builder().book("b").number(number).text(format!("text {number}")).build().unwrap()
}

async fn written(count: u32) -> Client {
    let db = db().await;
    db.batch_write().put_all(&(1..=count).map(entry).collect::<Vec<_>>()).await.unwrap();
    db
}

#[tokio::test]
async fn any_number_of_items_are_written_and_read() {
    let db = db().await;
    let items: Vec<Entry> = (1..=260).map(entry).collect();
    let steps = Arc::new(AtomicUsize::new(0));
    let seen = steps.clone();
    let progress = move |done: usize, total: usize| {
        assert!(done <= total && total == 260);
        seen.fetch_add(1, Ordering::Relaxed);
    };
    // The first write makes the table, once.
    db.batch_write().put_all(&items).chunk_size(20).concurrency(3).progress(progress).await.unwrap();
    assert_eq!(steps.load(Ordering::Relaxed), 13);
    assert_eq!(Entry::query(&db, "b").count().await.unwrap(), 260);

    let found = Entry::batch_get(&db, (1..=260).rev().map(|number| ("b", number))).await.unwrap();
    assert_eq!(found, items.iter().rev().cloned().collect::<Vec<_>>(), "in the order of the keys");
    let mut streamed: Vec<Entry> = Entry::batch_get(&db, (1..=260).map(|number| ("b", number)))
        .concurrency(1)
        .stream()
        .try_collect()
        .await
        .unwrap();
    streamed.sort_by_key(|entry| entry.number);
    assert_eq!(streamed, items);
}

#[tokio::test]
async fn missing_keys_are_left_out_or_none_in_their_place() {
    let db = written(3).await;
    let keys = [("b", 2), ("b", 9), ("b", 1), ("b", 2), ("x", 1)];
    let numbers = |found: Vec<Entry>| found.into_iter().map(|entry| entry.number).collect::<Vec<_>>();
    assert_eq!(numbers(Entry::batch_get(&db, keys).await.unwrap()), [2, 1]);
    let ordered = Entry::batch_get(&db, keys).consistent_read().in_order().await.unwrap();
    let ordered: Vec<Option<u32>> = ordered.into_iter().map(|entry| entry.map(|entry| entry.number)).collect();
    assert_eq!(ordered, [Some(2), None, Some(1), Some(2), None]);
    assert_eq!(numbers(Entry::batch_get(&db, Vec::<(&str, u32)>::new()).await.unwrap()), Vec::<u32>::new());
    let mut texts = Entry::batch_get(&db, keys).project((Entry::A.text, Entry::A.note)).await.unwrap();
    texts.sort();
    assert_eq!(texts, [(Some("text 1".to_owned()), None), (Some("text 2".to_owned()), None)]);
    // A number is one key, whatever its form.
    ByNumber::create_table(&db).await.unwrap();
    ByNumber::builder().id(120).build().unwrap().save(&db).await.unwrap();
    assert_eq!(ByNumber::batch_get(&db, [120, 120]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_damaged_item_is_an_error_with_its_key_and_the_stream_goes_on() {
    let db = written(2).await;
    let mut damaged = entry(3).save(&db).into_inner().unwrap().get_item().clone().unwrap();
    damaged.insert("text".to_owned(), AttributeValue::Bool(true));
    db.sdk().put_item().table_name(table_name::<Entry>(&db)).set_item(Some(damaged)).send().await.unwrap();
    let found: Vec<_> = Entry::batch_get(&db, (1..=3).map(|number| ("b", number))).stream().collect().await;
    assert_eq!(found.iter().filter(|item| item.is_ok()).count(), 2);
    assert!(found.iter().any(|item| matches!(item, Err(Error::Damaged(_)))));
    assert!(matches!(Entry::batch_get(&db, [("b", 3)]).await, Err(Error::Damaged(_))));
    // The error of a request ends the stream.
    let nowhere: Vec<_> = Word::batch_get(&db, [("x", "y")]).stream().collect().await;
    assert_eq!(nowhere.len(), 1);
    assert!(nowhere[0].as_ref().unwrap_err().code() == Some("ResourceNotFoundException"));
}

#[tokio::test]
async fn puts_and_deletes_of_several_models_go_together() {
    let db = written(2).await;
    let text = |id: &str| ByText::builder().id(id).build().unwrap();
    let batch = db
        .batch_write()
        .put(&text("a"))
        .put(&entry(3))
        .delete::<Entry>(("b", 1))
        .delete_all::<ByText>(["a", "none"])
        .put(&text("b"))
        .put(&entry(2));
    assert_eq!(batch.len(), 6, "of two writes of one key the last one counts");
    batch.await.unwrap();
    let left: Vec<u32> = Entry::query(&db, "b").all().await.unwrap().into_iter().map(|entry| entry.number).collect();
    assert_eq!(left, [2, 3]);
    let texts = ByText::scan(&db).all().await.unwrap();
    assert_eq!(texts, [text("b")]);
    let empty = db.batch_write();
    assert!(empty.is_empty());
    empty.await.unwrap();
}

#[tokio::test]
async fn what_breaks_a_constraint_is_told_before_anything_is_sent() {
    let db = db().await;
    let mut bad = Plain::builder().id("x").build().unwrap();
    bad.id = String::new();
    let error = db.batch_write().put(&entry(1)).put(&bad).put(&entry(2)).await.unwrap_err();
    assert_eq!(error.to_string(), "Plain.id: a hash key must not be empty");
    assert!(!Entry::table_exists(&db).await.unwrap());
}

#[tokio::test]
async fn nothing_of_a_batch_that_fails_is_lost() {
    let db = crate::engine::isolated().auto_create(false).from_conf(crate::engine::config().await);
    let items: Vec<Entry> = (1..=60).map(entry).collect();
    let error = db.batch_write().put_all(&items).concurrency(1).await.unwrap_err();
    let Error::UnfinishedBatch(batch) = error else { unreachable!("{error}") };
    assert_eq!(batch.left(), 60);
    assert!(batch.cause().and_then(Error::code) == Some("ResourceNotFoundException"), "{batch}");
    let mut left: Vec<Entry> = batch.puts().unwrap();
    left.sort_by_key(|entry| entry.number);
    assert_eq!(left, items);
    assert!(batch.puts::<Word>().unwrap().is_empty());
    Entry::create_table(&db).await.unwrap();
    batch.into_batch(&db).await.unwrap();
    assert_eq!(Entry::query(&db, "b").count().await.unwrap(), 60);
}

#[tokio::test]
async fn a_writer_sends_as_items_come_and_the_rest_when_flushed() {
    let db = db().await;
    book(&db, "other", 1).await;
    let mut writer = db.batch_writer();
    writer.put_stream(stream::iter(1..=230).map(entry)).await.unwrap();
    assert_eq!(Entry::query(&db, "b").count().await.unwrap(), 230);
    for number in 1..=110 {
        writer.delete::<Entry>(("b", number)).await.unwrap();
    }
    assert_eq!(Entry::query(&db, "b").count().await.unwrap(), 130, "a hundred went, ten wait");
    writer.flush().await.unwrap();
    assert_eq!(Entry::query(&db, "b").count().await.unwrap(), 120);
    writer.flush().await.unwrap();
}

#[tokio::test]
async fn items_of_several_models_are_read_together() {
    let db = written(150).await;
    let text = |id: &str| ByText::builder().id(id).build().unwrap();
    db.batch_write().put(&text("a")).put(&text("b")).await.unwrap();
    let found = db
        .batch_get()
        .keys::<ByText>(["b", "none", "b", "a"])
        .keys::<Entry>((1..=150).rev().map(|number| ("b", number)))
        .keys::<Entry>([("b", 999)])
        .consistent_read()
        .await
        .unwrap();
    assert_eq!(found.items::<ByText>().unwrap(), [text("b"), text("a")], "in the order of their keys, each once");
    assert_eq!(found.items::<Entry>().unwrap(), (1..=150).rev().map(entry).collect::<Vec<_>>());
    assert_eq!((found.len(), found.items::<Word>().unwrap().len()), (152, 0));
    assert!(db.batch_get().await.unwrap().is_empty());
}

#[tokio::test]
async fn all_items_of_a_hash_key_are_deleted_and_no_others() {
    let db = written(230).await;
    book(&db, "other", 3).await;
    let steps = Arc::new(Mutex::new(Vec::new()));
    let seen = steps.clone();
    let progress = move |deleted| seen.lock().unwrap().push(deleted);
    assert_eq!(Entry::delete_partition(&db, "b").progress(progress).await.unwrap(), 230);
    assert_eq!(*steps.lock().unwrap(), [100, 200, 230]);
    assert_eq!(Entry::query(&db, "b").count().await.unwrap(), 0);
    assert_eq!(Entry::query(&db, "other").count().await.unwrap(), 3);
    assert_eq!(Entry::delete_partition(&db, "b").await.unwrap(), 0, "again is no error");
}
