//! Fields in keys with a stated form.

use crate::engine::db;
use dyntastic::Error;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use dyntastic::codec::{AttributeMap, read_model, write_model};
use dyntastic::prelude::*;
use dyntastic_tests::key_forms::{Order, OrderByDay, OrderByEmail, OrderByNumber, Status, Visit, VisitByDay};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn order(number: u32, placed_at: &str) -> Order {
    let seen_at = at("2026-01-02T00:00:00Z");
    Order::builder().customer("Ann").number(number).placed_at(at(placed_at)).seen_at(seen_at).build().unwrap()
}

fn visit(day: &str, at_time: &str, seen: &str) -> Visit {
    let day: NaiveDate = day.parse().unwrap();
    let seen: NaiveDateTime = seen.parse().unwrap();
    let id: dyntastic::uuid::Uuid = "67e55044-10b1-426f-9247-bb680e5fe0c8".parse().unwrap();
    Visit::builder().visit_id(id).day(day).at(at(at_time)).seen(seen).build().unwrap()
}

fn texts<const N: usize>(item: &AttributeMap, names: [&str; N]) -> [String; N] {
    names.map(|name| item[name].as_s().unwrap().clone())
}

#[test]
fn keys_have_the_stated_forms() {
    let order = Order { email: Some("Ann@X.org".to_owned()), total: -5, ..order(42, "2026-01-31T12:30:00.1234Z") };
    let stored = write_model(&order).unwrap();
    let names = ["pk", "sk", "email_pk", "email_sk", "day_pk", "day_sk", "number_pk", "number_sk"];
    let expected = [
        "CUSTOMER:ann",
        "ORDER:000042:2026-01-31T12:30:00.123Z",
        "EMAIL#ann@x.org",
        "OPEN#-5",
        "DAY#2026-01-31",
        "1767312000#2026-01-31T12:30:00.123000Z",
        "00000042Open",
        "1769862600123ann",
    ];
    assert_eq!(texts(&stored, names), expected);
    assert!(!stored.contains_key("number"));
    assert_eq!(read_model::<Order>(stored).unwrap(), order);

    let visit = visit("2026-01-31", "2026-01-31T12:30:00Z", "2026-01-31T12:30:00");
    let stored = write_model(&visit).unwrap();
    let expected =
        ["V:67E55044-10B1-426F-9247-BB680E5FE0C82026-01-31", "1769862600", "MONTH#2026-01", "2026-01-31T12:30:00"];
    assert_eq!(texts(&stored, ["pk", "sk", "day_pk", "day_sk"]), expected);
    assert_eq!(read_model::<Visit>(stored).unwrap(), visit);
}

#[tokio::test]
async fn an_item_is_found_changed_and_deleted_by_its_fields() {
    let db = db().await;
    let mut order = order(7, "2026-01-31T12:30:00.123Z");
    order.insert(&db).await.unwrap();
    assert!(matches!(order.insert(&db).await.unwrap_err(), error if error.is_conflict()));
    // The transform makes the case of the key's text that of the field.
    let key = ("ANN", 7, at("2026-01-31T12:30:00.123Z"));
    assert_eq!(Order::get(&db, key).consistent_read().await.unwrap(), order);
    order.update(&db, (Order::A.email.set("B@x"), Order::A.status.set(Status::Paid))).await.unwrap();
    let found = Order::query_by_email(&db, "b@X").all().await.unwrap();
    assert_eq!(found, [order.clone()]);
    let paid = Order::query_by_email(&db, "b@x").range(OrderByEmail::A.status.eq(Status::Paid)).all().await.unwrap();
    assert_eq!(paid, [order.clone()]);
    Order::delete_by_key(&db, key).await.unwrap();
    assert!(Order::find(&db, key).await.unwrap().is_none());
}

#[tokio::test]
async fn ranges_compare_the_field_and_not_the_text() {
    let db = db().await;
    let times =
        ["2026-01-31T12:30:00.123Z", "2026-01-31T12:30:00.124Z", "2026-01-31T23:59:59.999Z", "2026-02-01T00:00:00Z"];
    let mut orders = Vec::new();
    for (number, placed_at) in [9, 9, 10, 10].into_iter().zip(times) {
        let order = order(number, placed_at);
        order.save(&db).await.unwrap();
        orders.push(order);
    }
    let a = Order::A;
    let query = || Order::query(&db, "ann");
    assert_eq!(query().all().await.unwrap(), orders);
    assert_eq!(query().range(a.number.gt(9)).all().await.unwrap(), orders[2..]);
    assert_eq!(query().range(a.number.lt(10)).all().await.unwrap(), orders[..2]);
    for (place, time) in times.iter().enumerate() {
        let number = orders[place].number;
        let of = |is: &dyn Fn(&Order) -> bool| {
            orders.iter().filter(|order| order.number == number && is(order)).cloned().collect::<Vec<_>>()
        };
        let time = at(time);
        let numbered = || a.number.eq(number);
        assert_eq!(
            query().range((numbered(), a.placed_at.eq(time))).all().await.unwrap(),
            of(&|order| order.placed_at == time)
        );
        assert_eq!(
            query().range((numbered(), a.placed_at.lt(time))).all().await.unwrap(),
            of(&|order| order.placed_at < time)
        );
        assert_eq!(
            query().range((numbered(), a.placed_at.le(time))).all().await.unwrap(),
            of(&|order| order.placed_at <= time)
        );
        assert_eq!(
            query().range((numbered(), a.placed_at.gt(time))).all().await.unwrap(),
            of(&|order| order.placed_at > time)
        );
        assert_eq!(
            query().range((numbered(), a.placed_at.ge(time))).all().await.unwrap(),
            of(&|order| order.placed_at >= time)
        );
    }
    // The hash key of the index has the day, and any time of the day is an argument for it.
    let of_day = |time: &'static str| Order::query_by_day(&db, at(time));
    assert_eq!(of_day("2026-01-31T00:00:00Z").all().await.unwrap(), orders[..3]);
    assert_eq!(of_day("2026-02-01T05:00:00Z").all().await.unwrap(), orders[3..]);
    let b = OrderByDay::A;
    let seen = b.seen_at.eq(at("2026-01-02T00:00:00Z"));
    let late = of_day("2026-01-31T00:00:00Z").range((seen, b.placed_at.gt(orders[1].placed_at))).all().await.unwrap();
    assert_eq!(late, orders[2..3]);
    let before = of_day("2026-01-31T00:00:00Z").range(b.seen_at.lt(at("2026-01-02T00:00:00Z"))).all().await.unwrap();
    assert!(before.is_empty());
}

