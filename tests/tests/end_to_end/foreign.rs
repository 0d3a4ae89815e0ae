//! Items of other models under a model's keys: to the model, they are not there.

use crate::engine::{Engine, config, isolated, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{DateTime, TimeZone, Utc};
use dyntastic::prelude::*;
use dyntastic::{Client, Codec, Error};
use dyntastic_tests::shop::{Address, Order, OrderGsi1, OrderKey, ShopItem, Status};
use futures_util::TryStreamExt;

/// Which items of a customer's there are at which minutes: orders, and between, before and behind them others.
const OWN: [u32; 5] = [1, 3, 4, 6, 8];
/// A whole order of another model, one of no model, and one that has nothing of an order.
const FOREIGN: [(u32, Foreign); 6] = [
    (0, Foreign::Other),
    (2, Foreign::None),
    (5, Foreign::Nothing),
    (7, Foreign::Other),
    (9, Foreign::Nothing),
    (10, Foreign::None),
];

#[derive(Debug, Clone, Copy)]
enum Foreign {
    Other,
    None,
    Nothing,
}

fn at(minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2024, 2, 1, 12, minute, 0).unwrap()
}

fn key(minute: u32) -> OrderKey {
    ("c1", at(minute), "o").into()
}

fn order(minute: u32) -> Order {
    let order = Order::builder().customer_id("c1").placed_at(at(minute)).order_id("o").total(minute);
    order.carrier("post".to_owned()).build().unwrap()
}

/// A client of each codec, with a table of orders and foreign items.
async fn filled() -> [Client; 2] {
    let clients = [Codec::Wire, Codec::Map];
    let mut filled = Vec::new();
    for codec in clients {
        let db = isolated().codec(codec).from_conf(config().await);
        let table = table_name::<Order>(&db);
        let address = Address::builder().customer_id("c1").label("x").city("Oslo").build().unwrap();
        let minutes = OWN.into_iter().chain(FOREIGN.map(|(minute, _)| minute));
        let mut orders: Vec<_> = minutes.map(order).collect();
        db.batch_write().put(&address).put_all(&mut orders).await.unwrap();
        for (minute, foreign) in FOREIGN {
            let stored = Order::get(&db, key(minute)).consistent_read().into_inner().unwrap().send().await.unwrap();
            let mut item = stored.item.unwrap();
            item.remove("kind");
            match foreign {
                Foreign::Other => drop(item.insert("kind".to_owned(), AttributeValue::S("Return".to_owned()))),
                Foreign::None => {}
                Foreign::Nothing => {
                    let keys = ["pk", "sk", "gsi1pk", "gsi1sk", "lsi1sk"];
                    item.retain(|name, _| keys.contains(&name.as_str()));
                    item.insert("kind".to_owned(), AttributeValue::S("Visit".to_owned()));
                }
            }
            db.sdk().put_item().table_name(&table).set_item(Some(item)).send().await.unwrap();
        }
        filled.push(db);
    }
    filled.try_into().unwrap()
}

fn minutes<'o>(orders: impl IntoIterator<Item = &'o Order>) -> Vec<u32> {
    orders.into_iter().map(|order| order.total).collect()
}

#[tokio::test]
async fn it_is_not_found_by_its_key() {
    for db in filled().await {
        let table = table_name::<Order>(&db);
        for (minute, foreign) in FOREIGN {
            let error = Order::get(&db, key(minute)).await.unwrap_err();
            assert!(error.is_not_found(), "{foreign:?}: {error:?}");
            let expected = format!("Order: the item with this key in the table {table} is of another model");
            assert_eq!(error.to_string(), expected);
            assert_eq!(Order::find(&db, key(minute)).await.unwrap(), None);
            let mut mine = order(minute);
            mine.note = Some("kept".to_owned());
            let error = mine.refresh(&db).await.unwrap_err();
            assert_eq!(error.to_string(), expected);
            assert_eq!(mine.note.as_deref(), Some("kept"));
        }
        let error = Order::get(&db, key(30)).await.unwrap_err();
        assert_eq!(error.to_string(), format!("Order: the table {table} has no item with this key"));
        assert_eq!(Order::get(&db, key(1)).await.unwrap().total, 1);
    }
}

