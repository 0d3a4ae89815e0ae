//! What the report of a bulk write says of each item.

use crate::bulk_writes::{unfinished, with_another};
use crate::engine::{Engine, db, table_name};
use crate::queries::book;
use crate::schema_versions::{current, first, put};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::ops::{BulkCounts, BulkReport, FailedItem};
use dyntastic::prelude::*;
use dyntastic::serde_json::json;
use dyntastic::testing::{self, Fault, Faults};
use dyntastic::{Client, Error, Table};
use dyntastic_tests::queries::{self, Entry};
use dyntastic_tests::roles::{self, Page};
use dyntastic_tests::schema_versions::Account;
use dyntastic_tests::soft_delete::Member;
use futures_util::future::join_all;
use std::collections::BTreeSet;
use std::time::Duration;

/// Checks that each item whose write was applied counts as written, or is named as one in doubt.
fn check(result: Result<BulkReport, Error>, applied: &BTreeSet<String>, of_item: &str, run: &str) -> BulkCounts {
    let (has_ended, report) = match result {
        Ok(report) => (false, report),
        Err(Error::UnfinishedBulk(unfinished)) => (unfinished.cause().is_some(), unfinished.into_report()),
        Err(error) => panic!("{run}: {error:?}"),
    };
    let in_doubt = report.failed.iter().filter(|item| matches!(item.error(), Error::MaybeApplied(_)));
    let in_doubt: BTreeSet<String> = in_doubt.map(|item| format!("{:?}", item.key()[of_item])).collect();
    let counts = report.counts;
    assert_eq!(applied.difference(&in_doubt).count() as u64, counts.written, "{run}: {counts:?} {in_doubt:?}");
    let sum = counts.written + counts.skipped + counts.failed;
    assert!(if has_ended { sum <= counts.matched } else { sum == counts.matched }, "{run}: {counts:?}");
    assert!(in_doubt.len() as u64 <= counts.failed, "{run}: {counts:?}");
    counts
}

/// Updates and deletes through faults, and returns whether the first run ended early, and its number of items in doubt.
async fn through_faults(seed: u64, concurrency: usize) -> (bool, u64) {
    const TABLES: [Table; 2] = [queries::TABLES[0], roles::TABLES[0]];
    let local = testing::start(&TABLES).await.unwrap();
    let db = local.client();
    book(&db, "a", 40).await;
    for number in 0..40 {
        Page::builder().path(format!("p{number:02}")).text("a").build().unwrap().insert(&db).await.unwrap();
    }
    let kinds: &[Fault] = if seed < 2 {
        &[Fault::LoseResponse]
    } else {
        &[Fault::LoseResponse, Fault::Late, Fault::Throttle, Fault::LoseRequest]
    };
    let rate = if seed < 2 { 1.0 } else { 0.8 };
    let faults = Faults::new(seed).rate(rate).only(kinds.iter().copied());
    let faulty = local.client_through(&faults.operations(["UpdateItem", "DeleteItem"]));
    let run = format!("seed {seed}, concurrency {concurrency}");
    let number = |entry: &Entry| format!("{:?}", AttributeValue::N(entry.number.to_string()));
    let path = |page: &Page| format!("{:?}", AttributeValue::S(page.path.clone()));
    let late = || tokio::time::sleep(Duration::from_millis(50));

    let update = (Entry::A.text.set("x"), Entry::A.length.add(1));
    let result = Entry::query(&faulty, "a").page_size(7).update_where(Entry::A.length.ge(0), update);
    let result = result.concurrency(concurrency).await;
    late().await;
    let entries = Entry::query(&db, "a").all().await.unwrap();
    assert!(entries.iter().all(|entry| entry.length <= 1), "{run}: written twice");
    let applied = entries.iter().filter(|entry| entry.length > 0).map(number).collect();
    let counts = check(result, &applied, "number", &run);
    let ended = counts.written + counts.failed < 40;
    let doubted = counts.failed;

    let update = Page::scan(&faulty).page_size(7).update_where(Page::A.path.exists(), Page::A.text.set("b"));
    let result = update.concurrency(concurrency).await;
    late().await;
    let pages = Page::scan(&db).all().await.unwrap();
    assert!(pages.iter().all(|page| page.version <= 2), "{run}: written twice");
    let applied = pages.iter().filter(|page| page.version > 1).map(path).collect();
    check(result, &applied, "path", &run);

    let delete = Page::scan(&faulty).page_size(7).delete_where(Page::A.path.exists());
    let result = delete.concurrency(concurrency).await;
    late().await;
    let left: BTreeSet<String> = Page::scan(&db).all().await.unwrap().iter().map(path).collect();
    let applied = pages.iter().map(path).filter(|path| !left.contains(path)).collect();
    check(result, &applied, "path", &run);
    (ended, doubted)
}

