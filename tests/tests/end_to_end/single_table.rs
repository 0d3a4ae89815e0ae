//! Several models in one table: keys made of fields, index keys that stay true, collections.

use crate::engine::{Engine, db};
use crate::random::Random;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{DateTime, TimeZone, Utc};
use dyntastic::codec::ReadErrorKind;
use dyntastic::prelude::*;
use dyntastic::{Client, Error, Model};
use dyntastic_tests::shop::{
    Address, ByStatus, Counter, CountersItem, Customer, CustomerFile, Order, OrderGsi1, OrderKey, Parcel, Settings,
    ShopItem, Status,
};
use std::collections::HashMap;

fn at(minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2024, 2, 1, 12, minute, 0).unwrap()
}

fn order(customer: &str, minute: u32, id: &str) -> Order {
    Order::builder().customer_id(customer).placed_at(at(minute)).order_id(id).build().unwrap()
}

fn address(customer: &str, label: &str) -> Address {
    Address::builder().customer_id(customer).label(label).city("Oslo").build().unwrap()
}

fn customer(id: &str) -> Customer {
    Customer::builder().customer_id(id).name("Ada").build().unwrap()
}

/// A customer's orders of minutes 1 to 5, among other items of the customer.
async fn filled() -> Client {
    let db = db().await;
    let mut orders: Vec<Order> = (1..=5).map(|minute| order("c1", minute, &format!("o{minute}"))).collect();
    orders.push(order("c2", 1, "x"));
    let addresses = db.batch_write().put(&address("c1", "home")).put(&address("c1", "work"));
    addresses.put_all(&mut orders).await.unwrap();
    db
}

fn ids(orders: Vec<Order>) -> Vec<String> {
    orders.into_iter().map(|order| order.order_id).collect()
}

/// An item as it is stored.
async fn raw(db: &Client, key: impl Into<OrderKey>) -> HashMap<String, AttributeValue> {
    let output = Order::get(db, key).consistent_read().into_inner().unwrap().send().await.unwrap();
    output.item.unwrap()
}

fn text<'i>(item: &'i HashMap<String, AttributeValue>, name: &str) -> Option<&'i str> {
    item.get(name).map(|value| value.as_s().unwrap().as_str())
}

#[tokio::test]
async fn keys_are_made_of_fields() {
    let db = db().await;
    let mut order = order("c1", 1, "o1");
    (order.priority, order.carrier, order.total) = (-3, Some("post".to_owned()), 70);
    order.save(&db).await.unwrap();
    let item = raw(&db, ("c1", at(1), "o1")).await;
    assert_eq!(text(&item, "pk"), Some("CUSTOMER#c1"));
    assert_eq!(text(&item, "sk"), Some("ORDER#2024-02-01T12:01:00.000000Z#o1"));
    assert_eq!(text(&item, "gsi1pk"), Some("STATUS#pending"));
    assert_eq!(text(&item, "gsi1sk"), Some("PRIORITY#-9999999996#post"));
    assert_eq!(text(&item, "lsi1sk"), Some("0000000070"));
    assert_eq!(text(&item, "kind"), Some("Order"));
    assert_eq!(Order::get(&db, Order::key(("c1", at(1), "o1"))).await.unwrap(), order);
    assert_eq!(Order::get(&db, &order).await.unwrap(), order);
    order.refresh(&db).await.unwrap();
    order.delete(&db).await.unwrap();
    assert!(Order::find(&db, ("c1", at(1), "o1")).await.unwrap().is_none());
    Settings::builder().motto("x").build().unwrap().save(&db).await.unwrap();
    assert_eq!(Settings::get(&db, ()).await.unwrap().motto, "x");
    assert_eq!(Settings::query(&db).all().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_value_cannot_reach_another_items_key() {
    let db = db().await;
    let violations = Order::builder().customer_id("c1#ORDER").placed_at(at(1)).order_id("o1").build().unwrap_err();
    assert!(violations.to_string().contains("customer_id: it holds `#`"), "{violations}");
    let error = Order::get(&db, ("c1#x", at(1), "o1")).await.unwrap_err();
    assert_eq!(error.to_string(), "Order.customer_id: it holds `#`, which separates the parts of a key");
    let error = Order::query(&db, "c1#x").all().await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error:?}");
    let error = Address::query(&db, "c1").range(Address::A.label.begins_with("a#")).all().await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error:?}");
}

