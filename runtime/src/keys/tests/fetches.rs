//! How often data keys are fetched: once, by one task of many.

use super::service::Service;
use super::{CONTEXT, NAME, opened, sealed};
use crate::keys::Keys;
use crate::keys::data_key::DataKey;
use crate::keys::payload;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Waker};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, advance, timeout};

/// A value of the data key with this id.
fn of(id: &[u8]) -> Vec<u8> {
    let key = DataKey::new(id, [id[0]; 32]).unwrap();
    payload::seal(&key, CONTEXT, b"value").unwrap()
}

macro_rules! poll {
    ($future:expr) => {
        $future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    };
}

async fn prepare(keys: &Keys, values: &[Vec<u8>]) {
    keys.prepare_reads(values.iter().map(|value| (NAME, value.as_slice()))).await;
}

#[tokio::test(start_paused = true)]
async fn many_tasks_wait_for_one_fetch() {
    let (service, keys) = Service::new().start();
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let keys = keys.clone();
        tasks.spawn(async move {
            let stored = sealed(&keys, b"value").await;
            assert_eq!(opened(&keys, &stored).await.unwrap(), b"value");
            prepare(&keys, &[of(&[200]), of(&[201]), of(&[200])]).await;
            assert_eq!(keys.open(NAME, CONTEXT, &of(&[201])).unwrap(), b"value");
        });
    }
    tasks.join_all().await;
    assert_eq!((service.created(), service.read()), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn tasks_that_wait_share_a_failure_and_later_ones_try_again() {
    let (service, keys) = Service::new().start();
    service.fails.store(true, Ordering::SeqCst);
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let keys = keys.clone();
        tasks.spawn(async move {
            let error = keys.prepare_writes([NAME].into_iter()).await.unwrap_err();
            assert!(error.is_retryable());
            assert_eq!(error.to_string(), "the encryption key `personal` gives no data key: the service is down");
            let error = opened(&keys, &of(b"a")).await.unwrap_err();
            assert_eq!(error, "the encryption key `personal` does not give the data key `a`: the service is down");
        });
    }
    let begin = Instant::now();
    tasks.join_all().await;
    assert!(begin.elapsed() < Duration::from_millis(100), "{:?}", begin.elapsed());
    assert_eq!((service.created(), service.read()), (1, 1));

    service.fails.store(false, Ordering::SeqCst);
    assert_eq!(opened(&keys, &of(b"a")).await.unwrap(), b"value");
    sealed(&keys, b"value").await;
    assert_eq!((service.created(), service.read()), (2, 2));
}

