//! Updates and deletions of the items of queries and scans.

use crate::engine::{Engine, config, db, isolated, table_name};
use crate::queries::book;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{DateTime, TimeZone, Utc};
use dyntastic::ops::{BulkReport, UnfinishedBulk};
use dyntastic::prelude::*;
use dyntastic::testing::{self, Fault, Faults, Layer};
use dyntastic::{Client, Error, UpdateExpression};
use dyntastic_tests::queries::{self, Entry};
use dyntastic_tests::roles::{self, Page};
use dyntastic_tests::shop::{Customer, Order, Parcel, Status};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

fn at(minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2024, 2, 1, 12, minute, 0).unwrap()
}

async fn orders(db: &Client, count: u32) {
    for minute in 0..count {
        let order = Order::builder().customer_id(format!("c{}", minute % 3)).placed_at(at(minute)).order_id("o");
        order.total(minute).carrier("post".to_owned()).build().unwrap().save(db).await.unwrap();
    }
}

async fn totals(db: &Client, status: Status) -> BTreeSet<u32> {
    let orders = Order::query_gsi1(db, status).all().await.unwrap();
    orders.iter().map(|order| order.total).collect()
}

pub(crate) fn unfinished(result: Result<BulkReport, Error>) -> UnfinishedBulk {
    match result {
        Err(Error::UnfinishedBulk(unfinished)) => *unfinished,
        other => panic!("{other:?}"),
    }
}

/// Another writer, who comes before the first requests of an operation.
#[derive(Clone)]
struct Before {
    operation: &'static str,
    left: Arc<AtomicUsize>,
    act: Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>,
}

impl fmt::Debug for Before {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Before")
    }
}

impl Layer for Before {
    fn send(&self, request: HttpRequest, next: SharedHttpConnector) -> HttpConnectorFuture {
        let is_it = request.headers().get("x-amz-target").is_some_and(|target| target.ends_with(self.operation));
        let one_less = |left: usize| left.checked_sub(1);
        if !is_it || self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_err() {
            return next.call(request);
        }
        let act = (self.act)();
        HttpConnectorFuture::new(async move {
            act.await;
            next.call(request).await
        })
    }
}

