//! Transactions: several writes, all or none.

use crate::engine::{Engine, db};
use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_types::body::SdkBody;
use dyntastic::aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use dyntastic::ops::{Transaction, TransactionCanceled};
use dyntastic::prelude::*;
use dyntastic::serde_json::json;
use dyntastic::{Client, Error};
use dyntastic_tests::keys::ByText;
use dyntastic_tests::queries::{Entry, EntryKey, Word};
use dyntastic_tests::tables::Elsewhere;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn entry(number: u32) -> Entry {
    Entry::builder().book("b").number(number).text(format!("text {number}")).build().unwrap()
}

fn text(id: &str) -> ByText {
    ByText::builder().id(id).build().unwrap()
}

/// A client with two entries; `None` on an engine without transactions.
async fn entries() -> Option<Client> {
    if !Engine::current().has_transactions() {
        return None;
    }
    let db = db().await;
    for number in [1, 2] {
        entry(number).save(&db).await.unwrap();
    }
    Some(db)
}

async fn texts(db: &Client) -> Vec<String> {
    Entry::query(db, "b").all().await.unwrap().into_iter().map(|entry| entry.text).collect()
}

fn canceled(result: dyntastic::Result<()>) -> Box<TransactionCanceled> {
    match result {
        Err(Error::TransactionCanceled(canceled)) => canceled,
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test]
async fn every_action_is_done_and_the_tables_are_made() {
    let Some(db) = entries().await else { return };
    let a = Entry::A;
    let transaction = db
        .transaction()
        .put(&text("t1"))
        .insert(&entry(3))
        .update::<Entry>(("b", 1), (a.text.set("changed"), a.length.add(2)))
        .delete::<Entry>(("b", 2))
        .upsert::<Entry>(("b", 9), a.text.set("new"))
        .check::<Word>(("none", "none"), Word::A.meaning.not_exists());
    assert_eq!(transaction.len(), 6);
    transaction.await.unwrap();
    assert_eq!(texts(&db).await, ["changed", "text 3", "new"]);
    assert_eq!(ByText::get(&db, "t1").await.unwrap(), text("t1"));
    // None is no request.
    db.transaction().await.unwrap();
}

#[tokio::test]
async fn one_condition_that_fails_leaves_everything_as_it_was() {
    let Some(db) = entries().await else { return };
    ByText::create_table(&db).await.unwrap();
    let a = Entry::A;
    let before = texts(&db).await;
    let sent = db
        .transaction()
        .put(&text("t"))
        .update_if::<Entry>(("b", 1), a.text.set("x"), a.length.gt(5))
        .delete_if::<Entry>(("b", 2), a.text.eq("text 2"))
        .insert(&entry(3))
        .return_existing()
        .await;
    let canceled = canceled(sent);
    assert!(canceled.is_condition() && !canceled.is_conflict());
    let [reason] = canceled.reasons() else { unreachable!("{canceled}") };
    let told = (reason.index(), reason.model(), reason.action(), reason.code());
    assert_eq!(told, (1, "Entry", "update", "ConditionalCheckFailed"));
    assert_eq!(reason.existing::<Entry>().unwrap(), Some(entry(1)));
    assert!(!format!("{canceled:?}").contains("text 1"), "items stay out of texts");
    assert_eq!(
        canceled.to_string(),
        "the transaction was canceled, and nothing was changed: update of Entry (action 1): the condition does not hold"
    );
    assert_eq!(texts(&db).await, before);
    assert_eq!(ByText::find(&db, "t").await.unwrap(), None);
}

#[tokio::test]
async fn each_kind_of_action_has_its_condition() {
    let Some(db) = entries().await else { return };
    type Add = fn(Transaction) -> Transaction;
    let failing: [(&str, Add); 8] = [
        ("insert", |t| t.insert(&entry(1))),
        ("replace", |t| t.replace(&entry(7))),
        ("put", |t| t.put_if(&entry(1), Entry::A.length.gt(1))),
        ("update", |t| t.update::<Entry>(("b", 7), Entry::A.length.add(1))),
        ("update", |t| t.update_if::<Entry>(("b", 1), Entry::A.length.add(1), Entry::A.text.eq("no"))),
        ("delete", |t| t.delete_if::<Entry>(("b", 1), Entry::A.text.eq("no"))),
        ("check", |t| t.check::<Entry>(("b", 1), Entry::A.note.exists())),
        ("check", |t| t.check_exists::<Entry>(("b", 7))),
    ];
    for (kind, add) in failing {
        let mut transaction = db.transaction().put(&entry(5));
        transaction = add(transaction).put(&entry(6));
        let canceled = canceled(transaction.await);
        let told: Vec<_> = canceled.reasons().iter().map(|reason| (reason.index(), reason.action())).collect();
        assert_eq!(told, [(1, kind)]);
        assert_eq!(canceled.reasons()[0].existing::<Entry>().unwrap(), None, "it was not asked for");
    }
    assert_eq!(texts(&db).await, ["text 1", "text 2"]);

    db.transaction().check_exists::<Entry>(("b", 1)).put(&entry(3)).await.unwrap();
    let missing = db.transaction().check_exists::<Entry>(("b", 7)).put(&entry(4)).await.unwrap_err();
    assert!(missing.is_not_found() && !missing.is_conflict(), "{missing}");
    assert_eq!(texts(&db).await, ["text 1", "text 2", "text 3"]);
}

#[tokio::test]
async fn what_is_longer_on_the_wire_than_dynamodb_counts_is_sent() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let mut escaped = db.transaction();
    for number in 1..=6 {
        escaped = escaped.put(&Entry { text: "\"".repeat(400_000), ..entry(number) });
    }
    escaped.await.unwrap();
    assert_eq!(texts(&db).await.len(), 6);
}

