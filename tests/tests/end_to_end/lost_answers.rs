//! Writes whose answers were lost, errors or refusals, in front of canned answers: what is sent again, under which token,
//! and what is said of it. They are the same for every engine.

use crate::canned::{Requests, answering, error};
use crate::engine::Engine;
use dyntastic::Error;
use dyntastic::prelude::*;
use dyntastic::serde_json::{Value, json};
use dyntastic_tests::queries::Entry;
use dyntastic_tests::roles::Page;
use dyntastic_tests::unique::{Person, Session};
use std::collections::HashSet;

fn canceled(reasons: Value) -> (u16, Value) {
    let (status, mut body) = error("TransactionCanceledException");
    body["CancellationReasons"] = reasons;
    (status, body)
}

fn tokens(requests: &Requests) -> Vec<String> {
    let requests = requests.lock().unwrap();
    let sent = requests.iter().filter(|(operation, _)| operation == "TransactWriteItems");
    sent.map(|(_, body)| body["ClientRequestToken"].as_str().unwrap().to_owned()).collect()
}

fn is_once() -> bool {
    Engine::current() == Engine::Embedded
}

#[tokio::test(start_paused = true)]
async fn fault_one_body_has_one_token_however_often_it_is_sent() {
    if !is_once() {
        return;
    }
    let answers = ["InternalServerError", "TransactionInProgressException", "TransactionInProgressException"];
    let (db, requests) = answering(move |_, _, before| match answers.get(before) {
        Some(code) => error(code),
        None if before == 3 => canceled(json!([{ "Code": "TransactionConflict" }])),
        None => (200, json!({})),
    });
    db.transaction().update::<Entry>(("b", 1), Entry::A.length.add(1)).await.unwrap();
    let tokens = tokens(&requests);
    assert_eq!(tokens.len(), 5);
    assert_eq!(tokens.iter().collect::<HashSet<_>>().len(), 1, "{tokens:?}");
}

