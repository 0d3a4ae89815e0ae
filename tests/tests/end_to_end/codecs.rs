//! The two codecs are one: whatever an answer holds, reading it from the wire and through the SDK's attribute map give
//! the same values, and errors where the other does.

use crate::both_codecs::{both, same};
use crate::random::Random;
use crate::seeds::{rounds, seed};
use aws_smithy_http_client::test_util::infallible_client_fn;
use aws_smithy_types::body::SdkBody;
use dyntastic::aws_sdk_dynamodb::Config;
use dyntastic::aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::AttributeMap;
use dyntastic::codec::write_model;
use dyntastic::ops::Page;
use dyntastic::serde_json::{self, Value, json};
use dyntastic::{Client, Model};
use dyntastic_tests::everything::Everything;
use dyntastic_tests::nested::Order;
use dyntastic_tests::scalars::Scalars;
use dyntastic_tests::shop::{Parcel, ShopItem};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The SDK's values as DynamoDB JSON.
fn to_json(value: &AttributeValue) -> Value {
    let blob = |blob: &dyntastic::aws_sdk_dynamodb::primitives::Blob| base64(blob.as_ref());
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(text) => json!({ "N": text }),
        AttributeValue::B(bytes) => json!({ "B": blob(bytes) }),
        AttributeValue::Bool(value) => json!({ "BOOL": value }),
        AttributeValue::L(values) => json!({ "L": values.iter().map(to_json).collect::<Vec<_>>() }),
        AttributeValue::M(entries) => json!({ "M": item_to_json(entries) }),
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        AttributeValue::Ns(texts) => json!({ "NS": texts }),
        AttributeValue::Bs(blobs) => json!({ "BS": blobs.iter().map(blob).collect::<Vec<_>>() }),
        _ => json!({ "NULL": true }),
    }
}

pub fn item_to_json(item: &AttributeMap) -> Value {
    item.iter().map(|(name, value)| (name.clone(), to_json(value))).collect::<serde_json::Map<_, _>>().into()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = |chunk: &[u8]| {
        let word = (0..3).fold(0u32, |word, at| word << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        let digit = |at: usize| match at <= chunk.len() {
            true => char::from(DIGITS[(word >> (18 - 6 * at) & 63) as usize]),
            false => '=',
        };
        (0..4).map(digit).collect::<String>()
    };
    bytes.chunks(3).map(digits).collect()
}

fn page(items: &[Value]) -> Value {
    let key = json!({ "id": { "S": "last" } });
    json!({
        "Count": items.len(), "Items": items, "LastEvaluatedKey": key, "ScannedCount": 99,
        "ConsumedCapacity": { "CapacityUnits": 1.5, "TableName": "t" },
    })
}

async fn pages_are_the_same<M: Model + PartialEq + std::fmt::Debug>(answer: &[u8], context: &str) {
    let scan = async |db: Client| dyntastic::ops::Scan::<M>::new(&db).page().await;
    same::<Page<M>>(answer, scan, context).await;
}

/// JSON in which each object has its entries in an order of its own, and some characters are escaped.
fn irregular(random: &mut Random, value: &Value) -> String {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<String> = object
                .iter()
                .map(|(name, value)| {
                    // The SDK does not read escapes in base64, and DynamoDB sends none.
                    let is_binary = name == "B" || name == "BS";
                    let value = if is_binary { value.to_string() } else { irregular(random, value) };
                    format!("{}:{value}", irregular(random, &Value::from(name.as_str())))
                })
                .collect();
            for place in (1..entries.len()).rev() {
                entries.swap(place, usize::try_from(random.below(place as u64 + 1)).unwrap());
            }
            format!("{{{}}}", entries.join(","))
        }
        Value::Array(elements) => {
            let elements: Vec<String> = elements.iter().map(|element| irregular(random, element)).collect();
            format!("[{}]", elements.join(","))
        }
        Value::String(text) => {
            let character = |c: char| match random.below(8) {
                0 => c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
                _ => {
                    let quoted = Value::from(c.to_string()).to_string();
                    quoted[1..quoted.len() - 1].to_owned()
                }
            };
            format!("\"{}\"", text.chars().map(character).collect::<String>())
        }
        value => value.to_string(),
    }
}

