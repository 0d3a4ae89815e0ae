//! Pages of all shards, with one cursor.

use super::*;
use dyntastic::Error;
use dyntastic::ops::{Page, Query};

/// Walks over all pages, and back from each. Returns the items of the pages.
async fn walk<S: dyntastic::ops::Source<Item = Event>>(query: impl Fn() -> Query<S>) -> Vec<Vec<Event>> {
    let mut pages: Vec<Page<Event>> = vec![query().page().await.unwrap()];
    assert_eq!(pages[0].previous, None);
    while let Some(cursor) = pages.last().unwrap().next.clone() {
        let page = query().cursor(cursor).page().await.unwrap();
        let back = query().cursor(page.previous.clone().unwrap());
        let before = pages.last().unwrap();
        // Without a limit, the page before may have other items, but none after these.
        let went_back = back.page().await.unwrap();
        assert!(went_back.items.is_empty() || went_back.items.last() == last(&pages), "{:?}", went_back.items);
        if before.items.len() == went_back.items.len() {
            assert_eq!(went_back.items, before.items);
        }
        pages.push(page);
        assert!(pages.len() < 1_000);
    }
    pages.into_iter().map(|page| page.items).collect()
}

fn last(pages: &[Page<Event>]) -> Option<&Event> {
    pages.iter().rev().find_map(|page| page.items.last())
}

#[tokio::test]
async fn pages_have_exactly_their_limit_in_both_directions() {
    let db = db().await;
    let events = stored(&db, 100).await;
    for limit in [1, 7, 25, 99, 100, 101] {
        let pages = walk(|| Event::query(&db, day()).limit(limit)).await;
        assert!(pages.iter().rev().skip(1).all(|page| page.len() == limit), "{limit}");
        assert_eq!(pages.concat(), events, "{limit}");
        let mut reversed = walk(|| Event::query(&db, day()).descending().limit(limit)).await.concat();
        reversed.reverse();
        assert_eq!(reversed, events, "{limit}");
    }
    // Going back gives the same pages.
    let query = |cursor: Option<String>| Event::query(&db, day()).limit(30).cursor(cursor).page();
    let (mut cursor, mut forth) = (None, Vec::new());
    loop {
        let page = query(cursor.clone()).await.unwrap();
        cursor = page.next.clone();
        forth.push(page);
        if cursor.is_none() {
            break;
        }
    }
    let mut cursor = forth.pop().unwrap().previous;
    while let Some(page) = forth.pop() {
        let back = query(cursor).await.unwrap();
        assert_eq!(back.items, page.items);
        assert_eq!(back.previous.is_some(), page.previous.is_some());
        cursor = back.previous;
    }
    assert_eq!(cursor, None);
    let none = Event::query(&db, day()).limit(0).page().await.unwrap();
    assert_eq!(query(none.next).await.unwrap().items, events[..30]);
}

#[tokio::test]
async fn pages_of_filtered_items_and_of_small_responses_are_complete() {
    let db = db().await;
    let events = stored(&db, 100).await;
    for size in [1, 4] {
        let pages = walk(|| Event::query(&db, day()).page_size(size)).await;
        assert_eq!(pages.concat(), events, "{size}");
        let wanted: Vec<Event> = events.iter().filter(|event| event.severity == 3).cloned().collect();
        let filtered = || Event::query(&db, day()).page_size(size).filter(Event::A.severity.eq(3));
        assert_eq!(walk(filtered).await.concat(), wanted, "{size}");
        let pages = walk(|| filtered().limit(4)).await;
        assert_eq!(pages.concat(), wanted, "{size}");
        assert!(pages.iter().rev().skip(1).all(|page| page.len() == 4), "{size}");
    }
    // Equal range keys in an index: no item is lost or doubled, whatever their order.
    let pages = walk(|| Event::query_by_status(&db, "open").limit(7)).await.concat();
    assert!(pages.is_sorted_by_key(|event| event.at));
    let mut ids: Vec<_> = pages.iter().map(|event| event.event_id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), pages.len()), (100, 100));
}

#[tokio::test]
async fn a_cursor_is_of_its_query() {
    let db = db().await;
    let events = stored(&db, 40).await;
    let cursor = Event::query(&db, day()).limit(10).page().await.unwrap().next.unwrap();
    let streamed = Event::query(&db, day()).cursor(cursor.clone()).all().await.unwrap();
    assert_eq!(streamed, events[10..]);
    assert_eq!(Event::query(&db, day()).cursor(cursor.clone()).count().await.unwrap(), 30);
    // It reads on after an item that was deleted.
    Event::delete_by_key(&db, (day(), events[9].at, events[9].event_id.as_str())).await.unwrap();
    assert_eq!(Event::query(&db, day()).cursor(cursor.clone()).all().await.unwrap(), events[10..]);
    let is_refused = |error: Error| assert!(matches!(error, Error::Cursor), "{error}");
    is_refused(Event::query(&db, day() + TimeDelta::days(1)).cursor(cursor.clone()).page().await.unwrap_err());
    is_refused(Event::query_by_status(&db, "open").cursor(cursor.clone()).page().await.unwrap_err());
    is_refused(Event::query_by_severity(&db, day()).cursor(cursor.clone()).page().await.unwrap_err());
    for position in 0..cursor.len() {
        let mut bytes = cursor.clone().into_bytes();
        bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        is_refused(Event::query(&db, day()).cursor(changed).page().await.unwrap_err());
        is_refused(Event::query(&db, day()).cursor(cursor[..position].to_owned()).page().await.unwrap_err());
    }
    assert!(cursor.len() < 1_600, "{}", cursor.len());
}