/// A client, and one before whose first requests of an operation another writer comes.
pub(crate) async fn with_another<F>(operation: &'static str, times: usize, act: fn(Client) -> F) -> (Client, Client)
where
    F: Future<Output = ()> + Send + 'static,
{
    let builder = isolated();
    let other = builder.clone().from_conf(config().await);
    let (left, writer) = (Arc::new(AtomicUsize::new(times)), other.clone());
    let before = Before { operation, left, act: Arc::new(move || act(writer.clone()).boxed()) };
    (other, builder.from_conf(before.around(config().await)))
}

#[tokio::test]
async fn items_that_fulfil_the_condition_are_updated_with_their_index_keys() {
    let db = db().await;
    orders(&db, 12).await;
    let is_large = Order::A.total.ge(8) & Order::A.status.eq(Status::Pending);
    let update = || Order::A.status.set(Status::Paid);
    let dry = Order::scan(&db).update_where(is_large.clone(), update()).dry_run().await.unwrap();
    assert_eq!((dry.counts.matched, dry.counts.written, dry.counts.skipped), (4, 4, 0));
    assert_eq!(totals(&db, Status::Paid).await, BTreeSet::new());

    let before = Order::get(&db, ("c2", at(11), "o")).await.unwrap();
    let report = Order::scan(&db).segments(3).update_where(is_large.clone(), update()).await.unwrap();
    assert_eq!((report.counts.scanned >= 4, report.counts.matched, report.counts.written), (true, 4, 4));
    assert_eq!(totals(&db, Status::Paid).await, BTreeSet::from([8, 9, 10, 11]));
    let after = Order::get(&db, ("c2", at(11), "o")).await.unwrap();
    assert!(after.updated_at > before.updated_at);
    // The condition has ended.
    let again = Order::scan(&db).update_where(is_large, update()).await.unwrap();
    assert_eq!((again.counts.matched, again.counts.written), (0, 0));

    // Of a query, with its own filter and limit.
    let of_c0 = Order::query(&db, "c0").filter(Order::A.total.lt(7)).descending().limit(2);
    let report = of_c0.update_where(Order::A.status.eq(Status::Pending), update()).await.unwrap();
    assert_eq!(report.counts.written, 2);
    assert_eq!(totals(&db, Status::Paid).await, BTreeSet::from([3, 6, 8, 9, 10, 11]));
    // Of an index.
    let report =
        Order::query_gsi1(&db, Status::Paid).update_where(Order::A.total.gt(9), Order::A.priority.set(7)).await;
    assert_eq!(report.unwrap().counts.written, 2);
    assert_eq!(Order::of_priority(&db, Status::Paid, 7).count().await.unwrap(), 2);
}

#[tokio::test]
async fn items_that_fulfil_the_condition_are_deleted_and_no_others() {
    let db = db().await;
    orders(&db, 12).await;
    let parcel = Parcel::builder().parcel_id(1_u32).status(Status::Pending).build().unwrap();
    parcel.save(&db).await.unwrap();
    let report = Order::query_gsi1(&db, Status::Pending).delete_where(Order::A.total.lt(4)).await.unwrap();
    assert_eq!((report.counts.matched, report.counts.written, report.counts.skipped), (4, 4, 0));
    let report = Order::scan(&db).segments(2).delete_where(Order::A.total.gt(9)).concurrency(1).await.unwrap();
    assert_eq!(report.counts.written, 2);
    assert_eq!(totals(&db, Status::Pending).await, (4..=9).collect());
    let report = Order::scan_lsi1(&db).delete_where(Order::A.customer_id.eq("c1")).await.unwrap();
    assert_eq!(report.counts.written, 2);
    let report = Order::scan(&db).delete_where(Order::A.note.not_exists()).await.unwrap();
    assert_eq!(report.counts.written, 4);
    assert_eq!(Order::scan(&db).count().await.unwrap(), 0);
    assert_eq!(Parcel::scan(&db).count().await.unwrap(), 1, "an item of another model stays");

    // An index of keys alone is enough.
    book(&db, "a", 30).await;
    let report = Entry::scan_by_note(&db).delete_where(Entry::A.note.begins_with("note 2")).await.unwrap();
    assert_eq!(report.counts.written, 1);
    assert_eq!(Entry::query(&db, "a").count().await.unwrap(), 29);
    let whole = Entry::scan_by_note(&db).full();
    let report = whole.update_where(Entry::A.note.exists(), Entry::A.text.set("noted")).await.unwrap();
    assert_eq!(report.counts.written, 2);
}

#[tokio::test]
async fn an_item_that_another_writer_changes_is_left_alone() {
    let act = |other: Client| async move {
        Order::update_by_key(&other, ("c1", at(1), "o"), Order::A.status.set(Status::Paid)).await.unwrap();
        Order::delete_by_key(&other, ("c2", at(2), "o")).await.unwrap();
    };
    let (other, db) = with_another("UpdateItem", 1, act).await;
    orders(&other, 3).await;
    let is_pending = Order::A.status.eq(Status::Pending);
    let report = Order::scan(&db).update_where(is_pending, Order::A.note.set("late")).concurrency(1).await.unwrap();
    let left = Order::get(&db, ("c1", at(1), "o")).await.unwrap();
    let counts = report.counts;
    assert_eq!((counts.matched, counts.written, counts.skipped, counts.failed), (3, 1, 2, 0));
    assert_eq!(left.note, None);
    assert_eq!(Order::find(&db, ("c2", at(2), "o")).await.unwrap(), None, "a deleted item does not come back");

    // An item whose entry in the index is older than the item: it is not one of those that were asked for.
    let act = |other: Client| async move {
        Order::update_by_key(&other, ("c0", at(0), "o"), Order::A.status.set(Status::Paid)).await.unwrap();
    };
    let (other, db) = with_another("DeleteItem", 1, act).await;
    orders(&other, 2).await;
    let all = Order::query_gsi1(&db, Status::Pending).delete_where(Order::A.total.lt(9)).concurrency(1).await.unwrap();
    assert_eq!((all.counts.written, all.counts.skipped), (1, 1));
    assert_eq!(totals(&db, Status::Paid).await, BTreeSet::from([0]));
}

#[tokio::test]
async fn an_item_with_another_version_is_read_again() {
    if !Engine::current().has_transactions() {
        return; // Customers have unique fields.
    }
    let act = |other: Client| async move {
        let mut customer = Customer::get(&other, "c1").await.unwrap();
        customer.update(&other, Customer::A.phone.set(5_u64)).await.unwrap();
    };
    let (other, db) = with_another("UpdateItem", 1, act).await;
    for (id, email) in [("c1", "a@x"), ("c2", "b@x"), ("c3", "c@x")] {
        let customer = Customer::builder().customer_id(id).name("Ada").email(email.to_owned());
        customer.build().unwrap().save(&other).await.unwrap();
    }
    let is_ada = || Customer::A.name.eq("Ada");
    let report = Customer::scan(&db).update_where(is_ada(), Customer::A.name.set("Bo")).concurrency(1).await.unwrap();
    assert_eq!((report.counts.written, report.counts.skipped), (3, 0));
    let changed = Customer::get(&db, "c1").await.unwrap();
    assert_eq!((changed.name.as_str(), changed.phone, changed.version), ("Bo", Some(5), 3));

    // A unique value that another item has is the failure of one item.
    let result = Customer::scan(&db).update_where(Customer::A.phone.not_exists(), Customer::A.phone.set(9_u64));
    let unfinished = unfinished(result.concurrency(1).await);
    assert!(unfinished.cause().is_none());
    let report = unfinished.report();
    assert_eq!((report.counts.matched, report.counts.written, report.counts.failed), (2, 1, 1));
    assert!(matches!(report.failed[0].error(), Error::NotUnique { field: "phone", .. }));
    assert!(unfinished.to_string().starts_with("Customer: 1 of 2 items were not written; the first of them: "));
    // Deletions give the guards back.
    let report = Customer::scan(&db).delete_where(Customer::A.name.eq("Bo")).await.unwrap();
    assert_eq!(report.counts.written, 3);
    let mut again = Customer::builder().customer_id("c9").name("Ada").email("a@x".to_owned()).build().unwrap();
    again.phone = Some(9);
    again.insert(&db).await.unwrap();
}

#[tokio::test]
async fn the_failure_of_one_item_does_not_stop_the_others() {
    let db = db().await;
    book(&db, "a", 10).await;
    // Its bounds: the length of the last one is the maximum of its type.
    Entry::update_by_key(&db, ("a", 10), Entry::A.length.set(u16::MAX)).await.unwrap();
    let mut damaged = Entry::builder().book("b").number(1_u32).build().unwrap();
    damaged.note = Some("note".to_owned());
    let mut damaged = damaged.save(&db).into_inner().unwrap().get_item().clone().unwrap();
    damaged.insert("text".to_owned(), AttributeValue::Bool(true));
    db.sdk().put_item().table_name(table_name::<Entry>(&db)).set_item(Some(damaged)).send().await.unwrap();
    let result = Entry::scan(&db).page_size(3).segments(2).update_where(Entry::A.number.gt(0), Entry::A.length.add(1));
    let report = unfinished(result.await).into_report();
    // Without the stored item, broken bounds look like a failed condition.
    let failed = if Engine::current().returns_existing() { 2 } else { 1 };
    assert_eq!((report.counts.matched, report.counts.written, report.counts.failed), (11, 9, failed));
    assert_eq!(report.counts.skipped, 2 - failed);
    let mut kinds = [0, 0];
    for item in &report.failed {
        match (item.error(), &item.key()["book"]) {
            (Error::OutOfBounds(_), AttributeValue::S(book)) if book == "a" => kinds[0] += 1,
            (Error::Damaged(_), AttributeValue::S(book)) if book == "b" => kinds[1] += 1,
            other => panic!("{other:?}"),
        }
        assert!(!format!("{item:?}").contains("number"), "{item:?}");
    }
    assert_eq!(kinds, [failed - 1, 1]);
    // A deletion needs no item that can be read.
    let report = Entry::scan(&db).delete_where(Entry::A.note.eq("note")).await.unwrap();
    assert_eq!(report.counts.written, 1);
}

#[tokio::test]
async fn nothing_is_sent_for_a_mistake() {
    let db = db().await;
    let missing = Entry::scan(&db).delete_where(Entry::A.length.ge(0)).await.unwrap_err();
    assert!(missing.is_not_found(), "the table does not exist: {missing}");
    book(&db, "a", 3).await;
    let rate = Entry::scan(&db).delete_where(Entry::A.length.ge(0)).rate(0.0).await;
    assert!(matches!(rate, Err(Error::Config(_))), "{rate:?}");
    let of_other = Entry::query(&db, "b").delete_where(Entry::A.length.ge(0)).await.unwrap();
    let state = of_other.state.unwrap();
    let error = Entry::query(&db, "a").delete_where(Entry::A.length.ge(0)).resume(state).await.unwrap_err();
    assert_eq!(error.to_string(), "Entry: the state is of a query with other conditions on its keys");
    let empty = Entry::scan(&db).update_where(Entry::A.length.ge(0), Vec::<UpdateExpression<Entry>>::new()).await;
    assert!(matches!(empty, Err(Error::Expression { .. })), "{empty:?}");
    let twice = (Entry::A.text.set("x"), Entry::A.text.set("y"));
    let twice = Entry::scan(&db).update_where(Entry::A.length.ge(0), twice).await;
    assert!(matches!(twice, Err(Error::Expression { .. })), "{twice:?}");
    assert_eq!(Entry::query(&db, "a").count().await.unwrap(), 3);
}

#[tokio::test]
async fn a_state_of_another_order_or_of_a_dry_run_is_refused() {
    let db = db().await;
    book(&db, "a", 10).await;
    let states: Arc<Mutex<Vec<String>>> = Arc::default();
    let run = |kept: &Arc<Mutex<Vec<String>>>| {
        let kept = kept.clone();
        let run = Entry::query(&db, "a").page_size(3).update_where(Entry::A.text.eq(""), Entry::A.text.set("x"));
        run.on_progress(move |progress| kept.lock().unwrap().push(progress.state.to_owned()))
    };
    run(&states).dry_run().await.unwrap();
    let of_dry_run = states.lock().unwrap().remove(0);
    let error = run(&states).resume(of_dry_run.clone()).await.unwrap_err();
    assert_eq!(error.to_string(), "Entry: the state is of a dry run, which has written nothing");
    run(&states).dry_run().resume(of_dry_run).await.unwrap();

    let first = Entry::query(&db, "a").limit(3).update_where(Entry::A.text.eq(""), Entry::A.text.set("x"));
    let state = first.await.unwrap().state.unwrap();
    let down = || Entry::query(&db, "a").descending().update_where(Entry::A.text.eq(""), Entry::A.text.set("y"));
    let error = down().resume(state.clone()).await.unwrap_err();
    assert_eq!(error.to_string(), "Entry: the state is of a query in the other order");
    assert_eq!(run(&states).resume(state).await.unwrap().counts.written, 7);
    // In the order that a cursor reverses.
    let page = Entry::query(&db, "a").limit(4).page().await.unwrap();
    let page = Entry::query(&db, "a").limit(4).cursor(page.next).page().await.unwrap();
    let back = || Entry::query(&db, "a").cursor(page.previous.clone());
    let state = back().limit(2).delete_where(Entry::A.text.eq("x")).await.unwrap().state.unwrap();
    let error = Entry::query(&db, "a").delete_where(Entry::A.text.eq("x")).resume(state.clone()).await.unwrap_err();
    assert_eq!(error.to_string(), "Entry: the state is of a query in the other order");
    let rest = Entry::query(&db, "a").descending().delete_where(Entry::A.text.eq("x")).resume(state).await.unwrap();
    assert_eq!(rest.counts.written, 2);
}

#[tokio::test]
async fn a_run_that_is_dropped_goes_on_from_its_state() {
    let db = db().await;
    for name in ["a", "b", "c", "d"] {
        book(&db, name, 12).await;
    }
    for polls in [1, 5, 20, 60, 150] {
        let saved: Arc<Mutex<Option<String>>> = Arc::default();
        let saves = saved.clone();
        let run = |state: Option<String>, saves: Arc<Mutex<Option<String>>>| {
            let scan = Entry::scan(&db).page_size(5).segments(3).resume(state);
            let run = scan.update_where(Entry::A.text.eq(""), (Entry::A.text.set("x"), Entry::A.length.add(1)));
            run.on_progress(move |progress| *saves.lock().unwrap() = Some(progress.state.to_owned()))
        };
        let mut first = run(None, saves).into_future();
        for _ in 0..polls {
            if (&mut first).now_or_never().is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_micros(300)).await;
        }
        drop(first);
        tokio::time::sleep(std::time::Duration::from_millis(30)).await; // its requests end
        let state = saved.lock().unwrap().clone();
        let report = run(state, saved).await.unwrap();
        assert_eq!(report.counts.skipped, 0);
        let all = Entry::scan(&db).all().await.unwrap();
        assert_eq!(all.len(), 48);
        assert!(all.iter().all(|entry| (entry.text.as_str(), entry.length) == ("x", 1)), "after {polls} polls");
        let back =
            Entry::scan(&db).update_where(Entry::A.text.eq("x"), (Entry::A.text.set(""), Entry::A.length.set(0_u16)));
        assert_eq!(back.concurrency(16).await.unwrap().counts.written, 48);
    }
}

