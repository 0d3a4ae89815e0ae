//! Tables of other libraries and designs: their items are read, changed and saved, and nothing else in them changes.
//!
//! The items in `tests/fixtures` follow the documents that each test names.

use crate::engine::{Engine, db, table_name};
use crate::round_trip::attributes;
use dyntastic::Client;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::{AttributeMap, write_model};
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Value, json};
use dyntastic_tests::{
    foreign_electrodb, foreign_modyne, foreign_onetable, foreign_online_shop, foreign_pynamodb, foreign_toolbox,
};

/// A table with raw items.
struct Table {
    db: Client,
    name: String,
    keys: [&'static str; 2],
    items: Vec<AttributeMap>,
}

impl Table {
    async fn new<M: Model>(keys: [&'static str; 2], items: &str) -> Self {
        let db = db().await;
        M::create_table(&db).await.unwrap();
        let items: Vec<Value> = serde_json::from_str(items).unwrap();
        let table = Self { name: table_name::<M>(&db), keys, items: items.iter().map(attributes).collect(), db };
        table.reset().await;
        table
    }

    /// Puts the raw items again.
    async fn reset(&self) {
        for item in &self.items {
            self.db.sdk().put_item().table_name(&self.name).set_item(Some(item.clone())).send().await.unwrap();
        }
    }

    async fn stored(&self, raw: &AttributeMap) -> AttributeMap {
        let key = self.keys.map(|name| (name.to_owned(), raw[name].clone()));
        let request = self.db.sdk().get_item().table_name(&self.name).set_key(Some(key.into())).consistent_read(true);
        request.send().await.unwrap().item.unwrap()
    }

    /// The raw items whose attribute has this text.
    fn of<'t>(&'t self, name: &'t str, text: &'t str) -> impl Iterator<Item = &'t AttributeMap> {
        self.items.iter().filter(move |item| item.get(name) == Some(&AttributeValue::S(text.to_owned())))
    }
}

/// Without these attributes; sets in one order.
fn without(item: &AttributeMap, names: &[&str]) -> AttributeMap {
    let sorted = |value: &AttributeValue| match value {
        AttributeValue::Ss(texts) => {
            let mut texts = texts.clone();
            texts.sort();
            AttributeValue::Ss(texts)
        }
        other => other.clone(),
    };
    item.iter()
        .filter(|(name, _)| !names.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), sorted(value)))
        .collect()
}

/// Reads the items of a model, changes one with an update, and another with a save. `changed` are the attributes that
/// the change rewrites, and `kept` those that every write does.
macro_rules! undisturbed {
    ($table:expr, $model:ty, $tag:expr, $change:expr, $edit:expr, $changed:expr, $kept:expr) => {
        let table: &Table = &$table;
        let (changed, kept): (&[&str], &[&str]) = (&$changed, &$kept);
        let all = [changed, kept].concat();
        let raws: Vec<&AttributeMap> = table.of($tag.0, $tag.1).collect();
        for raw in raws {
            let read = || async {
                let all = <$model>::scan(&table.db).all().await.unwrap();
                let made = |item: &$model| write_model(item).unwrap();
                all.into_iter().find(|item| table.keys.iter().all(|key| made(item)[*key] == raw[*key])).unwrap()
            };
            let mut item: $model = read().await;
            item.update(&table.db, $change).await.unwrap();
            let stored = table.stored(raw).await;
            assert_eq!(without(&stored, &all), without(raw, &all), "an update");
            for name in changed {
                assert_ne!(stored.get(*name), raw.get(*name), "{name}");
            }
            let updated = stored;
            table.reset().await;

            let mut item: $model = read().await;
            item.save(&table.db).await.unwrap();
            assert_eq!(without(&table.stored(raw).await, kept), without(raw, kept), "a save without a change");
            let edit: fn(&mut $model) = $edit;
            edit(&mut item);
            item.save(&table.db).await.unwrap();
            let stored = table.stored(raw).await;
            assert_eq!(without(&stored, kept), without(&updated, kept), "a save stores what an update does");
            table.reset().await;
        }
    };
}