#[tokio::test(start_paused = true)]
async fn fault_a_new_plan_has_a_new_token_and_starts_from_what_it_reads() {
    if !is_once() {
        return;
    }
    let person = |email: &str| {
        json!({ "pk": { "S": "PERSON#ada" }, "sk": { "S": "PERSON" }, "kind": { "S": "Person" },
        "id": { "S": "ada" }, "email": { "S": email }, "visits": { "N": "0" } })
    };
    // Another writer changes the email between the first read and the first transaction.
    let (db, requests) = answering(move |operation, _, before| match (operation, before) {
        ("GetItem", 0) => (200, json!({ "Item": person("a@x") })),
        ("GetItem", 1) => (200, json!({ "Item": person("b@x") })),
        ("TransactWriteItems", 0) => canceled(json!([
            { "Code": "ConditionalCheckFailed", "Item": person("b@x") },
            { "Code": "None" },
            { "Code": "ConditionalCheckFailed" },
        ])),
        _ => (200, json!({})),
    });
    let update = Person::update_by_key(&db, "ada", Person::A.email.set("c@x")).return_nothing();
    update.await.unwrap();
    let tokens = tokens(&requests);
    assert_eq!(tokens.iter().collect::<HashSet<_>>().len(), 2, "{tokens:?}");
    let requests = requests.lock().unwrap();
    let (_, last) = requests.iter().rfind(|(operation, _)| operation == "TransactWriteItems").unwrap();
    let text = last.to_string();
    assert!(text.contains("UNIQUE#Person#email#b@x") && !text.contains("a@x"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn fault_a_time_to_live_that_stays_is_asked_for_too() {
    if !is_once() {
        return;
    }
    let session = |ends: &str| {
        json!({ "pk": { "S": "SESSION#a" }, "sk": { "S": "SESSION" }, "kind": { "S": "Session" },
        "id": { "S": "a" }, "token": { "S": "t" }, "ends": { "N": ends } })
    };
    // Another writer ends the session, and its guard with it, between the read and the transaction.
    let (db, requests) = answering(move |operation, _, before| match (operation, before) {
        ("GetItem", 0) => (200, json!({ "Item": session("4000000000") })),
        ("GetItem", 1) => (200, json!({ "Item": session("1") })),
        ("TransactWriteItems", 0) => canceled(json!([{ "Code": "ConditionalCheckFailed", "Item": session("1") }])),
        _ => (200, json!({})),
    });
    let ends = dyntastic::chrono::DateTime::from_timestamp(4_000_000_000, 0).unwrap();
    Session::update_by_key(&db, "a", Session::A.ends.set(ends)).return_nothing().await.unwrap();
    let requests = requests.lock().unwrap();
    let sent: Vec<_> = requests.iter().filter(|(operation, _)| operation == "TransactWriteItems").collect();
    assert_eq!(sent.len(), 2);
    assert!(sent[1].1.to_string().contains("UNIQUE#Session#token#t"), "the guard lives as long as its owner");
}

#[tokio::test(start_paused = true)]
async fn fault_conflicts_on_guards_are_conflicts_and_end() {
    if !is_once() {
        return;
    }
    let (db, requests) = answering(|operation, _, _| match operation {
        "TransactWriteItems" => canceled(json!([{ "Code": "None" }, { "Code": "TransactionConflict" }])),
        _ => (200, json!({})),
    });
    let error = Person::builder().id("ada").email("a@x".to_owned()).build().unwrap().insert(&db).await.unwrap_err();
    assert!(error.is_retryable() && error.is_conflict(), "{error:?}");
    let Error::TransactionCanceled(canceled) = &error else { unreachable!("{error:?}") };
    assert_eq!(canceled.reasons().iter().map(|reason| reason.index()).collect::<Vec<_>>(), [0]);
    let tokens = tokens(&requests);
    assert_eq!((tokens.len(), tokens.iter().collect::<HashSet<_>>().len()), (8, 1), "{tokens:?}");
}

#[tokio::test(start_paused = true)]
async fn fault_a_plan_that_is_always_stale_ends() {
    if !is_once() {
        return;
    }
    let (db, requests) = answering(|operation, _, before| match operation {
        "TransactWriteItems" => canceled(json!([{ "Code": "ConditionalCheckFailed", "Item": {
            "pk": { "S": "PERSON#ada" }, "email": { "S": format!("{before}@x") } } }])),
        _ => (200, json!({})),
    });
    let error = Person::builder().id("ada").email("a@x".to_owned()).build().unwrap().save(&db).await.unwrap_err();
    assert!(error.is_retryable() && error.is_conflict(), "{error:?}");
    let tokens = tokens(&requests);
    assert_eq!((tokens.len(), tokens.iter().collect::<HashSet<_>>().len()), (8, 8), "{tokens:?}");
}

#[tokio::test(start_paused = true)]
async fn fault_a_transaction_waits_for_a_table_that_is_being_deleted() {
    if !is_once() {
        return;
    }
    let table = |status: &str| (200, json!({ "Table": { "TableStatus": status } }));
    // It is gone at the fourth look, is made again, and takes the transaction then.
    let (db, requests) = answering(move |operation, _, before| match (operation, before) {
        ("TransactWriteItems", 0) => error("ResourceNotFoundException"),
        ("DescribeTable", 0..4) => table("DELETING"),
        ("DescribeTable", 4) => error("ResourceNotFoundException"),
        ("DescribeTable", _) => table("ACTIVE"),
        ("CreateTable", 0) => error("ResourceInUseException"),
        _ => (200, json!({})),
    });
    let start = tokio::time::Instant::now();
    db.transaction().put(&Entry::builder().book("b").number(1_u32).text("x").build().unwrap()).await.unwrap();
    assert!(start.elapsed() >= std::time::Duration::from_millis(60));
    let requests = requests.lock().unwrap();
    let count = |of: &str| requests.iter().filter(|(operation, _)| operation == of).count();
    assert_eq!((count("TransactWriteItems"), count("CreateTable")), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn fault_a_transaction_without_its_table_says_so_after_a_while() {
    if !is_once() {
        return;
    }
    // DynamoDB says that the table is there, and that it is not.
    let (db, requests) = answering(|operation, _, _| match operation {
        "DescribeTable" => (200, json!({ "Table": { "TableStatus": "ACTIVE" } })),
        _ => error("ResourceNotFoundException"),
    });
    let start = tokio::time::Instant::now();
    let sent = db.transaction().put(&Entry::builder().book("b").number(1_u32).text("x").build().unwrap()).await;
    let error = sent.unwrap_err();
    assert_eq!(error.code(), Some("ResourceNotFoundException"));
    assert!(start.elapsed() >= std::time::Duration::from_millis(100), "{:?}", start.elapsed());
    assert_eq!(tokens(&requests).len(), 8);
}

/// A page whose first save is applied, and is answered by this; the second attempt meets the item that `stored` makes of it.
async fn save_twice(
    first: (u16, Value),
    stored: impl Fn(&Value) -> Value + Send + Sync + 'static,
) -> (dyntastic::Result<()>, Page) {
    let (db, _) = answering(move |_, body, before| match before {
        0 => first.clone(),
        _ => {
            let (status, mut answer) = error("ConditionalCheckFailedException");
            answer["Item"] = stored(&body["Item"]);
            (status, answer)
        }
    });
    let mut page = Page::builder().path("p").text("one").build().unwrap();
    page.version = 3;
    let saved = page.save(&db).await;
    (saved, page)
}

#[tokio::test(start_paused = true)]
async fn fault_a_save_knows_its_own_write_again() {
    if !is_once() {
        return;
    }
    let (saved, page) = save_twice(error("InternalServerError"), Value::clone).await;
    saved.unwrap();
    assert_eq!(page.version, 4);
    // Another writer's item: it may have come after the first attempt.
    let (saved, page) = save_twice(error("InternalServerError"), |item| {
        let mut other = item.clone();
        other["text"] = json!({ "S": "another" });
        other
    })
    .await;
    let Err(error @ Error::MaybeApplied(_)) = saved else { unreachable!("{saved:?}") };
    assert!(error.is_conflict() && !error.is_retryable());
    assert_eq!(page.version, 3);
    let (saved, _) = save_twice(self::error("ThrottlingException"), Value::clone).await;
    assert!(matches!(saved, Err(Error::VersionConflict { .. })), "{saved:?}");
}

#[tokio::test(start_paused = true)]
async fn fault_a_condition_that_an_earlier_attempt_may_have_changed_says_so() {
    if !is_once() {
        return;
    }
    let refusing = || {
        answering(|_, _, before| match before {
            0 => error("InternalServerError"),
            _ => {
                let (status, mut answer) = error("ConditionalCheckFailedException");
                answer["Item"] = json!({ "book": { "S": "b" }, "number": { "N": "1" }, "text": { "S": "x" } });
                (status, answer)
            }
        })
    };
    let entry = Entry::builder().book("b").number(1_u32).text("x").build().unwrap();
    let (db, requests) = refusing();
    let inserted = entry.insert(&db).await;
    assert!(matches!(&inserted, Err(Error::MaybeApplied(error)) if matches!(**error, Error::AlreadyExists(_))));
    assert!(entry.insert(&refusing().0).if_matches().await.is_err(), "it is not known to be refused");
    let (db, _) = refusing();
    let update = Entry::update_by_key(&db, ("b", 1), Entry::A.text.set("y")).condition(Entry::A.text.eq("x"));
    let updated = update.await;
    assert!(matches!(&updated, Err(Error::MaybeApplied(error)) if matches!(**error, Error::ConditionFailed(_))));
    let deleted = entry.delete(&refusing().0).condition(Entry::A.length.eq(0)).await;
    assert!(matches!(&deleted, Err(Error::MaybeApplied(error)) if matches!(**error, Error::ConditionFailed(_))));
    assert_eq!(requests.lock().unwrap().len(), 2, "it is not sent again");
}

#[tokio::test(start_paused = true)]
async fn fault_what_is_calculated_is_sent_once_and_what_is_set_again() {
    if !is_once() {
        return;
    }
    let a = Entry::A;
    let updates = [
        (1, a.length.add(1)),
        (1, a.length.set(&a.length + 1)),
        (1, a.length.set(&a.length - 1)),
        (1, a.note.set(&a.text)),
        (1, a.note.set(a.text.or("none"))),
        (2, a.note.set_default("none")),
        (2, a.length.set(5_u16)),
        (2, a.note.remove()),
    ];
    for lost in ["InternalServerError", "ServiceUnavailable"] {
        for (number, update) in updates.clone() {
            let stored = json!({ "book": { "S": "b" }, "number": { "N": "1" }, "text": { "S": "x" } });
            let (db, requests) = answering(move |operation, _, before| match (operation, before) {
                ("UpdateItem", 0) => error(lost),
                ("GetItem", _) => (200, json!({ "Item": stored })),
                _ => (200, json!({})),
            });
            let sent = Entry::update_by_key(&db, ("b", 1), update).return_nothing().await;
            let updates = requests.lock().unwrap().iter().filter(|(operation, _)| operation == "UpdateItem").count();
            assert_eq!((sent.is_ok(), updates), (number == 2, number));
        }
    }
    // What was there before a write is not what the write itself has left.
    let (db, requests) = answering(|_, _, before| match before {
        0 => error("InternalServerError"),
        _ => (200, json!({})),
    });
    Entry::delete_by_key(&db, ("b", 1)).return_old().await.unwrap_err();
    Entry::update_by_key(&db, ("b", 1), a.length.set(5_u16)).return_old().await.unwrap_err();
    assert_eq!(requests.lock().unwrap().len(), 2);
    // What was throttled was not done.
    let (db, requests) = answering(|_, _, before| match before {
        0 => error("ThrottlingException"),
        _ => (200, json!({})),
    });
    Entry::update_by_key(&db, ("b", 1), a.length.add(1)).return_nothing().await.unwrap();
    assert_eq!(requests.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn fault_an_answer_that_is_no_answer_is_none_of_dynamodbs_refusals() {
    if !is_once() {
        return;
    }
    for text in ["<html>busy</html>", "{\"Item\": {\"book\"", ""] {
        let (db, _) = answering(move |_, _, _| (200, Value::String(text.to_owned())));
        let error = Entry::get(&db, ("b", 1)).await.unwrap_err();
        if text.is_empty() {
            // No body is an empty answer to the SDK.
            assert!(error.is_not_found(), "{error:?}");
            continue;
        }
        assert!(error.is_retryable(), "{error:?}");
        assert!(
            error.to_string().ends_with("the response cannot be read (details are in the error's source)"),
            "{error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn fault_whatever_refuses_a_write_that_an_earlier_attempt_may_have_done_says_so() {
    if !is_once() {
        return;
    }
    let mut entry = Entry::builder().book("b").number(1_u32).text("x").build().unwrap();
    let person = Person::builder().id("ada").email("a@x".to_owned()).build().unwrap();
    for code in ["ThrottlingException", "ValidationException", "AccessDeniedException"] {
        let refusing = || {
            let (db, _) = answering(move |operation, _, before| match (operation, before) {
                ("GetItem", _) => (200, json!({})),
                (_, 0) => error("InternalServerError"),
                _ => error(code),
            });
            db
        };
        let says_so = |done: dyntastic::Result<()>| {
            let refused = done.unwrap_err();
            let Error::MaybeApplied(inner) = &refused else { unreachable!("{code}: {refused:?}") };
            assert!(matches!(**inner, Error::Service(_)), "{code}: {inner:?}");
            assert_eq!(refused.code(), Some(code));
            assert_eq!(refused.is_retryable(), code == "ThrottlingException");
        };
        says_so(entry.save(&refusing()).await);
        says_so(entry.insert(&refusing()).await);
        says_so(entry.delete(&refusing()).await);
        says_so(Entry::update_by_key(&refusing(), ("b", 1), Entry::A.text.set("y")).return_nothing().await);
        says_so(entry.update(&refusing(), Entry::A.text.set("y")).await);
        says_so(refusing().transaction().put(&entry).await);
        says_so(person.save(&refusing()).await);
    }
    // A read is no write, and what was refused at first was not done.
    let (db, _) =
        answering(|_, _, before| error(if before == 0 { "InternalServerError" } else { "ThrottlingException" }));
    assert!(matches!(Entry::get(&db, ("b", 1)).await.unwrap_err(), Error::Service(_)));
    let (db, _) = answering(|_, _, _| error("ThrottlingException"));
    assert!(matches!(entry.save(&db).await.unwrap_err(), Error::Service(_)));
    // The table is missing at the second attempt, and the item is there at the third.
    let (db, _) = answering(|operation, _, before| match (operation, before) {
        ("PutItem", 0) => error("InternalServerError"),
        ("PutItem", 1) => error("ResourceNotFoundException"),
        ("PutItem", _) => error("ConditionalCheckFailedException"),
        ("DescribeTable", _) => (200, json!({ "Table": { "TableStatus": "ACTIVE" } })),
        _ => (200, json!({})),
    });
    let inserted = entry.insert(&db).await;
    assert!(matches!(&inserted, Err(Error::MaybeApplied(error)) if matches!(**error, Error::AlreadyExists(_))));
}

#[tokio::test(start_paused = true)]
async fn fault_a_transaction_that_was_in_progress_and_is_refused_may_have_been_applied() {
    if !is_once() {
        return;
    }
    let entry = Entry::builder().book("b").number(1_u32).text("x").build().unwrap();
    let (db, _) = answering(|_, _, before| match before {
        0 => error("TransactionInProgressException"),
        _ => error("ThrottlingException"),
    });
    let refused = db.transaction().put(&entry).await.unwrap_err();
    assert!(matches!(refused, Error::MaybeApplied(_)), "{refused:?}");
    // The same, where the SDK's own attempts were all in progress.
    let (db, _) = answering(|_, _, before| match before {
        0..3 => error("TransactionInProgressException"),
        _ => error("AccessDeniedException"),
    });
    let refused = db.transaction().put(&entry).await.unwrap_err();
    assert!(matches!(refused, Error::MaybeApplied(_)), "{refused:?}");
    assert_eq!(refused.code(), Some("AccessDeniedException"));
    // DynamoDB has said what became of it.
    let (db, _) = answering(|_, _, before| match before {
        0 => error("TransactionInProgressException"),
        1 => canceled(json!([{ "Code": "TransactionConflict" }])),
        _ => error("ThrottlingException"),
    });
    let refused = db.transaction().put(&entry).await.unwrap_err();
    assert!(matches!(refused, Error::Service(_)), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn fault_an_item_that_is_deleted_after_its_update_has_no_changed_attributes() {
    if !is_once() {
        return;
    }
    let (db, _) = answering(|operation, _, before| match (operation, before) {
        ("GetItem", 0) => (
            200,
            json!({ "Item": { "pk": { "S": "PERSON#ada" }, "sk": { "S": "PERSON" }, "kind": { "S": "Person" },
                "id": { "S": "ada" }, "visits": { "N": "0" } } }),
        ),
        _ => (200, json!({})),
    });
    let update = Person::update_by_key(&db, "ada", Person::A.email.set("c@x"));
    let error = update.return_updated().await.unwrap_err();
    assert!(matches!(error, Error::DeletedSince { .. }), "{error:?}");
}
