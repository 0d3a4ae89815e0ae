//! A discriminator of several attributes: items are of the model only if all of them match.

use crate::engine::{Engine, db, table_name};
use crate::round_trip::attributes;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::{AttributeMap, ReadErrorKind, read_model, write_model};
use dyntastic::migrate;
use dyntastic::prelude::*;
use dyntastic::serde_json::{Value, json, to_value};
use dyntastic::{Client, Error};
use dyntastic_tests::discriminators::{Customer, Line, Order, OrderByState, Orders, ShopItem, Supplier};

fn order(number: u32) -> Order {
    Order::builder().customer("c1").number(number).build().unwrap()
}

fn line(number: u32, line: u16) -> Line {
    Line::builder().customer("c1").number(number).line(line).product("tea").build().unwrap()
}

/// An order with a value of `part` that no model has.
fn other() -> Value {
    json!({
        "pk": { "S": "C#c1" }, "sk": { "S": "O#0000000009" },
        "gsi1pk": { "S": "S#open" }, "gsi1sk": { "S": "O#0000000009" },
        "kind": { "S": "order" }, "part": { "S": "note" },
        "customer": { "S": "c1" }, "number": { "N": "9" },
    })
}

async fn put(db: &Client, item: &Value) {
    let request = db.sdk().put_item().table_name(table_name::<Order>(db)).set_item(Some(attributes(item)));
    request.send().await.unwrap();
}

async fn stored(db: &Client, sk: &str) -> Option<AttributeMap> {
    let key = json!({ "pk": { "S": "C#c1" }, "sk": { "S": sk } });
    let request = db.sdk().get_item().table_name(table_name::<Order>(db)).set_key(Some(attributes(&key)));
    request.consistent_read(true).send().await.unwrap().item
}

/// Two orders, each with a line, and an item of no model between them.
async fn filled() -> Client {
    let db = db().await;
    for number in [1, 2] {
        order(number).save(&db).await.unwrap();
        line(number, 1).save(&db).await.unwrap();
    }
    put(&db, &other()).await;
    db
}

#[tokio::test]
async fn all_values_are_written() {
    let db = filled().await;
    let item = stored(&db, "O#0000000001#00001").await.unwrap();
    let text = |name: &str| item[name].as_s().unwrap().clone();
    assert_eq!((text("kind"), text("part")), ("order".to_owned(), "line".to_owned()));
    let line = Line::get(&db, ("c1", 1, 1)).await.unwrap();
    assert!(line.unknown.as_map().is_empty(), "the discriminator is no unknown attribute");
}

#[tokio::test]
async fn reads_find_the_items_with_all_values() {
    let db = filled().await;
    let numbers = |orders: Vec<Order>| orders.into_iter().map(|order| order.number).collect::<Vec<_>>();
    assert_eq!(numbers(Order::query(&db, "c1").all().await.unwrap()), [1, 2]);
    assert_eq!(Line::query(&db, "c1").all().await.unwrap().len(), 2);
    let mut scanned = numbers(Order::scan(&db).all().await.unwrap());
    scanned.sort_unstable();
    assert_eq!(scanned, [1, 2]);
    assert_eq!(Order::query_by_state(&db, "open").all().await.unwrap().len(), 2);
    let totals = Order::query_by_state(&db, "open").project((OrderByState::A.number,)).all().await.unwrap();
    assert_eq!(totals, [(1,), (2,)]);
    assert_eq!(Order::query_by_state(&db, "open").full().all().await.unwrap().len(), 2);
    assert!(matches!(Order::get(&db, ("c1", 9)).await, Err(Error::NotFound { .. })));
    assert_eq!(numbers(Order::batch_get(&db, [("c1", 1), ("c1", 9)]).await.unwrap()), [1]);
    let read = Order::batch_get(&db, [("c1", 1), ("c1", 9)]).project((Order::A.number,)).await.unwrap();
    assert_eq!(read, [(1,)]);
    let found = db.batch_get().keys::<Order>([("c1", 1), ("c1", 9)]).keys::<Line>([("c1", 1, 1)]).await.unwrap();
    assert_eq!((found.items::<Order>().unwrap().len(), found.items::<Line>().unwrap().len()), (1, 1));
}

