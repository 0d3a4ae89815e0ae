//! dyntastic beside the SDK alone and its peers: the same work in the same run, with answers that cost nothing.

mod by_hand;
mod plot;
mod run;
mod server;

mod models {
    dyntastic::include_models!();
}

use aws_sdk_dynamodb as sdk;
use by_hand::{flat_of, product_of, product_to};
use dyntastic::{Carrier, Client};
use models::{Dims, Flat, Product};
use run::{Case, case, contender};
use sdk::types::{AttributeValue, PutRequest, WriteRequest};
use serde_json::{Value, json};
use server::Server;
use std::hint::black_box;

fn flat_item(number: usize) -> Value {
    json!({
        "id": { "S": "customer#000123456789" }, "sort": { "N": (1_700_000_000_000_u64 + number as u64).to_string() },
        "name": { "S": format!("Sourdough bread number {number}") },
        "description": { "S": "A long fermented loaf with a crisp crust, sold by the piece in every shop." },
        "price": { "N": "3.99" }, "qty": { "N": (number * 7).to_string() }, "active": { "BOOL": true },
    })
}

fn nested_item(number: usize) -> Value {
    let mut item = flat_item(number);
    item["tags"] = json!({ "L": [{ "S": "bread" }, { "S": "bakery" }, { "S": "fresh" }] });
    item["dims"] = json!({ "M": { "w": { "N": "12.5" }, "h": { "N": "8.25" }, "label": { "S": "medium" } } });
    item
}

fn page(number: usize, item: fn(usize) -> Value) -> Value {
    let items: Vec<Value> = (0..number).map(item).collect();
    json!({ "Count": number, "Items": items, "ScannedCount": number })
}

fn product(number: usize, text: usize) -> Product {
    Product::builder()
        .id("customer#000123456789")
        .sort(1_700_000_000_000 + i64::try_from(number).unwrap_or_default())
        .name(format!("Sourdough bread number {number}"))
        .description("d".repeat(text))
        .price(3.99)
        .qty(7)
        .active(true)
        .tags(["bread", "bakery", "fresh"])
        .dims(Dims { w: 12.5, h: 8.25, label: "medium".to_owned() })
        .build()
        .expect("a sound product")
}

/// The clients of a case: the SDK's, and ours with each carrier.
fn clients(server: &Server) -> (sdk::Client, Client, Client) {
    let ours = |carrier| Client::builder().carrier(carrier).from_conf(server.config());
    (sdk::Client::from_conf(server.config()), ours(Carrier::Wire), ours(Carrier::Map))
}

async fn get() -> Case {
    let server = Server::new(&json!({ "Item": nested_item(1) }));
    println!("get: an answer of {} B", server.bytes());
    let (sdk, wire, map) = clients(&server);
    let request = || {
        let request = sdk.get_item().table_name("products");
        let request = request.key("id", AttributeValue::S("customer#000123456789".to_owned()));
        request.key("sort", AttributeValue::N("1700000000001".to_owned()))
    };
    let key = || ("customer#000123456789", 1_700_000_000_001_i64);
    let contenders = vec![
        contender("SDK untyped", || async { drop(black_box(request().send().await.expect("an item").item)) }),
        contender("SDK + hand-written", || async {
            drop(black_box(product_of(request().send().await.expect("an item").item.expect("an item"))))
        }),
        contender("SDK + serde_dynamo", || async {
            let item = request().send().await.expect("an item").item.expect("an item");
            drop(black_box(serde_dynamo::from_item::<_, by_hand::Product>(item).expect("a product")))
        }),
        contender("dyntastic map", || async { drop(black_box(Product::get(&map, key()).await.expect("a product"))) }),
        contender("dyntastic wire", || async { drop(black_box(Product::get(&wire, key()).await.expect("a product"))) }),
    ];
    case("get", 200, contenders).await
}

async fn query(name: &'static str, number: usize, operations: usize) -> Case {
    let server = Server::new(&page(number, nested_item));
    println!("{name}: an answer of {} B", server.bytes());
    let (sdk, wire, map) = clients(&server);
    let request = || {
        let request = sdk.query().table_name("products").key_condition_expression("#n0 = :v0");
        let request = request.expression_attribute_names("#n0", "id");
        request.expression_attribute_values(":v0", AttributeValue::S("customer#000123456789".to_owned()))
    };
    let items = || async { request().send().await.expect("a page").items.expect("items") };
    let ours = async |db: &Client| {
        let page = Product::query(db, "customer#000123456789").page().await.expect("a page");
        assert_eq!(page.items.len(), number);
        black_box(page.items);
    };
    let contenders = vec![
        contender("SDK untyped", || async { drop(black_box(items().await)) }),
        contender("SDK + hand-written", || async {
            drop(black_box(items().await.into_iter().map(product_of).collect::<Vec<_>>()))
        }),
        contender("SDK + serde_dynamo", || async {
            let read = serde_dynamo::from_items::<_, by_hand::Product>(items().await);
            drop(black_box(read.expect("products")))
        }),
        contender("dyntastic map", || ours(&map)),
        contender("dyntastic wire", || ours(&wire)),
    ];
    case(name, operations, contenders).await
}

