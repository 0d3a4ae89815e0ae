//! The mapping of any JSON value, as DynamoDB's own types.
#![cfg(feature = "json")]

use super::number::Number;
use crate::codec::{FromAttribute, ToAttribute, ValueReader, ValueWriter};
use crate::ground::{Kind, ReadError, Segment, WriteError, WriteErrorKind};
use serde_json::{Map, Value};

/// Reads M, L, S, N, BOOL and NULL as JSON. Binary values and sets are errors, because JSON has none. A number is an
/// error if JSON's integers and floats cannot hold it exactly.
impl FromAttribute for Value {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        match reader.kind()? {
            Kind::Null => Ok(Value::Null),
            Kind::Bool => reader.bool().map(Value::Bool),
            Kind::String => reader.string().map(Value::String),
            Kind::Number => reader.number(number),
            Kind::List => {
                let mut list = reader.list()?;
                let mut values = Vec::with_capacity(list.size_hint());
                while let Some(value) = list.next_element()? {
                    let index = values.len();
                    values.push(Value::read(value).map_err(|error| error.within(Segment::Index(index)))?);
                }
                Ok(Value::Array(values))
            }
            Kind::Map => {
                let mut map = reader.map()?;
                let mut values = Map::new();
                while let Some(name) = map.next_name()? {
                    let value = Value::read(map.value()).map_err(|error| error.within_name(&name))?;
                    values.insert(name, value);
                }
                Ok(Value::Object(values))
            }
            other => Err(ReadError::type_mismatch("a JSON value", other.as_str())),
        }
    }

    fn from_null() -> Option<Self> {
        Some(Value::Null)
    }
}

impl ToAttribute for Value {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        match self {
            Value::Null => writer.null(),
            Value::Bool(value) => writer.bool(*value),
            Value::String(text) => writer.string(text),
            Value::Number(number) => {
                let text = number.to_string();
                let parsed = Number::parse(&text).ok_or_else(|| WriteError::new(WriteErrorKind::NotFinite))?;
                parsed.check()?;
                writer.number(&text)
            }
            Value::Array(values) => values.write(writer),
            Value::Object(values) => {
                let mut map = writer.map(values.len())?;
                for (name, value) in values {
                    map.entry(name, value)?;
                }
                map.finish()
            }
        }
    }
}

/// Checks that JSON's integers and floats hold all numbers of a JSON text exactly.
pub(crate) fn check_numbers(json: &str) -> Result<(), ReadError> {
    let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
    let mut rest = json;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        let (_, from) = rest.split_at(at);
        if let Some(text) = from.strip_prefix('"') {
            let mut is_escaped = false;
            let end = text.find(|c: char| {
                let ends = c == '"' && !is_escaped;
                is_escaped = c == '\\' && !is_escaped;
                ends
            });
            rest = end.and_then(|end| text.get(end + 1..)).unwrap_or_default();
        } else {
            let (text, after) = from.split_at(from.find(|c| !is_of_number(c)).unwrap_or(from.len()));
            number(text)?;
            rest = after;
        }
    }
    Ok(())
}

fn number(text: &str) -> Result<Value, ReadError> {
    let inexact = || ReadError::value("a JSON number", "it has more digits than the JSON value holds");
    let number = Number::parse(text).ok_or_else(|| ReadError::value("a JSON number", "it is not a number"))?;
    if let Some(digits) = number.to_integer_text() {
        if let Ok(value) = digits.parse::<i64>() {
            return Ok(value.into());
        }
        if let Ok(value) = digits.parse::<u64>() {
            return Ok(value.into());
        }
    }
    let float: f64 = text.parse().map_err(|_| inexact())?;
    match Number::parse(&format!("{float:e}")) {
        Some(same) if same == number => Ok(float.into()),
        _ => Err(inexact()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_text_are_exact_or_an_error() {
        let digits = "0.1000000000000000055511151231257827";
        assert!(
            check_numbers(&format!(r#"{{"a\"{digits}": [1, -2.5e3, "{digits}\\"], "b": 18446744073709551615}}"#))
                .is_ok()
        );
        for text in [digits.to_owned(), format!(r#"["\\", {digits}]"#), r#"{"1": 18446744073709551617}"#.to_owned()] {
            assert!(check_numbers(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_are_exact_or_an_error() {
        assert_eq!(number("3.0").unwrap(), Value::from(3));
        assert_eq!(number("18446744073709551615").unwrap(), Value::from(u64::MAX));
        assert_eq!(number("0.1").unwrap(), Value::from(0.1));
        assert_eq!(number("1E+30").unwrap(), Value::from(1e30));
        for text in ["0.1000000000000000055511151231257827", "18446744073709551617", "1e400"] {
            assert!(number(text).is_err(), "{text}");
        }
    }
}
