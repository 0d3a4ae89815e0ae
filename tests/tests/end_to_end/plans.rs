//! What writes read, ask for and send, in front of canned answers: each request is one that the write needs. They are the same
//! for every engine.

use crate::canned::{Requests, answering, error};
use crate::engine::Engine;
use dyntastic::Error;
use dyntastic::prelude::*;
use dyntastic::serde_json::{Value, json};
use dyntastic_tests::bounds::{Part, Tally};
use dyntastic_tests::queries::Entry;
use dyntastic_tests::shop::Order;
use dyntastic_tests::unique::{Person, Session};
use std::collections::BTreeSet;
use std::time::Duration;

fn is_once() -> bool {
    Engine::current() == Engine::Embedded
}

fn canceled(reasons: Value) -> (u16, Value) {
    let (status, mut body) = error("TransactionCanceledException");
    body["CancellationReasons"] = reasons;
    (status, body)
}

/// The bodies of an operation's requests.
fn sent(requests: &Requests, operation: &str) -> Vec<Value> {
    let requests = requests.lock().unwrap();
    requests.iter().filter(|(of, _)| of == operation).map(|(_, body)| body.clone()).collect()
}

fn entry() -> Entry {
    Entry::builder().book("b").number(1_u32).text("x").build().unwrap()
}

fn ada(email: &str) -> Person {
    Person::builder().id("ada").email(email.to_owned()).build().unwrap()
}

fn stored_person(email: &str) -> Value {
    json!({ "pk": { "S": "PERSON#ada" }, "sk": { "S": "PERSON" }, "kind": { "S": "Person" },
        "id": { "S": "ada" }, "email": { "S": email }, "visits": { "N": "0" } })
}

#[tokio::test]
async fn fault_four_megabytes_are_sent_and_not_a_byte_more() {
    if !is_once() {
        return;
    }
    let (db, requests) = answering(|_, _, _| (200, json!({})));
    let last_text_of = async |length: usize| {
        let mut transaction = db.transaction();
        for number in 1..=11_u32 {
            let length = if number == 11 { length } else { 390_000 };
            transaction = transaction.put(&Entry { number, text: "x".repeat(length), ..entry() });
        }
        transaction.await
    };
    let most = 4 * 1024 * 1024;
    let error = last_text_of(390_000).await.unwrap_err().to_string();
    let bytes: usize = error.split(' ').rev().nth(1).unwrap().parse().unwrap();
    let fitting = 390_000 - (bytes - most);
    last_text_of(fitting).await.unwrap();
    assert_eq!(sent(&requests, "TransactWriteItems").len(), 1);
    let error = last_text_of(fitting + 1).await.unwrap_err().to_string();
    assert!(error.ends_with("a transaction has at most 4 MB, this one has 4194305 bytes"), "{error}");
}

/// The waits between eight attempts: each a random part of a bound that doubles from 50 milliseconds.
#[tokio::test(start_paused = true)]
async fn fault_attempts_wait_longer_each_time_up_to_a_bound() {
    if !is_once() {
        return;
    }
    let (db, _) = answering(|_, _, _| canceled(json!([{ "Code": "TransactionConflict" }])));
    let mut longest = Duration::ZERO;
    for _ in 0..40 {
        let start = tokio::time::Instant::now();
        db.transaction().put(&entry()).await.unwrap_err();
        longest = longest.max(start.elapsed());
    }
    let bound = Duration::from_millis((0..7).map(|attempt| 50 << attempt).sum::<u64>() + 50);
    assert!(longest > bound / 4 && longest < bound, "{longest:?} of {bound:?}");
}

#[tokio::test(start_paused = true)]
async fn fault_a_reason_that_stays_ends_a_transaction_at_once() {
    if !is_once() {
        return;
    }
    let (db, requests) = answering(|_, _, _| canceled(json!([{ "Code": "ValidationError", "Message": "no" }])));
    let error = db.transaction().put(&entry()).await.unwrap_err();
    assert!(!error.is_retryable(), "{error:?}");
    assert_eq!(sent(&requests, "TransactWriteItems").len(), 1);
}

