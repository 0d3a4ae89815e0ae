//! Items of DynamoDB's JSON as the SDK's values. Binary values are texts of the same bytes.

use dyntastic::aws_sdk_dynamodb::primitives::Blob;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;
use std::collections::HashMap;

pub fn item(json: &Value) -> HashMap<String, AttributeValue> {
    json.as_object().unwrap().iter().map(|(name, of)| (name.clone(), value(of))).collect()
}

fn value(json: &Value) -> AttributeValue {
    let (kind, of) = json.as_object().unwrap().iter().next().unwrap();
    let text = |of: &Value| of.as_str().unwrap().to_owned();
    let list = || of.as_array().unwrap().iter();
    match kind.as_str() {
        "S" => AttributeValue::S(text(of)),
        "N" => AttributeValue::N(text(of)),
        "B" => AttributeValue::B(Blob::new(text(of))),
        "BOOL" => AttributeValue::Bool(of.as_bool().unwrap()),
        "L" => AttributeValue::L(list().map(value).collect()),
        "M" => AttributeValue::M(item(of)),
        "SS" => AttributeValue::Ss(list().map(text).collect()),
        "NS" => AttributeValue::Ns(list().map(text).collect()),
        "BS" => AttributeValue::Bs(list().map(|of| Blob::new(text(of))).collect()),
        _ => AttributeValue::Null(true),
    }
}
