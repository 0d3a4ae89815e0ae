//! Every scalar type: how it is stored, and what else is read.

use crate::engine::{db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use dyntastic::prelude::*;
use dyntastic::rust_decimal::Decimal;
use dyntastic::ulid::Ulid;
use dyntastic::{Client, Model};
use dyntastic_tests::derives::{Holder, Preset};
use dyntastic_tests::own_types::{Meters, Note};
use dyntastic_tests::scalars::{Scalars, ScalarsByPrice, Wide};
use dyntastic_tests::{jiff_types, time_types};
use std::collections::HashMap;

type Map = HashMap<String, AttributeValue>;

fn at() -> DateTime<Utc> {
    "2024-01-31T12:00:00.123456Z".parse().unwrap()
}

fn ulid() -> Ulid {
    "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap()
}

fn scalars() -> Scalars {
    let url = |text: &str| text.parse::<dyntastic::url::Url>().unwrap();
    let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    Scalars::builder()
        .id(ulid())
        .at(at())
        .big(-99_999_999_999_999_999_999_999_999_999_999_999_999_i128)
        .huge(10_u128.pow(37))
        .site(url("https://Example.com"))
        .v4("10.0.0.1".parse::<std::net::Ipv4Addr>().unwrap())
        .v6("2001:DB8:0:0::1".parse::<std::net::Ipv6Addr>().unwrap())
        .address("::ffff:1.2.3.4".parse::<std::net::IpAddr>().unwrap())
        .v4_net("10.0.0.0/8".parse::<dyntastic::ipnet::Ipv4Net>().unwrap())
        .v6_net("fe80::/10".parse::<dyntastic::ipnet::Ipv6Net>().unwrap())
        .net("192.168.1.0/24".parse::<dyntastic::ipnet::Ipv4Net>().unwrap())
        .day(day)
        .seen(at())
        .plain(at())
        .length(Meters { millimeters: 1500 })
        .note(Note::new("short"))
        .bigs([1_i128, -1])
        .prices([Decimal::new(150, 2), Decimal::new(2, 0)])
        .ulids([ulid()])
        .sites([url("https://a.example/x?y=z")])
        .addresses(["10.0.0.1".parse::<std::net::IpAddr>().unwrap()])
        .days([day])
        .waits([TimeDelta::seconds(90)])
        .lengths([Meters { millimeters: 1 }, Meters { millimeters: 20 }])
        .by_day([("mo", vec![Some(Decimal::new(-5, 1)), None])])
        .build()
        .unwrap()
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn n(text: &str) -> AttributeValue {
    AttributeValue::N(text.to_owned())
}

async fn stored<M: Model>(db: &Client) -> Map {
    let found = db.sdk().scan().table_name(table_name::<M>(db)).send().await.unwrap();
    found.items.unwrap().remove(0)
}

#[tokio::test]
async fn every_scalar_is_stored_in_its_form_and_reads_back() {
    let db = db().await;
    let written = scalars();
    written.save(&db).await.unwrap();
    let item = stored::<Scalars>(&db).await;
    for (attribute, value) in [
        ("id", s("01ARZ3NDEKTSV4RRFFQ69G5FAV")),
        ("at", n("1706702400123")),
        ("big", n("-99999999999999999999999999999999999999")),
        ("huge", n("10000000000000000000000000000000000000")),
        ("site", s("https://example.com/")),
        ("v4", s("10.0.0.1")),
        ("v6", s("2001:db8::1")),
        ("address", s("::ffff:1.2.3.4")),
        ("v4_net", s("10.0.0.0/8")),
        ("v6_net", s("fe80::/10")),
        ("net", s("192.168.1.0/24")),
        ("day", s("2024-02-29")),
        ("clock", s("08:30:00.000000")),
        ("local", s("2024-01-31T12:00:00.000000")),
        ("wait", s("PT1M30.5S")),
        ("seen", n("1706702400")),
        ("plain", s("2024-01-31T12:00:00.123456Z")),
        ("length", n("1500")),
        ("note", s("short")),
        ("ulids", AttributeValue::Ss(vec!["01ARZ3NDEKTSV4RRFFQ69G5FAV".to_owned()])),
        ("waits", AttributeValue::Ss(vec!["PT1M30S".to_owned()])),
        (
            "by_day",
            AttributeValue::M(
                [("mo".to_owned(), AttributeValue::L(vec![n("-0.5"), AttributeValue::Null(true)]))].into(),
            ),
        ),
    ] {
        assert_eq!(item[attribute], value, "{attribute}");
    }
    assert!(matches!(&item["lengths"], AttributeValue::Ns(lengths) if lengths.len() == 2));
    let price: Decimal = item["price"].as_n().unwrap().parse().unwrap();
    assert_eq!(price, Decimal::new(1, 1));
    // What is finer than the stored form is cut off.
    let whole: DateTime<Utc> = "2024-01-31T12:00:00Z".parse().unwrap();
    let millis = whole + TimeDelta::milliseconds(123);
    let found = Scalars::get(&db, (ulid(), at())).await.unwrap();
    assert_eq!(found, Scalars { at: millis, seen: Some(whole), ..written });
}

#[tokio::test]
async fn what_python_writes_is_read() {
    let db = db().await;
    let written = scalars();
    written.save(&db).await.unwrap();
    for (attribute, value) in [
        ("address", s("10.0.0.1")),
        ("net", s("10.0.0.5")),
        ("v4_net", s("10.0.0.0/255.0.0.0")),
        ("clock", s("08:30:00")),
        ("clock", s("08:30:00.000001")),
        ("local", s("2024-01-31T12:00:00")),
        ("wait", s("P1Y35DT1.5S")),
        ("wait", n("90.5")),
        ("seen", n("1706702400.75")),
        ("at", n("1706702400123")),
        ("plain", s("2024-01-31T12:00:00.123456+00:00")),
        ("price", n("1E-1")),
        ("big", n("1E37")),
        ("id", s("01ARZ3NDEKTSV4RRFFQ69G5FAV")),
    ] {
        let mut item = stored::<Scalars>(&db).await;
        item.insert(attribute.to_owned(), value.clone());
        let sdk = db.sdk();
        sdk.put_item().table_name(table_name::<Scalars>(&db)).set_item(Some(item)).send().await.unwrap();
        assert!(Scalars::get(&db, (ulid(), at())).await.is_ok(), "{attribute} {value:?}");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let db = db().await;
    scalars().save(&db).await.unwrap();
    for (attribute, value, expected) in [
        ("v4", s("::1"), "expected an IPv4 address: the text has another form"),
        ("net", s("10.0.0.0/99"), "expected an IP network: the text has another form"),
        ("site", s("nowhere"), "expected a url: relative URL without a base"),
        ("clock", s("25:00"), "expected a time: the text has another form"),
        ("wait", s("soon"), "expected a duration: the text has another form"),
        ("local", s("2024-01-31T12:00:00+"), "expected a datetime without an offset: the text has another form"),
        ("price", n("1.00000000000000000000000000001"), "expected a decimal: more digits than it holds"),
        ("huge", n("-1"), "expected u128: the number is out of range"),
        ("note", s(""), "expected a note: the text is empty"),
        ("seen", n("1E30"), "expected a datetime: the number is out of range"),
        ("length", s("1"), "expected N, found S"),
    ] {
        let mut item = stored::<Scalars>(&db).await;
        item.insert("id".to_owned(), s("01BX5ZZKBKACTAV9WEVGEMMVRZ"));
        item.insert(attribute.to_owned(), value);
        if attribute == "length" {
            item.remove("seen");
        }
        let sdk = db.sdk();
        let sent = sdk.put_item().table_name(table_name::<Scalars>(&db)).set_item(Some(item)).send().await;
        if attribute == "length" {
            // A key of an index has its type.
            assert!(sent.is_err());
            continue;
        }
        sent.unwrap();
        let other: Ulid = "01BX5ZZKBKACTAV9WEVGEMMVRZ".parse().unwrap();
        let error = Scalars::get(&db, (other, at())).await.unwrap_err();
        assert_eq!(error.to_string(), format!("Scalars.{attribute}: {expected}"));
    }
    let error = Scalars { huge: u128::MAX, ..scalars() }.save(&db).await.unwrap_err();
    assert_eq!(error.to_string(), "Scalars.huge: a number in DynamoDB has at most 38 significant digits");
}

#[tokio::test]
async fn numbers_of_38_digits_are_keys_and_defaults() {
    let db = db().await;
    let wide = Wide::default();
    wide.save(&db).await.unwrap();
    assert_eq!(stored::<Wide>(&db).await["low"], n("-99999999999999999999999999999999999999"));
    assert_eq!(Wide::get(&db, 340_282_366_920_938_463_463_374_607_431_768_211).await.unwrap(), wide);
}

#[test]
fn a_derived_default_has_the_defaults_of_the_schema() {
    let preset = Preset::default();
    assert_eq!((preset.name.as_str(), preset.size, preset.site), ("", 3, None));
    assert_eq!(Holder::default().preset.size, 3);
}

#[tokio::test]
async fn expressions_use_the_stored_form() {
    let db = db().await;
    let mut item = scalars();
    item.save(&db).await.unwrap();
    let a = Scalars::A;
    for condition in [
        a.seen.eq(at()),
        a.seen.gt(at() - TimeDelta::days(1)) & a.plain.lt(at() + TimeDelta::days(1)),
        a.price.between(Decimal::new(9, 2), 1),
        a.big.lt(0) & a.huge.ge(1_u128),
        a.v4.begins_with("10.") & a.site.begins_with("https://"),
        a.day.begins_with("2024-02"),
        a.lengths.contains(Meters { millimeters: 20 }),
        a.wait.eq(TimeDelta::milliseconds(90_500)),
        a.by_day.key("mo").index(0).eq(Decimal::new(-5, 1)),
    ] {
        let held =
            item.update(&db, a.price.add(Decimal::ZERO)).condition(condition.clone()).if_matches().await.unwrap();
        assert!(held, "{condition:?}");
    }
    item.update(
        &db,
        (a.price.set(&a.price + Decimal::new(25, 2)), a.seen.set(at() + TimeDelta::hours(1)), a.prices.add(7)),
    )
    .await
    .unwrap();
    assert_eq!((item.price, item.prices.len()), (Decimal::new(35, 2), 3));
    assert_eq!(item.seen.unwrap().timestamp(), 1_706_706_000);
    let address = item.address;
    let by_price =
        Scalars::query_by_price(&db, address).range(ScalarsByPrice::A.price.gt(0)).one().await.unwrap().unwrap();
    assert_eq!(by_price.seen, item.seen);
    assert_eq!(Scalars::seen_since(&db, item.length, at()).all().await.unwrap().len(), 1);
    assert_eq!(Scalars::query(&db, ulid()).range(a.at.le(at())).count().await.unwrap(), 1);
}

#[tokio::test]
async fn all_libraries_of_time_store_the_same() {
    let with_time = db().await;
    let moments = time_types::Moments::builder().millis(None).build().unwrap();
    moments.save(&with_time).await.unwrap();
    let of_time = stored::<time_types::Moments>(&with_time).await;
    let with_jiff = db().await;
    let other = jiff_types::Moments::builder().build().unwrap();
    other.save(&with_jiff).await.unwrap();
    let of_jiff = stored::<jiff_types::Moments>(&with_jiff).await;
    for (attribute, value) in [
        ("id", n("12345678901234567890123456789012345678")),
        ("written", s("2024-01-31T12:00:00.000001Z")),
        ("day", s("2024-02-29")),
        ("clock", s("23:59:59.999999")),
        ("local", s("2024-01-31T12:00:00.000000")),
        ("wait", s("-PT1M30.5S")),
        ("seconds", n("1706702400")),
    ] {
        assert_eq!(of_time[attribute], value, "{attribute}");
        assert_eq!(of_jiff[attribute], value, "{attribute}");
    }
    // A number of seconds is read from a text too.
    let mut as_text = of_time.clone();
    as_text.insert("seconds".to_owned(), s("2024-01-31T13:00:00+01:00"));
    let sdk = with_time.sdk();
    let table = table_name::<time_types::Moments>(&with_time);
    sdk.put_item().table_name(table).set_item(Some(as_text)).send().await.unwrap();
    let id = moments.id.clone();
    assert_eq!(time_types::Moments::get(&with_time, (id.clone(), moments.at)).await.unwrap(), moments);
    assert_eq!(jiff_types::Moments::get(&with_jiff, (id.clone(), other.at)).await.unwrap(), other);
    assert_eq!(time_types::Moments::between(&with_time, &id, moments.at, moments.at).count().await.unwrap(), 1);
    let jiff_at = other.at;
    assert_eq!(jiff_types::Moments::between(&with_jiff, id, jiff_at, jiff_at).count().await.unwrap(), 1);
}
