//! Pollers of a stream: where they begin, go on and stop.

mod crashes;
mod service;

use crate::engine::{Engine, db};
use crate::streams;
use dyntastic::prelude::*;
use dyntastic::streams::{Change, Failure, Handler, Poller, handler, poll};
use dyntastic_tests::streams::{Both, Member};
use service::{Service, change};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{sleep, timeout};

type Seen = Arc<Mutex<Vec<(String, u32)>>>;

/// A handler that notes each change, and sometimes fails before or after that.
fn noting(seen: &Seen, failing: u32) -> Handler {
    let seen = seen.clone();
    handler().on::<Both>(move |of, _| {
        let seen = seen.clone();
        async move {
            sleep(Duration::from_millis(fastrand::u64(..20))).await;
            if fastrand::u32(..100) < failing {
                return Err("not now");
            }
            let Change::Inserted(of) = of else { unreachable!() };
            seen.lock().unwrap().push(change(&of));
            sleep(Duration::from_millis(fastrand::u64(..20))).await;
            if fastrand::u32(..100) < failing { Err("not now") } else { Ok(()) }
        }
    })
}

/// Runs a poller until a condition holds.
async fn run_until(service: &Service, handler: Handler, consumer: &str, holds: impl Fn() -> bool) {
    run_poller_until(service, handler, |poller| poller, consumer, holds).await;
}

