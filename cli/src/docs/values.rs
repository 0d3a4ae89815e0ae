//! Values of attributes, for people and as DynamoDB's JSON.

use super::html::Html;
use dyntastic_codegen::{LiveItem, LiveValue};
use serde_json::{Map, Value, json};
use std::cmp::Ordering;

/// A number of things.
pub(super) fn counted(number: u64, of: &str) -> String {
    if number == 1 { format!("1 {of}") } else { format!("{number} {of}s") }
}

/// The API's name of a value's type.
pub(super) fn letter(of: &LiveValue) -> &'static str {
    match of {
        LiveValue::Text(_) => "S",
        LiveValue::Number(_) => "N",
        LiveValue::Binary(_) => "B",
        LiveValue::Bool(_) => "BOOL",
        LiveValue::Null => "NULL",
        LiveValue::List(_) => "L",
        LiveValue::Map(_) => "M",
        LiveValue::Texts(_) => "SS",
        LiveValue::Numbers(_) => "NS",
        LiveValue::Binaries(_) => "BS",
    }
}

/// A value for a grid.
pub(super) fn shown(of: &LiveValue) -> Html {
    Html::text(&plain(of))
}

/// A value of a key: it breaks only behind the characters that often end its parts.
pub(super) fn key(of: &LiveValue) -> Html {
    let text = plain(of);
    let parts = text.split_inclusive(['#', '/', '|']);
    parts
        .map(|part| if part.len() <= UNBROKEN { Html::markup("<span>{}</span>", &[part]) } else { Html::text(part) })
        .collect()
}

/// The maximum number of bytes of a part of a key on one line.
const UNBROKEN: usize = 36;

/// A grid shows a list with more elements by its first ones: a vector has thousands.
const LONG: usize = 16;
const FIRST: usize = 3;

fn elements(values: &[LiveValue]) -> Vec<String> {
    let count = if values.len() > LONG { FIRST } else { values.len() };
    let more = (values.len() > count).then(|| format!("… {} more", values.len() - count));
    values.iter().take(count).map(plain).chain(more).collect()
}

fn plain(of: &LiveValue) -> String {
    let list = |open: &str, parts: Vec<String>, close: &str| format!("{open}{}{close}", parts.join(", "));
    match of {
        LiveValue::Text(text) if text.is_empty() => "\"\"".to_owned(),
        LiveValue::Text(text) | LiveValue::Number(text) => text.clone(),
        LiveValue::Binary(bytes) => base64(bytes),
        LiveValue::Bool(value) => value.to_string(),
        LiveValue::Null => "null".to_owned(),
        LiveValue::List(values) => list("[", elements(values), "]"),
        LiveValue::Map(item) => {
            list("{ ", item.iter().map(|(name, value)| format!("{name}: {}", plain(value))).collect(), " }")
        }
        LiveValue::Texts(texts) | LiveValue::Numbers(texts) => list("{", texts.iter().cloned().collect(), "}"),
        LiveValue::Binaries(blobs) => list("{", blobs.iter().map(|bytes| base64(bytes)).collect(), "}"),
    }
}

/// An item as DynamoDB's JSON, on several lines. Sealed values are bytes that begin alike.
pub(super) fn dynamodb_json(item: &LiveItem, is_sealed: impl Fn(&str) -> bool) -> String {
    let mut shown = attributes(item);
    let values = shown.as_object_mut().into_iter().flatten();
    values.filter(|(name, _)| is_sealed(name)).for_each(|(_, value)| *value = json!({ "B": "12R5bgE…" }));
    serde_json::to_string_pretty(&shown).unwrap_or_default()
}

fn attributes(item: &LiveItem) -> Value {
    item.iter().map(|(name, value)| (name.clone(), attribute(value))).collect::<Map<_, _>>().into()
}

fn attribute(of: &LiveValue) -> Value {
    let content: Value = match of {
        LiveValue::Text(text) | LiveValue::Number(text) => text.as_str().into(),
        LiveValue::Binary(bytes) => base64(bytes).into(),
        LiveValue::Bool(value) => (*value).into(),
        LiveValue::Null => true.into(),
        LiveValue::List(values) => values.iter().map(attribute).collect::<Vec<_>>().into(),
        LiveValue::Map(item) => attributes(item),
        LiveValue::Texts(texts) | LiveValue::Numbers(texts) => texts.iter().cloned().collect::<Vec<_>>().into(),
        LiveValue::Binaries(blobs) => blobs.iter().map(|bytes| base64(bytes)).collect::<Vec<_>>().into(),
    };
    json!({ letter(of): content })
}

/// Bytes as base64, the form of DynamoDB's JSON.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let byte = |chunk: &[u8], at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
    let digits = |chunk: &[u8]| {
        let word = byte(chunk, 0) << 16 | byte(chunk, 1) << 8 | byte(chunk, 2);
        let digit = |at: usize| match at <= chunk.len() {
            true => usize::try_from(word >> (18 - 6 * at) & 63)
                .ok()
                .and_then(|digit| DIGITS.chars().nth(digit))
                .unwrap_or('='),
            false => '=',
        };
        (0..4).map(digit).collect::<String>()
    };
    bytes.chunks(3).map(digits).collect()
}

/// The order of key values: of numbers by their values, of others by their bytes.
pub(super) fn order(one: &LiveValue, other: &LiveValue) -> Ordering {
    match (one, other) {
        (LiveValue::Number(a), LiveValue::Number(b)) => {
            let exact = |text: &str| text.parse::<i128>().ok();
            let float = |text: &str| text.parse::<f64>().unwrap_or(0.0);
            match (exact(a), exact(b)) {
                (Some(a), Some(b)) => a.cmp(&b),
                _ => float(a).total_cmp(&float(b)),
            }
        }
        _ => one.cmp(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_shown_by_its_first_elements() {
        let list = |count: usize| LiveValue::List((0..count).map(|of| LiveValue::Number(of.to_string())).collect());
        assert_eq!(plain(&list(1_536)), "[0, 1, 2, … 1533 more]");
        assert_eq!(plain(&list(16)).matches(", ").count(), 15);
        assert_eq!(attribute(&list(20))["L"].as_array().map(Vec::len), Some(20), "DynamoDB's JSON is whole");
    }

    #[test]
    fn bytes_are_base64() {
        for (bytes, text) in [(&b""[..], ""), (b"f", "Zg=="), (b"fo", "Zm8="), (b"foo", "Zm9v"), (b"foob", "Zm9vYg==")]
        {
            assert_eq!(base64(bytes), text);
        }
    }

    #[test]
    fn keys_are_in_the_order_of_dynamodb() {
        let number = |text: &str| LiveValue::Number(text.to_owned());
        let text = |text: &str| LiveValue::Text(text.to_owned());
        assert_eq!(order(&number("9"), &number("10")), Ordering::Less);
        assert_eq!(order(&number("-1.5"), &number("-1")), Ordering::Less);
        assert_eq!(order(&text("Z"), &text("a")), Ordering::Less);
        assert_eq!(order(&text("10"), &text("9")), Ordering::Less);
    }
}