#[tokio::test]
async fn fields_beside_each_other_are_compared_one_by_one() {
    let db = db().await;
    let mut orders = Vec::new();
    for (customer, millis) in [("ann", "001"), ("b", "001"), ("", "002"), ("ann", "002"), ("c", "003")] {
        let time = format!("2026-01-31T12:30:00.{millis}Z");
        let order = Order { customer: format!("x{customer}"), ..order(1, &time) };
        order.save(&db).await.unwrap();
        orders.push(order);
    }
    let a = OrderByNumber::A;
    let query = || Order::query_by_number(&db, 1, Status::Open);
    assert_eq!(query().all().await.unwrap(), orders);
    let time = orders[2].placed_at;
    assert_eq!(query().range(a.placed_at.eq(time)).all().await.unwrap(), orders[2..4]);
    assert_eq!(query().range(a.placed_at.le(time)).all().await.unwrap(), orders[..4]);
    assert_eq!(query().range(a.placed_at.gt(time)).all().await.unwrap(), orders[4..]);
    assert_eq!(query().range(a.placed_at.lt(time)).all().await.unwrap(), orders[..2]);
    assert_eq!(query().range(a.placed_at.between(time, time)).all().await.unwrap(), orders[2..4]);
    let of_x = query().range((a.placed_at.eq(time), a.customer.begins_with("xa"))).all().await.unwrap();
    assert_eq!(of_x, orders[3..4]);
}

#[tokio::test]
async fn a_text_that_does_not_sort_is_compared_as_a_whole() {
    let db = db().await;
    for seen in ["2026-01-31T12:30:00", "2026-01-31T12:30:00.5", "2026-01-30T00:00:00"] {
        visit("2026-01-31", &format!("{seen}Z").replace(".5", ""), seen).save(&db).await.unwrap();
    }
    let month: NaiveDate = "2026-01-01".parse().unwrap();
    let seen: NaiveDateTime = "2026-01-31T12:30:00.5".parse().unwrap();
    let found = Visit::query_by_day(&db, month).range(VisitByDay::A.seen.eq(seen)).all().await.unwrap();
    assert_eq!(found.iter().map(|visit| visit.seen).collect::<Vec<_>>(), [seen]);
    assert_eq!(Visit::query_by_day(&db, month).all().await.unwrap().len(), 2, "two visits have one key");
}

#[tokio::test]
async fn a_time_with_another_number_of_digits_is_refused() {
    let db = db().await;
    let mut order = order(1, "2026-01-31T12:30:00Z");
    order.seen_at = at("2001-09-09T01:46:39Z");
    let error = order.save(&db).await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error:?}");
    assert!(error.to_string().contains("seen_at"), "{error}");
    order.seen_at = at("2001-09-09T01:46:40Z");
    order.save(&db).await.unwrap();
}

#[test]
fn a_key_of_another_form_is_not_read() {
    let mut stored = write_model(&order(7, "2026-01-31T12:30:00Z")).unwrap();
    for sk in [
        "ORDER:7:2026-01-31T12:30:00.000Z",
        "ORDER:000007:2026-01-31T12:30:00Z",
        "ORDER:000007:2026-01-31T12:30:00.0000Z",
    ] {
        stored.insert("sk".to_owned(), AttributeValue::S(sk.to_owned()));
        assert!(read_model::<Order>(stored.clone()).is_err(), "{sk}");
    }
}

#[tokio::test]
async fn a_leap_second_is_refused() {
    let db = db().await;
    // Its text would be that of the second before.
    let leap = at("2016-12-31T23:59:60Z");
    let mut order = order(1, "2016-12-31T23:59:59Z");
    order.placed_at = leap;
    assert!(order.save(&db).await.is_err());
    let visit = Visit { at: leap, ..visit("2016-12-31", "2016-12-31T23:59:59Z", "2016-12-31T23:59:59") };
    assert!(visit.save(&db).await.is_err());
}