/// A missing table has no items; another refusal does not say whether there are any.
#[tokio::test(start_paused = true)]
async fn fault_what_cannot_be_read_is_not_planned() {
    if !is_once() {
        return;
    }
    let (db, requests) = answering(|operation, _, _| match operation {
        "GetItem" => error("AccessDeniedException"),
        _ => (200, json!({})),
    });
    let error = ada("a@x").save(&db).await.unwrap_err();
    assert_eq!(error.code(), Some("AccessDeniedException"));
    assert!(sent(&requests, "TransactWriteItems").is_empty());
}

#[tokio::test(start_paused = true)]
async fn fault_the_items_that_guards_depend_on_are_read_and_no_others() {
    if !is_once() {
        return;
    }
    let (db, requests) = answering(|_, _, _| (200, json!({})));
    db.transaction().put(&entry()).put(&ada("a@x")).await.unwrap();
    let read = sent(&requests, "GetItem");
    assert_eq!(read.iter().map(|body| &body["Key"]["pk"]["S"]).collect::<Vec<_>>(), ["PERSON#ada"]);
}

/// A guard that is given up is deleted where the item owns it, and left where another item has taken the value.
#[tokio::test(start_paused = true)]
async fn fault_a_new_plan_deletes_a_guard_by_its_owner() {
    if !is_once() {
        return;
    }
    for (owner, write) in [("PERSON#ada", "Delete"), ("PERSON#bob", "ConditionCheck")] {
        let (db, requests) = answering(move |operation, body, before| match (operation, before) {
            ("GetItem", _) if body["Key"]["pk"]["S"].as_str().is_some_and(|key| key.starts_with("UNIQUE")) => {
                let (key, owner) = (&body["Key"]["pk"], json!({ "S": owner }));
                (
                    200,
                    json!({ "Item": { "pk": key, "sk": { "S": "UNIQUE" }, "kind": { "S": "UNIQUE" },
                    "unique_owner": owner, "unique_owner_range": { "S": "PERSON" } } }),
                )
            }
            ("GetItem", 0) => (200, json!({ "Item": stored_person("a@x") })),
            ("GetItem", _) => (200, json!({ "Item": stored_person("b@x") })),
            ("TransactWriteItems", 0) => {
                canceled(json!([{ "Code": "ConditionalCheckFailed", "Item": stored_person("b@x") }]))
            }
            _ => (200, json!({})),
        });
        ada("c@x").save(&db).await.unwrap();
        let last = sent(&requests, "TransactWriteItems").pop().unwrap();
        let guard = last["TransactItems"].as_array().unwrap().last().unwrap();
        assert_eq!(guard[write]["Key"]["pk"]["S"], "UNIQUE#Person#email#b@x", "{last}");
    }
}

/// Another transaction is at the guard: the plan is still right, and is sent again as it is.
#[tokio::test(start_paused = true)]
async fn fault_a_conflict_on_a_guard_that_is_given_up_is_waited_for() {
    if !is_once() {
        return;
    }
    let (db, requests) = answering(|operation, _, _| match operation {
        "GetItem" => (200, json!({ "Item": stored_person("a@x") })),
        _ => canceled(json!([{ "Code": "None" }, { "Code": "None" }, { "Code": "TransactionConflict" }])),
    });
    let error = ada("b@x").save(&db).await.unwrap_err();
    assert!(error.is_retryable() && error.is_conflict(), "{error:?}");
    assert_eq!((sent(&requests, "GetItem").len(), sent(&requests, "TransactWriteItems").len()), (1, 8));
}