#[tokio::test]
async fn a_query_reads_its_model_alone() {
    let db = filled().await;
    assert_eq!(ids(Order::query(&db, "c1").all().await.unwrap()), ["o1", "o2", "o3", "o4", "o5"]);
    assert_eq!(Address::query(&db, "c1").count().await.unwrap(), 2);
    assert_eq!(Customer::query(&db, "c1").count().await.unwrap(), 0);
    assert_eq!(ids(Order::query(&db, "c1").descending().limit(2).all().await.unwrap()), ["o5", "o4"]);
}

#[tokio::test]
async fn a_range_is_of_the_fields_that_the_key_is_made_of() {
    let db = filled().await;
    let placed_at = &Order::A.placed_at;
    let read = async |range| ids(Order::query(&db, "c1").range(range).all().await.unwrap());
    assert_eq!(read(placed_at.ge(at(3))).await, ["o3", "o4", "o5"]);
    assert_eq!(read(placed_at.gt(at(3))).await, ["o4", "o5"]);
    assert_eq!(read(placed_at.le(at(3))).await, ["o1", "o2", "o3"]);
    assert_eq!(read(placed_at.lt(at(3))).await, ["o1", "o2"]);
    assert_eq!(read(placed_at.between(at(2), at(4))).await, ["o2", "o3", "o4"]);
    // The range begins where the model's keys do, so that what sorts before these is not read and left out.
    let request = Order::query(&db, "c1").range(placed_at.le(at(3))).into_inner().unwrap();
    let values = request.get_expression_attribute_values().clone().unwrap_or_default();
    assert!(values.values().any(|value| *value == AttributeValue::S("ORDER#".to_owned())), "{values:?}");
    assert_eq!(ids(Order::query(&db, "c1").range(placed_at.eq(at(2))).all().await.unwrap()), ["o2"]);
    assert_eq!(read(placed_at.begins_with("2024-02-01T12:05")).await, ["o5"]);
    let both = |id: &str| (Order::A.placed_at.eq(at(2)), Order::A.order_id.ge(id.to_owned()));
    assert_eq!(ids(Order::query(&db, "c1").range(both("o1")).all().await.unwrap()), ["o2"]);
    assert_eq!(ids(Order::query(&db, "c1").range(both("o3")).all().await.unwrap()), [""; 0]);
    assert_eq!(ids(Order::placed_between(&db, "c1", at(1), at(2)).all().await.unwrap()), ["o1", "o2"]);

    let labels = async |range| {
        let read = Address::query(&db, "c1").range(range).all().await.unwrap();
        read.into_iter().map(|address| address.label).collect::<Vec<_>>()
    };
    let label = &Address::A.label;
    assert_eq!(labels(label.lt("work")).await, ["home"]);
    assert_eq!(labels(label.le("work")).await, ["home", "work"]);
    assert_eq!(labels(label.gt("home")).await, ["work"]);
    assert_eq!(labels(label.ge("home")).await, ["home", "work"]);
    assert_eq!(labels(label.between("a", "home")).await, ["home"]);
    assert_eq!(Address::query(&db, "c1").range(label.eq("home")).count().await.unwrap(), 1);
}

#[tokio::test]
async fn pages_of_one_model_go_on_where_they_ended() {
    let db = filled().await;
    let first = Order::query(&db, "c1").limit(2).page().await.unwrap();
    assert_eq!(first.items.len(), 2);
    let second = Order::query(&db, "c1").limit(2).cursor(first.next.unwrap()).page().await.unwrap();
    assert_eq!(ids(second.items), ["o3", "o4"]);
}

