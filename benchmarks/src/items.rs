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

/// How the items of a page differ from one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// All attributes, in one order.
    Regular,
    /// All attributes, in an order of its own for each item.
    Shuffled,
    /// Half of the optional attributes absent, and half of the items with an attribute that no struct knows.
    Sparse,
    /// Each text with a quote, a line end, and characters beyond ASCII, all of them escaped.
    Escaped,
}

/// The response to a query, as text.
pub fn page(number: usize, item: fn(usize) -> Value, form: Form) -> String {
    let mut random = Random(7);
    let items: Vec<String> = (0..number).map(|number| text(&item(number), form, &mut random)).collect();
    format!("{{\"Count\":{number},\"Items\":[{}],\"ScannedCount\":{number}}}", items.join(","))
}

/// An object in JSON.
fn text(value: &Value, form: Form, random: &mut Random) -> String {
    let Value::Object(object) = value else { return escaped(value, form) };
    let mut entries: Vec<(&str, String)> =
        object.iter().map(|(name, value)| (name.as_str(), nested_text(value, form, random))).collect();
    if form == Form::Sparse && object.contains_key("id") {
        if random.below(2) == 0 {
            entries.retain(|(name, _)| *name != "description");
        }
        if random.below(2) == 0 {
            let place = random.below(entries.len());
            entries.insert(place, ("since_then", "{\"S\":\"unknown\"}".to_owned()));
        }
    }
    if form == Form::Shuffled {
        for place in (1..entries.len()).rev() {
            entries.swap(place, random.below(place + 1));
        }
    }
    let entries: Vec<String> = entries.iter().map(|(name, text)| format!("\"{name}\":{text}")).collect();
    format!("{{{}}}", entries.join(","))
}

fn nested_text(value: &Value, form: Form, random: &mut Random) -> String {
    match value {
        Value::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(|element| text(element, form, random)).collect();
            format!("[{}]", elements.join(","))
        }
        value => text(value, form, random),
    }
}

/// A text, number or truth in JSON.
fn escaped(value: &Value, form: Form) -> String {
    match value {
        // Numbers are texts too.
        Value::String(text) if form == Form::Escaped && !text.starts_with(|c: char| c.is_ascii_digit()) => {
            let text = Value::from(format!("{text}\n\"fin\"")).to_string();
            format!("{} \\u00e9\\ud83d\\ude00\"", text.strip_suffix('"').unwrap_or(&text))
        }
        value => value.to_string(),
    }
}

/// Numbers that are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit.max(1)
    }
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
