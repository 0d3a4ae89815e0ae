//! A missing table that a write creates gets its time to live, also where the creation is broken off, fails or is another
//! client's; in front of canned answers, which are the same for every engine.

use crate::canned::{Requests, answering, error};
use crate::engine::Engine;
use dyntastic::Client;
use dyntastic::prelude::*;
use dyntastic::serde_json::{Value, json};
use dyntastic_tests::unique::Session;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

fn is_once() -> bool {
    Engine::current() == Engine::Embedded
}

/// How the answers to one client differ from those of a table that is created at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The first write is dropped while the table is created.
    Dropped,
    /// The time to live is refused at first.
    Refused,
    /// The time to live is refused each time.
    Denied,
    /// It is not known whether the table was made.
    Lost,
    /// It is not known whether the table is active.
    Unseen,
    /// Another client creates the table, and asks for no time to live.
    Others,
    /// Another client creates the table, and asks for it.
    OthersWithTimeToLive,
}

fn db(fault: Fault) -> (Client, Requests) {
    // DescribeTable says that the table is being created so often.
    let creating = AtomicU32::new(if fault == Fault::Dropped { 100 } else { 1 });
    let status = move || match creating.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)) {
        Ok(_) => (200, json!({ "Table": { "TableStatus": "CREATING" } })),
        Err(_) => (200, json!({ "Table": { "TableStatus": "ACTIVE" } })),
    };
    let is_made_by_others = matches!(fault, Fault::Others | Fault::OthersWithTimeToLive);
    answering(move |operation, _, before| match (operation, before) {
        ("TransactWriteItems", 0) => error("ResourceNotFoundException"),
        ("DescribeTable", 0) => error("ResourceNotFoundException"),
        ("DescribeTable", 1..4) if fault == Fault::Unseen => error("ThrottlingException"),
        ("DescribeTable", _) => status(),
        ("CreateTable", 0..3) if fault == Fault::Lost => error("InternalServerError"),
        ("CreateTable", 0) if is_made_by_others => error("ResourceInUseException"),
        ("UpdateTimeToLive", 0..3) if fault == Fault::Refused => error("ThrottlingException"),
        ("UpdateTimeToLive", _) if fault == Fault::Denied => error("AccessDeniedException"),
        ("UpdateTimeToLive", _) if fault == Fault::OthersWithTimeToLive => error("ValidationException"),
        ("DescribeTimeToLive", _) => {
            let described = json!({ "TimeToLiveStatus": "ENABLING", "AttributeName": "ends" });
            (200, json!({ "TimeToLiveDescription": described }))
        }
        _ => (200, json!({})),
    })
}

fn count(requests: &Requests, operation: &str) -> usize {
    requests.lock().unwrap().iter().filter(|(sent, _): &&(String, Value)| sent == operation).count()
}

#[tokio::test(start_paused = true)]
async fn fault_a_table_that_writes_create_expires_its_items_whatever_happens() {
    if !is_once() {
        return;
    }
    for fault in [
        Fault::Dropped,
        Fault::Refused,
        Fault::Denied,
        Fault::Lost,
        Fault::Unseen,
        Fault::Others,
        Fault::OthersWithTimeToLive,
    ] {
        let (db, requests) = db(fault);
        let session = Session::builder().id("a").token("t".to_owned()).build().unwrap();
        let first = tokio::time::timeout(Duration::from_secs(5), session.save(&db).into_future()).await;
        assert_eq!(first.is_err(), fault == Fault::Dropped, "{fault:?}: {first:?}");
        let fails = matches!(fault, Fault::Refused | Fault::Denied | Fault::Lost | Fault::Unseen);
        assert_eq!(first.is_ok_and(|saved| saved.is_err()), fails, "{fault:?}");
        for _ in 0..3 {
            session.save(&db).await.unwrap();
        }
        let (tables, times) = match fault {
            Fault::Lost => (3, 1),
            // What is refused for good is asked for once more.
            Fault::Denied => (1, 2),
            Fault::Refused => (1, 4),
            _ => (1, 1),
        };
        assert_eq!(count(&requests, "CreateTable"), tables, "{fault:?}");
        assert_eq!(count(&requests, "UpdateTimeToLive"), times, "{fault:?}");
    }
}
