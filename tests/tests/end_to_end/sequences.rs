//! Numbers that are given out once: their order, their blocks, their end, and what is missing after a fault.

use crate::canned::{answering, error};
use crate::engine::{Engine, db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::prelude::*;
use dyntastic::serde_json::json;
use dyntastic::{Capacity, Error};
use dyntastic_tests::counters::{Account, OrderNumbers, Tickets};
use futures_util::future::{FutureExt, join, try_join_all};
use std::collections::BTreeSet;
use std::sync::Arc;

#[tokio::test]
async fn numbers_begin_at_the_start_and_are_reserved_in_blocks() {
    let db = db().await;
    OrderNumbers::create_table(&db).await.unwrap();
    let numbers = OrderNumbers::last_sequence(&db, "a");
    let (given, used) = Capacity::of(async {
        let mut given = Vec::new();
        for _ in 0..25 {
            given.push(numbers.next().await.unwrap());
        }
        given
    })
    .await;
    assert_eq!(given, (1..=25).collect::<Vec<u64>>());
    if Engine::current() == Engine::Embedded {
        assert_eq!(used.write_units(), 3.0, "three blocks of ten");
    }
    let stored = OrderNumbers::get(&db, "a").consistent_read().await.unwrap();
    assert_eq!(stored.last, 30, "the item has the last number that is reserved");
    // The rest of a block is missing if its handle is dropped. A clone has the same block.
    let clone = numbers.clone();
    assert_eq!((clone.next().await.unwrap(), numbers.next().await.unwrap()), (26, 27));
    assert_eq!(OrderNumbers::last_sequence(&db, "a").next().await.unwrap(), 31);
    assert_eq!(numbers.next().await.unwrap(), 28);
    assert_eq!(OrderNumbers::last_sequence(&db, "b").next().await.unwrap(), 1, "each item has its own numbers");
}

#[tokio::test]
async fn no_number_is_given_out_twice() {
    let db = db().await;
    OrderNumbers::create_table(&db).await.unwrap();
    let handles = [OrderNumbers::last_sequence(&db, "a"), OrderNumbers::last_sequence(&db, "a")];
    let tasks = (0..90).map(|task| {
        let numbers = handles[task % 2].clone();
        async move { numbers.next().await }
    });
    let given = try_join_all(tasks).await.unwrap();
    assert_eq!(given.iter().collect::<BTreeSet<_>>().len(), 90);
    let stored = OrderNumbers::get(&db, "a").consistent_read().await.unwrap();
    assert!(stored.last >= 90 && given.iter().all(|number| (1..=stored.last).contains(number)));
    // One number for each request, from several tasks at once.
    let account = Account::builder().account_id("a").name("Ada").build();
    account.unwrap().insert(&db).await.unwrap();
    let invoices = Account::last_invoice_sequence(&db, "a");
    let mut given = try_join_all((0..4).map(|_| invoices.next())).await.unwrap();
    given.sort_unstable();
    assert_eq!(given, [1000, 1001, 1002, 1003]);
}

#[tokio::test]
async fn a_sequence_ends_with_an_error() {
    let db = db().await;
    let mut account = Account::builder().account_id("a").name("Ada").build().unwrap();
    account.insert(&db).await.unwrap();
    assert_eq!(account.last_invoice, 999, "none yet");
    let invoices = Account::last_invoice_sequence(&db, "a");
    for number in 1000..=1003 {
        assert_eq!(invoices.next().await.unwrap(), number);
    }
    for _ in 0..2 {
        let end = invoices.next().await.unwrap_err();
        if Engine::current().returns_existing() {
            assert!(matches!(end, Error::OutOfBounds(_)), "{end:?}");
            assert_eq!(end.to_string(), "Account.last_invoice: at most 1003");
        }
    }
    // Of the type, with blocks.
    let tickets = Tickets::last_sequence(&db, "tickets");
    for number in 250..=255 {
        assert_eq!(tickets.next().await.unwrap(), number);
    }
    let (one, other) = join(tickets.next(), tickets.next()).await;
    if Engine::current().returns_existing() {
        assert!(
            matches!((&one, &other), (Err(Error::OutOfBounds(_)), Err(Error::OutOfBounds(_)))),
            "{one:?} {other:?}"
        );
    }
    // A sequence creates its item only if that needs no other values.
    let missing = Account::last_invoice_sequence(&db, "b").next().await.unwrap_err();
    assert!(missing.is_not_found(), "{missing:?}");
}

#[tokio::test]
async fn no_write_of_a_whole_item_puts_a_sequence_back() {
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    OrderNumbers::create_table(&db).await.unwrap();
    let numbers = OrderNumbers::last_sequence(&db, "a");
    numbers.next().await.unwrap();
    let stale = OrderNumbers::get(&db, "a").consistent_read().await.unwrap();
    for _ in 0..10 {
        numbers.next().await.unwrap();
    }
    let error = stale.save(&db).await.unwrap_err();
    assert!(matches!(error, Error::CounterConflict { counter: "last", .. }), "{error:?}");
    let fresh = OrderNumbers::builder().shop("a").build().unwrap();
    assert!(fresh.save(&db).await.unwrap_err().is_conflict());
    assert!(matches!(fresh.insert(&db).await, Err(Error::AlreadyExists(_))));
    assert_eq!(OrderNumbers::get(&db, "a").consistent_read().await.unwrap().last, 20);
}

#[tokio::test]
async fn a_task_that_stops_does_not_stop_the_others() {
    let db = db().await;
    OrderNumbers::create_table(&db).await.unwrap();
    let numbers = OrderNumbers::last_sequence(&db, "a");
    // It has begun the request, and nobody polls it any more.
    let mut stopped = Box::pin(numbers.next());
    assert!(stopped.as_mut().now_or_never().is_none());
    assert_eq!(numbers.next().await.unwrap(), 1);
    drop(stopped);
    // The same for a task that is dropped.
    let others = OrderNumbers::last_sequence(&db, "b");
    let mut dropped = Box::pin(others.next());
    assert!(dropped.as_mut().now_or_never().is_none());
    let waiting = others.clone();
    let waiting = tokio::spawn(async move { waiting.next().await });
    tokio::task::yield_now().await;
    drop(dropped);
    assert_eq!(waiting.await.unwrap().unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn fault_a_lost_response_makes_a_gap_and_no_double() {
    if Engine::current() != Engine::Embedded {
        return;
    }
    let (db, requests) = answering(|_, _, before| match before {
        0 => error("InternalServerError"),
        _ => (200, json!({ "Attributes": { "last": { "N": "20" } } })),
    });
    let numbers = OrderNumbers::last_sequence(&db, "a");
    // The first ten may be reserved: they are missing.
    assert_eq!(numbers.next().await.unwrap(), 11);
    assert_eq!(requests.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn all_waiting_tasks_get_the_error_of_their_request() {
    let db = db().await;
    OrderNumbers::create_table(&db).await.unwrap();
    let put = async |last: AttributeValue| {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let item = [("pk", text("NUMBERS#a")), ("sk", text("ORDERS")), ("kind", text("OrderNumbers")), ("last", last)];
        let item = item.map(|(name, value)| (name.to_owned(), value)).into();
        db.sdk().put_item().table_name(table_name::<OrderNumbers>(&db)).set_item(Some(item)).send().await.unwrap();
    };
    // DynamoDB cannot add to a text.
    put(AttributeValue::S("none".to_owned())).await;
    let numbers = OrderNumbers::last_sequence(&db, "a");
    let (one, other) = join(numbers.next(), numbers.next()).await;
    let (one, other) = (one.unwrap_err(), other.unwrap_err());
    let (Error::Shared(first), Error::Shared(second)) = (&one, &other) else { unreachable!("{one:?} {other:?}") };
    assert!(Arc::ptr_eq(first, second), "{one:?} {other:?}");
    assert_eq!(one.code(), first.code());
    assert_eq!(one.to_string(), first.to_string());
    assert!(!one.is_retryable() && !one.is_not_found() && !one.is_throttled());
    // The next call asks again.
    put(AttributeValue::N("4".to_owned())).await;
    assert_eq!(numbers.next().await.unwrap(), 5);
}