/// ElectroDB, "Getting Started": the book of `Book.create`.
#[tokio::test]
async fn a_table_of_electrodbs() {
    use foreign_electrodb::{Book, Condition};
    let table = Table::new::<Book>(["pk", "sk"], include_str!("../../fixtures/electrodb/items.json")).await;
    undisturbed!(
        table,
        Book,
        ("__edb_e__", "book"),
        (Book::A.price.set(10.0), Book::A.condition.set(Condition::Fair)),
        |book| (book.price, book.condition) = (10.0, Condition::Fair),
        ["price", "condition"],
        []
    );
    undisturbed!(
        table,
        Book,
        ("__edb_e__", "book"),
        Book::A.title.set("Cujo"),
        |book| book.title = Some("Cujo".to_owned()),
        ["title", "gsi1sk"],
        []
    );
    let found = Book::get(&table.db, ("PDX-45", "beedabe8-e34e-4d41-9272-0755be9a2a9f")).await.unwrap();
    assert_eq!(found.author.as_deref(), Some("Stephen King"));
    assert_eq!(Book::query_by_author(&table.db, "stephen king").count().await.unwrap(), 1);
}

/// PynamoDB, "An example using Amazon's Thread example" and "Custom Attributes": UTC datetimes, JSON, booleans as
/// numbers.
#[tokio::test]
async fn a_table_of_pynamodbs() {
    use foreign_pynamodb::{Author, Thread};
    if !Engine::current().has_time_to_live() {
        return;
    }
    let keys = ["forum_name", "subject"];
    let table = Table::new::<Thread>(keys, include_str!("../../fixtures/pynamodb/items.json")).await;
    let thread = Thread::get(&table.db, ("Some Forum", "Some Subject")).await.unwrap();
    assert!(thread.answered);
    assert_eq!(thread.last_post_datetime.unwrap().to_rfc3339(), "2014-01-21T22:02:36.265046+00:00");
    assert_eq!(thread.settings, Some(json!({ "foo": "bar", "bar": 42 })));
    for (forum, kept) in [("Some Forum", "settings"), ("forum-1", "")] {
        // Python puts spaces into JSON, and a save does not.
        undisturbed!(
            table,
            Thread,
            ("forum_name", forum),
            (Thread::A.answered.set(false), Thread::A.views.set(9), Thread::A.replies.add(1)),
            |thread| (thread.answered, thread.views, thread.replies) = (false, 9, 1),
            ["views", "replies"],
            [kept, "answered"]
        );
    }
    let mut thread = thread;
    thread.update(&table.db, Thread::A.author.then(Author::A.name).set("Lei")).await.unwrap();
    let raw = &table.items[0];
    assert_eq!(without(&table.stored(raw).await, &["author"]), without(raw, &["author"]));
    let late =
        Thread::A.last_post_datetime.gt("2014-01-22T00:00:00Z".parse::<dyntastic::chrono::DateTime<_>>().unwrap());
    assert_eq!(Thread::scan(&table.db).filter(late & Thread::A.answered.eq(false)).count().await.unwrap(), 1);
}

/// DynamoDB-Toolbox, "Internal Attributes": the entity's name, and times as JavaScript writes them.
#[tokio::test]
async fn a_table_of_dynamodb_toolboxs() {
    use foreign_toolbox::Pokemon;
    let table = Table::new::<Pokemon>(["pk", "sk"], include_str!("../../fixtures/toolbox/items.json")).await;
    undisturbed!(
        table,
        Pokemon,
        ("_et", "Pokemon"),
        Pokemon::A.level.set(43),
        |pokemon| pokemon.level = 43,
        ["level"],
        ["_md"]
    );
    let pokemon = Pokemon::get(&table.db, ("pikachu", "pikachu1")).await.unwrap();
    pokemon.clone().save(&table.db).await.unwrap();
    let stored = table.stored(&table.items[0]).await;
    assert_eq!(stored["_md"].as_s().unwrap().len(), "2024-01-31T12:00:00.123Z".len());
}

/// OneTable, the sample "overview".
#[tokio::test]
async fn a_table_of_onetables() {
    use foreign_onetable::{Account, Address, Invoice, User};
    let table = Table::new::<Account>(["pk", "sk"], include_str!("../../fixtures/onetable/items.json")).await;
    assert_eq!(Account::query_gs1(&table.db).all().await.unwrap().len(), 1);
    undisturbed!(
        table,
        Account,
        ("_type", "Account"),
        Account::A.balance.set(5.0),
        |account| account.balance = 5.0,
        ["balance"],
        ["updated"]
    );
    undisturbed!(
        table,
        User,
        ("_type", "User"),
        (User::A.address.then(Address::A.city).set("Seattle"), User::A.name.set("Wile E")),
        |user| {
            user.name = "Wile E".to_owned();
            user.address.as_mut().unwrap().city = Some("Seattle".to_owned());
        },
        ["address", "name", "gs1sk"],
        ["updated"]
    );
    undisturbed!(
        table,
        Invoice,
        ("_type", "Invoice"),
        Invoice::A.date.set("2022-03-01T00:00:00Z".parse::<dyntastic::chrono::DateTime<_>>().unwrap()),
        |invoice| invoice.date = "2022-03-01T00:00:00Z".parse().unwrap(),
        ["date", "gs1sk"],
        ["updated"]
    );
}

