//! A YAML value with its place.

use crate::sources::Span;
use crate::text::show;
use serde::de::DeserializeOwned;

/// A value and its place.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// `plain` scalars have no quotes, so that `3` is a number and `"3"` is text.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key of a map and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) value: Node,
}

impl Node {
    /// A text without quotes.
    pub(crate) fn plain(span: Span, text: &str) -> Self {
        Self { span, kind: Kind::Scalar { text: text.to_owned(), plain: true } }
    }

    /// The value as `serde_yaml` reads it.
    pub(crate) fn value(&self) -> serde_yaml::Value {
        use serde_yaml::Value;
        match &self.kind {
            Kind::Scalar { text, plain: false } => Value::String(text.clone()),
            Kind::Scalar { text, plain: true } if is_word(text) => Value::String(text.clone()),
            Kind::Scalar { text, plain: true } => match serde_yaml::from_str(text) {
                Ok(value @ (Value::Null | Value::Bool(_) | Value::Number(_))) => value,
                _ => Value::String(text.clone()),
            },
            Kind::List(items) => Value::Sequence(items.iter().map(Node::value).collect()),
            Kind::Map(entries) => {
                Value::Mapping(entries.iter().map(|e| (Value::String(e.key.clone()), e.value.value())).collect())
            }
        }
    }

    /// Whether it is empty or `null`.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true } if !is_word(text)) && self.value().is_null()
    }

    /// The value as a `T`, if it is one.
    pub(crate) fn to<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(self.value()).ok()
    }

    /// The text of a text value; `None` for a number, a boolean or null.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, plain } if !plain || is_word(text) || self.value().is_string() => Some(text),
            _ => None,
        }
    }

    /// A description of the value, for "expected text, found a list".
    pub(crate) fn describe(&self) -> String {
        match &self.kind {
            Kind::List(_) => "a list".to_owned(),
            Kind::Map(_) => "a map".to_owned(),
            Kind::Scalar { text, .. } => match self.value() {
                serde_yaml::Value::Null => "nothing".to_owned(),
                serde_yaml::Value::Bool(_) => format!("the boolean `{}`", show(text)),
                serde_yaml::Value::Number(_) => format!("the number `{}`", show(text)),
                _ => format!("the text `{}`", show(text)),
            },
        }
    }
}

/// Whether a plain scalar can only be text: it begins with a letter, and is not a word with a meaning in YAML.
fn is_word(text: &str) -> bool {
    let is_more = |text: &str| ["true", "false", "null"].iter().any(|word| text.eq_ignore_ascii_case(word));
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && !is_more(text)
}

#[cfg(test)]
mod tests {
    use super::is_word;
    use serde_yaml::Value;

    #[test]
    fn a_word_is_text_to_serde_yaml() {
        for text in ["id", "u8", "bool", "y", "no", "on", "Yes", "NaN", "nan", "inf", "e5", "x1", "nul", "trues"] {
            assert!(is_word(text), "{text}");
            assert_eq!(serde_yaml::from_str::<Value>(text).unwrap(), Value::from(text));
        }
        for text in ["true", "False", "NULL", "~", "-1", ".inf", "+2", "0x1f", "1e5"] {
            assert!(!is_word(text), "{text}");
        }
    }
}