#[tokio::test]
async fn it_is_in_no_batch_and_in_no_transaction() {
    for db in filled().await {
        let keys = || (0..=10).map(key);
        assert_eq!(minutes(&Order::batch_get(&db, keys()).await.unwrap()), OWN);
        let in_order = Order::batch_get(&db, keys()).in_order().await.unwrap();
        let there: Vec<bool> = in_order.iter().map(Option::is_some).collect();
        assert_eq!(there, (0..=10).map(|minute| OWN.contains(&minute)).collect::<Vec<_>>());
        let mut streamed: Vec<Order> = Order::batch_get(&db, keys()).stream().try_collect().await.unwrap();
        streamed.sort_by_key(|order| order.total);
        assert_eq!(minutes(&streamed), OWN);
        let mut totals = Order::batch_get(&db, keys()).project((Order::A.total,)).await.unwrap();
        totals.sort_unstable();
        assert_eq!(totals, OWN.map(|minute| (Some(minute),)));

        let found = db.batch_get().keys::<Order>(keys()).keys::<Address>([("c1", "x")]).await.unwrap();
        assert_eq!(minutes(&found.items::<Order>().unwrap()), OWN);
        assert_eq!((found.items::<Address>().unwrap().len(), found.len()), (1, 6));
        // What is asked for as an item of any model is there.
        let raw = ("CUSTOMER#c1", "ORDER#2024-02-01T12:00:00.000000Z#o");
        let found = db.batch_get().keys::<Order>([key(0)]).keys::<ShopItem>([raw]).await.unwrap();
        assert_eq!((found.len(), found.items::<Order>().unwrap().len()), (1, 0));
        assert!(matches!(found.items::<ShopItem>().unwrap().as_slice(), [ShopItem::Unknown(_)]));

        if Engine::current().has_transactions() {
            let found = db.transact_get((key(0), key(1), key(2), key(5))).await.unwrap();
            assert_eq!((found.0, found.1.unwrap().total, found.2, found.3), (None, 1, None, None));
        }
    }
}

#[tokio::test]
async fn a_query_leaves_it_out() {
    for db in filled().await {
        let query = || Order::query(&db, "c1");
        assert_eq!(minutes(&query().all().await.unwrap()), OWN);
        assert_eq!(minutes(&query().descending().all().await.unwrap()), [8, 6, 4, 3, 1]);
        assert_eq!(minutes(&query().page_size(1).all().await.unwrap()), OWN);
        assert_eq!(minutes(&query().first().await.unwrap()), [1]);
        assert_eq!(minutes(&query().range(Order::A.placed_at.between(at(2), at(3))).one().await.unwrap()), [3]);
        assert_eq!(query().range(Order::A.placed_at.eq(at(5))).one().await.unwrap(), None);
        assert_eq!(query().count().await.unwrap(), 5);
        assert_eq!(query().limit(3).count().await.unwrap(), 3);
        assert_eq!(minutes(&query().limit(2).all().await.unwrap()), [1, 3]);
        assert_eq!(minutes(&query().page().await.unwrap().items), OWN);
        assert_eq!(query().project((Order::A.total,)).all().await.unwrap(), OWN.map(|minute| (Some(minute),)));
        assert_eq!(query().limit(2).project((Order::A.total,)).all().await.unwrap(), [(Some(1),), (Some(3),)]);

        let index = || Order::query_gsi1(&db, Status::Pending);
        assert_eq!(minutes(&index().all().await.unwrap()).len(), 5);
        assert_eq!(index().range(OrderGsi1::A.priority.eq(0)).count().await.unwrap(), 5);
        assert_eq!(minutes(&Order::query_lsi1(&db, "c1").all().await.unwrap()), OWN);
        assert_eq!(minutes(&Order::query_lsi1(&db, "c1").full().all().await.unwrap()), OWN);
        assert_eq!(index().full().all().await.unwrap().len(), 5);
        assert_eq!(minutes(&Order::scan(&db).filter(Order::A.total.gt(6_u32)).all().await.unwrap()), [8]);
    }
}

