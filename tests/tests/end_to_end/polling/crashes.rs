//! Pollers whose workers crash, whose requests fail, and whose shards are split.

use super::service::Service;
use super::{Seen, noting};
use crate::seeds::fault_seeds;
use dyntastic::Client;
use dyntastic::streams::poll;
use dyntastic_tests::streams::Both;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// Runs a poller until the future is dropped, or until it stops by itself after a while.
async fn work(service: &Service, seen: &Seen, failing: u32) {
    let (db, streams): (Client, _) = (service.db(), service.streams());
    loop {
        let handler = noting(seen, failing).concurrency(fastrand::usize(1..4));
        let poller = poll::<Both>(&db, &streams, "test").progress_table("progress").batch(fastrand::u32(1..8));
        let poller = poller.lease(Duration::from_secs(20)).max_shards(fastrand::usize(1..5));
        let time = Duration::from_millis(fastrand::u64(..60_000));
        match fastrand::bool() {
            // A crash: nothing is given back.
            true => drop(timeout(time, poller.run(&handler)).await),
            // An error of a request that has failed too often ends it, too.
            false => drop(poller.run_until(&handler, sleep(time)).await),
        }
        sleep(Duration::from_millis(fastrand::u64(..5_000))).await;
    }
}

/// Each change is seen, and each item's changes in their order. After a crash, they are seen again from an earlier one
/// on, but none is left out.
fn check(seen: &[(String, u32)], written: &BTreeMap<String, u32>) {
    let mut last: BTreeMap<&str, u32> = BTreeMap::new();
    for (key, count) in seen {
        let last = last.entry(key).or_default();
        assert!(*count <= *last + 1, "{key}: {count} after {last}");
        *last = (*last).max(*count);
    }
    let seen: BTreeMap<_, _> = last.into_iter().map(|(key, last)| (key.to_owned(), last)).collect();
    assert_eq!(seen, *written);
}

async fn simulate(seed: u64) {
    fastrand::seed(seed);
    let service = Service::new(seed, 10);
    let seen = Seen::default();
    let writing = async {
        let mut written: BTreeMap<String, u32> = BTreeMap::new();
        for _ in 0..150 {
            let key = format!("item{}", fastrand::u8(..9));
            let count = written.entry(key.clone()).or_default();
            *count += 1;
            service.write(&key, *count);
            if fastrand::u8(..25) == 0 {
                service.split();
            }
            sleep(Duration::from_millis(fastrand::u64(..2_000))).await;
        }
        service.0.lock().unwrap().failing = 0;
        let is_seen = |newest: (&String, &u32)| seen.lock().unwrap().iter().any(|(key, count)| (key, count) == newest);
        while !written.iter().all(is_seen)
            || service.finished().iter().filter(|finished| **finished).count() < service.closed()
        {
            sleep(Duration::from_secs(1)).await;
        }
        written
    };
    let working = async { tokio::join!(work(&service, &seen, 3), work(&service, &seen, 3), work(&service, &seen, 3)) };
    let mut writing = std::pin::pin!(writing);
    let mut working = std::pin::pin!(working);
    let all = std::future::poll_fn(|context| {
        let _ = working.as_mut().poll(context);
        writing.as_mut().poll(context)
    });
    let written = timeout(Duration::from_secs(24 * 60 * 60), all).await;
    let written = written.unwrap_or_else(|_| panic!("seed {seed} does not end"));
    check(&seen.lock().unwrap(), &written);
}

#[tokio::test(start_paused = true)]
async fn every_change_is_seen_in_the_order_of_its_item_whatever_crashes() {
    for seed in fault_seeds(8) {
        simulate(seed).await;
    }
}
