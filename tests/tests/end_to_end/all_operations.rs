//! Every operation that reads or writes items, with marked values in all keys and attributes.

use crate::engine::Engine;
use dyntastic::chrono::{DateTime, Utc};
use dyntastic::prelude::*;
use dyntastic::{Capacity, Client, Result};
use dyntastic_tests::queries::Entry;
use dyntastic_tests::shop::{Address, Customer, CustomerFile, Order, Status};
use dyntastic_tests::vectors::Document;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

/// What all values hold: as a text, and as a number.
pub const SECRET: &str = "s3cret";
pub const NUMBER: u32 = 424_242_424;

/// One operation, which returns what it consumed.
pub struct Operation {
    pub name: &'static str,
    pub run: LocalBoxFuture<'static, Result<Capacity>>,
}

/// Operations one after the other, each with a name. `values` return a value with the capacity, and `streams` are read to
/// their ends.
macro_rules! operations {
    ($db:ident, values { $($name:literal => $operation:expr;)* } streams { $($stream:literal => $items:expr;)* }) => {{
        #[allow(unused_mut)]
        let mut all: Vec<Operation> = Vec::new();
        $({
            let $db = $db.clone();
            let run = async move {
                let (_, used) = $operation.with_capacity().await?;
                Ok(used)
            };
            all.push(Operation { name: $name, run: run.boxed_local() });
        })*
        $({
            let $db = $db.clone();
            let run = async move {
                let mut items = $items.with_capacity();
                while items.try_next().await?.is_some() {}
                Ok(items.capacity())
            };
            all.push(Operation { name: $stream, run: run.boxed_local() });
        })*
        all
    }};
}

fn entry(number: u32) -> Entry {
    let text = format!("{SECRET} {}", "x".repeat(1_500));
    Entry::builder().book(SECRET).number(NUMBER + number).text(text).note(SECRET).build().unwrap()
}

fn key(number: u32) -> (&'static str, u32) {
    (SECRET, NUMBER + number)
}

fn customer(number: u32) -> Customer {
    let email = format!("{SECRET}{number}@x");
    Customer::builder().customer_id(format!("{SECRET}{number}")).name(SECRET).email(email).build().unwrap()
}

fn order(number: u32) -> Order {
    let placed_at: DateTime<Utc> = "2024-02-01T12:00:00Z".parse().unwrap();
    let order = Order::builder().customer_id(format!("{SECRET}1")).order_id(format!("{SECRET}{number}"));
    order.placed_at(placed_at).carrier(SECRET).note(SECRET).build().unwrap()
}

fn address(number: u32) -> Address {
    Address::builder().customer_id(SECRET).label(format!("{SECRET}{number}")).city(SECRET).build().unwrap()
}

fn document(number: u32) -> Document {
    let document = Document::builder().document_id(format!("{SECRET}{number}")).tenant(SECRET).title(SECRET);
    document.embedding([1.0, 0.5, 0.25]).build().unwrap()
}

/// The operations of the current engine, in an order in which they succeed.
pub fn all(db: &Client) -> Vec<Operation> {
    let mut all = plain(db);
    if Engine::current().has_transactions() {
        all.extend(transactions(db));
    }
    if Engine::current().has_vector_indexes() {
        all.extend(vectors(db));
    }
    all
}

