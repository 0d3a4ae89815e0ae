//! Parallel scans that stop and go on from a saved state.

use crate::engine::{Engine, config, db, isolated, table_name};
use crate::queries::{book, numbers};
use crate::random::Random;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::ops::{ParallelScan, SegmentPage};
use dyntastic::prelude::*;
use dyntastic::testing::{self, Fault, Faults, Layer};
use dyntastic::{Client, Error, RateLimit};
use dyntastic_tests::queries::{self, Entry};
use dyntastic_tests::shop::{Address, Customer};
use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

/// The keys of items, which must differ.
fn keys(entries: &[Entry]) -> BTreeSet<(String, u32)> {
    let keys: BTreeSet<_> = entries.iter().map(|entry| (entry.book.clone(), entry.number)).collect();
    assert_eq!(keys.len(), entries.len(), "an item came twice");
    keys
}

async fn filled(db: &Client) -> BTreeSet<(String, u32)> {
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        book(db, name, 20).await;
    }
    keys(&Entry::scan(db).all().await.unwrap())
}

fn scan(db: &Client, segments: u32) -> ParallelScan<Entry> {
    Entry::scan(db).page_size(6).segments(segments)
}

async fn all_pages(scan: ParallelScan<Entry>) -> Vec<SegmentPage<Entry>> {
    let mut pages = scan.pages();
    let mut all = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        all.push(page);
    }
    assert!(pages.try_next().await.unwrap().is_none());
    all
}

fn items(pages: Vec<SegmentPage<Entry>>) -> Vec<Entry> {
    pages.into_iter().flat_map(|page| page.items).collect()
}

#[tokio::test]
async fn a_scan_goes_on_from_each_state_with_what_it_had_not_returned() {
    let db = db().await;
    let all = filled(&db).await;
    for segments in [1, 3, 8] {
        let pages = all_pages(scan(&db, segments)).await;
        assert!(pages.iter().all(|page| page.scanned <= 6));
        for stopped in 0..pages.len() {
            let mut found = items(pages[..=stopped].to_vec());
            found.extend(items(all_pages(scan(&db, segments).resume(pages[stopped].state.clone())).await));
            assert_eq!(keys(&found), all, "{segments} segments, stopped after page {stopped}");
        }
        let end = pages.last().unwrap().state.clone();
        assert_eq!(scan(&db, segments).resume(end).all().await.unwrap(), []);
        assert_eq!(keys(&items(pages)), all);
    }
    assert_eq!(keys(&scan(&db, 3).resume(None::<String>).all().await.unwrap()), all);
}

#[tokio::test]
async fn a_crash_at_any_point_leaves_nothing_out() {
    let db = db().await;
    let all = filled(&db).await;
    for seed in 0..8 {
        let mut random = Random::new(seed);
        let (mut saved, mut found) = (None, Vec::new());
        loop {
            let mut pages = scan(&db, 4).resume(saved.clone()).pages();
            let mut is_finished = false;
            for _ in 0..random.below(5) {
                match pages.try_next().await.unwrap() {
                    Some(page) => (saved, _) = (Some(page.state), found.extend(page.items)),
                    None => is_finished = true,
                }
            }
            if is_finished {
                break;
            }
            // A request is under way, and pages were fetched that nobody has seen.
            let mut next = pin!(pages.next());
            poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx).is_ready())).await;
        }
        assert_eq!(keys(&found), all, "seed {seed}");
    }
}