#[tokio::test]
async fn each_state_goes_on_with_what_was_not_done() {
    let db = db().await;
    for name in ["a", "b", "c"] {
        book(&db, name, 10).await;
    }
    let states: Arc<Mutex<Vec<(String, u64)>>> = Arc::default();
    let kept = states.clone();
    let run = Entry::scan(&db).page_size(4).segments(2).update_where(Entry::A.number.gt(0), Entry::A.length.add(1));
    let run = run.concurrency(1).on_progress(move |progress| {
        kept.lock().unwrap().push((progress.state.to_owned(), progress.counts.scanned));
    });
    assert_eq!(run.await.unwrap().counts.written, 30);
    let states = std::mem::take(&mut *states.lock().unwrap());
    assert!(states.len() >= 8, "{states:?}");
    let mut before = u64::MAX;
    for (state, scanned) in states {
        let rest =
            Entry::scan(&db).page_size(4).segments(2).update_where(Entry::A.number.gt(0), Entry::A.length.add(0));
        let rest = rest.resume(state).dry_run().await.unwrap();
        // What was scanned ahead of the state is scanned again.
        assert!(rest.counts.matched >= 30 - scanned && rest.counts.matched <= before);
        before = rest.counts.matched;
    }
    assert_eq!(before, 0, "the last state is the end");
}

