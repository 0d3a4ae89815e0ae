//! The items that the cases read and write.

use crate::by_hand;
use crate::models::{Dims, Product};
use serde_json::{Value, json};

/// The hash key of all items.
pub const ID: &str = "customer#000123456789";
/// The range key of the first item.
pub const SORT: i64 = 1_700_000_000_000;

const DESCRIPTION: &str = "A long fermented loaf with a crisp crust, sold by the piece in every shop.";

/// An item with seven attributes, in DynamoDB's JSON.
pub fn flat(number: usize) -> Value {
    json!({
        "id": { "S": ID }, "sort": { "N": (SORT + number as i64).to_string() },
        "name": { "S": format!("Sourdough bread number {number}") }, "description": { "S": DESCRIPTION },
        "price": { "N": "3.99" }, "qty": { "N": (number * 7).to_string() }, "active": { "BOOL": true },
    })
}

/// An item with the same attributes, a list and a struct.
pub fn nested(number: usize) -> Value {
    let mut item = flat(number);
    item["tags"] = json!({ "L": [{ "S": "bread" }, { "S": "bakery" }, { "S": "fresh" }] });
    item["dims"] = json!({ "M": { "w": { "N": "12.5" }, "h": { "N": "8.25" }, "label": { "S": "medium" } } });
    item
}

/// The response to a query.
pub fn page(number: usize, item: fn(usize) -> Value) -> Value {
    let items: Vec<Value> = (0..number).map(item).collect();
    json!({ "Count": number, "Items": items, "ScannedCount": number })
}

/// An item to write, with a description of `text` bytes.
pub fn product(number: usize, text: usize) -> Product {
    Product::builder()
        .id(ID)
        .sort(SORT + i64::try_from(number).unwrap_or_default())
        .name(format!("Sourdough bread number {number}"))
        .description("d".repeat(text))
        .price(3.99)
        .qty(7)
        .active(true)
        .tags(["bread", "bakery", "fresh"])
        .dims(Dims { w: 12.5, h: 8.25, label: "medium".to_owned() })
        .build()
        .expect("a valid product")
}

/// The struct that contenders read from the nested item with this number.
pub fn read_product(number: usize) -> by_hand::Product {
    let mut product = by_hand::Product::from(&product(number, 0));
    product.description = Some(DESCRIPTION.to_owned());
    product.qty = i64::try_from(number * 7).unwrap_or_default();
    product
}