/// An answer with something changed in it.
fn changed(random: &mut Random, answer: &Value) -> Vec<u8> {
    let below = |random: &mut Random, most: usize| usize::try_from(random.below(most as u64)).unwrap();
    let mut text = match random.below(4) {
        0 => serde_json::to_vec_pretty(answer).unwrap(),
        1 => serde_json::to_vec(answer).unwrap(),
        _ => irregular(random, answer).into_bytes(),
    };
    match random.below(10) {
        0 | 1 => {}
        2 => text.truncate(below(random, text.len())),
        3..=6 => {
            for _ in 0..=random.below(2) {
                let at = below(random, text.len());
                text[at] = [b'"', b'{', b'}', b'[', b']', b',', b':', b'\\', b'0', b'S', b'N', b'u', 0xff, 0x01, b' ']
                    [below(random, 15)];
            }
        }
        7 => text.extend([b' ', b'}', b'x'][..].iter().take(below(random, 4))),
        8 => {
            // Another type, or a name with an escape.
            let (from, to) = [
                ("{\"S\":", "{\"N\":"),
                ("\"N\":", "\"S\":"),
                ("\"id\"", "\"\\u0069d\""),
                ("\"L\":", "\"SS\":"),
                ("{\"BOOL\":true}", "{\"NULL\":true}"),
                ("\"M\":", "\"L\":"),
            ][below(random, 6)];
            let text_of = String::from_utf8(text).unwrap();
            let times = text_of.matches(from).count();
            let which = below(random, times.max(1));
            let at = text_of.match_indices(from).nth(which).map(|(at, _)| at);
            text = match at {
                Some(at) => format!("{}{to}{}", &text_of[..at], &text_of[at + from.len()..]).into_bytes(),
                None => text_of.into_bytes(),
            };
        }
        _ => {
            // An attribute twice, and one that nobody knows.
            let unknown = r#"{"zz\"y":{"L":[{"M":{"a":{"NULL":true},"b":{"B":"AQI="}}}]},"id":{"S":"twice"},"#;
            let text_of = String::from_utf8(text).unwrap();
            text = text_of.replacen("[{", &format!("[{unknown}"), 1).into_bytes();
        }
    }
    text
}

#[tokio::test]
async fn both_codecs_read_the_same() {
    let seed = seed(3);
    let mut random = Random::new(seed);
    for round in 0..rounds(100) {
        let context = |what: &str| format!("seed {seed}, round {round}, {what}");
        let items = |random: &mut Random, item: &mut dyn FnMut(&mut Random) -> AttributeMap| -> Vec<Value> {
            let number = random.below(3) + 1;
            (0..number).map(|_| item_to_json(&item(random))).collect()
        };
        let of = items(&mut random, &mut |random| write_model(&random.everything("e")).unwrap());
        let answer = changed(&mut random, &page(&of));
        pages_are_the_same::<Everything>(&answer, &context("everything")).await;
        let of = items(&mut random, &mut |random| write_model(&random.scalars()).unwrap());
        let answer = changed(&mut random, &page(&of));
        pages_are_the_same::<Scalars>(&answer, &context("scalars")).await;
        let of = items(&mut random, &mut |random| write_model(&random.order("o")).unwrap());
        let answer = changed(&mut random, &page(&of));
        pages_are_the_same::<Order>(&answer, &context("order")).await;
        // Attributes, one of them twice, and values within attributes.
        let city = Order::A.address.then(dyntastic_tests::nested::Address::A.city);
        let tuple = (Order::A.lines, Order::A.order_id, Order::A.payment, city, Order::A.order_id, Order::A.level);
        let scan = async |db: Client| Order::scan(&db).project(tuple.clone()).page().await;
        same(&answer, scan, &context("tuple")).await;
    }
}

#[tokio::test]
async fn one_item_is_read_the_same() {
    let seed = seed(3);
    let mut random = Random::new(seed);
    for round in 0..rounds(50) {
        let item = item_to_json(&write_model(&random.order("o")).unwrap());
        let answer = changed(&mut random, &json!({ "Item": item, "ConsumedCapacity": { "CapacityUnits": 0.5 } }));
        same(&answer, async |db| Order::find(&db, "o").await, &format!("seed {seed}, round {round}")).await;
    }
    for answer in ["{}", "{\"Item\":null}", "", "null", "[]", "{\"Item\":{}}"] {
        same(answer.as_bytes(), async |db| Order::find(&db, "o").await, answer).await;
    }
}

#[tokio::test]
async fn items_of_one_moment_are_read_the_same() {
    let seed = seed(3);
    let mut random = Random::new(seed);
    for round in 0..rounds(25) {
        let mut responses = Vec::new();
        for _ in 0..3 {
            let item = item_to_json(&write_model(&random.order("o")).unwrap());
            responses
                .push([json!({}), json!({ "Item": item }), json!({ "Item": {} })][random.below(3) as usize].clone());
        }
        let answer = changed(&mut random, &json!({ "Responses": responses }));
        let keys = || (Order::key("o"), Order::key("p"), Order::key("q"));
        same(&answer, async |db| db.transact_get(keys()).await, &format!("seed {seed}, round {round}")).await;
    }
}