#[tokio::test]
async fn pages_are_of_the_models_own_items() {
    for db in filled().await {
        for descending in [false, true] {
            let query = || {
                let query = Order::query(&db, "c1").limit(2);
                if descending { query.descending() } else { query }
            };
            let mut expected = OWN.to_vec();
            if descending {
                expected.reverse();
            }
            let first = query().page().await.unwrap();
            assert_eq!(minutes(&first.items), expected[..2]);
            let second = query().cursor(first.next.unwrap()).page().await.unwrap();
            assert_eq!(minutes(&second.items), expected[2..4]);
            let third = query().cursor(second.next.unwrap()).page().await.unwrap();
            assert_eq!((minutes(&third.items), third.next), (expected[4..].to_vec(), None));
            let back = query().cursor(third.previous.unwrap()).page().await.unwrap();
            assert_eq!(minutes(&back.items), expected[2..4]);
        }
    }
}

#[tokio::test]
async fn it_stays_when_the_models_items_of_a_hash_key_are_deleted() {
    for db in filled().await {
        assert_eq!(Order::delete_partition(&db, "c1").await.unwrap(), 5);
        assert_eq!(Order::query(&db, "c1").count().await.unwrap(), 0);
        assert_eq!(ShopItem::query(&db, "CUSTOMER#c1").count().await.unwrap(), 7);
        let error = Order::get(&db, key(0)).await.unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn no_update_and_no_delete_changes_it() {
    let returns_existing = Engine::current().returns_existing();
    for db in filled().await {
        let table = table_name::<Order>(&db);
        let stored = async || {
            let mut items = db.sdk().scan().table_name(&table).send().await.unwrap().items.unwrap();
            items.sort_by_key(|item| item["sk"].as_s().unwrap().clone());
            items
        };
        let before = stored().await;
        for (minute, _) in FOREIGN {
            let errors = [
                Order::update_by_key(&db, key(minute), Order::A.total.set(9_u32)).await.unwrap_err(),
                order(minute).update(&db, Order::A.total.set(9_u32)).await.unwrap_err(),
                order(minute).replace(&db).await.unwrap_err(),
                Order::update_by_key(&db, key(minute), Order::A.note.set("x")).upsert().await.unwrap_err(),
            ];
            let expected = format!("Order: the item with this key in the table {table} is of another model");
            for error in errors.into_iter().filter(|_| returns_existing) {
                assert_eq!(error.to_string(), expected);
            }
            if returns_existing {
                Order::delete_by_key(&db, key(minute)).await.unwrap();
                assert!(Order::delete_by_key(&db, key(minute)).return_old().await.unwrap().is_none());
                order(minute).delete(&db).await.unwrap();
            } else {
                Order::delete_by_key(&db, key(minute)).await.unwrap_err();
            }
            if Engine::current().has_transactions() {
                let transaction = db.transaction().update::<Order>(key(minute), Order::A.total.set(9_u32));
                assert!(transaction.await.unwrap_err().is_not_found());
                let transaction = db.transaction().check_exists::<Order>(key(minute));
                assert!(transaction.await.unwrap_err().is_not_found());
                assert!(db.transaction().delete::<Order>(key(minute)).await.unwrap_err().is_not_found());
            }
        }
        assert_eq!(stored().await, before);
        Order::delete_by_key(&db, key(1)).await.unwrap();
        assert_eq!(Order::find(&db, key(1)).consistent_read().await.unwrap(), None);
    }
}

#[tokio::test]
async fn the_sdks_own_query_leaves_it_out_too() {
    for db in filled().await {
        let request = Order::query(&db, "c1").consistent_read().into_inner().unwrap();
        let answer = request.send().await.unwrap();
        assert_eq!((answer.count, answer.scanned_count > answer.count), (5, true));
        let request = Order::query(&db, "c1").consistent_read().project((Order::A.total,)).into_inner().unwrap();
        assert_eq!(request.send().await.unwrap().count, 5);
    }
}
