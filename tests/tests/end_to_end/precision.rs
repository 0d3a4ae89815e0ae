//! The precision of times: a time keeps what it was given, is cut where the schema says so, or is refused.

use crate::engine::{Engine, db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use dyntastic::prelude::*;
use dyntastic_tests::own_types;
use dyntastic_tests::precision::{End, Reading, ReadingByClock, Slot, Span, Stop, Visit};
use std::collections::BTreeMap;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

const FINE: &str = "2024-01-31T12:00:00.123456789Z";

fn clock(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn reading() -> Reading {
    Reading::builder().sensor("s").at(at(FINE)).build().unwrap()
}

#[tokio::test]
async fn nanoseconds_are_stored_where_the_schema_asks_for_them() {
    let db = db().await;
    let fine = at(FINE);
    let mut reading = reading();
    reading.local = Some(fine.naive_utc());
    reading.clock = Some(fine.time());
    reading.lasts = Some(TimeDelta::nanoseconds(5_123_456_789));
    reading.save(&db).await.unwrap();
    assert_eq!(Reading::get(&db, ("s", fine)).await.unwrap(), reading);
    let item = db.sdk().scan().table_name(table_name::<Reading>(&db)).send().await.unwrap().items.unwrap().remove(0);
    let text = |name: &str| item[name].as_s().unwrap().clone();
    assert_eq!(
        ["at", "local", "clock", "lasts"].map(text),
        [FINE, "2024-01-31T12:00:00.123456789", "12:00:00.123456789", "PT5.123456789S"]
    );
    // The texts sort by time, and two times within one microsecond are two items.
    for nanos in [1, 210, 211, 1_000_000] {
        let at = fine + TimeDelta::nanoseconds(nanos);
        Reading { at, clock: Some(at.time()), ..reading.clone() }.save(&db).await.unwrap();
    }
    let later = Reading::query(&db, "s").range(Reading::A.at.gt(fine)).all().await.unwrap();
    let nanos: Vec<_> = later.iter().map(|later| (later.at - fine).num_nanoseconds().unwrap()).collect();
    assert_eq!(nanos, [1, 210, 211, 1_000_000]);
    let by_clock = Reading::query_by_clock(&db, "s").range(ReadingByClock::A.clock.le(clock("12:00:00.123457000")));
    assert_eq!(by_clock.count().await.unwrap(), 4);
    assert_eq!(
        Reading::query(&db, "s").range(Reading::A.at.begins_with("2024-01-31T12:00:00.1234567")).count().await.unwrap(),
        2
    );
}

#[tokio::test]
async fn a_finer_time_than_the_stored_form_has_is_a_violation() {
    let db = db().await;
    let mut reading = reading();
    reading.plain = Some(at(FINE));
    reading.map = BTreeMap::from([("a".to_owned(), Some(clock("01:00:00.0000001"))), ("b".to_owned(), None)]);
    reading.span = Some(Span { from: at(FINE), to: Some(at(FINE)) });
    let message = "whole microseconds, since its stored form has no more: cut it, or see `precision`";
    let expected = ["plain", "map.a", "span.to"].map(|path| format!("Reading.{path}: {message}")).join("\n");
    assert_eq!(reading.validate().unwrap_err().to_string(), expected);
    assert_eq!(reading.save(&db).await.unwrap_err().to_string(), expected);
    let refused = Reading::builder().sensor("s").at(at(FINE)).plain(at(FINE)).build();
    assert_eq!(refused.unwrap_err().iter().map(|of| of.code()).collect::<Vec<_>>(), ["precision"]);

    let mut reading = self::reading();
    reading.save(&db).await.unwrap();
    let error = reading.update(&db, Reading::A.plain.set(at(FINE))).await.unwrap_err();
    assert_eq!(error.to_string(), format!("Reading.plain: {message}"));
    reading.update(&db, Reading::A.plain.set(at("2024-01-31T12:00:00.123456Z"))).await.unwrap();
    // What is compared may be finer than what is stored.
    assert_eq!(Reading::scan(&db).filter(Reading::A.plain.le(at(FINE))).count().await.unwrap(), 1);
}

#[tokio::test]
async fn a_time_is_cut_where_the_schema_says_so() {
    let db = db().await;
    let fine = at(FINE);
    let reading = Reading {
        cut: Some(fine),
        millis: Some(fine),
        seconds: Some(fine),
        made: fine,
        short: Some(fine.time()),
        list: vec![fine],
        set: [fine, fine + TimeDelta::nanoseconds(5)].into(),
        span: Some(Span { from: fine, to: None }),
        ..reading()
    };
    let [seconds, millis, micros] =
        ["12:00:00Z", "12:00:00.123Z", "12:00:00.123456Z"].map(|time| at(&format!("2024-01-31T{time}")));
    let cut = Reading {
        cut: Some(micros),
        millis: Some(millis),
        seconds: Some(seconds),
        made: seconds,
        short: Some(millis.time()),
        list: vec![millis],
        set: [seconds].into(),
        span: Some(Span { from: seconds, to: None }),
        ..reading.clone()
    };
    reading.save(&db).await.unwrap();
    let mut found = Reading::get(&db, ("s", fine)).await.unwrap();
    assert_eq!(found, cut);
    // The builder gives what a read will give.
    let built = Reading::builder().sensor("s").at(fine).millis(fine).list([fine]).build().unwrap();
    assert_eq!((built.millis, built.list), (Some(millis), vec![millis]));
    assert_eq!(built.made.timestamp_subsec_nanos(), 0);
    found
        .update(&db, (Reading::A.seconds.set(fine + TimeDelta::seconds(1)), Reading::A.list.append([fine])))
        .await
        .unwrap();
    assert_eq!((found.seconds, found.list), (Some(seconds + TimeDelta::seconds(1)), vec![millis, millis]));
    Reading::update_by_key(&db, ("new", fine), Reading::A.cut.set(fine)).upsert().await.unwrap();
    let new = Reading::get(&db, ("new", fine)).await.unwrap();
    assert_eq!((new.cut, new.made.timestamp_subsec_nanos()), (Some(micros), 0));

    Slot { room: "r".to_owned(), at: fine, by: Some(fine) }.save(&db).await.unwrap();
    let slot = Slot::get(&db, ("r", fine)).await.unwrap();
    assert_eq!((slot.at, slot.by), (seconds, Some(millis)));
    assert_eq!(Slot::query(&db, "r").range(Slot::A.at.eq(fine)).count().await.unwrap(), 1);
    slot.delete(&db).await.unwrap();
    assert_eq!(Slot::find(&db, ("r", seconds)).await.unwrap(), None);
}

#[tokio::test]
async fn items_of_another_precision_are_read_whole() {
    let db = db().await;
    reading().save(&db).await.unwrap();
    let table = table_name::<Reading>(&db);
    let mut item = dyntastic::codec::write_model(&reading()).unwrap();
    for name in ["plain", "millis", "seconds"] {
        item.insert(name.to_owned(), AttributeValue::S(FINE.to_owned()));
    }
    db.sdk().put_item().table_name(&table).set_item(Some(item)).send().await.unwrap();
    let found = Reading::get(&db, ("s", at(FINE))).await.unwrap();
    assert_eq!([found.plain, found.millis, found.seconds], [Some(at(FINE)); 3]);
}

/// What a write has made is in the struct as it is stored, also where the stored form cuts it.
#[tokio::test]
async fn a_written_struct_has_the_stored_times() {
    if !Engine::current().has_time_to_live() {
        return;
    }
    let db = db().await;
    let fine = Utc::now() + TimeDelta::nanoseconds(1_234_567);
    let stop = || Stop { at: fine, to: Some(fine) };
    let mut visit = Visit::builder().visit_id("v").ends(fine).build().unwrap();
    (visit.stop, visit.stops, visit.end) = (Some(stop()), vec![stop()], Some(End::Stop(stop())));
    visit.save(&db).await.unwrap();
    let stored = async || Visit::get(&db, "v").consistent_read().await.unwrap();
    let is_followed = |visit: &Visit| visit.times() == own_types::times(&visit.made, &visit.ends);
    assert_eq!(stored().await, visit);
    assert!(is_followed(&visit), "{visit:?}");

    visit.place = "loft".to_owned();
    visit.ends = Some(fine + TimeDelta::days(1));
    visit.save(&db).await.unwrap();
    assert_eq!(stored().await, visit);
    let later = fine + TimeDelta::hours(1);
    let parts = (Visit::A.place.set("attic"), Visit::A.ends.set(fine), Visit::A.stops.append([stop()]));
    let inside = Visit::A.stop.then(Stop::A.at).set(later);
    visit.update(&db, (parts, inside, Visit::A.end.set(End::Stop(stop())))).await.unwrap();
    assert_eq!(stored().await, visit);
    assert!(is_followed(&visit), "{visit:?}");
    // What was read and is written again is the same to the last digit.
    let mut again = stored().await;
    again.save(&db).await.unwrap();
    assert_eq!(Visit { seen: visit.seen, ..again }, visit);
}