#[tokio::test]
async fn a_scan_reads_its_model_alone() {
    let db = filled().await;
    assert_eq!(Order::scan(&db).count().await.unwrap(), 6);
    assert_eq!(Address::scan(&db).filter(Address::A.city.eq("Oslo")).count().await.unwrap(), 2);
    assert_eq!(ShopItem::scan(&db).count().await.unwrap(), 8);
}

#[tokio::test]
async fn an_update_rewrites_the_index_keys_that_it_changes() {
    let db = db().await;
    let mut order = order("c1", 1, "o1");
    order.carrier = Some("post".to_owned());
    order.save(&db).await.unwrap();
    order.update(&db, (Order::A.status.set(Status::Paid), Order::A.total.set(5_u32))).await.unwrap();
    let item = raw(&db, &order).await;
    assert_eq!(text(&item, "gsi1pk"), Some("STATUS#paid"));
    assert_eq!(text(&item, "gsi1sk"), Some("PRIORITY#0000000000#post"));
    assert_eq!(text(&item, "lsi1sk"), Some("0000000005"));

    // What the update does not set comes from the item that was read.
    order.update(&db, Order::A.priority.set(7)).await.unwrap();
    assert_eq!(text(&raw(&db, &order).await, "gsi1sk"), Some("PRIORITY#0000000007#post"));

    // Without an optional field, the item leaves the index, and with it comes back.
    order.update(&db, Order::A.carrier.remove()).await.unwrap();
    assert_eq!(text(&raw(&db, &order).await, "gsi1sk"), None);
    assert_eq!(Order::query_gsi1(&db, Status::Paid).count().await.unwrap(), 0);
    order.update(&db, (Order::A.carrier.set("bike"), Order::A.note.set("x"))).await.unwrap();
    assert_eq!(text(&raw(&db, &order).await, "gsi1sk"), Some("PRIORITY#0000000007#bike"));
    assert_eq!(Order::query_gsi1(&db, Status::Paid).count().await.unwrap(), 1);
    assert_eq!(Order::query_gsi1(&db, Status::Pending).count().await.unwrap(), 0);

    // What index keys are not made of leaves them as they are.
    Order::update_by_key(&db, &order, Order::A.note.set("y")).await.unwrap();
    order.clone().update_without_refresh(&db, Order::A.priority.set(8)).await.unwrap();
    assert_eq!(text(&raw(&db, &order).await, "gsi1sk"), Some("PRIORITY#0000000008#bike"));
}

#[tokio::test]
async fn an_update_by_key_has_to_know_the_whole_index_key() {
    let db = db().await;
    let mut order = order("c1", 1, "o1");
    order.carrier = Some("post".to_owned());
    order.save(&db).await.unwrap();
    let key = || OrderKey::from(("c1", at(1), "o1"));
    let error = Order::update_by_key(&db, key(), Order::A.priority.set(1)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Order: the update changes a field of gsi1sk, and does not set carrier: set every field of it, or update an \
         item that was read"
    );
    let error = Order::update_by_key(&db, key(), Order::A.total.add(1_u32)).await.unwrap_err();
    assert!(error.to_string().contains("lets DynamoDB calculate total: set it to a value"), "{error}");
    let both = (Order::A.priority.set(1), Order::A.carrier.set("bike"), Order::A.status.set(Status::Paid));
    Order::update_by_key(&db, key(), both).await.unwrap();
    assert_eq!(text(&raw(&db, key()).await, "gsi1sk"), Some("PRIORITY#0000000001#bike"));
    Order::update_by_key(&db, key(), Order::A.carrier.remove()).await.unwrap();
    assert_eq!(text(&raw(&db, key()).await, "gsi1sk"), None);
    if Engine::current().has_transactions() {
        let transaction = db.transaction().update::<Order>(key(), Order::A.status.set(Status::Pending));
        transaction.await.unwrap();
        assert_eq!(text(&raw(&db, key()).await, "gsi1pk"), Some("STATUS#pending"));
        // An item that was read tells the rest of its index keys.
        order.refresh(&db).consistent_read().await.unwrap();
        order.update(&db, Order::A.carrier.set("post")).await.unwrap();
        let transaction = db.transaction().update_item(&order, Order::A.priority.set(4));
        transaction.await.unwrap();
        assert_eq!(text(&raw(&db, key()).await, "gsi1sk"), Some("PRIORITY#0000000004#post"));
    }
}

