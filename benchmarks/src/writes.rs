//! The cases that write: an item, an update, and batches.

use crate::by_hand::{self, Attributes, flat_to, product_to};
use crate::clients::Clients;
use crate::items::product;
use crate::models::{Dims, Flat, Product, Task};
use crate::peers::{facade, modyne};
use crate::run::{Case, case, contender};
use aws_sdk_dynamodb::types::{AttributeValue, Put, PutRequest, ReturnValue, TransactWriteItem, WriteRequest};
use dyntastic::prelude::*;
use serde_json::json;
use std::hint::black_box;

pub async fn put(name: &'static str) -> Case {
    let clients = Clients::new(name, "products", json!({}).to_string());
    let (item, by_serde) = (product(1, 75), by_hand::Product::from(&product(1, 75)));
    let send = async |attributes| {
        clients.sdk.put_item().table_name("products").set_item(Some(attributes)).send().await.expect("a put");
    };
    let contenders = vec![
        contender("SDK + hand-written", || send(product_to(&item))),
        contender("SDK + serde_dynamo", || send(serde_dynamo::to_item(&by_serde).expect("an item"))),
        contender("modyne", || modyne::put(&clients.modyne, &by_serde)),
        contender("dynamodb-facade", || facade::put(&clients.sdk, &by_serde)),
        contender("dyntastic wire", || async { item.save(&clients.wire).await.expect("a save") }),
    ];
    case(name, 200, contenders).await
}

/// The case that builds the request of an update with five actions and a condition with five terms.
pub async fn update(name: &'static str) -> Case {
    let clients = Clients::new(name, "products", json!({}).to_string());
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let number = |number: &str| AttributeValue::N(number.to_owned());
    let contenders = vec![
        contender("SDK + hand-written", || async {
            let request =
                clients.sdk.update_item().table_name("products").key("id", text("a")).key("sort", number("1"));
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
        contender("dynamodb-facade", || async { drop(black_box(facade::update(&clients.sdk))) }),
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
            let update = Product::update_by_key(&clients.wire, ("a", 1_i64), update).condition(condition);
            drop(black_box(update.into_inner().expect("a request")));
        }),
    ];
    case(name, 400, contenders).await
}

/// The case that writes 25 items, each with a text of `text` bytes.
pub async fn batch_write(name: &'static str, text: usize, operations: u32) -> Case {
    let clients = Clients::new(name, "products", json!({ "UnprocessedItems": {} }).to_string());
    let items: Vec<Product> = (0..25).map(|number| product(number, text)).collect();
    let by_serde: Vec<by_hand::Product> = items.iter().map(by_hand::Product::from).collect();
    let send = async |attributes: Vec<Attributes>| {
        let put = |item| PutRequest::builder().set_item(Some(item)).build().expect("an item");
        let writes = attributes.into_iter().map(|item| WriteRequest::builder().put_request(put(item)).build());
        clients.sdk.batch_write_item().request_items("products", writes.collect()).send().await.expect("a batch");
    };
    let contenders = vec![
        contender("SDK + hand-written", || send(items.iter().map(product_to).collect())),
        contender("SDK + serde_dynamo", || {
            send(by_serde.iter().map(|item| serde_dynamo::to_item(item).expect("an item")).collect())
        }),
        contender("modyne", || modyne::batch_write(&clients.modyne, &by_serde)),
        contender("dynamodb-facade", || facade::batch_write(&clients.sdk, &by_serde)),
        contender("dyntastic wire", || async { clients.wire.batch_write().put_all(&items).await.expect("a batch") }),
    ];
    case(name, operations, contenders).await
}