/// The same with settings.
async fn run_poller_until(
    service: &Service,
    handler: Handler,
    with: impl Fn(Poller) -> Poller,
    consumer: &str,
    holds: impl Fn() -> bool,
) {
    let (db, streams) = (service.db(), service.streams());
    let stop = async {
        while !holds() {
            sleep(Duration::from_millis(100)).await;
        }
    };
    let poller = poll::<Both>(&db, &streams, consumer).progress_table("progress");
    let run = with(poller).run_until(&handler, stop);
    timeout(Duration::from_secs(3_600), run).await.expect("it ends").unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_consumer_goes_on_where_it_ended_and_another_one_begins_at_the_oldest_record() {
    let service = Service::new(1, 0);
    let seen = Seen::default();
    let count = |seen: &Seen, count| {
        let seen = seen.clone();
        move || seen.lock().unwrap().len() == count
    };
    service.write("a", 1);
    run_until(&service, noting(&seen, 0), "one", count(&seen, 1)).await;
    service.write("a", 2);
    service.split();
    service.write("a", 3);
    run_until(&service, noting(&seen, 0), "one", count(&seen, 3)).await;
    assert_eq!(*seen.lock().unwrap(), [1, 2, 3].map(|count| ("a".to_owned(), count)));
    let others = Seen::default();
    run_until(&service, noting(&others, 0), "other", count(&others, 3)).await;
    assert_eq!(*others.lock().unwrap(), *seen.lock().unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_record_that_fails_stops_its_shard_until_it_is_buried() {
    let service = Service::new(2, 0);
    for count in 1..=3 {
        service.write("a", count);
    }
    service.write_damaged("b");
    service.write("a", 4);
    let (seen, buried, tried) = (Seen::default(), Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(0)));
    let (noted, letters, tries) = (seen.clone(), buried.clone(), tried.clone());
    let handler = handler()
        .on::<Both>(move |of, info| {
            let Change::Inserted(of) = of else { unreachable!() };
            assert!(info.event_id.is_some() && info.sequence_number.is_some() && info.written_at.is_some());
            let result = match of.count {
                2 => {
                    *tries.lock().unwrap() += 1;
                    Err(Failure::from("it cannot be"))
                }
                3 => Err(Failure::poison("it can never be")),
                _ => {
                    noted.lock().unwrap().push(change(&of));
                    Ok(())
                }
            };
            async { result }
        })
        .dead_letter(move |letter| {
            letters.lock().unwrap().push(letter.failure.to_string());
            async { Ok::<_, Failure>(()) }
        });
    let with = |poller: Poller| poller.max_failures(3);
    run_poller_until(&service, handler, with, "one", || seen.lock().unwrap().len() == 2).await;
    assert_eq!(*seen.lock().unwrap(), [1, 4].map(|count| ("a".to_owned(), count)));
    assert_eq!(*tried.lock().unwrap(), 3);
    let buried = buried.lock().unwrap();
    assert_eq!(buried[..2], ["it cannot be", "it can never be"]);
    assert!(buried[2].contains("count"), "{buried:?}");
    assert_eq!(buried.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn trimmed_records_and_forgotten_shards_do_not_stop_a_consumer() {
    let service = Service::new(3, 0);
    let seen = Seen::default();
    let counts = |seen: &Seen| seen.lock().unwrap().iter().map(|(_, count)| *count).collect::<Vec<_>>();
    service.write("a", 1);
    run_until(&service, noting(&seen, 0), "one", || counts(&seen) == [1]).await;
    for count in 2..=4 {
        service.write("a", count);
    }
    service.trim(2);
    run_until(&service, noting(&seen, 0), "one", || counts(&seen) == [1, 3, 4]).await;
    service.split();
    service.write("a", 5);
    service.forget_closed();
    run_until(&service, noting(&seen, 0), "one", || counts(&seen) == [1, 3, 4, 5]).await;
}

#[tokio::test(start_paused = true)]
async fn the_progress_of_shards_that_are_gone_is_deleted() {
    let service = Service::new(4, 0);
    let seen = Seen::default();
    service.write("a", 1);
    service.split();
    let before = service.shards();
    let is_cleaned = {
        let service = service.clone();
        move || {
            if service.finished().contains(&true) {
                service.forget_closed();
            }
            let finished = service.finished();
            service.shards() < before && finished.len() == service.shards() && !finished.contains(&true)
        }
    };
    run_until(&service, noting(&seen, 0), "one", is_cleaned).await;
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_new_consumer_may_leave_out_what_was_written_before_it() {
    let service = Service::new(6, 0);
    let seen = Seen::default();
    service.write("a", 1);
    service.0.lock().unwrap().time = 4_000_000_000;
    service.write("a", 2);
    let run = async |counts: &[u32]| {
        // It also has a function for another table, so that it needs the names of the poller's client.
        let handler = noting(&seen, 0).on::<Member>(|_, _| async { Ok::<_, Failure>(()) });
        let stop = async {
            while seen.lock().unwrap().iter().map(|(_, count)| *count).collect::<Vec<_>>() != counts {
                sleep(Duration::from_millis(100)).await;
            }
        };
        let (db, streams) = (service.db(), service.streams());
        let poller = poll::<Both>(&db, &streams, "new").progress_table("progress").from_now();
        timeout(Duration::from_secs(3_600), poller.run_until(&handler, stop)).await.expect("it ends").unwrap();
    };
    run(&[2]).await;
    // What is written while no process runs is not from before the consumer.
    service.write("a", 3);
    run(&[2, 3]).await;
}

#[tokio::test(start_paused = true)]
async fn a_wrong_poller_says_what_to_change() {
    let service = Service::new(5, 0);
    let (db, streams) = (service.db(), service.streams());
    let poller = || poll::<Both>(&db, &streams, "one");
    let handler = handler();
    let refused = async |poller: Poller| poller.run(&handler).await.unwrap_err().to_string();
    assert_eq!(refused(poller()).await, "Poll: the progress needs a table: name it with `.progress_table(\"…\")`");
    assert_eq!(
        refused(poller().progress_table("both")).await,
        "Poll: both is the table of the stream: keep the progress in another one"
    );
    assert_eq!(refused(poller().progress_table("p").batch(0)).await, "Poll: a batch has 1 to 1000 records");
    assert_eq!(
        refused(poller().progress_table("p").max_failures(3)).await,
        "Poll: `max_failures` needs a handler with a function for dead letters"
    );
    assert_eq!(
        refused(poller().progress_table("p").lease(Duration::ZERO)).await,
        "Poll: a lease has at least 1 second, and no time is longer than a day"
    );
    service.0.lock().unwrap().progress.insert(
        "\"DYNTASTIC#STREAM#one\" \"DYNTASTIC#STREAM#HEAD\"".to_owned(),
        dyntastic::serde_json::json!({ "dyntastic_stream": { "M": { "table": { "S": "others" } } } }),
    );
    assert_eq!(
        refused(poller().progress_table("p")).await,
        "Poll: the consumer one is of the table others: give it another name"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_replaced_is_read_to_its_end_and_then_the_next_one() {
    let counts = |seen: &Seen| seen.lock().unwrap().iter().map(|(_, count)| *count).collect::<Vec<_>>();
    let service = Service::new(7, 0);
    let seen = Seen::default();
    service.write("a", 1);
    let replaced = std::cell::Cell::new(false);
    run_until(&service, noting(&seen, 0), "one", || {
        if counts(&seen) == [1] && !replaced.replace(true) {
            service.enable_again();
            service.write("a", 2);
        }
        counts(&seen) == [1, 2]
    })
    .await;
    service.write("a", 3);
    service.enable_again();
    service.enable_again();
    service.write("a", 4);
    run_until(&service, noting(&seen, 0), "one", || counts(&seen).len() == 4).await;
    assert_eq!(counts(&seen), [1, 2, 3, 4]);
}

#[tokio::test(start_paused = true)]
async fn a_poller_stops_though_the_stream_cannot_be_described_and_goes_on_after_long_throttling() {
    let service = Service::new(8, 0);
    let (db, streams, seen) = (service.db(), service.streams(), Seen::default());
    let poller = || poll::<Both>(&db, &streams, "one").progress_table("progress");
    service.0.lock().unwrap().throttled = Some("DescribeStream");
    let handler = noting(&seen, 0);
    let run = poller().run_until(&handler, sleep(Duration::from_secs(5)));
    timeout(Duration::from_secs(10), run).await.expect("it stops").unwrap();
    service.0.lock().unwrap().throttled = None;
    (0..6).for_each(|_| service.split());
    let changes = async {
        sleep(Duration::from_secs(60)).await;
        service.0.lock().unwrap().throttled = Some("PutItem");
        (1..9).for_each(|number| service.write(&format!("a{number}"), 1));
        sleep(Duration::from_secs(120)).await;
        service.0.lock().unwrap().throttled = None;
        sleep(Duration::from_secs(120)).await;
    };
    poller().run_until(&handler, changes).await.unwrap();
    let seen: std::collections::BTreeSet<_> = seen.lock().unwrap().iter().cloned().collect();
    assert_eq!(seen.len(), 8);
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_was_suspended_handles_no_record_after_its_lease() {
    let service = Service::new(9, 0);
    (1..=10).for_each(|count| service.write("a", count));
    let log: Arc<Mutex<Vec<(&str, u32)>>> = Arc::default();
    let make = |name: &'static str| {
        let log = log.clone();
        handler().on::<Both>(move |of, _| {
            let (log, Change::Inserted(of)) = (log.clone(), of) else { unreachable!() };
            async move {
                if (name, of.count) == ("slow", 1) {
                    sleep(Duration::from_secs(5)).await;
                }
                log.lock().unwrap().push((name, of.count));
                Ok::<_, Failure>(())
            }
        })
    };
    let (db, streams, slow, fast) = (service.db(), service.streams(), make("slow"), make("fast"));
    let poller = || poll::<Both>(&db, &streams, "one").progress_table("progress");
    let suspended = async {
        let mut run = Box::pin(poller().run_until(&slow, sleep(Duration::from_secs(400))));
        drop(timeout(Duration::from_secs(3), run.as_mut()).await);
        sleep(Duration::from_secs(200)).await;
        run.await
    };
    let other = async {
        sleep(Duration::from_secs(1)).await;
        poller().run_until(&fast, sleep(Duration::from_secs(300))).await
    };
    let (one, other) = tokio::join!(suspended, other);
    one.unwrap();
    other.unwrap();
    let log = log.lock().unwrap();
    let of = |name| log.iter().filter(|(of, _)| *of == name).map(|(_, count)| *count).collect::<Vec<_>>();
    assert_eq!(of("fast"), (1..=10).collect::<Vec<_>>());
    // The call that it was in ends, and no other begins.
    assert!(of("slow").len() <= 1, "{log:?}");
}

#[tokio::test]
async fn the_stream_of_an_engine_is_read_from_the_beginning_and_on() {
    if !Engine::current().has_streams() {
        return;
    }
    let (db, streams) = (db().await, streams::client().await);
    Both::create_table(&db).await.unwrap();
    let seen = Seen::default();
    for counts in [1..3, 3..5] {
        for count in counts.clone() {
            Both::builder().id(format!("a{count}")).count(count).build().unwrap().save(&db).await.unwrap();
        }
        let handler = noting(&seen, 0);
        let stop = async {
            while seen.lock().unwrap().len() + 1 < counts.end as usize {
                sleep(Duration::from_millis(10)).await;
            }
        };
        let poller = poll::<Both>(&db, &streams, "one").progress_table("progress").idle(Duration::from_millis(10));
        let run = poller.discovery(Duration::from_millis(50)).run_until(&handler, stop);
        timeout(Duration::from_secs(60), run).await.expect("it ends").unwrap();
    }
    let mut seen = seen.lock().unwrap().clone();
    seen.sort();
    assert_eq!(seen, (1..5).map(|count| (format!("a{count}"), count)).collect::<Vec<_>>());
}
