//! Items that show differences: every value of a model's items is changed by itself, to values at the edges of types and
//! constraints, and left out.

use dyntastic::aws_sdk_dynamodb::primitives::Blob;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::AttributeMap;
use serde_json::Value;

const TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "abcd",
    "e",
    "free",
    "paid",
    "trial",
    "PAID",
    "red",
    "nothing",
    "one",
    "none",
    "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "1.2.3.4",
    "::1",
    "10.0.0.0/8",
    "2001:db8::/32",
    "2024-01-31",
    "12:30:00.000000",
    "2024-01-31T12:00:00.000000Z",
    "2024-01-31T12:00:00.123456Z",
    "2024-01-31T12:00:00.123456789Z",
    "2024-01-31T12:00:00.000000",
];
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "20",
    "25",
    "-1",
    "100",
    "101",
    "127",
    "128",
    "-128",
    "-129",
    "200",
    "255",
    "256",
    "32767",
    "32768",
    "-32769",
    "65535",
    "65536",
    "16777217",
    "2147483647",
    "2147483648",
    "-2147483649",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "1.5",
    "0.1",
    "0.30000000000000004",
    "1e30",
    "1.7e300",
    "79228162514264337593543950335",
    "1700000000",
    "1700000000123",
];

/// An item of DynamoDB's JSON.
pub fn item(json: &str) -> AttributeMap {
    let json: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    let entries = json.as_object().into_iter().flatten();
    entries.map(|(name, value)| (name.clone(), attribute(value))).collect()
}

fn attribute(json: &Value) -> AttributeValue {
    let (kind, value) = json.as_object().and_then(|of| of.iter().next()).unwrap_or_else(|| panic!("{json}"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let texts = || value.as_array().into_iter().flatten().map(text).collect::<Vec<_>>();
    // The values of the pairs have one byte, 1.
    let blob = || Blob::new([1]);
    match kind.as_str() {
        "S" => AttributeValue::S(text(value)),
        "N" => AttributeValue::N(text(value)),
        "B" => AttributeValue::B(blob()),
        "BOOL" => AttributeValue::Bool(value == &Value::Bool(true)),
        "SS" => AttributeValue::Ss(texts()),
        "NS" => AttributeValue::Ns(texts()),
        "BS" => AttributeValue::Bs(vec![blob()]),
        "L" => AttributeValue::L(value.as_array().into_iter().flatten().map(attribute).collect()),
        "M" => AttributeValue::M(
            value.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), attribute(value))).collect(),
        ),
        other => panic!("an attribute of the type {other}"),
    }
}

/// The item, and each item that differs from it in one value.
pub fn variations(of: &AttributeMap) -> Vec<AttributeMap> {
    let mut found = vec![of.clone()];
    found.extend(variations_of_map(of));
    // Without the stored keys, the model makes them of other values too.
    let mut without_keys = of.clone();
    without_keys.retain(|name, _| name != "pk" && name != "sk");
    if without_keys.len() < of.len() {
        found.extend(variations_of_map(&without_keys));
    }
    found
}

fn variations_of_map(of: &AttributeMap) -> Vec<AttributeMap> {
    let mut found = Vec::new();
    for (name, value) in of {
        let with = |value: AttributeValue| {
            let mut item = of.clone();
            item.insert(name.clone(), value);
            item
        };
        found.extend(others(value).into_iter().map(with));
        let mut without = of.clone();
        without.remove(name);
        found.push(without);
    }
    found
}

/// Other values of the same kind.
fn others(of: &AttributeValue) -> Vec<AttributeValue> {
    use AttributeValue as A;
    let owned = |texts: &[&str], make: fn(String) -> A| texts.iter().map(|text| make((*text).to_owned())).collect();
    match of {
        A::S(_) => owned(TEXTS, A::S),
        A::N(_) => owned(NUMBERS, A::N),
        A::B(_) => vec![A::B(Blob::new([])), A::B(Blob::new([255, 254]))],
        A::Bool(of) => vec![A::Bool(!of)],
        A::Ss(_) => owned(TEXTS, |text| A::Ss(vec![text])),
        A::Ns(_) => owned(NUMBERS, |text| A::Ns(vec![text])),
        A::Bs(_) => vec![A::Bs(vec![Blob::new([255, 254])])],
        A::L(elements) => {
            let first = elements.first();
            let of_elements = first.into_iter().flat_map(others).map(|element| A::L(vec![element]));
            of_elements.chain([A::L(Vec::new()), A::L(vec![A::Null(true)])]).collect()
        }
        A::M(entries) => {
            let null = entries.keys().map(|name| A::M([(name.clone(), A::Null(true))].into()));
            let more = variations_of_map(entries).into_iter().map(A::M).chain(null);
            more.chain([A::M(AttributeMap::new())]).collect()
        }
        _ => Vec::new(),
    }
}
