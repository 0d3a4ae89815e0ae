//! Writes whose answers were lost, and whose table is missing when they are sent again, in front of canned answers.

use crate::canned::{answering, error};
use crate::engine::Engine;
use dyntastic::Error;
use dyntastic::prelude::*;
use dyntastic::serde_json::json;
use dyntastic_tests::queries::Entry;

fn entry() -> Entry {
    Entry::builder().book("b").number(1_u32).text("x").build().unwrap()
}

const IN_PROGRESS: &str = "TransactionInProgressException";
const LOST: &str = "InternalServerError";
const MISSING: &str = "ResourceNotFoundException";

#[tokio::test(start_paused = true)]
async fn fault_a_missing_table_does_not_hide_that_a_write_may_have_been_applied() {
    if Engine::current() != Engine::Embedded {
        return;
    }
    // What the attempts are answered, the last for ever; then whether the table is there when it is looked at.
    let transactions: [(&'static [&'static str], bool); 4] = [
        (&[IN_PROGRESS, IN_PROGRESS, IN_PROGRESS, MISSING], false),
        (&[LOST, MISSING, "AccessDeniedException"], true),
        (&[LOST, MISSING], true),
        (&[LOST, MISSING], false),
    ];
    for (answers, is_there) in transactions {
        let (db, _) = answering(move |operation, _, before| match operation {
            "TransactWriteItems" => error(answers.get(before).or(answers.last()).unwrap()),
            _ if is_there => (200, json!({ "Table": { "TableStatus": "ACTIVE" } })),
            _ => error("AccessDeniedException"),
        });
        let refused = db.transaction().put(&entry()).await.unwrap_err();
        assert!(matches!(refused, Error::MaybeApplied(_)), "put: {answers:?} {is_there}: {refused:?}");
    }
    let (db, _) = answering(move |operation, _, before| match (operation, before) {
        ("TransactWriteItems", 0..3) => error(IN_PROGRESS),
        _ => error(MISSING),
    });
    let refused = db.transaction().update::<Entry>(("b", 1), Entry::A.length.add(1)).await.unwrap_err();
    assert!(matches!(refused, Error::MaybeApplied(_)), "update: {refused:?}");
    let (db, _) = answering(move |operation, _, before| match (operation, before) {
        ("PutItem", 0) => error(LOST),
        ("PutItem", _) => error(MISSING),
        _ => error("AccessDeniedException"),
    });
    let refused = entry().save(&db).await.unwrap_err();
    assert!(matches!(refused, Error::MaybeApplied(_)), "save: {refused:?}");
}
