//! Scans.

use crate::engine::db;
use crate::queries::{book, numbers};
use dyntastic::prelude::*;
use dyntastic_tests::queries::Entry;
use futures_util::TryStreamExt;
use std::collections::BTreeSet;

fn sorted(entries: &[Entry]) -> Vec<u32> {
    let mut numbers = numbers(entries);
    numbers.sort_unstable();
    numbers
}

#[tokio::test]
async fn a_scan_reads_everything() {
    let db = db().await;
    for name in ["a", "b", "c"] {
        book(&db, name, 4).await;
    }
    assert_eq!(Entry::scan(&db).all().await.unwrap().len(), 12);
    assert_eq!(Entry::scan(&db).consistent_read().page_size(5).all().await.unwrap().len(), 12);
    assert_eq!(Entry::scan(&db).limit(5).all().await.unwrap().len(), 5);
    assert_eq!(Entry::scan(&db).count().await.unwrap(), 12);
    assert!(Entry::scan(&db).first().await.unwrap().is_some());
    assert!(Entry::scan(&db).page_size(0).all().await.is_err());
}

#[tokio::test]
async fn every_condition_filters() {
    let db = db().await;
    book(&db, "a", 30).await;
    let a = Entry::A;
    let cases = [
        (a.note.eq("note 10"), vec![10]),
        (a.note.exists() & a.note.ne("note 10"), vec![20, 30]),
        (a.number.lt(3).into(), vec![1, 2]),
        (a.number.between(9, 11) & a.note.exists(), vec![10]),
        (a.number.gt(28) | a.number.eq(1), vec![1, 29, 30]),
        (!a.number.gt(2), vec![1, 2]),
        (a.note.begins_with("note 3"), vec![30]),
        (a.note.contains("2"), vec![20]),
        (a.number.is_in([7, 8, 99]), vec![7, 8]),
        (a.book.eq("b"), vec![]),
    ];
    for (filter, expected) in cases {
        let found = Entry::scan(&db).filter(filter.clone()).page_size(7).all().await.unwrap();
        assert_eq!(sorted(&found), expected, "{filter:?}");
    }
}

#[tokio::test]
async fn pages_of_a_scan_cover_it_once() {
    let db = db().await;
    book(&db, "a", 10).await;
    let mut found = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let scan = Entry::scan(&db).limit(3);
        let page = match cursor {
            None => scan.page().await.unwrap(),
            Some(cursor) => scan.cursor(cursor).page().await.unwrap(),
        };
        assert!(page.items.len() <= 3 && page.previous.is_none());
        found.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(sorted(&found), (1..=10).collect::<Vec<_>>());
}

#[tokio::test]
async fn segments_are_merged_and_cover_the_table_once() {
    let db = db().await;
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        book(&db, name, 20).await;
    }
    for segments in [1, 2, 5] {
        let found: Vec<Entry> = Entry::scan(&db).page_size(6).segments(segments).stream().try_collect().await.unwrap();
        let distinct: BTreeSet<_> = found.iter().map(|entry| (entry.book.clone(), entry.number)).collect();
        assert_eq!((found.len(), distinct.len()), (140, 140), "{segments}");
    }
    let some = Entry::scan(&db).limit(10).segments(3).all().await.unwrap();
    assert_eq!(some.len(), 10);
    let noted = Entry::scan(&db).filter(Entry::A.note.exists()).segments(4).all().await.unwrap();
    assert_eq!(noted.len(), 14);
}