/// modyne, "eCommerce Example".
#[tokio::test]
async fn a_table_of_modynes() {
    use foreign_modyne::{Customer, Order, OrderItem, OrderStatus};
    let table = Table::new::<Customer>(["PK", "SK"], include_str!("../../fixtures/modyne/items.json")).await;
    undisturbed!(
        table,
        Customer,
        ("entity_type", "Customer"),
        Customer::A.name.set("Alex"),
        |customer| customer.name = "Alex".to_owned(),
        ["name"],
        []
    );
    undisturbed!(
        table,
        Order,
        ("entity_type", "Order"),
        Order::A.status.set(OrderStatus::Delivered),
        |order| order.status = OrderStatus::Delivered,
        ["status"],
        []
    );
    undisturbed!(
        table,
        OrderItem,
        ("entity_type", "OrderItem"),
        OrderItem::A.price.set(12.5),
        |item| item.price = 12.5,
        ["price"],
        []
    );
}

/// AWS's samples, "An Online Shop": numbers as text, and dates without an offset.
#[tokio::test]
async fn the_online_shop_of_awss_samples() {
    use foreign_online_shop::{Address, Customer, Invoice, Order, OrderItem, Product, Warehouse, WarehouseItem};
    let table = Table::new::<Customer>(["PK", "SK"], include_str!("../../fixtures/online_shop/items.json")).await;
    assert_eq!(Customer::get(&table.db, 12_345_u32).await.unwrap().name, "Samaneh");
    let tag = |name: &'static str| ("EntityType", name);
    undisturbed!(
        table,
        Customer,
        tag("customer"),
        Customer::A.name.set("S"),
        |customer| customer.name = "S".to_owned(),
        ["Name"],
        []
    );
    undisturbed!(
        table,
        Product,
        tag("product"),
        Product::A.price.set(dyntastic::rust_decimal::Decimal::from(90)),
        |product| product.price = 90.into(),
        ["Price"],
        []
    );
    undisturbed!(
        table,
        Warehouse,
        tag("warehouse"),
        Warehouse::A.address.then(Address::A.number).set(21),
        |warehouse| warehouse.address.number = 21,
        ["Address"],
        []
    );
    undisturbed!(
        table,
        WarehouseItem,
        tag("warehouseItem"),
        WarehouseItem::A.quantity.set(49),
        |item| item.quantity = 49,
        ["Quantity"],
        []
    );
    let sold = "2020-06-21T19:18:00".parse::<dyntastic::chrono::NaiveDateTime>().unwrap();
    let item = OrderItem::get(&table.db, ("12345", "12345")).await.unwrap();
    assert_eq!((item.customer.as_str(), item.date), ("12345", sold));
    let of_customer = OrderItem::query_gsi2(&table.db, "12345").all().await.unwrap();
    assert_eq!(of_customer, [item], "the invoice of the customer has the same keys there");
    assert_eq!(Invoice::query_gsi2(&table.db, "12345").all().await.unwrap().len(), 1);
    undisturbed!(
        table,
        OrderItem,
        tag("orderItem"),
        OrderItem::A.quantity.set(3),
        |item| item.quantity = 3,
        ["Quantity"],
        []
    );
    let date = "2020-07-01T00:00:00";
    undisturbed!(
        table,
        Order,
        tag("order"),
        Order::A.date.set(date.parse::<dyntastic::chrono::NaiveDateTime>().unwrap()),
        |order| order.date = "2020-07-01T00:00:00".parse().unwrap(),
        ["Date"],
        []
    );
    undisturbed!(
        table,
        Invoice,
        tag("invoice"),
        Invoice::A.amount.set(dyntastic::rust_decimal::Decimal::from(300)),
        |invoice| invoice.amount = 300.into(),
        ["Amount"],
        []
    );
    assert_eq!(WarehouseItem::query_gsi2(&table.db, "12345").count().await.unwrap(), 1);
}
