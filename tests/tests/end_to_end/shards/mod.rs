//! Hash keys in shards: every write computes the shard, and every read of a hash key reads all shards.

mod pages;
mod queries;
mod writes;

use crate::engine::{config, isolated, table_name};
use dyntastic::Client;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};
use dyntastic::prelude::*;
use dyntastic_tests::shards::Event;
use std::collections::BTreeMap;

async fn db() -> Client {
    isolated().from_conf(config().await)
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 30).unwrap()
}

fn at(second: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 30, 12, 0, 0).unwrap() + TimeDelta::seconds(second)
}

fn event(second: i64, id: &str) -> Event {
    let event = Event::builder().day(day()).at(at(second)).event_id(id).source("web");
    event.severity(u8::try_from(second % 7).unwrap()).build().unwrap()
}

/// Stores events of one day in an order of no kind, and returns them in the order of their range key.
async fn stored(db: &Client, count: i64) -> Vec<Event> {
    let mut events: Vec<Event> = (0..count).map(|number| event(number / 3 * 5, &format!("e{number}"))).collect();
    events.sort_by_key(|event| (event.source.len(), event.event_id.bytes().rev().collect::<Vec<_>>()));
    db.batch_write().put_all(&events).await.unwrap();
    events.sort_by_key(|event| (event.at, event.event_id.clone()));
    events
}

/// The values of an attribute of all stored items, with the number of the items that have each.
async fn values(db: &Client, attribute: &str) -> BTreeMap<String, usize> {
    let mut values = BTreeMap::new();
    let mut pages = db.sdk().scan().table_name(table_name::<Event>(db)).into_paginator().items().send();
    while let Some(item) = pages.try_next().await.unwrap() {
        if let Some(AttributeValue::S(text)) = item.get(attribute) {
            *values.entry(text.clone()).or_default() += 1;
        }
    }
    values
}