/// Whoever can write bytes of an item can write an id that nobody knows.
#[tokio::test(start_paused = true)]
async fn a_data_key_that_is_refused_is_not_asked_for_with_each_read() {
    let (service, keys) = Service::new().start();
    service.refuses.store(true, Ordering::SeqCst);
    for _ in 0..20 {
        let error = opened(&keys, &of(b"a")).await.unwrap_err();
        assert!(error.ends_with("the service refuses"), "{error}");
        prepare(&keys, &[of(b"a"), of(b"b")]).await;
    }
    assert_eq!(service.read(), 2);
    // A write is of the app, and asks each time.
    for _ in 0..2 {
        keys.prepare_writes([NAME].into_iter()).await.unwrap_err();
    }
    assert_eq!(service.created(), 2);
    service.refuses.store(false, Ordering::SeqCst);
    sealed(&keys, b"value").await;
    advance(Duration::from_secs(2)).await;
    assert_eq!(opened(&keys, &of(b"a")).await.unwrap(), b"value");
    assert_eq!(service.read(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_task_does_not_hold_up_others() {
    let (service, keys) = Service::new().start();
    let mut tasks = JoinSet::new();
    for patience in [5, 10, 1_000, 1_000] {
        let keys = keys.clone();
        tasks.spawn(async move {
            let both = async {
                prepare(&keys, &[of(b"a")]).await;
                keys.prepare_writes([NAME].into_iter()).await
            };
            timeout(Duration::from_millis(patience), both).await.is_ok_and(|done| done.is_ok())
        });
    }
    let done = tasks.join_all().await;
    assert_eq!(done.iter().filter(|done| **done).count(), 2);
    // The others went on with what the dropped task had begun.
    assert_eq!((service.created(), service.read()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_fetch_that_nobody_waits_for_ends() {
    let (service, keys) = Service::new().start();
    for _ in 0..3 {
        let wait = keys.prepare_writes([NAME].into_iter());
        assert!(timeout(Duration::from_millis(5), wait).await.is_err());
    }
    assert_eq!(service.created(), 3);
    sealed(&keys, b"value").await;
    assert_eq!(service.created(), 4);
}

/// As in a stream's buffer, whose consumer waits for another operation.
#[tokio::test(start_paused = true)]
async fn a_task_that_is_not_polled_any_more_does_not_hold_up_others() {
    let (service, keys) = Service::new().start();
    let value = of(b"a");
    let mut write = pin!(keys.prepare_writes([NAME].into_iter()));
    let mut read = pin!(keys.prepare_reads([(NAME, value.as_slice())].into_iter()));
    assert!(poll!(write).is_pending() && poll!(read).is_pending());
    let others = async {
        sealed(&keys, b"value").await;
        opened(&keys, &value).await
    };
    assert_eq!(timeout(Duration::from_secs(1), others).await.unwrap().unwrap(), b"value");
    assert!(poll!(write).is_ready() && poll!(read).is_ready());
    assert_eq!((service.created(), service.read()), (1, 1));

    // Nor does it keep a failure for them.
    service.fails.store(true, Ordering::SeqCst);
    let other = of(b"b");
    let mut read = pin!(keys.prepare_reads([(NAME, other.as_slice())].into_iter()));
    assert!(poll!(read).is_pending());
    assert!(opened(&keys, &other).await.is_err());
    service.fails.store(false, Ordering::SeqCst);
    assert_eq!(opened(&keys, &other).await.unwrap(), b"value");
    assert_eq!(service.read(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_panics_is_asked_again() {
    let (service, keys) = Service::new().start();
    service.panics.store(true, Ordering::SeqCst);
    let mut tasks = JoinSet::new();
    for _ in 0..3 {
        let keys = keys.clone();
        tasks.spawn(async move { keys.prepare_writes([NAME].into_iter()).await.map_err(|error| error.to_string()) });
    }
    let (mut panics, mut errors) = (0, Vec::new());
    while let Some(done) = tasks.join_next().await {
        match done {
            Ok(result) => errors.push(result.unwrap_err()),
            Err(_) => panics += 1,
        }
    }
    assert_eq!(panics, 1);
    let text = "the encryption key `personal` gives no data key: the provider of the key panicked";
    assert_eq!(errors, [text, text]);
    service.panics.store(false, Ordering::SeqCst);
    sealed(&keys, b"value").await;
}

#[tokio::test(start_paused = true)]
async fn data_keys_end_after_a_time() {
    let (service, keys) = Service { max_age: Some(Duration::from_secs(300)), ..Service::new() }.start();
    let first = sealed(&keys, b"value").await;
    advance(Duration::from_secs(299)).await;
    sealed(&keys, b"value").await;
    assert_eq!(opened(&keys, &first).await.unwrap(), b"value");
    assert_eq!((service.created(), service.read()), (1, 0));
    advance(Duration::from_secs(2)).await;
    // An operation that has prepared the data key before goes on with it.
    assert_eq!(keys.open(NAME, CONTEXT, &first).unwrap(), b"value");
    assert_ne!(sealed(&keys, b"value").await[3], first[3]);
    assert_eq!(opened(&keys, &first).await.unwrap(), b"value");
    assert_eq!((service.created(), service.read()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_withdrawn_is_not_used_after_its_time() {
    let (service, keys) = Service { max_age: Some(Duration::from_secs(300)), ..Service::new() }.start();
    let stored = sealed(&keys, b"value").await;
    service.fails.store(true, Ordering::SeqCst);
    assert_eq!(opened(&keys, &stored).await.unwrap(), b"value");
    advance(Duration::from_secs(301)).await;
    assert!(opened(&keys, &stored).await.is_err());
    assert!(keys.prepare_writes([NAME].into_iter()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn data_keys_end_after_a_number_of_values() {
    let (service, keys) = Service { max_values: Some(3), ..Service::new() }.start();
    let mut ids = Vec::new();
    for _ in 0..7 {
        ids.push(sealed(&keys, b"value").await[3]);
    }
    assert_eq!(ids, [1, 1, 1, 2, 2, 2, 3]);
    // An operation that writes many values uses one data key for all, also when it is replaced in the meantime.
    let many = keys.prepare_writes([NAME; 10].into_iter()).await.unwrap();
    assert_eq!(sealed(&keys, b"value").await[3], 4);
    service.fails.store(true, Ordering::SeqCst);
    assert!(
        keys.prepare_writes([NAME; 2].into_iter()).await.is_ok()
            && keys.prepare_writes([NAME].into_iter()).await.is_err()
    );
    let many: Vec<u8> = (0..10).map(|_| many.seal(NAME, CONTEXT, b"value").unwrap()[3]).collect();
    assert_eq!(many, [3; 10]);
    assert_eq!((service.created(), service.read()), (5, 0), "the last of them failed");
}

#[tokio::test(start_paused = true)]
async fn a_page_of_many_data_keys_is_fetched_some_at_a_time() {
    let (service, keys) = Service::new().start();
    let values: Vec<_> = (1..=100).map(|id| of(&[id])).collect();
    let begin = Instant::now();
    prepare(&keys, &values).await;
    assert_eq!(service.read(), 100);
    assert_eq!(service.most_running.load(Ordering::SeqCst), 8);
    assert!(begin.elapsed() < Duration::from_millis(20 * 20), "{:?}", begin.elapsed());
    for value in values {
        assert_eq!(keys.open(NAME, CONTEXT, &value).unwrap(), b"value");
    }
}

fn number(id: u32) -> Vec<u8> {
    [b"x".as_slice(), &id.to_be_bytes()].concat()
}

#[tokio::test(start_paused = true)]
async fn kept_data_keys_are_bounded() {
    let (service, keys) = Service { takes: Duration::ZERO, ..Service::new() }.start();
    // What an operation needs is kept, however much it is.
    let page: Vec<_> = (0..3_000).map(|id| of(&number(id))).collect();
    prepare(&keys, &page).await;
    assert!(page.iter().all(|value| keys.open(NAME, CONTEXT, value).is_ok()));
    assert_eq!(service.read(), 3_000);

    // Afterwards the oldest ones go, but not one that is used.
    let used = &page[..1];
    for id in 10_000..10_400 {
        advance(Duration::from_secs(30)).await;
        prepare(&keys, used).await;
        prepare(&keys, &[of(&number(id))]).await;
    }
    let requests = service.read.lock().unwrap()[&number(0)];
    assert_eq!(requests, 1);
    let kept = page.iter().filter(|value| keys.open(NAME, CONTEXT, value).is_ok()).count();
    assert!(kept <= 1_000, "{kept}");
}

#[tokio::test(start_paused = true)]
async fn made_up_ids_do_not_fill_the_memory() {
    let (service, keys) = Service { takes: Duration::ZERO, ..Service::new() }.start();
    service.fails.store(true, Ordering::SeqCst);
    let page: Vec<_> = (0..12_000).map(|id| of(&number(id))).collect();
    prepare(&keys, &page).await;
    let kept = page.iter().filter(|value| {
        let error = keys.open(NAME, CONTEXT, value).unwrap_err().to_string();
        error.ends_with("the service is down")
    });
    assert!((9_000..=10_000).contains(&kept.count()));
}
