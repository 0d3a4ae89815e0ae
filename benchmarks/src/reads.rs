//! The cases that read one item or a page of items.

use crate::by_hand::{Attributes, Flat, Product, flat_of, product_of};
use crate::clients::Clients;
use crate::items::{self, Form, ID, SORT};
use crate::models;
use crate::peers::{facade, modyne};
use crate::run::{Case, case, contender};
use aws_sdk_dynamodb as sdk;
use dyntastic::{Client, Model, ops};
use sdk::operation::get_item::builders::GetItemFluentBuilder;
use sdk::operation::query::builders::QueryFluentBuilder;
use sdk::types::AttributeValue;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::hint::black_box;

/// A struct that pages are read into.
pub trait Shape:
    DeserializeOwned + ::modyne::Projection + dynamodb_facade::DynamoDBItem<Self::Facade> + 'static
{
    type Facade: dynamodb_facade::TableDefinition;
    type Emitted: Model;

    const TABLE: &'static str;

    fn item(number: usize) -> Value;

    fn by_hand(item: Attributes) -> Option<Self>;

    fn query(db: &Client) -> ops::Query<Self::Emitted>;
}

impl Shape for Product {
    type Facade = facade::Products;
    type Emitted = models::Product;

    const TABLE: &'static str = "products";

    fn item(number: usize) -> Value {
        items::nested(number)
    }

    fn by_hand(item: Attributes) -> Option<Self> {
        product_of(item)
    }

    fn query(db: &Client) -> ops::Query<models::Product> {
        models::Product::query(db, ID)
    }
}

impl Shape for Flat {
    type Facade = facade::Flats;
    type Emitted = models::Flat;

    const TABLE: &'static str = "flats";

    fn item(number: usize) -> Value {
        items::flat(number)
    }

    fn by_hand(item: Attributes) -> Option<Self> {
        flat_of(item)
    }

    fn query(db: &Client) -> ops::Query<models::Flat> {
        models::Flat::query(db, ID)
    }
}

/// The SDK's request for one item.
pub fn get_request(sdk: &sdk::Client) -> GetItemFluentBuilder {
    let request = sdk.get_item().table_name("products").key("id", AttributeValue::S(ID.to_owned()));
    request.key("sort", AttributeValue::N((SORT + 1).to_string()))
}

/// The SDK's request for a page.
pub fn page_request(sdk: &sdk::Client, table: &str) -> QueryFluentBuilder {
    let request = sdk.query().table_name(table).key_condition_expression("#n0 = :v0");
    let request = request.expression_attribute_names("#n0", "id");
    request.expression_attribute_values(":v0", AttributeValue::S(ID.to_owned()))
}

pub fn get_response() -> Value {
    json!({ "Item": items::nested(1) })
}

pub async fn get(name: &'static str) -> Case {
    let clients = Clients::new(name, "products", get_response().to_string());
    let item = || async { get_request(&clients.sdk).send().await.expect("a response").item.expect("an item") };
    let ours = async |db: &Client| drop(black_box(models::Product::get(db, (ID, SORT + 1)).await.expect("a product")));
    let contenders = vec![
        contender("SDK untyped", || async { drop(black_box(item().await)) }),
        contender("SDK + hand-written", || async { drop(black_box(product_of(item().await))) }),
        contender("SDK + serde_dynamo", || async {
            drop(black_box(serde_dynamo::from_item::<_, Product>(item().await).expect("a product")))
        }),
        contender("modyne", || async { drop(black_box(modyne::get(&clients.modyne).await)) }),
        contender("dynamodb-facade", || async { drop(black_box(facade::get(&clients.sdk).await)) }),
        contender("dyntastic map", || ours(&clients.map)),
        contender("dyntastic wire", || ours(&clients.wire)),
    ];
    case(name, 200, contenders).await
}

/// The case that reads a page of `number` items of a form.
pub async fn page<S: Shape>(name: &'static str, form: Form, number: usize, operations: u32) -> Case {
    let clients = Clients::new(name, S::TABLE, items::page(number, S::item, form));
    let items = || async { page_request(&clients.sdk, S::TABLE).send().await.expect("a page").items.expect("items") };
    let keep = |items: Vec<S>| {
        assert_eq!(items.len(), number);
        black_box(items);
    };
    let ours = async |db: &Client| {
        let page = S::query(db).page().await.expect("a page");
        assert_eq!(page.items.len(), number);
        black_box(page.items);
    };
    let contenders = vec![
        contender("SDK untyped", || async { drop(black_box(items().await)) }),
        contender("SDK + hand-written", || async {
            keep(items().await.into_iter().filter_map(S::by_hand).collect());
        }),
        contender("SDK + serde_dynamo", || async { keep(serde_dynamo::from_items(items().await).expect("items")) }),
        contender("modyne", || async { keep(modyne::page(&clients.modyne).await) }),
        contender("dynamodb-facade", || async { keep(facade::page::<S::Facade, S>(&clients.sdk).await) }),
        contender("dyntastic map", || ours(&clients.map)),
        contender("dyntastic wire", || ours(&clients.wire)),
    ];
    case(name, operations, contenders).await
}