#[tokio::test]
async fn what_dynamodb_would_refuse_is_told_before_it_is_sent() {
    let db = db().await;
    let refused = async |transaction: Transaction<'_>| transaction.await.unwrap_err().to_string();
    let mut many = db.transaction();
    for number in 1..=101 {
        many = many.put(&entry(number));
    }
    assert_eq!(refused(many).await, "TransactWriteItems: a transaction has at most 100 actions, this one has 101");
    let twice = db.transaction().put(&entry(1)).delete::<Entry>(("b", 1));
    assert_eq!(refused(twice).await, "TransactWriteItems: Entry: action 1 is on the same item as an earlier action");
    let regions = db.transaction().put(&entry(1)).put(&Elsewhere::builder().id("x").build().unwrap());
    assert!(refused(regions).await.contains("Elsewhere: its table is in another region"));
    let mut large = db.transaction();
    for number in 1..=12 {
        large = large.put(&Entry { text: "x".repeat(400_000), ..entry(number) });
    }
    assert!(refused(large).await.starts_with("TransactWriteItems: a transaction has at most 4 MB, this one has 480"));
    let empty = ByText { id: String::new() };
    let invalid = db.transaction().put(&empty).put(&entry(1));
    assert_eq!(refused(invalid).await, "ByText.id: a hash key must not be empty");
    let unconditioned = db.transaction().check::<Entry>(("b", 1), dyntastic::Condition::all([]));
    assert_eq!(refused(unconditioned).await, "TransactWriteItems: Entry: a check without a condition");
    let chunks = db.transaction().put(&entry(1)).in_chunks_of(101).await;
    assert!(matches!(chunks, Err(Error::InvalidRequest(_))));
    assert!(!Entry::table_exists(&db).await.unwrap());
}

