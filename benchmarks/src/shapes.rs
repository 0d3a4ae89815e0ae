//! Items of other shapes, the structs that users write for them, and the conversions from the SDK's attribute maps.

use crate::by_hand::{Attributes, number, text};
use crate::items::{ID, SORT};
use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt;

fn flag(item: &mut Attributes, name: &str) -> Option<bool> {
    match item.remove(name) {
        Some(AttributeValue::Bool(flag)) => Some(flag),
        _ => None,
    }
}

macro_rules! wide {
    ($($text:ident)*; $($number:ident)*; $($flag:ident)*) => {
        /// An item with sixty attributes.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct Wide {
            pub id: String,
            pub sort: i64,
            $(pub $text: String,)*
            $(pub $number: i64,)*
            $(pub $flag: bool,)*
        }

        pub fn wide(number: usize) -> Value {
            let mut item = json!({ "id": { "S": ID }, "sort": { "N": (SORT + number as i64).to_string() } });
            $(item[stringify!($text)] = json!({ "S": format!("{} {number}", stringify!($text)) });)*
            $(item[stringify!($number)] = json!({ "N": (number * 31).to_string() });)*
            $(item[stringify!($flag)] = json!({ "BOOL": number.is_multiple_of(2) });)*
            item
        }

        pub fn wide_of(mut item: Attributes) -> Option<Wide> {
            Some(Wide {
                id: text(&mut item, "id")?,
                sort: number(&mut item, "sort")?,
                $($text: text(&mut item, stringify!($text))?,)*
                $($number: number(&mut item, stringify!($number))?,)*
                $($flag: flag(&mut item, stringify!($flag))?,)*
            })
        }
    };
}

wide!(
    text_00 text_01 text_02 text_03 text_04 text_05 text_06 text_07 text_08 text_09 text_10 text_11 text_12 text_13
    text_14 text_15 text_16 text_17 text_18 text_19 text_20 text_21 text_22 text_23 text_24 text_25 text_26 text_27;
    number_00 number_01 number_02 number_03 number_04 number_05 number_06 number_07 number_08 number_09
    number_10 number_11 number_12 number_13 number_14 number_15 number_16 number_17 number_18 number_19;
    flag_00 flag_01 flag_02 flag_03 flag_04 flag_05 flag_06 flag_07 flag_08 flag_09
);

/// An item of a table that two models share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
pub enum ShopItem {
    Order(Order),
    Shipment(Shipment),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    pub customer: String,
    pub number: u32,
    pub status: String,
    pub total: f64,
    pub currency: String,
    pub pieces: i64,
    pub paid: bool,
    pub address: String,
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shipment {
    pub customer: String,
    pub number: u32,
    pub carrier: String,
    pub weight: f64,
    pub parcels: i64,
    pub delivered: bool,
}

/// The customer of the shop's items.
pub const CUSTOMER: &str = "000123456789";

/// An order, and after every third order a shipment.
pub fn shop_item(number: usize) -> Value {
    let mut item = json!({
        "pk": { "S": format!("CUSTOMER#{CUSTOMER}") }, "customer": { "S": CUSTOMER },
        "number": { "N": number.to_string() },
    });
    let padded = format!("{number:010}");
    let rest = if number % 4 == 3 {
        json!({
            "kind": { "S": "Shipment" }, "sk": { "S": format!("SHIPMENT#{padded}") },
            "carrier": { "S": "by bicycle" }, "weight": { "N": "1.25" }, "parcels": { "N": "2" },
            "delivered": { "BOOL": true },
        })
    } else {
        json!({
            "kind": { "S": "Order" }, "sk": { "S": format!("ORDER#{padded}") }, "status": { "S": "pending" },
            "total": { "N": "17.45" }, "currency": { "S": "EUR" }, "pieces": { "N": "3" },
            "paid": { "BOOL": false }, "address": { "S": "Long Street 12, 01067 Dresden" },
            "note": { "S": "Please ring twice." },
        })
    };
    if let (Value::Object(item), Value::Object(rest)) = (&mut item, rest) {
        item.extend(rest);
    }
    item
}

pub fn shop_item_of(mut item: Attributes) -> Option<ShopItem> {
    Some(match text(&mut item, "kind")?.as_str() {
        "Order" => ShopItem::Order(Order {
            customer: text(&mut item, "customer")?,
            number: number(&mut item, "number")?,
            status: text(&mut item, "status")?,
            total: number(&mut item, "total")?,
            currency: text(&mut item, "currency")?,
            pieces: number(&mut item, "pieces")?,
            paid: flag(&mut item, "paid")?,
            address: text(&mut item, "address")?,
            note: text(&mut item, "note"),
        }),
        "Shipment" => ShopItem::Shipment(Shipment {
            customer: text(&mut item, "customer")?,
            number: number(&mut item, "number")?,
            carrier: text(&mut item, "carrier")?,
            weight: number(&mut item, "weight")?,
            parcels: number(&mut item, "parcels")?,
            delivered: flag(&mut item, "delivered")?,
        }),
        _ => return None,
    })
}

/// Three of an event's twelve attributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub sort: i64,
    pub name: String,
    pub level: i64,
}