async fn query_flat(name: &'static str, number: usize, operations: usize) -> Case {
    let server = Server::new(&page(number, flat_item));
    println!("{name}: an answer of {} B", server.bytes());
    let (sdk, wire, map) = clients(&server);
    let items = || async {
        let request = sdk.query().table_name("flats").key_condition_expression("#n0 = :v0");
        let request = request.expression_attribute_names("#n0", "id");
        let value = AttributeValue::S("customer#000123456789".to_owned());
        request.expression_attribute_values(":v0", value).send().await.expect("a page").items.expect("items")
    };
    let ours = async |db: &Client| {
        let page = Flat::query(db, "customer#000123456789").page().await.expect("a page");
        assert_eq!(page.items.len(), number);
        black_box(page.items);
    };
    let contenders = vec![
        contender("SDK untyped", || async { drop(black_box(items().await)) }),
        contender("SDK + hand-written", || async {
            drop(black_box(items().await.into_iter().map(flat_of).collect::<Vec<_>>()))
        }),
        contender("SDK + serde_dynamo", || async {
            let read = serde_dynamo::from_items::<_, by_hand::Flat>(items().await);
            drop(black_box(read.expect("items")))
        }),
        contender("dyntastic map", || ours(&map)),
        contender("dyntastic wire", || ours(&wire)),
    ];
    case(name, operations, contenders).await
}

async fn put() -> Case {
    let (sdk, wire, _) = clients(&Server::new(&json!({})));
    let (item, by_serde) = (product(1, 75), by_hand::Product::from(&product(1, 75)));
    let send = async |attributes| {
        sdk.put_item().table_name("products").set_item(Some(attributes)).send().await.expect("a put");
    };
    let contenders = vec![
        contender("SDK + hand-written", || send(product_to(&item))),
        contender("SDK + serde_dynamo", || send(serde_dynamo::to_item(&by_serde).expect("an item"))),
        contender("dyntastic wire", || async { item.save(&wire).await.expect("a save") }),
    ];
    case("put", 200, contenders).await
}

/// An update of five actions under a condition of five terms: what building the request takes.
async fn update() -> Case {
    let (sdk, wire, _) = clients(&Server::new(&json!({})));
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let number = |number: &str| AttributeValue::N(number.to_owned());
    let contenders = vec![
        contender("SDK + hand-written", || async {
            let request = sdk.update_item().table_name("products").key("id", text("a")).key("sort", number("1"));
            let request = request
                .update_expression("SET #n0 = :v0, #n1 = :v1, #n2 = #n2 - :v2 REMOVE #n3 ADD #n4.#n5 :v2")
                .condition_expression(
                    "attribute_exists(#n6) AND #n7 = :v3 AND #n1 < :v4 AND (begins_with(#n0, :v5) OR size(#n8) > :v2)",
                );
            let names = ["name", "price", "qty", "description", "dims", "w", "id", "active", "tags"];
            let request = names.iter().enumerate().fold(request, |request, (number, name)| {
                request.expression_attribute_names(format!("#n{number}"), *name)
            });
            let values = [text("rye"), number("3.5"), number("1"), AttributeValue::Bool(true), number("9"), text("r")];
            let request = values.into_iter().enumerate().fold(request, |request, (number, value)| {
                request.expression_attribute_values(format!(":v{number}"), value)
            });
            drop(black_box(request));
        }),
        contender("dyntastic wire", || async {
            let a = Product::A;
            let update = (
                a.name.set("rye"),
                a.price.set(3.5),
                a.qty.set(a.qty.minus(1)),
                a.description.remove(),
                a.dims.then(Dims::A.w).add(1.0),
            );
            let condition = a.active.eq(true) & a.price.lt(9.0) & (a.name.begins_with("r") | a.tags.size().gt(1_u32));
            let update = Product::update_by_key(&wire, ("a", 1_i64), update).condition(condition);
            drop(black_box(update.into_inner().expect("a request")));
        }),
    ];
    case("condition and update", 400, contenders).await
}

async fn batch_write(name: &'static str, text: usize, operations: usize) -> Case {
    let (sdk, wire, _) = clients(&Server::new(&json!({ "UnprocessedItems": {} })));
    let items: Vec<Product> = (0..25).map(|number| product(number, text)).collect();
    let by_serde: Vec<by_hand::Product> = items.iter().map(by_hand::Product::from).collect();
    type Attributes = std::collections::HashMap<String, AttributeValue>;
    let send = async |attributes: Vec<Attributes>| {
        let put = |item| PutRequest::builder().set_item(Some(item)).build().expect("an item");
        let writes = attributes.into_iter().map(|item| WriteRequest::builder().put_request(put(item)).build());
        sdk.batch_write_item().request_items("products", writes.collect()).send().await.expect("a batch");
    };
    let contenders = vec![
        contender("SDK + hand-written", || send(items.iter().map(product_to).collect())),
        contender("SDK + serde_dynamo", || {
            send(by_serde.iter().map(|item| serde_dynamo::to_item(item).expect("an item")).collect())
        }),
        contender("dyntastic wire", || async { wire.batch_write().put_all(&items).await.expect("a batch") }),
    ];
    case(name, operations, contenders).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let cases = [
        get().await,
        query("query 100 nested", 100, 40).await,
        query_flat("query 100 flat", 100, 40).await,
        query("query 3000 nested", 3000, 2).await,
        query_flat("query 3000 flat", 3000, 2).await,
        put().await,
        update().await,
        batch_write("batch_write 25 x 400 B", 75, 40).await,
        batch_write("batch_write 25 x 40 kB", 40_000, 4).await,
    ];
    plot::write("results.svg", &cases)
}
