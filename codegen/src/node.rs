//! A YAML value with its place.

mod plain;

pub(crate) use plain::{PlainKind, plain_number};

use crate::sources::Span;
use crate::text::show;
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

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

    /// The kind of a scalar; `None` for a list or map.
    pub(crate) fn scalar(&self) -> Option<PlainKind> {
        match &self.kind {
            Kind::Scalar { plain: false, .. } => Some(PlainKind::Text),
            Kind::Scalar { text, plain: true } => Some(PlainKind::of(text)),
            Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// The value as JSON has it. The error is a number that JSON cannot hold: one beyond 64 bits, or an infinite one.
    pub(crate) fn json(&self) -> Result<Value, &Node> {
        Ok(match &self.kind {
            Kind::Scalar { text, .. } => match self.scalar() {
                Some(PlainKind::Null) => Value::Null,
                Some(PlainKind::Boolean(value)) => Value::Bool(value),
                Some(PlainKind::Whole(number)) => Value::Number(Number::from_i128(number).ok_or(self)?),
                Some(PlainKind::Fraction(number)) => Value::Number(Number::from_f64(number).ok_or(self)?),
                Some(PlainKind::Text) | None => Value::String(text.clone()),
            },
            Kind::List(items) => Value::Array(items.iter().map(Node::json).collect::<Result<_, _>>()?),
            Kind::Map(entries) => {
                let entries = entries.iter().map(|entry| Ok((entry.key.clone(), entry.value.json()?)));
                Value::Object(entries.collect::<Result<_, _>>()?)
            }
        })
    }

    /// Whether it is empty or `null`.
    pub(crate) fn is_null(&self) -> bool {
        self.scalar() == Some(PlainKind::Null)
    }

    /// A number, rounded to the nearest value of `f64`.
    pub(crate) fn number(&self) -> Option<f64> {
        match self.scalar()? {
            PlainKind::Whole(number) => Some(number as f64),
            PlainKind::Fraction(number) => Some(number),
            _ => None,
        }
    }

    /// A whole number, as [`PlainKind::Whole`] has it.
    pub(crate) fn whole(&self) -> Option<i128> {
        match self.scalar()? {
            PlainKind::Whole(number) => Some(number),
            _ => None,
        }
    }

    /// The value as a `T`, if it is one.
    pub(crate) fn to<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(self.json().ok()?).ok()
    }

    /// The text of a text value; `None` for a number, a boolean or null.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } if self.scalar() == Some(PlainKind::Text) => Some(text),
            _ => None,
        }
    }

    /// A description of the value, for "expected text, found a list".
    pub(crate) fn describe(&self) -> String {
        match &self.kind {
            Kind::List(_) => "a list".to_owned(),
            Kind::Map(_) => "a map".to_owned(),
            Kind::Scalar { text, .. } => match self.scalar() {
                Some(PlainKind::Null) => "nothing".to_owned(),
                Some(PlainKind::Boolean(_)) => format!("the boolean `{}`", show(text)),
                Some(PlainKind::Whole(_) | PlainKind::Fraction(_)) => format!("the number `{}`", show(text)),
                Some(PlainKind::Text) | None => format!("the text `{}`", show(text)),
            },
        }
    }
}
