//! Pages and cursors.

use crate::engine::db;
use crate::queries::{book, numbers};
use crate::random::Random;
use dyntastic::ops::{Page, Query};
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::queries::{Entry, Word};

#[tokio::test]
async fn pages_go_forwards_and_backwards() {
    let db = db().await;
    book(&db, "a", 8).await;
    for descending in [false, true] {
        let query = || match descending {
            false => Entry::query(&db, "a").limit(3),
            true => Entry::query(&db, "a").limit(3).descending(),
        };
        let expected = |numbers: [u32; 3]| if descending { numbers.map(|number| 9 - number) } else { numbers };
        let first = query().page().await.unwrap();
        assert_eq!(numbers(&first.items), expected([1, 2, 3]));
        assert!(first.has_more() && first.previous.is_none());
        let second = query().cursor(first.next.unwrap()).page().await.unwrap();
        assert_eq!(numbers(&second.items), expected([4, 5, 6]));
        let third = query().cursor(second.next.clone().unwrap()).page().await.unwrap();
        assert_eq!(numbers(&third.items), expected([7, 8, 0])[..2].to_vec());
        assert!(!third.has_more(), "the last page has no next");

        let back = query().cursor(third.previous.unwrap()).page().await.unwrap();
        assert_eq!(numbers(&back.items), expected([4, 5, 6]));
        let again = query().cursor(back.next.unwrap()).page().await.unwrap();
        assert_eq!(numbers(&again.items), numbers(&third.items));
        let back = query().cursor(back.previous.unwrap()).page().await.unwrap();
        assert_eq!(numbers(&back.items), expected([1, 2, 3]));
        assert!(back.previous.is_none(), "there is nothing before the first page");
        let on = query().cursor(back.next.unwrap()).page().await.unwrap();
        assert_eq!(numbers(&on.items), numbers(&second.items));
    }
}

