//! Attribute values in DynamoDB's own JSON, for attributes without a field.

use crate::ground::AttributeMap;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The attributes as an object, in the order of their names.
pub(super) fn to_json(of: &AttributeMap) -> String {
    object(of).to_string()
}

fn object(of: &AttributeMap) -> Value {
    let sorted: BTreeMap<&String, &AttributeValue> = of.iter().collect();
    Value::Object(sorted.into_iter().map(|(name, of)| (name.clone(), value(of))).collect())
}

fn base64(of: &Blob) -> String {
    base64_simd::STANDARD.encode_to_string(of.as_ref())
}

fn value(of: &AttributeValue) -> Value {
    match of {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(text) => json!({ "N": text }),
        AttributeValue::Bool(value) => json!({ "BOOL": value }),
        AttributeValue::B(bytes) => json!({ "B": base64(bytes) }),
        AttributeValue::Ss(texts) => json!({ "SS": texts }),
        AttributeValue::Ns(texts) => json!({ "NS": texts }),
        AttributeValue::Bs(all) => json!({ "BS": all.iter().map(base64).collect::<Vec<_>>() }),
        AttributeValue::L(values) => json!({ "L": values.iter().map(value).collect::<Vec<_>>() }),
        AttributeValue::M(entries) => json!({ "M": object(entries) }),
        _ => json!({ "NULL": true }),
    }
}

/// The attributes of an object.
pub(super) fn map(of: &Map<String, Value>) -> Result<AttributeMap, String> {
    of.iter().map(|(name, value)| Ok((name.clone(), read(value).ok_or_else(|| refusal(name))?))).collect()
}

fn refusal(name: &str) -> String {
    format!("`{name}` is {NO_VALUE}")
}

const NO_VALUE: &str = "no attribute value of DynamoDB, such as {\"S\":\"a text\"}";

/// Reads an attribute value.
pub(super) fn value_of_json(json: &str) -> Result<AttributeValue, String> {
    let value: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    read(&value).ok_or_else(|| format!("it is {NO_VALUE}"))
}

fn read(of: &Value) -> Option<AttributeValue> {
    let of = of.as_object().filter(|of| of.len() == 1)?;
    let (kind, value) = of.iter().next()?;
    let bytes = |of: &Value| Some(Blob::new(base64_simd::STANDARD.decode_to_vec(of.as_str()?).ok()?));
    let texts = || value.as_array()?.iter().map(|of| Some(of.as_str()?.to_owned())).collect::<Option<Vec<_>>>();
    Some(match kind.as_str() {
        "S" => AttributeValue::S(value.as_str()?.to_owned()),
        "N" => AttributeValue::N(value.as_str()?.to_owned()),
        "BOOL" => AttributeValue::Bool(value.as_bool()?),
        "NULL" => AttributeValue::Null(value.as_bool()?),
        "B" => AttributeValue::B(bytes(value)?),
        "SS" => AttributeValue::Ss(texts()?),
        "NS" => AttributeValue::Ns(texts()?),
        "BS" => AttributeValue::Bs(value.as_array()?.iter().map(bytes).collect::<Option<_>>()?),
        "L" => AttributeValue::L(value.as_array()?.iter().map(read).collect::<Option<_>>()?),
        "M" => AttributeValue::M(map(value.as_object()?).ok()?),
        _ => return None,
    })
}