fn plain(db: &Client) -> Vec<Operation> {
    operations!(db,
    values {
        "save, which creates the table" => entry(1).save(&db);
        "save" => entry(1).save(&db);
        "insert" => entry(2).insert(&db);
        "replace" => entry(2).replace(&db);
        "save with a condition" => entry(2).save(&db).condition(Entry::A.text.begins_with(SECRET));
        "save whose condition fails" => entry(2).save(&db).condition(Entry::A.text.eq(SECRET)).if_matches();
        "batch write" => db.batch_write().put_all((3..40).map(entry).collect::<Vec<_>>().as_slice()).put(&address(1));
        "batch write of deletions" => db.batch_write().delete_all::<Entry>((30..40).map(key));
        "get" => Entry::get(&db, key(1));
        "get with a consistent read" => Entry::get(&db, key(1)).consistent_read();
        "find" => Entry::find(&db, key(99));
        "refresh" => entry(1).refresh(&db);
        "update by key" => Entry::update_by_key(&db, key(1), Entry::A.length.add(1));
        "update" => entry(1).update(&db, Entry::A.note.set(format!("{SECRET} note")));
        "update without refresh" => entry(1).update_without_refresh(&db, Entry::A.text.set(SECRET));
        "update that returns the old item" => Entry::update_by_key(&db, key(1), Entry::A.text.set(SECRET)).return_old();
        "update that changes an index" => Entry::update_by_key(&db, key(2), Entry::A.length.set(7));
        "upsert" => Entry::update_by_key(&db, key(50), Entry::A.text.set(SECRET)).upsert();
        "query" => Entry::query(&db, SECRET).page_size(7).all();
        "query of a range" => Entry::query(&db, SECRET).range(Entry::A.number.gt(NUMBER + 20)).all();
        "first" => Entry::query(&db, SECRET).descending().first();
        "one" => Entry::query(&db, SECRET).range(Entry::A.number.eq(NUMBER + 3)).one();
        "page" => Entry::query(&db, SECRET).filter(Entry::A.text.begins_with(SECRET)).limit(5).page_size(3).page();
        "count" => Entry::query(&db, SECRET).page_size(7).count();
        "query of an index" => Entry::query_by_note(&db, SECRET).all();
        "query of an index with whole items" => Entry::query_by_note(&db, SECRET).full().all();
        "projected query" => Entry::query(&db, SECRET).project((Entry::A.text,)).all();
        "scan" => Entry::scan(&db).all();
        "count of a scan" => Entry::scan(&db).page_size(9).count();
        "parallel scan" => Entry::scan(&db).segments(3).all();
        "batch get" => Entry::batch_get(&db, (1..20).map(key));
        "batch get in order" => Entry::batch_get(&db, [key(3), key(99), key(3)]).in_order();
        "projected batch get" => Entry::batch_get(&db, [key(3), key(4)]).project((Entry::A.text,));
        "batch get of two models" => db.batch_get().keys::<Entry>([key(3)]).keys::<Address>([(SECRET, format!("{SECRET}1"))]);
        "batch writer" => async {
            let mut writer = db.batch_writer();
            for number in 60..90 {
                writer.put(&entry(number)).await?;
            }
            writer.flush().await
        };
        "delete" => entry(60).delete(&db);
        "delete that returns the old item" => entry(61).delete(&db).return_old();
        "delete by key" => Entry::delete_by_key(&db, key(99));
        "save in an index" => order(1).save(&db);
        "update of an index key" => Order::update_by_key(&db, &order(1), Order::A.total.set(9_u32));
        "query of another index" => Order::of_priority(&db, Status::Pending, 0).all();
        "delete of a partition" => Address::delete_partition(&db, SECRET);
    }
    streams {
        "stream of a query" => Entry::query(&db, SECRET).page_size(5).stream();
        "stream of a parallel scan" => Entry::scan(&db).segments(2).stream();
        "stream of a batch get" => Entry::batch_get(&db, (3..20).map(key)).stream();
    })
}

fn transactions(db: &Client) -> Vec<Operation> {
    operations!(db,
    values {
        "insert with a unique field" => customer(1).insert(&db);
        "save with a unique field" => customer(2).save(&db);
        "update of a unique field" => Customer::update_by_key(&db, format!("{SECRET}1"), Customer::A.email.set(SECRET));
        "transaction" => db.transaction()
            .put(&entry(100))
            .update::<Entry>(key(1), Entry::A.length.add(1))
            .delete::<Entry>(key(3))
            .check::<Entry>(key(2), Entry::A.text.exists());
        "transaction of a function" => db.transact(async |actions| {
            actions.put(&address(7));
            Ok::<_, dyntastic::Error>(())
        });
        "transaction in chunks" => db.transaction().delete::<Entry>(key(4)).delete::<Entry>(key(5)).in_chunks_of(1);
        "read of a transaction" => db.transact_get((Entry::key(key(1)), Entry::key(key(99)), Customer::key(format!("{SECRET}1"))));
        "rekey" => Entry::rekey(&db, key(6), &entry(106));
        "query of a collection" => CustomerFile::query(&db, format!("{SECRET}1"));
        "migration" => dyntastic::migrate::<Customer>(&db, "m").progress_table("progress");
        "delete with a unique field" => Customer::delete_by_key(&db, format!("{SECRET}2"));
    }
    streams {})
}

fn vectors(db: &Client) -> Vec<Operation> {
    operations!(db,
    values {
        "save with a vector" => document(1).save(&db);
        "search" => Document::search_by_embedding(&db, SECRET, [1.0, 0.0, 0.0]);
        "search with whole items" => Document::search_by_embedding(&db, SECRET, [1.0, 0.0, 0.0]).full();
    }
    streams {})
}