#[tokio::test]
async fn items_in_a_limit_are_counted_over_all_segments() {
    let db = db().await;
    let all = filled(&db).await;
    let (mut saved, mut found) = (None, Vec::new());
    loop {
        let pages = all_pages(Entry::scan(&db).page_size(6).limit(25).segments(3).resume(saved)).await;
        let Some(state) = pages.last().map(|page| page.state.clone()) else { break };
        let items = items(pages);
        assert!(items.len() == 25 || found.len() + items.len() == all.len());
        found.extend(items);
        saved = Some(state);
    }
    assert_eq!(keys(&found), all);
    assert!(all_pages(Entry::scan(&db).limit(0).segments(3)).await.is_empty());
    // A page may be empty after the filter, and its state goes on too.
    let noted = all_pages(Entry::scan(&db).filter(Entry::A.note.exists()).page_size(6).segments(3)).await;
    assert!(noted.iter().any(|page| page.items.is_empty()));
    let mut of_filter = numbers(&items(noted));
    of_filter.sort_unstable();
    assert_eq!(of_filter, [[10; 7], [20; 7]].concat());
}

#[tokio::test]
async fn an_index_and_its_whole_items_go_on_too() {
    let db = db().await;
    filled(&db).await;
    let mut whole = Vec::new();
    let mut saved = None;
    loop {
        let scan = Entry::scan_by_note(&db).full().page_size(2).segments(3).resume(saved);
        let Some(page) = scan.pages().try_next().await.unwrap() else { break };
        whole.extend(page.items);
        saved = Some(page.state);
    }
    assert_eq!(keys(&whole).len(), 14);
    let entries = Entry::scan_by_note(&db).segments(2).all().await.unwrap();
    assert_eq!(entries.len(), 14);
}