#[tokio::test]
async fn chunks_are_transactions_of_their_own() {
    let Some(db) = entries().await else { return };
    let mut transaction = db.transaction();
    for number in 1..=230 {
        transaction = transaction.put(&entry(number));
    }
    transaction.in_chunks_of(100).await.unwrap();
    assert_eq!(Entry::query(&db, "b").count().await.unwrap(), 230);
    let mut transaction = db.transaction();
    for number in 226..=235 {
        transaction = transaction.insert(&entry(number));
    }
    // A chunk fails as a whole, and what follows is not done; indexes count all actions.
    let canceled = canceled(transaction.in_chunks_of(3).await);
    assert_eq!(canceled.reasons().iter().map(|reason| reason.index()).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(Entry::query(&db, "b").count().await.unwrap(), 230);
    let mut transaction = db.transaction();
    for number in [231, 232, 233, 229] {
        transaction = transaction.insert(&entry(number));
    }
    let Err(Error::ChunksDone { done: 3, error, .. }) = transaction.in_chunks_of(3).await else { unreachable!() };
    assert!(error.is_conflict());
    let canceled = self::canceled(Err(*error));
    assert_eq!(canceled.reasons().iter().map(|reason| reason.index()).collect::<Vec<_>>(), [3]);
    assert_eq!(Entry::query(&db, "b").count().await.unwrap(), 233);
    let mut transaction = db.transaction();
    for number in [241, 242, 243, 243] {
        transaction = transaction.put(&entry(number));
    }
    let error = transaction.in_chunks_of(2).await.unwrap_err();
    assert!(error.to_string().contains("action 3 is on the same item as an earlier action"), "{error}");
}

#[tokio::test]
async fn a_function_commits_if_it_returns_ok() {
    let Some(db) = entries().await else { return };
    let count = db
        .transact(async |transaction| {
            let found = Entry::query(&db, "b").all().await?;
            for entry in &found {
                transaction.put(&Entry { length: 9, ..entry.clone() });
            }
            Ok::<_, Error>(found.len())
        })
        .await
        .unwrap();
    assert_eq!(count, 2);
    assert!(Entry::query(&db, "b").all().await.unwrap().iter().all(|entry| entry.length == 9));
    let failed: Result<(), Error> = db
        .transact(async |transaction| {
            transaction.delete::<Entry>(("b", 1));
            Err(Error::Cursor)
        })
        .await;
    assert!(failed.is_err());
    assert_eq!(texts(&db).await.len(), 2);
}

#[tokio::test]
async fn a_token_makes_a_transaction_happen_once() {
    let Some(db) = entries().await else { return };
    for _ in 0..2 {
        db.transaction().update::<Entry>(("b", 1), Entry::A.length.add(1)).token("once").await.unwrap();
    }
    assert_eq!(Entry::get(&db, ("b", 1)).await.unwrap().length, 1);
}

#[tokio::test]
async fn several_items_are_read_as_they_are_at_one_moment() {
    let Some(db) = entries().await else { return };
    ByText::create_table(&db).await.unwrap();
    text("t").save(&db).await.unwrap();
    let (found, none, other) =
        db.transact_get((Entry::key(("b", 1)), Entry::key(("b", 7)), ByText::key("t"))).await.unwrap();
    assert_eq!((found, none, other), (Some(entry(1)), None, Some(text("t"))));
    let keys: Vec<_> = [2, 8, 1].map(|number| Entry::key(("b", number))).into();
    let found: Vec<Option<u32>> =
        db.transact_get(keys).await.unwrap().into_iter().map(|entry| entry.map(|entry| entry.number)).collect();
    assert_eq!(found, [Some(2), None, Some(1)]);
    assert!(db.transact_get(Vec::<EntryKey>::new()).await.unwrap().is_empty());
    let many: Vec<_> = (1..=101).map(|number| Entry::key(("b", number))).collect();
    assert!(matches!(db.transact_get(many).await, Err(Error::InvalidRequest(_))));
}

/// A client whose transactions are canceled so often with these reasons, and then done; and how many were sent.
fn canceling(times: usize, codes: [&'static str; 2]) -> (Client, Arc<AtomicUsize>) {
    let sent = Arc::new(AtomicUsize::new(0));
    let count = sent.clone();
    let connector = infallible_client_fn(move |_request: http::Request<SdkBody>| {
        if count.fetch_add(1, Ordering::Relaxed) >= times {
            return http::Response::new(SdkBody::from("{}"));
        }
        let reasons = codes.map(|code| json!({ "Code": code }));
        let body = json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "CancellationReasons": reasons
        });
        http::Response::builder().status(400).body(SdkBody::from(body.to_string())).unwrap()
    });
    let config = dyntastic::aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("a", "b", None, None, "tests"))
        .http_client(connector);
    (Client::from_conf(config.build()), sent)
}

#[tokio::test(start_paused = true)]
async fn fault_conflicts_are_tried_again_and_conditions_are_not() {
    let (db, sent) = canceling(3, ["None", "TransactionConflict"]);
    db.transaction().put(&entry(1)).put(&entry(2)).await.unwrap();
    assert_eq!(sent.load(Ordering::Relaxed), 4);

    let (db, sent) = canceling(usize::MAX, ["TransactionConflict", "ThrottlingError"]);
    let error = db.transaction().put(&entry(1)).put(&entry(2)).await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    let canceled = canceled(Err(error));
    assert!(canceled.is_conflict() && canceled.reasons().len() == 2);
    assert_eq!(sent.load(Ordering::Relaxed), 8, "the attempts end");

    let (db, sent) = canceling(usize::MAX, ["TransactionConflict", "ConditionalCheckFailed"]);
    let error = db.transaction().put(&entry(1)).insert(&entry(2)).await.unwrap_err();
    assert!(!error.is_retryable());
    assert!(self::canceled(Err(error)).is_condition());
    assert_eq!(sent.load(Ordering::Relaxed), 1);
}
