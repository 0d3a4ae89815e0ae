//! The views of defaults, and of values in a schema.

use super::rust::{grouped, literal};
use crate::model::{DecimalType, Default, Factory, Literal, TimeKind, TimeTypes, lifetime};
use dyntastic_templates::ValueView;

/// Whether a default needs a function: it exists, and is not the default of the Rust type.
pub(crate) fn has_default_function(default: &Default) -> bool {
    match default {
        Default::Required | Default::Absent | Default::Empty | Default::Literal(Literal::Bool(false)) => false,
        Default::Literal(Literal::Int(digits)) => digits != "0",
        Default::Literal(Literal::F32(value)) => *value != 0.0 || value.is_sign_negative(),
        Default::Literal(Literal::F64(value)) => *value != 0.0 || value.is_sign_negative(),
        Default::Literal(_) | Default::Factory(_) => true,
    }
}

/// A default; `None` without one, or if the field is absent by default.
pub(super) fn default_value(default: &Default) -> Option<ValueView> {
    match default {
        Default::Required | Default::Absent => None,
        Default::Empty => Some(ValueView::Default),
        Default::Literal(of) => Some(value(of)),
        Default::Factory(of) => Some(made(*of)),
    }
}

/// A number in a schema, for docs.
pub(super) fn literal_text(of: &Literal) -> String {
    match of {
        Literal::Decimal(text, _) => text.clone(),
        of => value(of).to_string(),
    }
}

/// A value in a schema.
pub(super) fn value(of: &Literal) -> ValueView {
    let list = |items: &[Literal]| items.iter().map(value).collect();
    let call = |module, function, arguments| ValueView::Made { module, function, arguments };
    match of {
        Literal::Text(text) => ValueView::Text(literal(text)),
        Literal::Bool(value) => ValueView::Literal(value.to_string()),
        Literal::Int(digits) => ValueView::Literal(digits.clone()),
        Literal::F32(value) => ValueView::Literal(format!("{value:?}")),
        Literal::F64(value) => ValueView::Literal(format!("{value:?}")),
        Literal::Bytes(bytes) => ValueView::Bytes(bytes.clone()),
        Literal::Uuid(value) => ValueView::Uuid(format!("{value:#034x}")),
        Literal::Decimal(text, DecimalType::RustDecimal) => call("", "decimal", vec![literal(text)]),
        Literal::Decimal(text, DecimalType::Bigdecimal) => call("", "big_decimal", vec![literal(text)]),
        Literal::Time(micros, kind, types) => call(module(*types), time_function(*kind), vec![micros.to_string()]),
        Literal::Date { year, month, day, types } => {
            call(module(*types), "date", vec![year.to_string(), month.to_string(), day.to_string()])
        }
        Literal::Variant(name, variant) => ValueView::Variant(name.clone(), variant.clone()),
        Literal::Json(text) => call("", "json", vec![literal(text)]),
        Literal::List(items) => ValueView::List(list(items)),
        Literal::Set(items) => ValueView::Set(list(items)),
        Literal::Map(entries) => {
            ValueView::Map(entries.iter().map(|(key, item)| (literal(key), value(item))).collect())
        }
        Literal::None => ValueView::None,
        Literal::Some(inner) => ValueView::Some(Box::new(value(inner))),
    }
}

/// The call of a factory.
pub(super) fn made(of: Factory) -> ValueView {
    let module = match of {
        Factory::Now(types) | Factory::Today(types) | Factory::Expiry(types, _) => module(types),
        _ => "",
    };
    let arguments = match of {
        Factory::Expiry(_, seconds) => vec![grouped(seconds)],
        _ => Vec::new(),
    };
    ValueView::Made { module, function: factory(of), arguments }
}

fn factory(of: Factory) -> &'static str {
    match of {
        Factory::UuidV4 => "uuid_v4",
        Factory::UuidV7 => "uuid_v7",
        Factory::UuidV4Text => "uuid_v4_text",
        Factory::UuidV7Text => "uuid_v7_text",
        Factory::Ulid => "ulid",
        Factory::UlidText => "ulid_text",
        Factory::Now(_) => "now",
        Factory::Today(_) => "today",
        Factory::Expiry(..) => "expiry",
    }
}

/// The runtime's module of the factories of times; empty if they are in the module of the others.
pub(super) fn module(types: TimeTypes) -> &'static str {
    match types {
        TimeTypes::Chrono => "",
        TimeTypes::Time => "with_time",
        TimeTypes::Jiff => "with_jiff",
    }
}

fn time_function(kind: TimeKind) -> &'static str {
    match kind {
        TimeKind::DateTime => "datetime",
        TimeKind::Date => "date",
        TimeKind::Time => "time",
        TimeKind::NaiveDateTime => "naive_datetime",
        TimeKind::Duration => "duration",
    }
}

/// A default for docs; `None` without one, or if it is long.
pub(crate) fn default_text(default: &Default) -> Option<String> {
    match default {
        Default::Factory(Factory::Expiry(_, seconds)) => Some(format!("`{}` after now", lifetime(*seconds))),
        Default::Factory(of) => Some(format!("made by `{}`", factory(*of).trim_end_matches("_text"))),
        Default::Literal(
            of @ (Literal::Bool(_) | Literal::Int(_) | Literal::F32(_) | Literal::F64(_) | Literal::Variant(..)),
        ) => Some(format!("`{}`", value(of))),
        Default::Literal(Literal::Text(text)) if text.len() < 40 && !text.contains('`') => {
            Some(format!("`{}`", literal(text)))
        }
        Default::Literal(_) | Default::Empty | Default::Required | Default::Absent => None,
    }
}
