//! Queries of all shards.

use super::*;
use crate::canned;
use dyntastic::Error;
use dyntastic::serde_json::json;
use dyntastic_tests::shards::{EventBySeverity, EventBySource, EventByStatus};
use futures_util::TryStreamExt;

#[tokio::test]
async fn a_query_has_the_order_of_the_range_key() {
    let db = db().await;
    let events = stored(&db, 100).await;
    assert_eq!(Event::query(&db, day()).all().await.unwrap(), events);
    let reversed: Vec<Event> = events.iter().rev().cloned().collect();
    assert_eq!(Event::query(&db, day()).descending().all().await.unwrap(), reversed);
    for size in [1, 3, 50] {
        let streamed: Vec<Event> = Event::query(&db, day()).page_size(size).stream().try_collect().await.unwrap();
        assert_eq!(streamed, events, "{size}");
    }
    for limit in [0, 1, 17, 99, 100, 1_000] {
        let wanted = &events[..limit.min(100)];
        assert_eq!(Event::query(&db, day()).limit(limit).all().await.unwrap(), wanted, "{limit}");
        assert_eq!(Event::query(&db, day()).limit(limit).count().await.unwrap(), u64::try_from(wanted.len()).unwrap());
    }
    assert_eq!(Event::query(&db, day()).first().await.unwrap().as_ref(), events.first());
    assert_eq!(Event::query(&db, day()).descending().first().await.unwrap().as_ref(), events.last());
    assert!(matches!(Event::query(&db, day()).one().await, Err(Error::NotOne { .. })));
    assert_eq!(Event::query(&db, day() + TimeDelta::days(1)).all().await.unwrap(), []);

    // Conditions on the range key, filters and projections.
    let since: Vec<Event> = events.iter().filter(|event| event.at >= at(100)).cloned().collect();
    assert_eq!(Event::since(&db, day(), at(100)).all().await.unwrap(), since);
    let between = Event::A.at.between(at(100), at(200));
    let filtered: Vec<Event> = events.iter().filter(|event| event.severity == 3).cloned().collect();
    assert_eq!(Event::query(&db, day()).filter(Event::A.severity.eq(3)).all().await.unwrap(), filtered);
    assert_eq!(Event::query(&db, day()).filter(Event::A.severity.eq(3)).limit(5).all().await.unwrap(), filtered[..5]);
    let projected = Event::query(&db, day()).range(between).project((Event::A.at, Event::A.status)).all();
    let wanted = events.iter().filter(|event| (at(100)..=at(200)).contains(&event.at));
    let wanted: Vec<_> = wanted.map(|event| (event.at, Some(event.status.clone()))).collect();
    assert_eq!(projected.await.unwrap(), wanted);
}

#[tokio::test]
async fn indexes_are_read_in_all_their_shards() {
    let db = db().await;
    let events = stored(&db, 90).await;
    let at_of = |events: Vec<Event>| events.iter().map(|event| event.at).collect::<Vec<_>>();
    let ordered = at_of(events.clone());
    let open = Event::query_by_status(&db, "open").all().await.unwrap();
    assert_eq!(at_of(open.clone()), ordered);
    let mut latest = ordered.clone();
    latest.reverse();
    latest.truncate(20);
    assert_eq!(at_of(Event::latest(&db, "open").all().await.unwrap()), latest);
    let mut ids: Vec<String> = open.into_iter().map(|event| event.event_id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 90);

    // A range key that is a number, of a local index: numbers have their order.
    let by_severity = Event::query_by_severity(&db, day()).all().await.unwrap();
    assert!(by_severity.is_sorted_by_key(|event| event.severity) && by_severity.len() == 90);
    let some = Event::query_by_severity(&db, day()).range(EventBySeverity::A.severity.ge(5)).count().await.unwrap();
    assert_eq!(some, u64::try_from(events.iter().filter(|event| event.severity >= 5).count()).unwrap());
    // An index that does not hold whole items.
    let full = Event::query_by_source(&db, "web").range(EventBySource::A.severity.eq(2)).full().all().await.unwrap();
    let wanted: Vec<Event> = events.into_iter().filter(|event| event.severity == 2).collect();
    assert_eq!(at_of(full.clone()), at_of(wanted));
    assert!(full.iter().all(|event| event.severity == 2 && event.source == "web"));
    let since = Event::query_by_status(&db, "open").range(EventByStatus::A.at.ge(at(100)));
    assert!(since.all().await.unwrap().iter().all(|event| event.at >= at(100)));
}

/// The hash keys of a query's requests, and how many items they ask for.
async fn asked(query: impl AsyncFnOnce(Client)) -> Vec<(String, Option<u64>)> {
    let (config, requests) = canned::answers(|_, _, _| (200, json!({ "Items": [], "Count": 0, "ScannedCount": 0 })));
    query(Client::from_conf(config)).await;
    let requests = requests.lock().unwrap();
    let hash = |body: &dyntastic::serde_json::Value| {
        let values = body["ExpressionAttributeValues"].as_object().unwrap();
        values.values().find_map(|value| value["S"].as_str().filter(|text| text.contains('#'))).unwrap().to_owned()
    };
    requests.iter().map(|(_, body)| (hash(body), body["Limit"].as_u64())).collect()
}

#[tokio::test]
async fn a_query_asks_only_the_shards_that_may_have_items() {
    let mut all = asked(async |db| drop(Event::query(&db, day()).all().await.unwrap())).await;
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 16, "{all:?}");
    let one = asked(async |db| {
        let range = (Event::A.at.eq(at(1)), Event::A.event_id.eq("event1"));
        drop(Event::query(&db, day()).range(range).all().await.unwrap());
    });
    assert_eq!(one.await.len(), 1);
    // A limit is shared among the shards.
    let limited = asked(async |db| drop(Event::query(&db, day()).limit(160).all().await.unwrap())).await;
    assert!(limited.iter().all(|(_, items)| (10..20).contains(&items.unwrap())), "{limited:?}");
    // A query of one shard can be a request of one's own; one of several cannot.
    let db = db().await;
    let error = Event::query(&db, day()).into_inner().unwrap_err();
    assert!(error.to_string().contains("a query of 16 shards is 16 requests"), "{error}");
}

#[tokio::test]
async fn an_error_of_one_shard_is_that_of_the_query() {
    let (config, _) = canned::answers(|_, body, _| match body.to_string().contains("DAY#2026-11-30#9\"") {
        true => canned::error("ResourceNotFoundException"),
        false => (200, json!({ "Items": [], "Count": 0, "ScannedCount": 0 })),
    });
    let db = Client::from_conf(config);
    assert!(Event::query(&db, day()).all().await.is_err());
    assert!(Event::query(&db, day()).page().await.is_err());
    assert!(Event::query(&db, day()).limit(3).page().await.is_err());
    assert!(Event::query(&db, day()).count().await.is_err());
}