#[tokio::test]
async fn a_limit_is_met_exactly_through_a_filter() {
    let db = db().await;
    book(&db, "a", 100).await;
    let query = || Entry::query(&db, "a").filter(Entry::A.note.exists()).limit(3).page_size(7);
    let mut cursor = None;
    let mut pages = Vec::new();
    loop {
        let page = match cursor {
            None => query().page().await.unwrap(),
            Some(cursor) => query().cursor(cursor).page().await.unwrap(),
        };
        pages.push(numbers(&page.items));
        assert!(page.scanned >= page.items.len() as u64);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(pages.concat(), (1..=10).map(|ten| ten * 10).collect::<Vec<u32>>());
    assert!(pages.iter().take(3).all(|page| page.len() == 3), "{pages:?}");
}

#[tokio::test]
async fn a_page_is_what_dynamodb_gives_at_once() {
    let db = db().await;
    book(&db, "a", 30).await;
    let page = Entry::query(&db, "a").filter(Entry::A.note.exists()).page_size(9).page().await.unwrap();
    assert_eq!((page.items.len(), page.scanned), (0, 9), "a filter may leave a page empty");
    assert!(page.has_more());
    let next = Entry::query(&db, "a")
        .filter(Entry::A.note.exists())
        .page_size(9)
        .cursor(page.next.unwrap())
        .page()
        .await
        .unwrap();
    assert_eq!(numbers(&next.items), [10]);
}

#[tokio::test]
async fn a_cursor_is_small_url_safe_and_bound_to_its_query() {
    let db = db().await;
    book(&db, "a", 5).await;
    book(&db, "b", 5).await;
    let page = Entry::query(&db, "a").limit(2).page().await.unwrap();
    let cursor = page.next.unwrap();
    assert!(cursor.len() < 60, "{cursor}");
    assert!(cursor.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'), "{cursor}");

    let refused = async |query: dyntastic::ops::Query<Entry>| {
        let error = query.page().await.unwrap_err();
        assert!(matches!(error, Error::Cursor), "{error}");
    };
    refused(Entry::query(&db, "b").cursor(&*cursor)).await;
    refused(Entry::query(&db, "a").range(Entry::A.number.gt(0)).cursor(&*cursor)).await;
    refused(Entry::query(&db, "a").cursor(&cursor[..cursor.len() - 1])).await;
    refused(Entry::query(&db, "a").cursor("")).await;
    refused(Entry::query(&db, "a").cursor("no cursor at all")).await;
    for at in 0..cursor.len() {
        let mut edited = cursor.clone().into_bytes();
        edited[at] = if edited[at] == b'A' { b'B' } else { b'A' };
        let edited = String::from_utf8(edited).unwrap();
        if edited != cursor {
            refused(Entry::query(&db, "a").cursor(edited)).await;
        }
    }
    let error = Word::scan(&db).cursor(&*cursor).page().await.unwrap_err();
    assert!(matches!(error, Error::Cursor), "{error}");
    // It still works where it belongs, also with another limit.
    let on = Entry::query(&db, "a").limit(9).cursor(cursor).page().await.unwrap();
    assert_eq!(numbers(&on.items), [3, 4, 5]);
}

#[tokio::test]
async fn a_stream_goes_on_from_a_cursor() {
    let db = db().await;
    book(&db, "a", 6).await;
    let page = Entry::query(&db, "a").limit(2).page().await.unwrap();
    let rest = Entry::query(&db, "a").page_size(1).cursor(page.next.unwrap()).all().await.unwrap();
    assert_eq!(numbers(&rest), [3, 4, 5, 6]);
}

#[tokio::test]
async fn a_stream_from_the_cursor_of_a_page_before_goes_on_backwards() {
    let db = db().await;
    book(&db, "a", 9).await;
    let first = Entry::query(&db, "a").limit(6).page().await.unwrap();
    let second = Entry::query(&db, "a").limit(6).cursor(first.next.unwrap()).page().await.unwrap();
    let before = || Entry::query(&db, "a").page_size(2).cursor(second.previous.clone().unwrap());
    assert_eq!(numbers(&before().all().await.unwrap()), [6, 5, 4, 3, 2, 1]);
    assert_eq!(before().count().await.unwrap(), 6);
}

async fn delete(db: &Client, numbers: impl IntoIterator<Item = u32>) {
    db.batch_write().delete_all::<Entry>(numbers.into_iter().map(|number| ("a".to_owned(), number))).await.unwrap();
}

#[tokio::test]
async fn an_emptied_page_leads_to_what_is_left() {
    let db = db().await;
    book(&db, "a", 6).await;
    let query = || Entry::query(&db, "a").limit(3);
    let first = query().page().await.unwrap();
    let second = query().cursor(first.next.clone().unwrap()).page().await.unwrap();
    assert_eq!(numbers(&second.items), [4, 5, 6]);

    delete(&db, 4..=6).await;
    let emptied = query().cursor(first.next.unwrap()).page().await.unwrap();
    assert_eq!((emptied.items.len(), emptied.next), (0, None));
    let back = query().cursor(emptied.previous.clone().unwrap()).page().await.unwrap();
    assert_eq!(numbers(&back.items), [1, 2, 3]);
    assert_eq!((back.next, back.previous), (None, None));
    let before = query().cursor(emptied.previous.unwrap()).all().await.unwrap();
    assert_eq!(numbers(&before), [3, 2, 1], "a stream goes on backwards");

    book(&db, "a", 6).await;
    delete(&db, 1..=3).await;
    let emptied = query().cursor(second.previous.unwrap()).page().await.unwrap();
    assert_eq!((emptied.items.len(), emptied.previous), (0, None));
    let on = query().cursor(emptied.next.unwrap()).page().await.unwrap();
    assert_eq!(numbers(&on.items), [4, 5, 6]);
    assert_eq!((on.next, on.previous), (None, None));
}

#[tokio::test]
async fn a_page_of_no_items_leads_on() {
    let db = db().await;
    book(&db, "a", 3).await;
    let none = Entry::query(&db, "a").limit(0).page().await.unwrap();
    assert_eq!((none.items.len(), none.scanned), (0, 0));
    let on = Entry::query(&db, "a").limit(2).cursor(none.next.unwrap()).page().await.unwrap();
    assert_eq!(numbers(&on.items), [1, 2]);
    assert_eq!(on.previous, None);
    let none = Entry::query(&db, "a").limit(0).cursor(on.next.unwrap()).page().await.unwrap();
    let on = Entry::query(&db, "a").limit(2).cursor(none.next.unwrap()).page().await.unwrap();
    assert_eq!(numbers(&on.items), [3]);
}

/// The numbers of all pages on one side of a page, in the order of reading.
async fn side(query: impl Fn() -> Query<Entry>, page: &Page<Entry>, next: bool) -> Vec<u32> {
    let cursor = |page: &Page<Entry>| if next { page.next.clone() } else { page.previous.clone() };
    let mut found = Vec::new();
    let mut at = cursor(page);
    while let Some(cursor_of_page) = at {
        let page = query().cursor(cursor_of_page).page().await.unwrap();
        let of_page = numbers(&page.items);
        found = if next { [found, of_page].concat() } else { [of_page, found].concat() };
        at = cursor(&page);
    }
    found
}

/// Whatever is written and deleted between two pages, each page leads to all that stands before and after it.
#[tokio::test]
async fn every_page_leads_to_all_items_on_both_sides() {
    let db = db().await;
    Entry::create_table(&db).await.unwrap();
    for seed in 0..16 {
        let mut random = Random::new(seed);
        let (is_limited, is_filtered, is_descending) = (seed % 2 == 0, seed % 4 < 2, seed % 8 < 4);
        let all = || {
            let all = Entry::query(&db, "a").page_size(3);
            let all = if is_filtered { all.filter(Entry::A.note.exists()) } else { all };
            if is_descending { all.descending() } else { all }
        };
        let query = || if is_limited { all().limit(2) } else { all() };
        let mut page = query().page().await.unwrap();
        for _ in 0..8 {
            let mut batch = db.batch_write();
            for number in 1..=9 {
                let note = (random.below(2) == 0).then(|| "x".to_owned());
                let entry = Entry::builder().book("a").number(number).note(note).build().unwrap();
                batch = if random.below(5) < 2 { batch.put(&entry) } else { batch.delete::<Entry>(&entry) };
            }
            batch.await.unwrap();
            let cursor = if random.below(2) == 0 { page.next.or(page.previous) } else { page.previous.or(page.next) };
            page = match cursor {
                Some(cursor) => query().cursor(cursor).page().await.unwrap(),
                None => query().page().await.unwrap(),
            };
            let (before, after) = (side(query, &page, false).await, side(query, &page, true).await);
            let found = [before, numbers(&page.items), after].concat();
            assert_eq!(found, numbers(&all().all().await.unwrap()), "seed {seed}: {page:?}");
        }
    }
}

#[tokio::test]
async fn a_cursor_may_be_missing_and_a_wrong_one_is_a_bad_request() {
    let db = db().await;
    book(&db, "a", 5).await;
    let page = |cursor: Option<String>| Entry::query(&db, "a").limit(2).cursor(cursor).page();
    let first = page(None).await.unwrap();
    let second = page(first.next).await.unwrap();
    assert_eq!(numbers(&second.items), [3, 4]);

    let error = page(Some("made up".to_owned())).await.unwrap_err();
    assert!(error.is_bad_request() && !error.is_retryable(), "{error}");
    let missing = Word::get(&db, ("a", "b")).await.unwrap_err();
    assert!(!missing.is_bad_request(), "{missing}");
}

#[tokio::test]
async fn a_stream_is_read_without_another_crate() {
    let db = db().await;
    book(&db, "a", 3).await;
    let mut entries = Entry::query(&db, "a").page_size(1).stream();
    let mut found = Vec::new();
    while let Some(entry) = entries.next().await {
        found.push(entry.unwrap());
    }
    assert_eq!(numbers(&found), [1, 2, 3]);
    assert!(entries.try_next().await.unwrap().is_none());
}
