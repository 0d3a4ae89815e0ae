//! Queries: keys, ranges, filters, order and limits.

use crate::engine::{db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{DateTime, Utc};
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::queries::{Entry, EntryLine, EntrySummary, Measurement, Word};
use futures_util::TryStreamExt;
use futures_util::future::try_join_all;

/// A book of entries 1 to `count`; every tenth has a note.
pub async fn book(db: &Client, book: &str, count: u32) {
    Entry::create_table(db).await.ok();
    let entries: Vec<Entry> = (1..=count)
        .map(|number| {
            let note = number.is_multiple_of(10).then(|| format!("note {number}"));
            Entry::builder().book(book).number(number).note(note).build().unwrap()
        })
        .collect();
    for chunk in entries.chunks(50) {
        try_join_all(chunk.iter().map(|entry| entry.save(db).into_future())).await.unwrap();
    }
}

pub fn numbers(entries: &[Entry]) -> Vec<u32> {
    entries.iter().map(|entry| entry.number).collect()
}

#[tokio::test]
async fn a_query_reads_one_hash_key_in_order() {
    let db = db().await;
    book(&db, "a", 12).await;
    book(&db, "b", 3).await;
    let all = || Entry::query(&db, "a");
    assert_eq!(numbers(&all().all().await.unwrap()), (1..=12).collect::<Vec<_>>());
    assert_eq!(numbers(&all().descending().all().await.unwrap()), (1..=12).rev().collect::<Vec<_>>());
    assert_eq!(numbers(&all().descending().ascending().limit(2).all().await.unwrap()), [1, 2]);
    assert_eq!(numbers(&all().consistent_read().limit(3).all().await.unwrap()), [1, 2, 3]);
    assert_eq!(all().limit(0).all().await.unwrap(), []);
    assert_eq!(Entry::query(&db, "none").all().await.unwrap(), []);
    assert_eq!(all().first().await.unwrap().unwrap().number, 1);
    assert_eq!(Entry::query(&db, "none").first().await.unwrap(), None);
    assert_eq!(all().count().await.unwrap(), 12);
    assert_eq!(all().limit(5).count().await.unwrap(), 5);
}

#[tokio::test]
async fn one_is_the_only_one() {
    let db = db().await;
    book(&db, "a", 2).await;
    let a = Entry::A;
    assert_eq!(Entry::query(&db, "a").range(a.number.eq(2)).one().await.unwrap().unwrap().number, 2);
    assert_eq!(Entry::query(&db, "a").range(a.number.eq(3)).one().await.unwrap(), None);
    let error = Entry::query(&db, "a").one().await.unwrap_err();
    assert!(matches!(error, Error::NotOne { model: "Entry", .. }), "{error}");
}

#[tokio::test]
async fn every_range_condition_narrows_the_range() {
    let db = db().await;
    book(&db, "a", 10).await;
    let number = || Entry::A.number;
    let cases = [
        (number().eq(3), vec![3]),
        (number().lt(3), vec![1, 2]),
        (number().le(3), vec![1, 2, 3]),
        (number().gt(8), vec![9, 10]),
        (number().ge(8), vec![8, 9, 10]),
        (number().between(4, 6), vec![4, 5, 6]),
    ];
    for (range, expected) in cases {
        let found = Entry::query(&db, "a").range(range).all().await.unwrap();
        assert_eq!(numbers(&found), expected);
    }
    // The last range condition counts.
    let found = Entry::query(&db, "a").range(number().lt(3)).range(number().gt(9)).all().await.unwrap();
    assert_eq!(numbers(&found), [10]);
}

#[tokio::test]
async fn text_and_times_are_ranges_too() {
    let db = db().await;
    for word in ["bread", "breakfast", "butter", "jam"] {
        Word::builder().language("en").word(word).build().unwrap().save(&db).await.unwrap();
    }
    let words = async |range| -> Vec<String> {
        Word::query(&db, "en").range(range).all().await.unwrap().into_iter().map(|word| word.word).collect()
    };
    assert_eq!(words(Word::A.word.begins_with("brea")).await, ["bread", "breakfast"]);
    assert_eq!(words(Word::A.word.between("breb", "jam")).await, ["butter", "jam"]);

    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    for (time, value) in [("2024-01-31T23:59:59.9Z", 1.0), ("2024-02-01T00:00:00Z", 2.0), ("2024-02-29T12:00:00Z", 3.0)]
    {
        Measurement::builder().sensor("s").at(at(time)).value(value).build().unwrap().save(&db).await.unwrap();
    }
    let values = async |range| -> Vec<f64> {
        Measurement::query(&db, "s").range(range).all().await.unwrap().into_iter().map(|found| found.value).collect()
    };
    assert_eq!(values(Measurement::A.at.ge(at("2024-02-01T00:00:00Z"))).await, [2.0, 3.0]);
    assert_eq!(values(Measurement::A.at.begins_with("2024-02")).await, [2.0, 3.0]);
    assert_eq!(values(Measurement::A.at.lt(at("2024-02-01T00:00:00Z"))).await, [1.0]);
}

#[tokio::test]
async fn a_filter_leaves_out_and_a_limit_counts_what_is_left() {
    let db = db().await;
    book(&db, "a", 100).await;
    let noted = || Entry::query(&db, "a").filter(Entry::A.note.exists());
    let expected: Vec<u32> = (1..=10).map(|ten| ten * 10).collect();
    assert_eq!(numbers(&noted().all().await.unwrap()), expected);
    assert_eq!(numbers(&noted().page_size(7).all().await.unwrap()), expected);
    assert_eq!(numbers(&noted().limit(3).all().await.unwrap()), [10, 20, 30]);
    assert_eq!(numbers(&noted().limit(3).page_size(4).descending().all().await.unwrap()), [100, 90, 80]);
    assert_eq!(noted().count().await.unwrap(), 10);
    let both = noted().filter(Entry::A.note.eq("note 50") | Entry::A.note.eq("note 60")).all().await.unwrap();
    assert_eq!(numbers(&both), [50, 60]);
}

#[tokio::test]
async fn pages_follow_each_other_whatever_their_size() {
    let db = db().await;
    book(&db, "a", 7).await;
    for size in [1, 2, 3, 7, 100] {
        let found: Vec<Entry> = Entry::query(&db, "a").page_size(size).stream().try_collect().await.unwrap();
        assert_eq!(numbers(&found), [1, 2, 3, 4, 5, 6, 7], "{size}");
    }
    let error = Entry::query(&db, "a").page_size(0).all().await.unwrap_err();
    assert!(error.to_string().contains("page_size must be at least 1"), "{error}");
}

#[tokio::test]
async fn a_match_beyond_empty_filtered_pages_is_found() {
    let db = db().await;
    book(&db, "a", 1000).await;
    Entry::builder().book("a").number(1001).text("the last").build().unwrap().save(&db).await.unwrap();
    for size in [Some(25), Some(100), Some(2000), None] {
        let query = Entry::query(&db, "a").filter(Entry::A.text.eq("the last"));
        let query = match size {
            Some(size) => query.page_size(size),
            None => query,
        };
        let found: Vec<Entry> = query.stream().try_collect().await.unwrap();
        assert_eq!(numbers(&found), [1001], "{size:?}");
        assert_eq!(query.first().await.unwrap().unwrap().number, 1001);
    }
}

#[tokio::test]
async fn a_damaged_item_is_an_error_with_its_key_and_the_stream_goes_on() {
    use futures_util::StreamExt;
    let db = db().await;
    book(&db, "a", 3).await;
    let mut damaged = Entry::builder()
        .book("a")
        .number(2)
        .build()
        .unwrap()
        .save(&db)
        .into_inner()
        .unwrap()
        .get_item()
        .clone()
        .unwrap();
    damaged.insert("text".to_owned(), AttributeValue::N("4242".to_owned()));
    db.sdk().put_item().table_name(table_name::<Entry>(&db)).set_item(Some(damaged)).send().await.unwrap();

    let found: Vec<_> = Entry::query(&db, "a").stream().collect().await;
    let [Ok(first), Err(error), Ok(third)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((first.number, third.number), (1, 3));
    assert_eq!(error.to_string(), "Entry.text: expected S, found N");
    let Error::Damaged(damaged) = error else { panic!("{error:?}") };
    assert_eq!(damaged.key()["number"], AttributeValue::N("2".to_owned()));
    assert_eq!(damaged.key().len(), 2);
    assert!(!format!("{error:?}").contains("4242"), "{error:?}");
    assert!(Entry::query(&db, "a").all().await.is_err());
}

#[tokio::test]
async fn what_is_wrong_with_a_query_is_the_streams_only_item() {
    use futures_util::StreamExt;
    let db = db().await;
    let found: Vec<_> = Entry::query(&db, "a").filter(Entry::A.length.is_in(0..200)).stream().collect().await;
    assert!(matches!(found.as_slice(), [Err(Error::Expression { .. })]), "{found:?}");
    let found: Vec<_> = Entry::query(&db, "a").stream().collect().await;
    assert!(matches!(found.as_slice(), [Err(error)] if error.is_not_found()), "{found:?}");
}

#[tokio::test]
async fn the_whole_request_is_within_reach() {
    let query =
        Entry::query(&db().await, "a").range(Entry::A.number.gt(1)).filter(Entry::A.length.eq(1)).descending().limit(5);
    let request = query.into_inner().unwrap();
    assert_eq!(request.get_key_condition_expression().as_deref(), Some("#n0 = :v0 AND #n1 > :v1"));
    assert_eq!(request.get_filter_expression().as_deref(), Some("#n2 = :v1"));
    assert_eq!(*request.get_scan_index_forward(), Some(false));
    assert_eq!(*request.get_limit(), None, "a filter may leave out what a limit counts");
}

#[tokio::test]
async fn queries_of_the_schema_are_typed_functions() {
    let db = db().await;
    book(&db, "a", 30).await;
    assert_eq!(numbers(&Entry::from_number(&db, "a", 5).all().await.unwrap()), [5, 6, 7]);
    let noted = Entry::noted(&db, "note 20").all().await.unwrap();
    assert_eq!(noted.iter().map(|entry| entry.number).collect::<Vec<_>>(), [20]);
    assert_eq!(Entry::noted_within(&db, "note 20", 0, 5).count().await.unwrap(), 1);
    assert_eq!(Entry::noted_within(&db, "note 20", 1, 5).count().await.unwrap(), 0);

    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    for (time, value) in [("2024-01-31T00:00:00Z", 1.0), ("2024-02-01T00:00:00Z", 2.0)] {
        Measurement::builder().sensor("s").at(at(time)).value(value).build().unwrap().save(&db).await.unwrap();
    }
    assert_eq!(Measurement::since(&db, "s", at("2024-02-01T00:00:00Z")).one().await.unwrap().unwrap().value, 2.0);
    assert_eq!(Measurement::in_month(&db, "s", "2024-01").one().await.unwrap().unwrap().value, 1.0);
    // They are queries like any other.
    assert_eq!(
        Measurement::since(&db, "s", at("2024-01-01T00:00:00Z")).descending().first().await.unwrap().unwrap().value,
        2.0
    );
}

#[tokio::test]
async fn chosen_attributes_come_as_tuples() {
    let db = db().await;
    book(&db, "a", 10).await;
    let a = Entry::A;
    let found = Entry::query(&db, "a").range(a.number.ge(9)).project((a.note, a.number, a.length)).all().await.unwrap();
    let expected: [(Option<String>, u32, Option<u16>); 2] =
        [(None, 9, Some(0)), (Some("note 10".to_owned()), 10, Some(0))];
    assert_eq!(found, expected);
    let first = Entry::query(&db, "a").page_size(3).project((Entry::A.book,)).first().await.unwrap();
    assert_eq!(first, Some(("a".to_owned(),)));
    let some: Vec<(u32,)> =
        Entry::scan(&db).filter(Entry::A.note.exists()).project((Entry::A.number,)).all().await.unwrap();
    assert_eq!(some, [(10,)]);
}

#[tokio::test]
async fn chosen_attributes_come_as_a_struct_and_in_pages() {
    let db = db().await;
    book(&db, "a", 10).await;
    let query = || Entry::query(&db, "a").range(Entry::A.number.ge(9));
    let request = query().project_into::<EntrySummary>().into_inner().unwrap();
    assert_eq!(request.get_projection_expression().as_deref(), Some("#n2, #n3, #n1, #n0"));
    let line = |number| EntryLine { number, text: String::new() };
    assert_eq!(query().project_into::<EntryLine>().all().await.unwrap(), [line(9), line(10)]);
    let noted = Entry::scan(&db).filter(Entry::A.note.exists()).project_into::<EntrySummary>().one().await.unwrap();
    assert_eq!(noted, Some(EntrySummary { note: Some("note 10".to_owned()), length: 0, number: 10 }));

    let page = query().limit(1).project((Entry::A.number,)).page().await.unwrap();
    assert_eq!(page.items, [(9,)]);
    let page = query().limit(1).cursor(page.next.unwrap()).project_into::<EntryLine>().page().await.unwrap();
    assert_eq!((page.items, page.next), (vec![line(10)], None));
    assert!(matches!(query().project((Entry::A.number,)).one().await, Err(Error::NotOne { model: "Entry", .. })));
}
