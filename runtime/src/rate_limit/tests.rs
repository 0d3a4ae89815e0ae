use super::RateLimit;
use crate::observe::Access;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// Sends requests that consume as many units each, one after the other.
async fn send(limit: &RateLimit, requests: u32, units: f64) {
    for _ in 0..requests {
        limit.acquire(Access::Read).await.consumed(units);
    }
}

#[tokio::test(start_paused = true)]
async fn requests_wait_until_the_units_are_paid() {
    let (limit, begin) = (RateLimit::total(10.0).unwrap(), Instant::now());
    send(&limit, 20, 5.0).await;
    let seconds = begin.elapsed().as_secs_f64();
    assert!((9.4..9.7).contains(&seconds), "95 units before the last request took {seconds} s");

    // A pause leaves the units of one second.
    sleep(Duration::from_secs(60)).await;
    let begin = Instant::now();
    send(&limit, 3, 5.0).await;
    assert!(begin.elapsed() < Duration::from_millis(10), "{:?}", begin.elapsed());
    send(&limit, 2, 5.0).await;
    let seconds = begin.elapsed().as_secs_f64();
    assert!((0.9..1.1).contains(&seconds), "10 of 20 units took {seconds} s");
}

#[tokio::test(start_paused = true)]
async fn requests_at_once_take_turns_and_what_is_usual() {
    let limit = RateLimit::reads(100.0).unwrap();
    send(&limit, 20, 10.0).await;
    let begin = Instant::now();
    let mut tasks = Vec::new();
    for task in 0..8 {
        let limit = limit.clone();
        tasks.push(tokio::spawn(async move {
            let mut ends = Vec::new();
            for _ in 0..5 {
                let permit = limit.acquire(Access::Read).await;
                // The response takes a while.
                sleep(Duration::from_millis(300)).await;
                permit.consumed(10.0);
                ends.push((begin.elapsed(), task));
            }
            ends
        }));
    }
    let mut ends = Vec::new();
    for task in tasks {
        ends.extend(task.await.unwrap());
    }
    ends.sort();
    let seconds = ends.last().unwrap().0.as_secs_f64();
    assert!((3.9..4.6).contains(&seconds), "400 units took {seconds} s");
    for turn in ends.chunks(8) {
        let mut tasks: Vec<i32> = turn.iter().map(|(_, task)| *task).collect();
        tasks.sort_unstable();
        assert_eq!(tasks, [0, 1, 2, 3, 4, 5, 6, 7], "each task has its turn: {ends:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_request_neither_blocks_nor_loses_the_turn() {
    let limit = RateLimit::total(10.0).unwrap();
    send(&limit, 1, 20.0).await;
    let waiting = tokio::time::timeout(Duration::from_millis(100), limit.acquire(Access::Write)).await;
    assert!(waiting.is_err(), "2 seconds are to be paid");
    let begin = Instant::now();
    drop(limit.acquire(Access::Write).await);
    let seconds = begin.elapsed().as_secs_f64();
    assert!((1.8..2.0).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_nobody_polls_holds_no_other_back() {
    let limit = RateLimit::total(10.0).unwrap();
    send(&limit, 1, 20.0).await;
    let mut ahead = Box::pin(limit.acquire(Access::Read));
    assert!(tokio::time::timeout(Duration::from_millis(10), ahead.as_mut()).await.is_err());
    // Others wait for its units, and not for it.
    let begin = Instant::now();
    for _ in 0..10 {
        limit.acquire(Access::Write).await.consumed(1.0);
    }
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    let begin = Instant::now();
    ahead.await.consumed(1.0);
    assert!(begin.elapsed() < Duration::from_millis(10), "it has waited already: {:?}", begin.elapsed());
}

#[tokio::test(start_paused = true)]
async fn throttling_slows_down_at_once_and_recovers_gently() {
    let limit = RateLimit::new(1000.0, 1000.0).unwrap();
    let rate = async || {
        let begin = Instant::now();
        send(&limit, 21, 10.0).await;
        200.0 / begin.elapsed().as_secs_f64()
    };
    send(&limit, 300, 10.0).await;
    assert!((900.0..1100.0).contains(&rate().await));

    let sent_at = Instant::now();
    sleep(Duration::from_millis(10)).await;
    limit.slow_down(Access::Read, sent_at);
    // Others of the same moment are no news.
    (0..50).for_each(|_| limit.slow_down(Access::Read, sent_at));
    let slow = rate().await;
    assert!((600.0..800.0).contains(&slow), "0.7 of what was granted: {slow}");
    sleep(Duration::from_secs(5)).await;
    send(&limit, 101, 10.0).await;
    let later = rate().await;
    assert!((800.0..1000.0).contains(&later), "more with time: {later}");
    sleep(Duration::from_secs(20)).await;
    send(&limit, 101, 10.0).await;
    let end = rate().await;
    assert!((950.0..1100.0).contains(&end), "and all at the end: {end}");

    // Throttled again and again, it goes on slowly.
    for _ in 0..100 {
        sleep(Duration::from_millis(10)).await;
        limit.slow_down(Access::Read, Instant::now());
    }
    let least = rate().await;
    assert!((0.9..50.0).contains(&least), "{least}");
    assert!(limit.limits(Access::Write));
}

#[tokio::test(start_paused = true)]
async fn a_rate_is_more_than_0_however_small() {
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(RateLimit::total(rate).is_err() && RateLimit::new(1.0, rate).is_err(), "{rate}");
    }
    let error = RateLimit::reads(-1.0).unwrap_err();
    assert_eq!(error.to_string(), "a rate limit is a finite number of units per second, more than 0, and not -1");
    for slow in [1e-19, f64::MIN_POSITIVE] {
        let limit = RateLimit::writes(slow).unwrap();
        limit.acquire(Access::Write).await.consumed(1.0);
        let waiting = limit.acquire(Access::Write);
        assert!(tokio::time::timeout(Duration::from_secs(1_000), waiting).await.is_err(), "{slow}");
        limit.acquire(Access::Read).await.consumed(1e9);
        limit.acquire(Access::Read).await.consumed(1e9);
    }
}

/// Tasks that wait for a limit, each for a request that consumes as many units, and whose response takes a while. They
/// note in which order they may send it.
fn tasks(limit: &RateLimit, count: usize, units: f64, response: Duration) -> (JoinSet<()>, Arc<Mutex<Vec<usize>>>) {
    let (mut tasks, sent) = (JoinSet::new(), Arc::<Mutex<Vec<usize>>>::default());
    for task in 0..count {
        let (limit, sent) = (limit.clone(), sent.clone());
        tasks.spawn(async move {
            let permit = limit.acquire(Access::Read).await;
            sent.lock().unwrap().push(task);
            sleep(response).await;
            permit.consumed(units);
        });
    }
    (tasks, sent)
}

#[tokio::test(start_paused = true)]
async fn thousands_of_requests_wait_in_their_order() {
    let (limit, begin, real) = (RateLimit::reads(1_000.0).unwrap(), Instant::now(), std::time::Instant::now());
    let (tasks, sent) = tasks(&limit, 10_000, 1.0, Duration::ZERO);
    tasks.join_all().await;
    let seconds = begin.elapsed().as_secs_f64();
    assert!((9.9..10.2).contains(&seconds), "10,000 units at 1,000 a second took {seconds} s");
    assert!(real.elapsed() < Duration::from_secs(60), "{:?}", real.elapsed());
    assert!(sent.lock().unwrap().is_sorted());
}

#[tokio::test(start_paused = true)]
async fn a_process_that_stood_still_sends_at_most_the_units_of_one_second_at_once() {
    let limit = RateLimit::reads(100.0).unwrap();
    let (tasks, sent) = tasks(&limit, 1_000, 1.0, Duration::ZERO);
    sleep(Duration::from_millis(5)).await;
    let before = sent.lock().unwrap().len();
    tokio::time::advance(Duration::from_secs(60)).await;
    sleep(Duration::from_millis(20)).await;
    let at_once = sent.lock().unwrap().len() - before;
    assert!((90..110).contains(&at_once), "{at_once} of 100 a second");
    let begin = Instant::now();
    tasks.join_all().await;
    let seconds = begin.elapsed().as_secs_f64();
    assert!((8.8..9.1).contains(&seconds), "the other 900 took {seconds} s");
}

#[tokio::test(start_paused = true)]
async fn requests_that_wait_need_what_is_usual_by_now() {
    for (before, now) in [(500.0, 0.5), (0.5, 500.0)] {
        let limit = RateLimit::reads(1_000.0).unwrap();
        send(&limit, 10, before).await;
        let begin = Instant::now();
        tasks(&limit, 400, now, Duration::from_millis(100)).0.join_all().await;
        let (seconds, paid) = (begin.elapsed().as_secs_f64(), 400.0 * now / 1_000.0);
        assert!((paid - 2.0..paid + 3.0).contains(&seconds), "{now} after {before} took {seconds} s, and not {paid}");
    }
}

#[tokio::test(start_paused = true)]
async fn requests_that_are_dropped_at_any_time_neither_take_nor_leave_units() {
    for _ in 0..20 {
        let limit = RateLimit::total(100.0).unwrap();
        let mut running = JoinSet::new();
        for _ in 0..200 {
            let (limit, access) = (limit.clone(), if fastrand::bool() { Access::Read } else { Access::Write });
            let (end, of) = (Duration::from_millis(fastrand::u64(0..3_000)), fastrand::f64() * 4.0);
            running.spawn(tokio::time::timeout(end, async move {
                for _ in 0..10_000 {
                    let permit = limit.acquire(access).await;
                    sleep(Duration::from_millis(fastrand::u64(0..50))).await;
                    match fastrand::u8(0..4) {
                        0 => permit.not_consumed(),
                        1 => drop(permit),
                        2 => permit.consumed(f64::NAN),
                        _ => permit.consumed(of),
                    }
                }
            }));
        }
        running.join_all().await;
        sleep(Duration::from_secs(30)).await;
        // The units of one second are there, and no more.
        let begin = Instant::now();
        send(&limit, 101, 1.0).await;
        assert!(begin.elapsed() < Duration::from_millis(20), "{:?}", begin.elapsed());
        send(&limit, 100, 1.0).await;
        let seconds = begin.elapsed().as_secs_f64();
        assert!((0.95..1.05).contains(&seconds), "{seconds}");
    }
}

#[test]
fn a_limit_outlives_the_runtimes_that_use_it() {
    let limit = RateLimit::total(10.0).unwrap();
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    for _ in 0..3 {
        let runtime = runtime();
        runtime.block_on(async {
            // The paused clock of each runtime begins now, and ends far in the future.
            let begin = Instant::now();
            send(&limit, 20, 5.0).await;
            let seconds = begin.elapsed().as_secs_f64();
            assert!((8.0..10.2).contains(&seconds), "{seconds}");
            sleep(Duration::from_secs(100_000)).await;
            limit.acquire(Access::Write).await.consumed(10.0);
            drop(limit.acquire(Access::Write).await);
            limit.slow_down(Access::Read, Instant::now());
            sleep(Duration::from_secs(60)).await;
            drop(limit.acquire(Access::Write).await);
        });
        // Requests that wait are dropped with their runtime.
        for _ in 0..100 {
            let limit = limit.clone();
            runtime.spawn(async move { drop(limit.acquire(Access::Read).await) });
        }
        runtime.block_on(async { sleep(Duration::from_millis(1)).await });
    }
}
