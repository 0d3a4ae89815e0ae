//! Example items of the catalog as items of the SDK.

use dyntastic::aws_sdk_dynamodb::primitives::Blob;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::AttributeMap;
use dyntastic_codegen::{LiveItem, LiveValue};

/// An item as the SDK has it.
pub fn attributes(item: &LiveItem) -> AttributeMap {
    item.iter().map(|(name, value)| (name.clone(), attribute(value))).collect()
}

fn attribute(value: &LiveValue) -> AttributeValue {
    match value {
        LiveValue::Text(text) => AttributeValue::S(text.clone()),
        LiveValue::Number(number) => AttributeValue::N(number.clone()),
        LiveValue::Binary(bytes) => AttributeValue::B(Blob::new(bytes.clone())),
        LiveValue::Bool(value) => AttributeValue::Bool(*value),
        LiveValue::Null => AttributeValue::Null(true),
        LiveValue::List(values) => AttributeValue::L(values.iter().map(attribute).collect()),
        LiveValue::Map(item) => AttributeValue::M(attributes(item)),
        LiveValue::Texts(texts) => AttributeValue::Ss(texts.iter().cloned().collect()),
        LiveValue::Numbers(numbers) => AttributeValue::Ns(numbers.iter().cloned().collect()),
        LiveValue::Binaries(blobs) => AttributeValue::Bs(blobs.iter().map(|bytes| Blob::new(bytes.clone())).collect()),
    }
}

/// The same item with numbers in one form and sets in order, for comparisons.
pub fn normal(item: AttributeMap) -> AttributeMap {
    item.into_iter().map(|(name, value)| (name, normal_value(value))).collect()
}

fn normal_value(value: AttributeValue) -> AttributeValue {
    match value {
        AttributeValue::N(number) => AttributeValue::N(normal_number(&number)),
        AttributeValue::L(values) => AttributeValue::L(values.into_iter().map(normal_value).collect()),
        AttributeValue::M(item) => AttributeValue::M(normal(item)),
        AttributeValue::Ss(mut texts) => {
            texts.sort();
            AttributeValue::Ss(texts)
        }
        AttributeValue::Ns(numbers) => {
            let mut numbers: Vec<String> = numbers.iter().map(|number| normal_number(number)).collect();
            numbers.sort();
            AttributeValue::Ns(numbers)
        }
        AttributeValue::Bs(mut blobs) => {
            blobs.sort_by(|one, other| one.as_ref().cmp(other.as_ref()));
            AttributeValue::Bs(blobs)
        }
        other => other,
    }
}

/// The digits of a number without zeros at their ends, and their exponent.
fn normal_number(text: &str) -> String {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let trimmed = digits.trim_end_matches('0');
    let exponent = exponent.parse::<i64>().unwrap() - fraction.len() as i64 + (digits.len() - trimmed.len()) as i64;
    format!("{sign}{}e{exponent}", trimmed.trim_start_matches('0'))
}