#[tokio::test]
async fn fault_lost_responses_and_throttling_write_each_item_once_or_say_so() {
    if Engine::current() != Engine::Embedded {
        return; // The test kit's engine is the embedded one.
    }
    let local = testing::start(queries::TABLES).await.unwrap();
    let db = local.client();
    for seed in 0..4 {
        book(&db, "a", 25).await;
        let kinds = [Fault::Throttle, Fault::LoseResponse, Fault::LoseRequest, Fault::FailAfter, Fault::CutPage];
        let faulty = local.client_through(&Faults::new(seed).rate(0.2).only(kinds));
        let mut doubted = 0;
        let mut state = None;
        loop {
            let run = Entry::query(&faulty, "a")
                .page_size(4)
                .update_where(Entry::A.text.eq(""), (Entry::A.text.set("x"), Entry::A.length.add(1)));
            match run.resume(state.clone()).await {
                Ok(_) => break,
                Err(Error::UnfinishedBulk(unfinished)) => {
                    let ended_early = unfinished.cause().is_some();
                    let report = unfinished.into_report();
                    assert!(report.failed.iter().all(|item| matches!(item.error(), Error::MaybeApplied(_))));
                    doubted += report.counts.failed;
                    state = report.state;
                    if !ended_early {
                        break;
                    }
                }
                Err(error) => assert!(error.is_retryable(), "{error:?}"),
            }
        }
        let entries = Entry::query(&db, "a").all().await.unwrap();
        let missed = entries.iter().filter(|entry| entry.text.is_empty()).count();
        assert!(entries.iter().all(|entry| entry.length == u16::from(!entry.text.is_empty())), "written twice");
        assert!(missed as u64 <= doubted, "{missed} items are left, and the reports doubt {doubted}");
        // A deletion is made again until it is known.
        while let Err(error) = Entry::query(&faulty, "a").delete_where(Entry::A.length.ge(0)).await {
            assert!(error.is_retryable() || matches!(error, Error::UnfinishedBulk(_)), "{error:?}");
        }
        assert_eq!(Entry::query(&db, "a").count().await.unwrap(), 0, "seed {seed}");
    }
}