#[tokio::test]
async fn an_index_key_is_not_made_of_what_another_writer_has_changed() {
    let db = db().await;
    let mut first = order("c1", 1, "o1");
    first.carrier = Some("post".to_owned());
    first.save(&db).await.unwrap();
    let mut second = Order::get(&db, &first).consistent_read().await.unwrap();
    second.update(&db, Order::A.carrier.set("bike")).await.unwrap();
    let error = first.update(&db, Order::A.priority.set(9)).await.unwrap_err();
    if Engine::current().returns_existing() {
        assert!(matches!(error, Error::StaleIndexKey { key: "gsi1sk", field: "carrier", .. }), "{error:?}");
    }
    assert_eq!(text(&raw(&db, &first).await, "gsi1sk"), Some("PRIORITY#0000000000#bike"));
    first.refresh(&db).consistent_read().await.unwrap();
    first.update(&db, Order::A.priority.set(9)).await.unwrap();
    assert_eq!(text(&raw(&db, &first).await, "gsi1sk"), Some("PRIORITY#0000000009#bike"));
}

/// Whatever updates do, and in whatever order: the index keys are those of the item that is stored.
#[tokio::test]
async fn index_keys_are_those_of_the_fields_after_any_updates() {
    let db = db().await;
    let mut random = Random::new(5);
    for number in 0..10 {
        let mut order = order("c1", 1, &format!("o{number}"));
        order.save(&db).await.unwrap();
        for _ in 0..12 {
            let mut updates = Vec::new();
            if random.below(2) == 0 {
                updates.push(Order::A.priority.set(i32::try_from(random.below(10)).unwrap() - 5));
            }
            if random.below(2) == 0 {
                updates.push(Order::A.status.set(if random.below(2) == 0 { Status::Paid } else { Status::Pending }));
            }
            match random.below(4) {
                0 => updates.push(Order::A.carrier.remove()),
                1 => updates.push(Order::A.carrier.set(if random.below(2) == 0 { "post" } else { "bike" })),
                2 => updates.push(Order::A.total.set(u32::try_from(random.below(9)).unwrap())),
                _ => updates.push(Order::A.note.set("n")),
            }
            order.update(&db, updates).await.unwrap();
            let item = raw(&db, &order).await;
            let status = order.status.as_str();
            assert_eq!(text(&item, "gsi1pk"), Some(format!("STATUS#{status}").as_str()));
            assert_eq!(text(&item, "lsi1sk"), Some(format!("{:010}", order.total).as_str()));
            let mut fresh = order.clone();
            fresh.save(&db).await.unwrap();
            let saved = raw(&db, &order).await;
            for name in ["gsi1pk", "gsi1sk", "lsi1sk"] {
                assert_eq!(text(&item, name), text(&saved, name), "{name} of {order:?}");
            }
            order = fresh;
        }
    }
}

#[tokio::test]
async fn an_upsert_makes_a_whole_item() {
    let db = db().await;
    let made = Order::update_by_key(&db, ("c1", at(1), "o1"), Order::A.note.set("made")).upsert().await;
    // Required fields that are no key are the app's to set.
    assert!(made.is_ok(), "{made:?}");
    let item = raw(&db, ("c1", at(1), "o1")).await;
    assert_eq!(text(&item, "kind"), Some("Order"));
    assert_eq!(text(&item, "customer_id"), Some("c1"));
    assert_eq!(Order::query(&db, "c1").count().await.unwrap(), 1);
}