#[tokio::test]
async fn fault_each_item_is_written_or_named_wherever_a_run_ends() {
    if Engine::current() != Engine::Embedded {
        return; // The test kit's engine is the embedded one.
    }
    let runs = [(0, 1), (1, 8), (2, 1), (3, 8), (4, 3), (5, 16)];
    let runs = join_all(runs.map(|(seed, concurrency)| through_faults(seed, concurrency))).await;
    let doubted: u64 = runs.iter().map(|(_, doubted)| doubted).sum();
    assert!(runs.iter().any(|(ended, _)| *ended) && doubted > 20, "{runs:?}");
}

#[tokio::test]
async fn a_deleted_item_that_another_writer_changes_is_updated_too() {
    if !Engine::current().has_transactions() {
        return; // Members have unique fields.
    }
    let act = |other: Client| async move {
        let mut member = Member::get(&other, ("a", 1)).with_deleted().await.unwrap();
        member.update(&other, Member::A.updated_at.set(member.updated_at)).await.unwrap();
    };
    let (other, db) = with_another("UpdateItem", 1, act).await;
    for number in 1..=3 {
        let member = Member::builder().team("a").member(number).email(format!("{number}@x")).town("Bonn");
        let mut member = member.build().unwrap();
        member.save(&other).await.unwrap();
        member.soft_delete(&other).await.unwrap();
    }
    let all = Member::scan(&db).with_deleted().update_where(Member::A.removed_at.exists(), Member::A.town.set("Rome"));
    let counts = all.concurrency(1).await.unwrap().counts;
    assert_eq!((counts.matched, counts.written, counts.skipped), (3, 3, 0));
    let towns = Member::query_by_city(&other, "Rome").with_deleted().count().await.unwrap();
    assert_eq!(towns, 3);
    // Without them, the condition of the read is one of the write.
    let alive = Member::scan(&db).update_where(Member::A.town.eq("Rome"), Member::A.town.set("Bonn")).await.unwrap();
    assert_eq!((alive.counts.matched, alive.counts.written), (0, 0));
}

#[tokio::test]
async fn a_dry_run_of_a_deletion_names_the_items_of_other_schema_versions_that_the_run_cannot_delete() {
    if !Engine::current().returns_existing() {
        return; // The run finds the item's version in the refusal.
    }
    let db = db().await;
    Account::create_table(&db).await.unwrap();
    for item in [
        current("now"),
        json!({"id": {"S": "damaged"}, "schema": {"N": "5"}, "name": {"BOOL": true}}),
        first("old"),
        json!({"id": {"S": "unreadable"}, "fullName": {"BOOL": true}}),
        json!({"id": {"S": "later"}, "schema": {"N": "9"}}),
        json!({"id": {"S": "odd"}, "schema": {"S": "one"}}),
    ] {
        put::<Account>(&db, &item).await;
    }
    let delete = || Account::scan(&db).delete_where(Account::A.id.exists());
    let mut named = Vec::new();
    for run in [delete().dry_run(), delete()] {
        let report = unfinished(run.await).into_report();
        let counts = report.counts;
        assert_eq!((counts.matched, counts.written, counts.skipped, counts.failed), (6, 3, 0, 3), "{report:?}");
        let of_item = |item: &FailedItem| (format!("{:?}", item.key()["id"]), item.error().to_string());
        named.push(report.failed.iter().map(of_item).collect::<BTreeSet<_>>());
    }
    assert_eq!(named[0], named[1]);
    // What no condition is about can go.
    for id in ["unreadable", "later", "odd"] {
        Account::delete_by_key(&db, id).await.unwrap();
    }
    assert_eq!(db.sdk().scan().table_name(table_name::<Account>(&db)).send().await.unwrap().count(), 0);
}
