//! Dates and times that a schema writes out.

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Literal, TimeKind, TimeTypes};
use crate::node::Node;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// The literal of a date or time.
pub(crate) fn literal(node: &Node, kind: TimeKind, types: TimeTypes) -> Result<Literal, Diagnostic> {
    let (expected, help) = match kind {
        TimeKind::DateTime => {
            ("a datetime to the microsecond", "such as `\"2024-01-31T12:00:00Z\"`, or a factory: `default: now`")
        }
        TimeKind::Date => ("a date of the calendar", "such as `\"2024-01-31\"`, or a factory: `default: today`"),
        TimeKind::Time => ("a time to the microsecond", "such as `\"12:30:00\"`"),
        TimeKind::NaiveDateTime => {
            ("a datetime to the microsecond, without an offset", "such as `\"2024-01-31T12:00:00\"`")
        }
        TimeKind::Duration => ("a number of seconds", "such as `90`, or `0.5`"),
    };
    let found = match kind {
        TimeKind::Duration => seconds(node).map(|micros| Literal::Time(micros, kind, types)),
        _ => node.as_text().and_then(|text| parse(text, kind, types)),
    };
    found.ok_or_else(|| {
        Diagnostic::new(Code::BadDefault, "the default does not fit the field's type")
            .at(node.span, format!("expected {expected}, found {}", node.describe()))
            .help(help)
    })
}

fn parse(text: &str, kind: TimeKind, types: TimeTypes) -> Option<Literal> {
    let micros = match kind {
        TimeKind::Date => {
            let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
            let (year, month, day) = (date.year(), date.month(), date.day());
            return (0..=9999).contains(&year).then_some(Literal::Date { year, month, day, types });
        }
        TimeKind::DateTime => whole(DateTime::parse_from_rfc3339(text).ok()?)?.timestamp_micros(),
        TimeKind::NaiveDateTime => {
            whole(NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()?)?.and_utc().timestamp_micros()
        }
        TimeKind::Time => {
            let time = NaiveTime::parse_from_str(text, "%H:%M:%S%.f");
            let time = whole(time.or_else(|_| NaiveTime::parse_from_str(text, "%H:%M")).ok()?)?;
            i64::from(time.num_seconds_from_midnight()) * 1_000_000 + i64::from(time.nanosecond() / 1_000)
        }
        TimeKind::Duration => return None,
    };
    Some(Literal::Time(micros, kind, types))
}

/// A time in whole microseconds, as defaults are.
fn whole<T: Timelike>(time: T) -> Option<T> {
    time.nanosecond().is_multiple_of(1_000).then_some(time)
}

fn seconds(node: &Node) -> Option<i64> {
    let seconds = node.number()?;
    // A hundred years; a longer default is probably a mistake.
    (seconds.abs() < 3.2e9).then_some((seconds * 1e6).round() as i64)
}