#[tokio::test]
async fn a_damaged_item_is_an_error_before_its_page() {
    let db = db().await;
    book(&db, "a", 9).await;
    let damaged = Entry::builder().book("b").number(1_u32).build().unwrap();
    let mut damaged = damaged.save(&db).into_inner().unwrap().get_item().clone().unwrap();
    damaged.insert("text".to_owned(), AttributeValue::Bool(true));
    db.sdk().put_item().table_name(table_name::<Entry>(&db)).set_item(Some(damaged)).send().await.unwrap();
    let mut pages = scan(&db, 2).pages();
    let (mut found, mut saved, mut errors) = (Vec::new(), Vec::new(), 0);
    while let Some(page) = pages.next().await {
        match page {
            Ok(page) => {
                found.extend(page.items);
                saved.push((page.state, errors));
            }
            Err(Error::Damaged(item)) => {
                assert_eq!(item.key()["book"], AttributeValue::S("b".to_owned()));
                errors += 1;
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!((found.len(), errors), (9, 1));
    for (state, before) in saved {
        let mut rest = scan(&db, 2).resume(state).stream();
        let mut after = 0;
        while let Some(item) = rest.next().await {
            after += usize::from(item.is_err());
        }
        assert_eq!(before + after, 1);
    }
}

#[tokio::test]
async fn the_state_of_another_scan_is_refused() {
    let db = isolated().from_conf(crate::engine::config().await);
    Address::builder().customer_id("c1").label("x").city("Oslo").build().unwrap().save(&db).await.unwrap();
    let state = Address::scan(&db).segments(2).pages().try_next().await.unwrap().unwrap().state;
    assert!(Address::scan(&db).segments(2).resume(state.clone()).all().await.unwrap().len() <= 1);
    let why = |error: Error| match error {
        Error::Resume { model, why, .. } => format!("{model}: {why}"),
        error => panic!("{error:?}"),
    };
    let segments = Address::scan(&db).segments(3).resume(state.clone()).pages().next().await.unwrap().unwrap_err();
    assert_eq!(why(segments), "Address: the state is of 2 segments, and not of 3");
    let model = Customer::scan(&db).segments(2).resume(state.clone()).all().await.unwrap_err();
    assert_eq!(why(model), "Customer: the state is of the model \"Address\", and not of the model \"Customer\"");
    let cut = Address::scan(&db).segments(2).resume(state[1..].to_owned()).all().await.unwrap_err();
    assert_eq!(why(cut), "Address: the state is no state of a read, or was changed or cut");
    // A cursor is no state, and a state is no cursor.
    let cursor = Address::scan(&db).limit(0).page().await.unwrap().next;
    assert!(Address::scan(&db).segments(2).resume(cursor).all().await.is_err());
    let cursor = Address::scan(&db).cursor(state).page().await.unwrap_err();
    assert!(matches!(cursor, Error::Cursor), "{cursor:?}");
}

#[tokio::test]
async fn fault_a_failed_request_ends_the_scan_and_its_state_goes_on() {
    if Engine::current() != Engine::Embedded {
        return; // The test kit's engine is the embedded one.
    }
    let local = testing::start(queries::TABLES).await.unwrap();
    let all = filled(&local.client()).await;
    let mut failures = 0;
    for seed in 0..6 {
        let kinds = [Fault::LoseRequest, Fault::CutResponse, Fault::Throttle, Fault::CutPage];
        let faulty = local.client_through(&Faults::new(seed).rate(0.5).only(kinds));
        let (mut saved, mut found) = (None, Vec::new());
        'again: loop {
            let mut pages = scan(&faulty, 4).resume(saved.clone()).pages();
            while let Some(page) = pages.next().await {
                match page {
                    Ok(page) => (saved, _) = (Some(page.state), found.extend(page.items)),
                    Err(error) => {
                        assert!(error.is_retryable(), "{error:?}");
                        assert!(pages.next().await.is_none(), "an error ends the stream");
                        failures += 1;
                        continue 'again;
                    }
                }
            }
            break;
        }
        assert_eq!(keys(&found), all, "seed {seed}");
    }
    assert!(failures > 0);
}

#[tokio::test]
async fn pages_have_limits_and_count_capacity() {
    let db = db().await;
    filled(&db).await;
    let limit = RateLimit::reads(1_000.0).unwrap();
    let mut pages = scan(&db, 2).pages().with_rate_limit(&limit).with_capacity();
    let mut last = None;
    while let Some(page) = pages.try_next().await.unwrap() {
        last = Some(page.state);
    }
    assert!(pages.capacity().total() >= 10.0, "{:?}", pages.capacity());
    assert_eq!(scan(&db, 2).resume(last).all().await.unwrap(), []);
}

/// Counts the requests that run at the same time.
#[derive(Debug, Clone, Default)]
struct AtOnce {
    running: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

impl Layer for AtOnce {
    fn send(&self, request: HttpRequest, next: SharedHttpConnector) -> HttpConnectorFuture {
        let (running, response) = (self.running.clone(), next.call(request));
        self.most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        HttpConnectorFuture::new(async move {
            let response = response.await;
            running.fetch_sub(1, Ordering::SeqCst);
            response
        })
    }
}

#[tokio::test]
async fn any_number_of_segments_is_read_with_few_requests_at_the_same_time() {
    let (builder, layer) = (isolated(), AtOnce::default());
    let all = filled(&builder.clone().from_conf(config().await)).await;
    let db = builder.from_conf(layer.around(config().await));
    assert_eq!(keys(&scan(&db, 150).all().await.unwrap()), all);
    let most = layer.most.load(Ordering::SeqCst);
    assert!((2..=64).contains(&most), "{most} requests at the same time");
    let mut pages = scan(&db, 150).pages();
    let mut before = Vec::new();
    while before.len() < 80 {
        before.push(pages.try_next().await.unwrap().unwrap());
    }
    let state = before[79].state.clone();
    let found = [items(before), scan(&db, 150).resume(state).all().await.unwrap()].concat();
    assert_eq!(keys(&found), all);

    // The maximum. Nobody waits for the last one here.
    let page = scan(&db, 1_000_000).pages().try_next().await.unwrap().unwrap();
    assert!(page.state.len() > 1_000_000);
    let error = scan(&db, 1_000_001).pages().try_next().await.unwrap_err();
    assert_eq!(error.to_string(), "Scan: a scan has at most 1000000 segments");
}