#[tokio::test]
async fn fault_an_item_with_a_version_is_never_updated_twice() {
    if Engine::current() != Engine::Embedded {
        return; // The test kit's engine is the embedded one.
    }
    let local = testing::start(roles::TABLES).await.unwrap();
    let db = local.client();
    let mut again = 0;
    for seed in 0..6 {
        for number in 0..15 {
            let page = Page::builder().path(format!("{seed}/{number}")).text("first").build();
            page.unwrap().insert(&db).await.unwrap();
        }
        let kinds = [Fault::LoseRequest, Fault::LoseResponse, Fault::Late, Fault::FailAfter];
        let faulty = local.client_through(&Faults::new(seed).rate(0.4).only(kinds).operations(["UpdateItem"]));
        let of_seed = || Page::A.path.begins_with(format!("{seed}/"));
        // The condition does not end, and only the version counts the updates.
        let result = Page::scan(&faulty).update_where(of_seed(), Page::A.text.set("second")).await;
        let report = match result {
            Ok(report) => report,
            Err(Error::UnfinishedBulk(unfinished)) => unfinished.into_report(),
            Err(error) => panic!("{error:?}"),
        };
        tokio::time::sleep(std::time::Duration::from_millis(40)).await; // the late requests
        let in_doubt: BTreeSet<&str> =
            report.failed.iter().map(|item| item.key()["path"].as_s().unwrap().as_str()).collect();
        let pages = Page::scan(&db).filter(of_seed()).all().await.unwrap();
        assert_eq!((pages.len(), report.counts.written + report.counts.failed), (15, 15));
        for page in &pages {
            assert!(page.version <= 2, "{} was updated twice, seed {seed}", page.path);
            assert!(page.version == 2 || in_doubt.contains(page.path.as_str()), "{} was left", page.path);
        }
        again += report.counts.written;
    }
    assert!(again > 45, "{again}");
}
