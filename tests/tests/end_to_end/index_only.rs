//! Fields that only the keys of indexes have (`stored: false`).

use crate::engine::{Engine, db, table_name};
use crate::round_trip::attributes;
use dyntastic::chrono::{DateTime, Utc};
use dyntastic::codec::{AttributeMap, ReadErrorKind, read_model, write_model};
use dyntastic::prelude::*;
use dyntastic::serde_json::{Value, from_value, json};
use dyntastic::{Client, Error};
use dyntastic_tests::index_only::{Item, ItemByBuyer, ItemPatch, ShopItem};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn item(order: u32, at: &str) -> Item {
    let item = Item::builder().order(order).product("tea").buyer("Ada").at(self::at(at)).shop(7).price(5).build();
    item.unwrap()
}

fn written(order: u32) -> Value {
    json!({
        "pk": { "S": format!("O#{order:010}") }, "sk": { "S": "P#tea" }, "kind": { "S": "Item" },
        "gsi1pk": { "S": "B#ada" }, "gsi1sk": { "S": "2026-01-31T12:00:00.000000Z" },
        "gsi2pk": { "S": "SHOP#00007" }, "gsi2sk": { "S": format!("2026-01-31T12:00:00.000000Z#{order:010}") },
        "price": { "N": "5" }, "amount": { "N": "1" },
    })
}

async fn stored(db: &Client, order: u32) -> AttributeMap {
    let key = json!({ "pk": { "S": format!("O#{order:010}") }, "sk": { "S": "P#tea" } });
    let request = db.sdk().get_item().table_name(table_name::<Item>(db)).set_key(Some(attributes(&key)));
    request.consistent_read(true).send().await.unwrap().item.unwrap()
}

#[test]
fn the_index_keys_alone_hold_them() {
    let item = item(1, "2026-01-31T12:00:00Z");
    assert_eq!(write_model(&item).unwrap(), attributes(&written(1)));
    let read: Item = read_model(attributes(&written(1))).unwrap();
    assert_eq!((read.buyer.as_str(), read.at, read.shop), ("ada", item.at, 7));
    assert_eq!(write_model(&read).unwrap(), attributes(&written(1)));
}

#[test]
fn an_item_without_such_a_key_is_an_error() {
    let read = |change: fn(&mut AttributeMap)| {
        let mut stored = attributes(&written(1));
        change(&mut stored);
        read_model::<Item>(stored).unwrap_err()
    };
    let error = read(|item| drop(item.remove("gsi1pk")));
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (&ReadErrorKind::Missing, "Item.gsi1pk: missing, and the field has no default")
    );
    let error = read(|item| drop(item.insert("gsi2pk".to_owned(), attributes(&json!({"a": {"S": "X"}}))["a"].clone())));
    assert!(matches!(error.kind(), ReadErrorKind::KeyForm { .. }), "{error}");
    assert!(!error.to_string().contains('X'), "a sensitive field is in the key");
}

#[tokio::test]
async fn items_are_written_read_and_queried() {
    let db = db().await;
    for (order, day) in [(1, "2026-01-31T12:00:00Z"), (2, "2026-02-01T12:00:00Z")] {
        item(order, day).save(&db).await.unwrap();
    }
    assert_eq!(stored(&db, 1).await, attributes(&written(1)));
    let read = Item::get(&db, (1, "tea")).await.unwrap();
    assert_eq!((read.buyer.as_str(), read.shop), ("ada", 7));
    let orders = |items: Vec<Item>| items.into_iter().map(|item| item.order).collect::<Vec<_>>();
    assert_eq!(orders(Item::query_by_buyer(&db, "ADA").all().await.unwrap()), [1, 2]);
    let (from, to) = (at("2026-02-01T00:00:00Z"), at("2026-03-01T00:00:00Z"));
    assert_eq!(orders(Item::bought(&db, "ada", from, to).all().await.unwrap()), [2]);
    let late = Item::query_by_buyer(&db, "ada").range(ItemByBuyer::A.at.ge(from)).all().await.unwrap();
    assert_eq!(orders(late), [2]);
    // This index projects the price, its own keys and those of the table.
    let days = Item::query_by_day(&db, 7_u16).all().await.unwrap();
    assert_eq!(days.iter().map(|day| (day.order, day.at, day.price)).next(), Some((1, at("2026-01-31T12:00:00Z"), 5)));
    assert_eq!(orders(Item::query_by_day(&db, 7_u16).full().all().await.unwrap()), [1, 2]);
    let items = ShopItem::scan(&db).all().await.unwrap();
    assert!(items.iter().all(|item| matches!(item, ShopItem::Item(item) if item.shop == 7)));
}

#[tokio::test]
async fn updates_keep_the_index_keys_and_saves_write_them() {
    let db = db().await;
    let mut one = item(1, "2026-01-31T12:00:00Z");
    one.save(&db).await.unwrap();
    one.update(&db, Item::A.price.set(6)).await.unwrap();
    let patch: ItemPatch = from_value(json!({ "amount": 3 })).unwrap();
    Item::update_by_key(&db, (1, "tea"), patch).await.unwrap();
    one.refresh(&db).await.unwrap();
    assert_eq!((one.price, one.amount, one.buyer.as_str()), (6, 3, "ada"));
    one.buyer = "Bob".to_owned();
    one.save(&db).await.unwrap();
    assert!(Item::query_by_buyer(&db, "ada").all().await.unwrap().is_empty());
    assert_eq!(Item::query_by_buyer(&db, "bob").all().await.unwrap().len(), 1);
    let upsert = Item::update_by_key(&db, (2, "tea"), Item::A.price.set(1)).upsert().await.unwrap_err();
    assert!(upsert.to_string().contains("buyer"), "an update cannot make the index key of a new item: {upsert}");
    if Engine::current().has_transactions() {
        db.transaction().update_item(&one, Item::A.price.set(8)).await.unwrap();
        one.refresh(&db).await.unwrap();
        assert_eq!((one.price, one.buyer.as_str()), (8, "bob"));
        one.order = 3;
        Item::rekey(&db, (1, "tea"), &one).await.unwrap();
        assert_eq!(Item::get(&db, (3, "tea")).await.unwrap().buyer, "bob");
        assert!(matches!(Item::get(&db, (1, "tea")).await, Err(Error::NotFound { .. })));
    }
}