/// A guard is claimed with the time to live that its owner had when it was read.
#[tokio::test(start_paused = true)]
async fn fault_a_time_to_live_that_a_claim_repeats_is_part_of_the_plan() {
    if !is_once() {
        return;
    }
    let session = |ends: &str| {
        json!({ "pk": { "S": "SESSION#a" }, "sk": { "S": "SESSION" }, "kind": { "S": "Session" },
        "id": { "S": "a" }, "token": { "S": "t" }, "ends": { "N": ends } })
    };
    let (db, requests) = answering(move |operation, _, before| match (operation, before) {
        ("GetItem", 0) => (200, json!({ "Item": session("4000000000") })),
        ("GetItem", 1) => (200, json!({ "Item": session("5000000000") })),
        ("TransactWriteItems", 0) => {
            canceled(json!([{ "Code": "ConditionalCheckFailed", "Item": session("5000000000") }]))
        }
        _ => (200, json!({})),
    });
    Session::update_by_key(&db, "a", Session::A.token.set("u")).return_nothing().await.unwrap();
    let sent = sent(&requests, "TransactWriteItems");
    let ends = |body: &Value| {
        let items = body["TransactItems"].as_array().unwrap();
        items.iter().find_map(|item| item["Put"]["Item"]["ends"]["N"].as_str().map(str::to_owned)).unwrap()
    };
    assert_eq!(sent.iter().map(ends).collect::<Vec<_>>(), ["4000000000", "5000000000"]);
    assert!(sent[0]["TransactItems"][0]["Update"]["ExpressionAttributeNames"].to_string().contains("\"ends\""));
}

/// An upsert that finds no item is bound by the one that another writer makes meanwhile.
#[tokio::test(start_paused = true)]
async fn fault_bounds_are_planned_of_no_item_too() {
    if !is_once() {
        return;
    }
    let made = || json!({ "id": { "S": "t" }, "labels": { "SS": ["u", "v", "w", "x"] } });
    let (db, requests) = answering(move |operation, _, before| match (operation, before) {
        ("GetItem", 1) => (200, json!({ "Item": made() })),
        ("TransactWriteItems", 0) => canceled(json!([{ "Code": "ConditionalCheckFailed", "Item": made() }])),
        _ => (200, json!({})),
    });
    let a = Tally::A;
    let part = Part::builder().marks(["m".to_owned()].into_iter().collect::<BTreeSet<_>>()).build().unwrap();
    let update = vec![
        a.labels.add(["a", "b", "c", "d", "e", "f"]),
        a.name.set("n"),
        a.nickname.set("n"),
        a.part.set(part),
        a.pairs.set([("p".to_owned(), 1)]),
        a.counts.append([1]),
    ];
    db.transaction().upsert::<Tally>("t", update).await.unwrap_err();
    assert_eq!((sent(&requests, "TransactWriteItems").len(), sent(&requests, "GetItem").len()), (1, 2));
}

/// The item that a failed condition returns costs its bytes: it is asked for where it tells why, and nowhere else.
#[tokio::test(start_paused = true)]
async fn fault_an_item_is_asked_for_where_it_tells_why_a_condition_failed() {
    if !is_once() {
        return;
    }
    let (db, requests) = answering(|_, _, _| (200, json!({})));
    entry().save(&db).condition(Entry::A.length.eq(0)).await.unwrap();
    entry().insert(&db).condition(Entry::A.length.eq(0)).await.unwrap();
    let asked: Vec<bool> = sent(&requests, "PutItem")
        .iter()
        .map(|body| body["ReturnValuesOnConditionCheckFailure"] == "ALL_OLD")
        .collect();
    assert_eq!(asked, [false, true]);
}

/// The stored fields are those that the keys are made of, so that it is the app's own condition that failed.
#[tokio::test(start_paused = true)]
async fn fault_a_condition_that_fails_for_no_field_of_a_key_is_sent_once() {
    if !is_once() {
        return;
    }
    let stored = std::sync::Mutex::new(json!({}));
    let (db, requests) = answering(move |operation, body, _| {
        let mut stored = stored.lock().unwrap();
        if operation == "PutItem" {
            *stored = body["Item"].clone();
            return (200, json!({}));
        }
        let (status, mut answer) = error("ConditionalCheckFailedException");
        answer["Item"] = stored.clone();
        (status, answer)
    });
    let at = dyntastic::chrono::DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    let mut order = Order::builder().customer_id("c").placed_at(at).order_id("o").build().unwrap();
    order.save(&db).await.unwrap();
    let update = order.update(&db, Order::A.priority.set(7)).condition(Order::A.note.eq("x"));
    let failed = update.await.unwrap_err();
    assert!(matches!(failed, Error::ConditionFailed(_)), "{failed:?}");
    assert_eq!(sent(&requests, "UpdateItem").len(), 1);
}
