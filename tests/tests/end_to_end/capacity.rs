//! The capacity that operations return, compared with the capacity that responses report.

use crate::all_operations::{self, NUMBER, SECRET};
use crate::between::{Between, HOT};
use crate::canned;
use crate::engine::{Engine, db, table_name};
use dyntastic::observe::{Access, Limit, ObservedRequest};
use dyntastic::prelude::*;
use dyntastic::serde_json::json;
use dyntastic::{Capacity, Codec, Error};
use dyntastic_tests::queries::Entry;
use dyntastic_tests::shop::Customer;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The units of a capacity, by table and index. The table itself has the index "".
fn units(capacity: &Capacity) -> BTreeMap<(String, String), f64> {
    let mut units = BTreeMap::new();
    for (table, of) in capacity.tables() {
        units.insert((table.to_owned(), String::new()), of.own().total());
        units.extend(of.indexes().map(|(index, of)| ((table.to_owned(), index.to_owned()), of.total())));
    }
    // A search has bytes, and its table no units.
    units.retain(|(_, index), units| !index.is_empty() || *units != 0.0);
    units
}

fn searched(capacity: &Capacity) -> f64 {
    capacity.tables().flat_map(|(_, of)| of.vector_indexes()).map(|(_, bytes)| bytes.searched()).sum()
}

/// What an observer has seen.
#[derive(Default)]
struct Observed {
    capacity: Capacity,
    attempts: usize,
    throttled: usize,
    text: String,
}

impl Observed {
    fn add(&mut self, request: &ObservedRequest<'_>) {
        self.capacity += request.capacity().clone();
        self.attempts += request.attempts() as usize;
        self.throttled += request.throttling().len();
        assert!(request.throttling().iter().all(|throttling| throttling.resource() == HOT));
        self.text.push_str(&format!("{request:?}\n"));
    }
}

