//! Secondary indexes.

use crate::canned::answering;
use crate::engine::{Engine, db, table_name};
use dyntastic::aws_sdk_dynamodb::types::TableDescription;
use dyntastic::chrono::{DateTime, NaiveDate, Utc};
use dyntastic::prelude::*;
use dyntastic::serde_json::{Value, json};
use dyntastic::{Client, Error};
use dyntastic_tests::indexes::{
    Match, MatchByRegion, Order, OrderByPlacedAt, OrderByShipping, OrderByStatus, OrderByTotalStatus, OrderKey,
    Provisioned,
};
use futures_util::TryStreamExt;

fn at(day: u32) -> DateTime<Utc> {
    format!("2024-01-{day:02}T12:00:00Z").parse().unwrap()
}

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 2, day).unwrap()
}

fn order(number: u32) -> Order {
    Order::builder()
        .customer(if number.is_multiple_of(2) { "even" } else { "odd" })
        .number(number)
        .status(if number <= 3 { "open" } else { "paid" })
        .placed_at(at(number))
        .total(f64::from(number) * 1.5)
        .lines(["bread"])
        .coupon((number == 4).then_some("SPRING"))
        .shipped_on((number > 4).then(|| date(1)))
        .build()
        .unwrap()
}

async fn orders() -> Client {
    let db = db().await;
    Order::create_table(&db).await.unwrap();
    for number in 1..=6 {
        order(number).save(&db).await.unwrap();
    }
    db
}

fn numbers<'o>(numbers: impl IntoIterator<Item = &'o u32>) -> Vec<u32> {
    numbers.into_iter().copied().collect()
}

async fn describe<M: dyntastic::Model>(db: &Client) -> TableDescription {
    db.sdk().describe_table().table_name(table_name::<M>(db)).send().await.unwrap().table.unwrap()
}

#[tokio::test]
async fn create_table_makes_every_index() {
    let db = orders().await;
    let table = describe::<Order>(&db).await;
    let mut global: Vec<String> = table
        .global_secondary_indexes()
        .iter()
        .map(|index| {
            let projection = index.projection().unwrap();
            let keys: Vec<&str> = index.key_schema().iter().map(|key| key.attribute_name()).collect();
            let mut others = projection.non_key_attributes().to_vec();
            others.sort();
            format!(
                "{} {keys:?} {} {others:?}",
                index.index_name().unwrap(),
                projection.projection_type().unwrap().as_str()
            )
        })
        .collect();
    global.sort();
    assert_eq!(
        global,
        [
            r#"coupon-index ["coupon"] ALL []"#,
            r#"shipped_on_number-index ["shipped_on", "number"] INCLUDE ["total", "weight"]"#,
            r#"status-placed ["status", "placed/at"] KEYS_ONLY []"#,
        ]
    );
    let mut local: Vec<_> = table.local_secondary_indexes().iter().map(|index| index.index_name().unwrap()).collect();
    local.sort_unstable();
    assert_eq!(local, ["customer_status-index", "placed-locally"]);
    assert_eq!(table.attribute_definitions().len(), 6, "each key attribute is defined once");
}

#[tokio::test]
async fn indexes_of_a_provisioned_table_have_throughput() {
    let db = db().await;
    Provisioned::create_table(&db).await.unwrap();
    let table = describe::<Provisioned>(&db).await;
    let mut units: Vec<_> = table
        .global_secondary_indexes()
        .iter()
        .map(|index| {
            let throughput = index.provisioned_throughput().unwrap();
            (
                index.index_name().unwrap(),
                throughput.read_capacity_units().unwrap(),
                throughput.write_capacity_units().unwrap(),
            )
        })
        .collect();
    units.sort_unstable();
    assert_eq!(units, [("kind-index", 4, 5), ("other_kind-index", 2, 3)], "its own, or the table's");
    let request = Order::create_table(&db).into_inner().unwrap();
    let indexes = request.get_global_secondary_indexes().as_ref().unwrap();
    assert!(indexes.iter().all(|index| index.provisioned_throughput().is_none()), "an on-demand table's have none");
}

#[tokio::test]
async fn keys_only_items_have_what_the_index_holds_and_no_more() {
    let db = orders().await;
    let open: Vec<OrderByStatus> = Order::query_by_status(&db, "open").descending().all().await.unwrap();
    assert_eq!(numbers(open.iter().map(|order| &order.number)), [3, 2, 1]);
    let OrderByStatus { customer, number, status, placed_at } = open[0].clone();
    assert_eq!((customer.as_str(), number, status.as_str(), placed_at), ("odd", 3, "open", at(3)));

    let later = Order::query_by_status(&db, "open").range(OrderByStatus::A.placed_at.gt(at(1))).count().await.unwrap();
    assert_eq!(later, 2);
    assert_eq!(Order::scan_by_status(&db).all().await.unwrap().len(), 6);
    // An item of an index knows the key of the whole one.
    let key = OrderKey::from(&open[0]);
    assert_eq!(Order::get(&db, key).await.unwrap(), order(3));
}