#[tokio::test]
async fn index_queries_read_their_model_alone() {
    let db = db().await;
    let mut one = order("c1", 1, "o1");
    (one.priority, one.carrier) = (3, Some("post".to_owned()));
    let mut two = order("c2", 2, "o2");
    (two.priority, two.carrier) = (-3, Some("post".to_owned()));
    let parcel = Parcel::builder().parcel_id(7_u32).status(Status::Pending).build().unwrap();
    db.batch_write().put(&mut one).put(&mut two).put(&parcel).await.unwrap();
    let read = Order::query_gsi1(&db, Status::Pending).all().await.unwrap();
    assert_eq!(ids(read), ["o2", "o1"]);
    let read = Order::query_gsi1(&db, Status::Pending).range(OrderGsi1::A.priority.gt(0)).all().await.unwrap();
    assert_eq!(ids(read), ["o1"]);
    assert_eq!(ids(Order::of_priority(&db, Status::Pending, -3).all().await.unwrap()), ["o1", "o2"]);
    assert_eq!(Parcel::query_gsi1(&db, Status::Pending).count().await.unwrap(), 1);
    assert_eq!(Order::query_lsi1(&db, "c1").consistent_read().count().await.unwrap(), 1);
    assert_eq!(ids(Order::query_inverted(&db, at(2), "o2").all().await.unwrap()), ["o2"]);
    assert_eq!(Order::scan_gsi1(&db).count().await.unwrap(), 2);

    let status = ByStatus::query(&db, Status::Pending).await.unwrap();
    assert_eq!((status.orders.len(), status.parcels.len(), status.others.len()), (2, 1, 0));
}

#[tokio::test]
async fn a_collection_is_read_by_one_query() {
    let db = filled().await;
    if Engine::current().has_transactions() {
        customer("c1").insert(&db).await.unwrap();
        let file = CustomerFile::query(&db, "c1").await.unwrap();
        assert_eq!(file.customer.unwrap().name, "Ada");
    }
    let file = CustomerFile::query(&db, "c1").await.unwrap();
    assert_eq!(ids(file.orders), ["o1", "o2", "o3", "o4", "o5"]);
    assert!(matches!(file.others.as_slice(), [ShopItem::Address(_), ShopItem::Address(_)]));
    let orders = CustomerFile::query(&db, "c1").range(CustomerFile::A.sk.begins_with("ORDER#")).await.unwrap();
    assert_eq!((orders.orders.len(), orders.others.len()), (5, 0));
    assert_eq!(CustomerFile::query(&db, "nobody").await.unwrap(), CustomerFile::default());
    let error = CustomerFile::query(&db, "nobody").deny_empty().await.unwrap_err();
    assert!(matches!(&error, Error::NotFound { other_model: false, .. }), "{error:?}");
    assert_eq!(
        CustomerFile::query(&db, "c1").deny_empty().await.unwrap(),
        CustomerFile::query(&db, "c1").await.unwrap()
    );

    let mut stream = CustomerFile::query(&db, "c1").stream();
    let mut orders = 0;
    while let Some(item) = stream.try_next().await.unwrap() {
        orders += usize::from(matches!(item, ShopItem::Order(_)));
    }
    assert_eq!(orders, 5);
}

#[tokio::test]
async fn an_item_of_no_model_is_unknown() {
    let db = filled().await;
    let table = ShopItem::get(&db, ("a", "b")).into_inner().unwrap().get_table_name().clone().unwrap();
    let put = db.sdk().put_item().table_name(table);
    let put = put.item("pk", AttributeValue::S("CUSTOMER#c1".to_owned()));
    let put = put.item("sk", AttributeValue::S("VISIT#1".to_owned()));
    put.item("kind", AttributeValue::S("Visit".to_owned())).send().await.unwrap();
    let file = CustomerFile::query(&db, "c1").await.unwrap();
    let Some(ShopItem::Unknown(unknown)) = file.others.last() else { unreachable!("{file:?}") };
    assert_eq!(unknown.as_map().len(), 3);
    let error = CustomerFile::query(&db, "c1").deny_unknown().await.unwrap_err();
    assert!(matches!(&error, Error::Read(error) if *error.kind() == ReadErrorKind::NoModel), "{error:?}");
    let found = ShopItem::get(&db, ("CUSTOMER#c1", "ADDRESS#home")).await.unwrap();
    assert_eq!(found, ShopItem::from(address("c1", "home")));
    let orders = ShopItem::query(&db, "CUSTOMER#c1").range(ShopItem::A.sk.begins_with("ORDER#")).all().await.unwrap();
    assert_eq!(orders.len(), 5);
    assert_eq!(ShopItem::NAME, "ShopItem");
}

