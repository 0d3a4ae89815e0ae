//! Pages of all shards, with one cursor.

use super::*;
use crate::random::Random;
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
    let events = stored(&db, 40).await;
    for limit in [1, 7, 39, 40, 41] {
        let pages = walk(|| Event::query(&db, day()).limit(limit)).await;
        assert!(pages.iter().rev().skip(1).all(|page| page.len() == limit), "{limit}");
        assert_eq!(pages.concat(), events, "{limit}");
        let mut reversed = walk(|| Event::query(&db, day()).descending().limit(limit)).await.concat();
        reversed.reverse();
        assert_eq!(reversed, events, "{limit}");
    }
    // Going back gives the same pages.
    let query = |cursor: Option<String>| Event::query(&db, day()).limit(15).cursor(cursor).page();
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
    assert_eq!(query(none.next).await.unwrap().items, events[..15]);
}

#[tokio::test]
async fn pages_of_filtered_items_and_of_small_responses_are_complete() {
    let db = db().await;
    let events = stored(&db, 40).await;
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
    assert_eq!((ids.len(), pages.len()), (40, 40));
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
    // A table's cursor is as long as one without shards. An index has a place in each shard.
    assert!(cursor.len() < 130, "{}", cursor.len());
    let cursor = Event::query_by_status(&db, "open").limit(10).page().await.unwrap().next.unwrap();
    assert!(cursor.len() < 1_600, "{}", cursor.len());
}

/// The position of a cursor: beside the event with this range key, for reading forth or back.
type Position = Option<(bool, (DateTime<Utc>, String))>;

fn key(event: &Event) -> (DateTime<Utc>, String) {
    (event.at, event.event_id.clone())
}

/// The events of a page, in their order, and whether others follow in the direction of reading.
fn expected(events: &[Event], position: &Position, limit: usize) -> (Vec<Event>, bool) {
    let is_wanted = |event: &&Event| match position {
        None => true,
        Some((false, last)) => key(event) > *last,
        Some((true, first)) => key(event) < *first,
    };
    let wanted: Vec<Event> = events.iter().filter(is_wanted).cloned().collect();
    let has_more = wanted.len() > limit;
    let cut = wanted.len().saturating_sub(limit);
    match position {
        Some((true, _)) => (wanted[cut..].to_vec(), has_more),
        _ => (wanted[..wanted.len() - cut].to_vec(), has_more),
    }
}

/// Pages of any limits, forth and back, while others insert and delete: each has the items that are beside its cursor.
#[tokio::test]
async fn pages_are_those_beside_their_cursor_whatever_others_write() {
    for seed in 0..2 {
        let db = db().await;
        let mut random = Random::new(seed);
        let mut below = |most: usize| usize::try_from(random.below(u64::try_from(most).unwrap())).unwrap();
        let mut events = stored(&db, i64::try_from(below(60)).unwrap() + 1).await;
        let (mut cursor, mut position): (Option<String>, Position) = (None, None);
        for step in 0..40 {
            for _ in 0..below(3) {
                let other = event(i64::try_from(below(100)).unwrap(), &format!("s{step}"));
                other.save(&db).await.unwrap();
                events.retain(|event| key(event) != key(&other));
                events.push(other);
                events.sort_by_key(key);
                if below(2) == 0 {
                    let gone = events.remove(below(events.len()));
                    gone.delete(&db).await.unwrap();
                }
            }
            let (limit, size) = (1 + below(11), 1 + u32::try_from(below(19)).unwrap());
            let query = Event::query(&db, day()).limit(limit).page_size(size).cursor(cursor.clone());
            let page = query.page().await.unwrap();
            let (items, has_more) = expected(&events, &position, limit);
            assert_eq!(page.items, items, "{seed} {step} {position:?}");
            let is_back = position.as_ref().is_some_and(|(is_back, _)| *is_back);
            let further = if is_back { &page.previous } else { &page.next };
            assert_eq!(further.is_some(), has_more, "{seed} {step}");
            assert!(position.is_none() || [&page.next, &page.previous].iter().filter(|of| of.is_some()).count() > 0);
            (cursor, position) = match (page.items.first(), page.items.last(), below(10)) {
                (Some(_), Some(last), 0..6) if page.next.is_some() => (page.next, Some((false, key(last)))),
                (Some(first), ..) if page.previous.is_some() => (page.previous, Some((true, key(first)))),
                _ => (None, None),
            };
        }
    }
}