#[tokio::test]
async fn writes_leave_other_items_as_they_are() {
    let db = filled().await;
    let before = stored(&db, "O#0000000009").await.unwrap();
    let update = Order::update_by_key(&db, ("c1", 9), Order::A.total.set(1)).await;
    assert!(matches!(update, Err(Error::NotFound { .. })), "{update:?}");
    assert!(matches!(order(9).replace(&db).await, Err(Error::NotFound { .. })));
    assert!(matches!(order(9).insert(&db).await, Err(Error::AlreadyExists { .. })));
    let _ = Order::delete_by_key(&db, ("c1", 9)).await;
    assert_eq!(stored(&db, "O#0000000009").await.unwrap(), before);
    Order::delete_partition(&db, "c1").await.unwrap();
    assert!(stored(&db, "O#0000000009").await.is_some() && stored(&db, "O#0000000001#00001").await.is_some());
    assert!(stored(&db, "O#0000000001").await.is_none());
    Order::update_by_key(&db, ("c1", 3), (Order::A.total.set(1), Order::A.state.set("paid"))).upsert().await.unwrap();
    let new = stored(&db, "O#0000000003").await.unwrap();
    assert_eq!((&new["kind"], &new["part"]), (&AttributeValue::S("order".into()), &AttributeValue::S("head".into())));
}

#[tokio::test]
async fn collections_and_the_enum_tell_the_models_by_all_values() {
    let db = filled().await;
    if Engine::current().has_transactions() {
        Customer::builder().customer("c1").email("a@example.com").build().unwrap().save(&db).await.unwrap();
        let found = Orders::query(&db, "c1").await.unwrap();
        assert_eq!((found.orders.len(), found.lines.len()), (2, 2));
        assert!(found.customer.is_some());
    }
    let items = ShopItem::query(&db, "C#c1").all().await.unwrap();
    let unknown = items.iter().filter(|item| matches!(item, ShopItem::Unknown(_))).count();
    let lines = items.iter().filter(|item| matches!(item, ShopItem::Line(_))).count();
    assert_eq!((unknown, lines), (1, 2));
    let json = to_value(ShopItem::from(order(1))).unwrap();
    assert_eq!(json, json!({ "Order": { "customer": "c1", "number": 1, "state": "open", "total": 0 } }));
}

#[test]
fn an_item_without_one_of_the_values_is_of_another_model() {
    let mut item = write_model(&order(1)).unwrap();
    assert!(read_model::<Order>(item.clone()).is_ok());
    item.remove("part");
    assert_eq!(read_model::<Order>(item).unwrap_err().kind(), &ReadErrorKind::OtherModel);
    let item = read_model::<ShopItem>(attributes(&other())).unwrap();
    assert!(matches!(item, ShopItem::Unknown(_)), "{item:?}");
}

#[tokio::test]
async fn models_with_one_value_in_common_have_unique_values_of_their_own() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    let customer = |id: &str| Customer::builder().customer(id).email("a@example.com").build().unwrap();
    customer("c1").insert(&db).await.unwrap();
    assert!(matches!(customer("c2").insert(&db).await, Err(Error::NotUnique { .. })));
    let supplier = Supplier::builder().supplier("s1").email("a@example.com").build().unwrap();
    supplier.insert(&db).await.unwrap();
    assert_eq!(Customer::scan(&db).all().await.unwrap().len(), 1);
    let items = ShopItem::scan(&db).all().await.unwrap();
    assert_eq!(items.iter().filter(|item| matches!(item, ShopItem::Unknown(_))).count(), 2, "the guards");
    customer("c1").delete(&db).await.unwrap();
    customer("c2").insert(&db).await.unwrap();
}

#[tokio::test]
async fn migrations_write_the_items_with_all_values() {
    let db = filled().await;
    let mut raw = attributes(&other());
    raw.insert("part".to_owned(), AttributeValue::S("head".to_owned()));
    raw.insert("sk".to_owned(), AttributeValue::S("O#0000000008".to_owned()));
    raw.insert("number".to_owned(), AttributeValue::N("8".to_owned()));
    raw.insert("gsi1sk".to_owned(), AttributeValue::S("O#0000000008".to_owned()));
    db.sdk().put_item().table_name(table_name::<Order>(&db)).set_item(Some(raw)).send().await.unwrap();
    let report = migrate::<Order>(&db, "defaults").await.unwrap();
    assert_eq!(report.counts.written, 1, "{report:?}");
    assert!(stored(&db, "O#0000000008").await.unwrap().contains_key("total"));
    assert!(!stored(&db, "O#0000000009").await.unwrap().contains_key("total"));
}