#[tokio::test]
async fn operations_return_what_their_responses_report() {
    for (codec, throttles_one_in) in [(Codec::Wire, 0), (Codec::Wire, 3), (Codec::Map, 4)] {
        let observed = Arc::new(Mutex::new(Observed::default()));
        let sees = observed.clone();
        let sees = move |request: &ObservedRequest<'_>| sees.lock().unwrap().add(request);
        let (db, between) = Between::client(throttles_one_in, |builder| builder.codec(codec).observer(sees)).await;
        let mut operations = std::collections::BTreeSet::new();
        for operation in all_operations::all(&db) {
            let name = operation.name;
            let used = operation.run.await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
            let mut seen = between.take();
            seen.units.retain(|(_, index), units| !index.is_empty() || *units != 0.0);
            assert_eq!(units(&used), seen.units, "{name}");
            assert_eq!(searched(&used), seen.searched, "{name}");
            assert_eq!(used.total(), seen.units.values().sum::<f64>(), "{name}");
            // A condition that fails, and a search, report no units.
            let is_reported = !name.contains("fails") && !name.starts_with("search");
            assert!(used.total() > 0.0 || !is_reported, "{name}: {used:?}");
            let observed = std::mem::take(&mut *observed.lock().unwrap());
            assert_eq!(units(&observed.capacity), units(&used), "{name}");
            // Requests for tables are not observed.
            let has_others = seen.operations.iter().any(|operation| operation.contains("Table"));
            assert!(observed.attempts == seen.attempts || has_others, "{name}: {} {seen:?}", observed.attempts);
            assert!(observed.throttled == seen.throttled || has_others, "{name}: {} {seen:?}", observed.throttled);
            assert!(
                !observed.text.contains(SECRET) && !observed.text.contains(&NUMBER.to_string()),
                "{}",
                observed.text
            );
            operations.extend(seen.operations.into_iter().filter(|operation| !operation.contains("Table")));
        }
        let mut expected = vec!["BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan"];
        expected.push("UpdateItem");
        if Engine::current().has_vector_indexes() {
            expected.push("SearchVectors");
        }
        if Engine::current().has_transactions() {
            expected.extend(["TransactGetItems", "TransactWriteItems"]);
        }
        operations.remove("UpdateTimeToLive");
        expected.sort_unstable();
        assert_eq!(operations.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    }
}

fn entry(number: u32) -> Entry {
    Entry::builder().book("b").number(number).text("x".repeat(3_000)).build().unwrap()
}

#[tokio::test]
async fn the_capacity_tells_reads_from_writes_and_indexes_from_their_table() {
    let db = db().await;
    let table = table_name::<Entry>(&db);
    let mut noted = entry(1);
    noted.note = Some("n".to_owned());
    let ((), mut used) = noted.save(&db).with_capacity().await.unwrap();
    assert_eq!((used.read_units(), used.write_units()), (0.0, used.total()));
    assert_eq!(used.table(&table).own().write_units(), 3.0);
    if Engine::current().reports_indexes() {
        assert_eq!(used.table(&table).index("note_length-index").write_units(), 1.0);
        assert_eq!(used.table(&table).write_units(), 4.0);
    }
    assert_eq!(used.table("another").total(), 0.0);

    let (found, of_get) = Entry::get(&db, ("b", 1)).consistent_read().with_capacity().await.unwrap();
    assert_eq!((found, of_get.read_units(), of_get.write_units()), (noted, 1.0, 0.0));
    let written = used.total();
    used += of_get;
    assert_eq!((used.total(), used.table(&table).read_units()), (written + 1.0, 1.0));
    assert_eq!([used.clone(), used.clone()].into_iter().sum::<Capacity>().total(), 2.0 * used.total());
}

#[tokio::test]
async fn a_future_is_measured_with_all_that_it_awaits() {
    let db = db().await;
    entry(1).save(&db).await.unwrap();
    let (both, all) = Capacity::of(async {
        let (_, one) = Entry::get(&db, ("b", 1)).consistent_read().with_capacity().await?;
        let (one_of_two, other) = tokio::join!(
            Entry::get(&db, ("b", 1)).consistent_read().with_capacity(),
            Entry::get(&db, ("b", 1)).with_capacity()
        );
        Ok::<_, Error>([one, one_of_two?.1, other?.1].map(|used| used.total()))
    })
    .await;
    assert_eq!(both.unwrap(), [1.0, 1.0, 0.5]);
    assert_eq!(all.total(), 2.5);
    // An error comes with what was consumed before it.
    let (failed, used) = Capacity::of(async {
        Entry::get(&db, ("b", 1)).consistent_read().await?;
        Entry::get(&db, ("b", 2)).consistent_read().await
    })
    .await;
    assert!(failed.is_err_and(|error| error.is_not_found()));
    assert_eq!(used.total(), 2.0);
    let (_, none) = Capacity::of(async {}).await;
    assert_eq!(none, Capacity::default());
}

#[tokio::test]
async fn a_stream_adds_up_what_it_has_fetched() {
    let db = db().await;
    db.batch_write().put_all((1..=6).map(entry).collect::<Vec<_>>().as_slice()).await.unwrap();
    let mut entries = Entry::query(&db, "b").consistent_read().page_size(2).stream().with_capacity();
    assert_eq!(entries.capacity(), Capacity::default());
    entries.try_next().await.unwrap();
    let first = entries.capacity().total();
    assert!(first >= 2.0, "{first}");
    while entries.try_next().await.unwrap().is_some() {}
    let all = entries.capacity().total();
    let (_, of_all) = Entry::query(&db, "b").consistent_read().page_size(2).all().with_capacity().await.unwrap();
    assert!(all > first);
    assert_eq!(all, of_all.total());
}

#[tokio::test]
async fn guards_and_reads_of_a_write_are_counted() {
    if !Engine::current().reports_transactions() {
        return;
    }
    let db = db().await;
    let mut ada = Customer::builder().customer_id("c").name("Ada").email("a@x".to_owned()).build().unwrap();
    ada.insert(&db).await.unwrap();
    let update = ada.update(&db, Customer::A.email.set("b@x"));
    let ((), used) = update.with_capacity().await.unwrap();
    // The item is read before and after it, and three items are written in the transaction.
    assert_eq!(used.read_units(), 2.0, "{used:?}");
    assert!(used.write_units() >= 6.0, "{used:?}");
}

/// The requests that a client sends ask for the capacity only if somebody wants it.
#[tokio::test]
async fn the_capacity_is_asked_for_if_it_is_wanted() {
    let (db, requests) = canned::answering(|_, _, _| (200, json!({})));
    let asked = || {
        let all = std::mem::take(&mut *requests.lock().unwrap());
        all.iter().all(|(_, body)| body.get("ReturnConsumedCapacity").is_some())
    };
    Entry::find(&db, ("b", 1)).await.unwrap();
    assert!(!asked());
    entry(1).save(&db).await.unwrap();
    assert!(!asked());
    Entry::find(&db, ("b", 1)).with_capacity().await.unwrap();
    entry(1).save(&db).with_capacity().await.unwrap();
    assert!(asked());
}

/// A client whose every request is throttled for these reasons.
fn throttled(code: &'static str, reasons: dyntastic::serde_json::Value) -> dyntastic::Client {
    let (db, _) = canned::answering(move |_, _, _| {
        let name = if code == "ThrottlingException" { "throttlingReasons" } else { "ThrottlingReasons" };
        let kind = format!("com.amazonaws.dynamodb.v20120810#{code}");
        (400, json!({ "__type": kind, "message": "slow down", name: reasons }))
    });
    db
}

#[tokio::test(start_paused = true)]
async fn an_error_says_why_dynamodb_throttles() {
    let reasons = json!([
        { "reason": "IndexWriteKeyRangeThroughputExceeded", "resource": HOT },
        { "reason": "TableWriteProvisionedThroughputExceeded", "resource": "arn:aws:dynamodb:us-east-1:1:table/hot" },
    ]);
    for code in ["ThrottlingException", "ProvisionedThroughputExceededException", "RequestLimitExceeded"] {
        let db = throttled(code, reasons.clone());
        let batch = db.batch_write().put(&entry(1)).await.unwrap_err();
        let errors = [
            entry(1).save(&db).await.unwrap_err(),
            Entry::get(&db, ("b", 1)).await.unwrap_err(),
            Entry::query(&db, "b").all().await.unwrap_err(),
            db.transaction().put(&entry(1)).await.unwrap_err(),
            batch,
        ];
        for error in errors {
            assert!(error.is_throttled(), "{error:?}");
            let [index, table] = error.throttling() else { panic!("{error:?}") };
            assert_eq!((index.table(), index.index()), (Some("hot"), Some("by_heat")));
            assert_eq!((index.access(), index.limit()), (Some(Access::Write), Limit::KeyRange));
            assert_eq!((table.index(), table.limit()), (None, Limit::Provisioned));
            let text = error.to_string();
            assert!(text.contains("writes of the index by_heat of the table hot exceed what one range"), "{text}");
            assert!(text.contains("writes of the table hot exceed its provisioned capacity"), "{text}");
        }
    }
    // An older DynamoDB gives no reasons.
    let error = Entry::get(&throttled("ThrottlingException", json!(null)), ("b", 1)).await.unwrap_err();
    assert!(error.is_throttled() && error.throttling().is_empty());
}

#[tokio::test]
async fn an_observer_sees_how_requests_ended() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sees = seen.clone();
    let observer = move |request: &ObservedRequest<'_>| {
        assert!(request.duration() > Duration::ZERO);
        let text = format!(
            "{} {} {:?} {:?} {:?} {:?}",
            request.operation(),
            request.model(),
            request.index(),
            request.batch_size(),
            request.returned(),
            request.error()
        );
        sees.lock().unwrap().push(text);
    };
    let db = crate::engine::isolated().observer(observer).from_conf(crate::engine::config().await);
    Entry::create_table(&db).await.unwrap();
    let items = [entry(1), entry(2)];
    items[0].insert(&db).await.unwrap();
    items[0].insert(&db).await.unwrap_err();
    db.batch_write().put_all(&items).await.unwrap();
    assert_eq!(Entry::query_by_note(&db, "n").all().await.unwrap(), []);
    assert_eq!(Entry::query(&db, "b").range(Entry::A.number.eq(2)).count().await.unwrap(), 1);
    Entry::find(&db, ("b", 9)).await.unwrap();
    Entry::get(&db, ("b", 1)).await.unwrap();
    Entry::batch_get(&db, [("b", 1), ("b", 2), ("b", 9)]).await.unwrap();
    let expected = [
        "PutItem Entry None None None None",
        "PutItem Entry None None None Some(\"ConditionalCheckFailedException\")",
        "BatchWriteItem Entry None Some(2) None None",
        "Query Entry Some(\"note_length-index\") None Some(0) None",
        "Query Entry None None Some(1) None",
        "GetItem Entry None None Some(0) None",
        "GetItem Entry None None Some(1) None",
        "BatchGetItem Entry None Some(3) Some(2) None",
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}