pub fn summary(number: usize) -> Value {
    json!({
        "sort": { "N": (SORT + number as i64).to_string() }, "name": { "S": format!("Event number {number}") },
        "level": { "N": (number % 5).to_string() },
    })
}

pub fn summary_of(mut item: Attributes) -> Option<Summary> {
    Some(Summary {
        sort: number(&mut item, "sort")?,
        name: text(&mut item, "name")?,
        level: number(&mut item, "level")?,
    })
}

/// An item with 10 kB of text and 10 kB of binary.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Document {
    pub id: String,
    pub sort: i64,
    pub body: String,
    #[serde(deserialize_with = "bytes")]
    pub image: Vec<u8>,
}

pub fn document(number: usize) -> Value {
    const SENTENCE: &str = "The quick brown fox jumps over the lazy dog, and runs away. ";
    let base64 = "iVBORw0KGgoAAAANSUhEUgAAAfQAAAH0CAYAAADL1t+K".repeat(303);
    json!({
        "id": { "S": ID }, "sort": { "N": (SORT + number as i64).to_string() },
        "body": { "S": SENTENCE.repeat(167) }, "image": { "B": base64 },
    })
}

pub fn document_of(mut item: Attributes) -> Option<Document> {
    Some(Document {
        id: text(&mut item, "id")?,
        sort: number(&mut item, "sort")?,
        body: text(&mut item, "body")?,
        image: match item.remove("image")? {
            AttributeValue::B(bytes) => bytes.into_inner(),
            _ => return None,
        },
    })
}

/// Reads binary, which serde takes for a list of numbers.
fn bytes<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    struct Bytes;

    impl Visitor<'_> for Bytes {
        type Value = Vec<u8>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("binary")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }

        fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
            Ok(bytes)
        }
    }

    from.deserialize_byte_buf(Bytes)
}

/// An item with the numbers of an embedding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vector {
    pub id: String,
    pub sort: i64,
    pub values: Vec<f32>,
}

pub fn vector(number: usize) -> Value {
    let value = |index: usize| ((number * 1_000 + index) as f32 * 0.618_034).sin();
    let values: Vec<Value> = (0..1_000).map(|index| json!({ "N": value(index).to_string() })).collect();
    json!({
        "id": { "S": ID }, "sort": { "N": (SORT + number as i64).to_string() }, "values": { "L": values },
    })
}

pub fn vector_of(mut item: Attributes) -> Option<Vector> {
    let value = |value: AttributeValue| match value {
        AttributeValue::N(text) => text.parse().ok(),
        _ => None,
    };
    Some(Vector {
        id: text(&mut item, "id")?,
        sort: number(&mut item, "sort")?,
        values: match item.remove("values")? {
            AttributeValue::L(values) => values.into_iter().map(value).collect::<Option<_>>()?,
            _ => return None,
        },
    })
}