#[tokio::test]
async fn keys_of_other_models_are_not_unknown_attributes() {
    let db = db().await;
    let parcel = Parcel::builder().parcel_id(7_u32).status(Status::Paid).build().unwrap();
    parcel.save(&db).await.unwrap();
    let read = Parcel::get(&db, 7_u32).await.unwrap();
    assert_eq!(read, parcel);
    assert_eq!(ShopItem::get(&db, ("PARCEL#0000000007", "PARCEL#0000000007")).await.unwrap(), ShopItem::Parcel(read));
}

#[tokio::test]
async fn a_partition_is_deleted_of_one_model() {
    let db = filled().await;
    assert_eq!(Order::delete_partition(&db, "c1").await.unwrap(), 5);
    assert_eq!(Address::query(&db, "c1").count().await.unwrap(), 2);
    assert_eq!(Order::query(&db, "c2").count().await.unwrap(), 1);
}

#[tokio::test]
async fn batches_find_items_by_their_fields() {
    let db = filled().await;
    let keys = [("c1", at(1), "o1"), ("c1", at(9), "no"), ("c1", at(3), "o3")];
    let found = Order::batch_get(&db, keys).await.unwrap();
    assert_eq!(found.len(), 2);
    db.batch_write().delete::<Order>(("c1", at(1), "o1")).delete::<Address>(("c1", "home")).await.unwrap();
    assert_eq!(ShopItem::query(&db, "CUSTOMER#c1").count().await.unwrap(), 5);
}

#[tokio::test]
async fn an_item_gets_another_key_in_one_transaction() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = filled().await;
    let earlier = order("c1", 1, "o1");
    let mut later = earlier.clone();
    later.placed_at = at(30);
    Order::rekey(&db, &earlier, &mut later).await.unwrap();
    assert_eq!(ids(Order::query(&db, "c1").all().await.unwrap()), ["o2", "o3", "o4", "o5", "o1"]);
    assert_eq!(later, Order::get(&db, &later).await.unwrap(), "the struct is what was written");
    let error = Order::rekey(&db, &earlier, &mut later).await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    let error = Order::rekey(&db, &later, &mut order("c1", 2, "o2")).await.unwrap_err();
    assert!(matches!(error, Error::AlreadyExists(_)), "{error:?}");
    assert_eq!(Order::query(&db, "c1").count().await.unwrap(), 5);
}

#[tokio::test]
async fn a_key_that_is_too_long_is_told_before_it_is_sent() {
    let db = db().await;
    let told = "Address.sk: a range key has at most 1024 bytes, this one has 1028";
    let built = Address::builder().customer_id("c").label("l".repeat(1020)).city("x").build();
    assert_eq!(built.unwrap_err().to_string(), told);
    let mut long = address("c", "home");
    long.label = "l".repeat(1020);
    assert_eq!(long.save(&db).await.unwrap_err().to_string(), told);
    assert_eq!(Address::find(&db, &long).await.unwrap_err().to_string(), told);
}

#[tokio::test]
async fn a_table_of_one_model_can_have_guards_too() {
    if !Engine::current().has_transactions() {
        return;
    }
    let db = db().await;
    Counter::builder().id("a").name("n").value(1_u32).build().unwrap().insert(&db).await.unwrap();
    assert_eq!(Counter::scan(&db).count().await.unwrap(), 1);
    assert_eq!(CountersItem::scan(&db).count().await.unwrap(), 2, "the guard is an item of no model");
}