#[tokio::test]
async fn what_is_kept_and_told_apart_is_the_same() {
    let parcel = json!({
        "pk": { "S": "PARCEL#0000000001" }, "sk": { "S": "PARCEL#0000000001" }, "kind": { "S": "PARCEL" }, "parcel_id": { "N": "1" },
        "status": { "S": "paid" }, "more": { "M": { "a": { "BS": ["AQI="] } } }, "gsi1pk": { "S": "x" },
    });
    let visit = json!({ "pk": { "S": "a" }, "sk": { "S": "b" }, "kind": { "S": "Visit" } });
    let answer = serde_json::to_vec(&page(&[parcel.clone(), visit])).unwrap();
    let [wire, map] = both(&answer, async |db| ShopItem::scan(&db).page().await).await;
    let (wire, map) = (wire.unwrap(), map.unwrap());
    assert_eq!(wire, map);
    let ShopItem::Parcel(Parcel { unknown, .. }) = &wire.items[0] else { unreachable!("{wire:?}") };
    assert_eq!(unknown.as_map().keys().collect::<Vec<_>>(), ["more"]);
    assert!(matches!(wire.items[1], ShopItem::Unknown(_)));
}

#[tokio::test]
async fn values_that_stand_too_deep_are_an_error_of_both() {
    for depth in [20, 60, 70, 200] {
        let open = "{\"L\":[".repeat(depth);
        let close = "]}".repeat(depth);
        let answer = format!("{{\"Item\":{{\"order_id\":{{\"S\":\"o\"}},\"deep\":{open}{close}}}}}");
        same(answer.as_bytes(), async |db| Order::find(&db, "o").await, &format!("{depth}")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_damaged_on_its_way_is_asked_for_again() {
    let order = Random::new(1).order("o");
    let body = json!({ "Item": item_to_json(&write_model(&order).unwrap()) }).to_string();
    let sound = crc32(body.as_bytes());
    for (damaged, expected) in [(2, 3), (9, 3)] {
        let requests = Arc::new(AtomicUsize::new(0));
        let (count, body) = (requests.clone(), body.clone());
        let connector = infallible_client_fn(move |_: http::Request<SdkBody>| {
            let damages = count.fetch_add(1, Ordering::Relaxed) < damaged;
            let told = if damages { sound ^ 1 } else { sound };
            http::Response::builder()
                .status(200)
                .header("x-amz-crc32", told.to_string())
                .body(SdkBody::from(body.as_str()))
                .unwrap()
        });
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("a", "b", None, None, "tests"))
            .http_client(connector);
        let found = Order::get(&Client::from_conf(config.build()), "o").await;
        assert_eq!(requests.load(Ordering::Relaxed), expected);
        match damaged {
            2 => assert_eq!(found.unwrap(), order),
            _ => assert!(found.unwrap_err().is_retryable()),
        }
    }
}

/// The checksum of ISO 3309, as DynamoDB sends it.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    };
    !bytes.iter().fold(!0, step)
}

/// What the reader of the wire does not know is the SDK's to judge, and no attribute of it is lost.
#[tokio::test]
async fn attributes_of_types_to_come_are_not_lost() {
    let items = [
        r#"{"a":{"X":"of a later version"}}"#,
        r#"{"kind":{"S":"Visit"},"n":{"X":"of a later version"}}"#,
        r#"{"kind":{"S":"Visit"},"n":{"N":"1","X":null}}"#,
    ];
    for item in items {
        let answer = format!(r#"{{"Count":1,"Items":[{item}],"ScannedCount":1}}"#);
        let [wire, map] = both(answer.as_bytes(), async |db| ShopItem::scan(&db).page().await).await;
        let (wire, map) = (wire.unwrap(), map.unwrap());
        assert_eq!(wire, map, "{item}");
        let ShopItem::Unknown(attributes) = &wire.items[0] else { unreachable!("{wire:?}") };
        assert!(!attributes.as_map().is_empty(), "{item}");
    }
}

/// A section that stands twice, once with its name escaped, is read as the SDK reads it.
#[tokio::test]
async fn an_escaped_name_of_a_section_is_read() {
    let answer = br#"{"Items":[],"\u0049tems":[{"kind":{"S":"Visit"}}],"Count":1}"#;
    let [wire, map] = both(answer, async |db| ShopItem::scan(&db).page().await).await;
    assert_eq!(wire.unwrap(), map.unwrap());
}

/// Only an item without attributes is none.
#[tokio::test]
async fn braces_that_are_no_json_are_an_error_of_both() {
    for item in ["{{}}", "{{}{}}", "{\u{c}}"] {
        let answer = format!(r#"{{"Responses":[{{"Item":{item}}}]}}"#);
        let [wire, map] = both(answer.as_bytes(), async |db| db.transact_get((Order::key("o"),)).await).await;
        assert!(wire.is_err() && map.is_err(), "{item}: {wire:?} {map:?}");
    }
}