#[tokio::test]
async fn an_index_of_whole_items_gives_the_model_and_a_sparse_one_those_with_its_key() {
    let db = orders().await;
    let found: Vec<Order> = Order::query_by_coupon(&db, "SPRING").all().await.unwrap();
    assert_eq!(found, [order(4)]);
    assert_eq!(Order::scan_by_coupon(&db).all().await.unwrap(), [order(4)], "the others have no coupon");
}

#[tokio::test]
async fn an_index_can_include_attributes() {
    let db = orders().await;
    let shipped: Vec<OrderByShipping> = Order::query_by_shipping(&db, date(1)).all().await.unwrap();
    assert_eq!(numbers(shipped.iter().map(|order| &order.number)), [5, 6]);
    assert_eq!((shipped[0].total, shipped[0].weight, shipped[0].shipped_on), (7.5, order(5).weight, Some(date(1))));
    let some =
        Order::query_by_shipping(&db, date(1)).range(OrderByShipping::A.number.ge(6)).filter(Order::A.total.gt(1.0));
    assert_eq!(some.all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_local_index_is_read_consistently() {
    let db = orders().await;
    let even = Order::query_by_placed_at(&db, "even").consistent_read().descending().all().await.unwrap();
    assert_eq!(numbers(even.iter().map(|order: &OrderByPlacedAt| &order.number)), [6, 4, 2]);
    assert_eq!(even[1].coupon.as_deref(), Some("SPRING"));
    let paid =
        Order::query_by_total_status(&db, "odd").range(OrderByTotalStatus::A.status.eq("paid")).all().await.unwrap();
    assert_eq!(paid, [order(5)]);
}

#[tokio::test]
async fn full_items_come_in_the_order_of_the_index() {
    let db = orders().await;
    let full = || Order::query_by_status(&db, "paid").descending().page_size(2).full();
    assert_eq!(full().all().await.unwrap(), [order(6), order(5), order(4)]);
    let streamed: Vec<Order> = full().limit(2).stream().try_collect().await.unwrap();
    assert_eq!(streamed, [order(6), order(5)]);
    let mut all = Order::scan_by_shipping(&db).full().all().await.unwrap();
    all.sort_by_key(|order| order.number);
    assert_eq!(all, [order(5), order(6)]);
}

/// An item moves in the index after the index was read, and before the item is.
#[tokio::test]
async fn pages_of_full_items_go_on_where_the_index_was_read() {
    let item = |number: u32, day: u32| {
        json!({ "customer": { "S": "c" }, "number": { "N": number.to_string() }, "status": { "S": "open" },
            "placed/at": { "S": format!("2024-01-{day:02}T12:00:00.000000Z") }, "total": { "N": "1" },
            "lines": { "L": [] } })
    };
    let (db, requests) = answering(move |operation, body, before| match (operation, before) {
        ("Query", 0) => (200, json!({ "Items": [item(1, 1), item(2, 2), item(3, 3)], "LastEvaluatedKey": item(3, 3) })),
        ("Query", _) => (200, json!({ "Items": [item(3, 3)], "Count": 1 })),
        _ => {
            let tables = body["RequestItems"].as_object().unwrap();
            let moved = |(table, of): (&String, &Value)| {
                let number = |key: &Value| key["number"]["N"].as_str().unwrap().parse::<u32>().unwrap();
                let keys = of["Keys"].as_array().unwrap().iter().map(number);
                (table.clone(), keys.map(|number| item(number, number + 20)).collect())
            };
            (200, json!({ "Responses": tables.iter().map(moved).collect::<dyntastic::serde_json::Map<_, _>>() }))
        }
    });
    let query = || Order::query_by_status(&db, "open").full().limit(2);
    let first = query().page().await.unwrap();
    assert_eq!(first.items.iter().map(|order| order.placed_at).collect::<Vec<_>>(), [at(21), at(22)]);
    let second = query().cursor(first.next.unwrap()).page().await.unwrap();
    query().cursor(second.previous.unwrap()).page().await.unwrap();
    let requests = requests.lock().unwrap();
    let starts: Vec<&Value> = requests
        .iter()
        .filter(|(operation, _)| operation == "Query")
        .map(|(_, body)| &body["ExclusiveStartKey"]["placed/at"]["S"])
        .collect();
    assert_eq!(starts, [&Value::Null, &json!("2024-01-02T12:00:00.000000Z"), &json!("2024-01-03T12:00:00.000000Z")]);
}

#[tokio::test]
async fn more_than_a_hundred_full_items_are_fetched() {
    let db = db().await;
    Order::create_table(&db).await.unwrap();
    let orders: Vec<Order> = (1..=230).map(|number| Order { number, ..order(1) }).collect();
    for chunk in orders.chunks(50) {
        futures_util::future::try_join_all(chunk.iter().map(|order| order.save(&db).into_future())).await.unwrap();
    }
    let full = Order::query_by_status(&db, "open").full().all().await.unwrap();
    assert_eq!(full.len(), 230);
}

#[tokio::test]
async fn pages_of_an_index_go_both_ways_and_keep_to_it() {
    let db = orders().await;
    let query = || Order::query_by_status(&db, "paid").limit(2);
    let first = query().page().await.unwrap();
    assert_eq!(numbers(first.items.iter().map(|order| &order.number)), [4, 5]);
    let second = query().cursor(first.next.clone().unwrap()).page().await.unwrap();
    assert_eq!(numbers(second.items.iter().map(|order| &order.number)), [6]);
    assert!(!second.has_more());
    let back = query().cursor(second.previous.unwrap()).page().await.unwrap();
    assert_eq!(back.items, first.items);
    let foreign = Order::query_by_status(&db, "open").cursor(first.next.unwrap()).page().await.unwrap_err();
    assert!(matches!(foreign, dyntastic::Error::Cursor), "{foreign}");
}

#[tokio::test]
async fn a_key_of_several_attributes_is_named_whole_and_ranged_from_its_first() {
    if !Engine::current().has_keys_of_several_attributes() {
        return;
    }
    let db = db().await;
    Match::create_table(&db).await.unwrap();
    for (id, region, round, bracket) in [
        ("m1", "eu", 1, Some("upper")),
        ("m2", "eu", 1, Some("lower")),
        ("m3", "eu", 2, Some("upper")),
        ("m4", "us", 1, Some("upper")),
        ("m5", "eu", 1, None),
        ("m6", "eu", 1, Some("upper")),
    ] {
        let of = Match::builder().match_id(id).tournament("open").region(region).round(round).played_at(at(1));
        of.bracket(bracket.map(str::to_owned)).client("c").build().unwrap().save(&db).await.unwrap();
    }
    let ids = |found: Vec<Match>| found.into_iter().map(|of| of.match_id).collect::<Vec<_>>();
    let a = MatchByRegion::A;
    let eu = || Match::query_by_region(&db, "open", "eu");
    // Sorted by round, then bracket, then id; without a bracket, a match is not in the index.
    assert_eq!(ids(eu().all().await.unwrap()), ["m2", "m1", "m6", "m3"]);
    assert_eq!(ids(eu().range(a.round.gt(1)).all().await.unwrap()), ["m3"]);
    assert_eq!(ids(eu().range(a.round.eq(1)).descending().all().await.unwrap()), ["m6", "m1", "m2"]);
    assert_eq!(ids(eu().range((a.round.eq(1), a.bracket.begins_with("up"))).all().await.unwrap()), ["m1", "m6"]);
    let last = eu().range((a.round.eq(1), a.bracket.eq("upper"), a.match_id.ge("m5"))).one().await.unwrap();
    assert_eq!(last.map(|of| of.match_id).as_deref(), Some("m6"));
    assert_eq!(ids(Match::of_bracket(&db, "open", "eu", 1, "low").all().await.unwrap()), ["m2"]);
    assert_eq!(Match::played(&db, "c", "us", at(1), at(2)).all().await.unwrap()[0].match_id, "m4");

    let first = eu().limit(3).page().await.unwrap();
    assert_eq!(ids(first.items), ["m2", "m1", "m6"]);
    let second = eu().limit(3).cursor(first.next.unwrap()).page().await.unwrap();
    assert_eq!(ids(second.items), ["m3"]);
    let back = eu().limit(3).cursor(second.previous.unwrap()).page().await.unwrap();
    assert_eq!(ids(back.items), ["m2", "m1", "m6"]);
}

#[tokio::test]
async fn a_filter_compares_only_what_the_index_holds() {
    let db = orders().await;
    let by_status = || Order::query_by_status(&db, "paid");
    let shipped = || Order::query_by_shipping(&db, date(1));
    assert_eq!(shipped().filter(Order::A.total.gt(8.0)).count().await.unwrap(), 1);
    assert_eq!(by_status().filter(Order::A.number.eq(4)).count().await.unwrap(), 1);
    // DynamoDB would find that no item has a coupon.
    let error = by_status().filter(Order::A.coupon.not_exists()).count().await.unwrap_err();
    assert!(matches!(error, Error::InvalidRequest(_)), "{error:?}");
    assert!(error.to_string().contains("the index `status-placed` does not hold `coupon`"), "{error}");
    assert!(shipped().filter(Order::A.total.gt(1.0) & !Order::A.coupon.exists()).all().await.is_err());
    assert!(by_status().project((Order::A.coupon,)).all().await.is_err());
    assert!(Order::scan_by_status(&db).filter(Order::A.lines.size().gt(1)).all().await.is_err());
}