/// The case that writes 25 items of two models in one request.
pub async fn mixed_batch(name: &'static str) -> Case {
    let clients = Clients::new(name, "products", json!({ "UnprocessedItems": {} }).to_string());
    let (products, flats) = mixed_items();
    let put = |item| PutRequest::builder().set_item(Some(item)).build().expect("an item");
    let write = |item| WriteRequest::builder().put_request(put(item)).build();
    let contenders = vec![
        contender("SDK + hand-written", || async {
            let request = clients.sdk.batch_write_item();
            let request = request.request_items("products", products.iter().map(product_to).map(write).collect());
            let request = request.request_items("flats", flats.iter().map(flat_to).map(write).collect());
            request.send().await.expect("a batch");
        }),
        contender("dyntastic wire", || async {
            clients.wire.batch_write().put_all(&products).put_all(&flats).await.expect("a batch");
        }),
    ];
    case(name, 40, contenders).await
}

/// The case that writes 25 items of two models in one transaction.
pub async fn transaction(name: &'static str) -> Case {
    let clients = Clients::new(name, "products", json!({}).to_string());
    let (products, flats) = mixed_items();
    let put = |table, item| {
        let put = Put::builder().table_name(table).set_item(Some(item)).build().expect("an item");
        TransactWriteItem::builder().put(put).build()
    };
    let contenders = vec![
        contender("SDK + hand-written", || async {
            let of_products = products.iter().map(|item| put("products", product_to(item)));
            let of_flats = flats.iter().map(|item| put("flats", flat_to(item)));
            let request = clients.sdk.transact_write_items();
            let request = request.set_transact_items(Some(of_products.chain(of_flats).collect()));
            request.send().await.expect("a transaction");
        }),
        contender("dyntastic wire", || async {
            let transaction =
                products.iter().fold(clients.wire.transaction(), |transaction, item| transaction.put(item));
            flats.iter().fold(transaction, |transaction, item| transaction.put(item)).await.expect("a transaction");
        }),
    ];
    case(name, 40, contenders).await
}

/// Thirteen products and twelve flat items.
fn mixed_items() -> (Vec<Product>, Vec<Flat>) {
    let flat = |product: Product| Flat {
        id: product.id,
        sort: product.sort,
        name: product.name,
        description: product.description,
        price: product.price,
        qty: product.qty,
        active: product.active,
    };
    ((0..13).map(|number| product(number, 75)).collect(), (13..25).map(|number| flat(product(number, 75))).collect())
}

/// The case that sends an update of an attribute of which the key of an index is made.
pub async fn index_key(name: &'static str) -> Case {
    let task = json!({
        "pk": { "S": "OWNER#anna" }, "sk": { "S": "TASK#0000000007" }, "kind": { "S": "Task" },
        "owner": { "S": "anna" }, "number": { "N": "7" }, "status": { "S": "done" }, "title": { "S": "Bake" },
        "status_pk": { "S": "STATUS#done" }, "status_sk": { "S": "0000000007" },
    });
    let clients = Clients::new(name, "tasks", json!({ "Attributes": task }).to_string());
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let contenders = vec![
        contender("SDK + hand-written", || async {
            let request = clients.sdk.update_item().table_name("tasks");
            let request = request.key("pk", text("OWNER#anna")).key("sk", text("TASK#0000000007"));
            let request = request
                .update_expression("SET #n0 = :v0, #n1 = :v1, #n2 = :v2")
                .condition_expression("#n3 = :v3")
                .expression_attribute_names("#n0", "status")
                .expression_attribute_names("#n1", "status_pk")
                .expression_attribute_names("#n2", "status_sk")
                .expression_attribute_names("#n3", "kind")
                .expression_attribute_values(":v0", text("done"))
                .expression_attribute_values(":v1", text("STATUS#done"))
                .expression_attribute_values(":v2", text("0000000007"))
                .expression_attribute_values(":v3", text("Task"));
            drop(black_box(request.return_values(ReturnValue::AllNew).send().await.expect("an update").attributes));
        }),
        contender("dyntastic wire", || async {
            let update = Task::update_by_key(&clients.wire, ("anna", 7_u32), Task::A.status.set("done"));
            drop(black_box(update.await.expect("an update")));
        }),
    ];
    case(name, 200, contenders).await
}
