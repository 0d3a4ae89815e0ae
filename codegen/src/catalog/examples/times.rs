//! Times that keep their order, and their stored forms.

use crate::model::{
    Constraint, Default, Factory, Field, FieldRole, Scalar, StoredForm, TimeComparison, TimeKind, Type,
};
use crate::pull::LiveValue;
use chrono::{DateTime, Days, NaiveDateTime, TimeDelta};
use std::collections::HashMap;

/// The moments of a struct's fields, by their names.
pub(super) type Moments = HashMap<String, NaiveDateTime>;

/// 2024-02-01T12:00:00Z
const PAST: i64 = 1_706_788_800;
/// 2100-01-01T00:00:00Z, for times that must be in the future whenever somebody looks.
const FUTURE: i64 = 4_102_444_800;
/// The days between two times of which one is after the other.
const APART: u64 = 30;

/// The moments of the fields of a struct, in whole seconds. Another number is another day.
pub(super) fn of(fields: &[Field], number: usize) -> Moments {
    let days = u64::try_from(number).unwrap_or(0);
    let mut moments: Moments = fields
        .iter()
        .filter(|field| kind(field).is_some())
        .map(|field| (field.name.clone(), first(field, days)))
        .collect();
    // Each pass corrects at least one more field of a chain.
    for _ in 0..fields.len() {
        let mut is_stable = true;
        for (field, order) in fields.iter().flat_map(|field| field.order.iter().map(move |order| (field, order))) {
            let (early, late) = match order.comparison {
                TimeComparison::After => (&order.field, &field.name),
                TimeComparison::Before => (&field.name, &order.field),
            };
            let Some(least) = moments.get(early).and_then(|early| early.checked_add_days(Days::new(APART))) else {
                continue;
            };
            if let Some(late) = moments.get_mut(late).filter(|late| **late < least) {
                (*late, is_stable) = (least, false);
            }
        }
        if is_stable {
            break;
        }
    }
    moments
}

/// The moment of a field.
pub(super) fn moment(moments: &Moments, field: &Field) -> NaiveDateTime {
    let moment = moments.get(&field.name).copied().unwrap_or_else(|| at(PAST));
    match kind(field) {
        Some(TimeKind::Date) => moment.date().into(),
        _ => moment,
    }
}

/// The moment so many days later.
pub(super) fn later(moment: NaiveDateTime, days: u64) -> NaiveDateTime {
    moment.checked_add_days(Days::new(days)).unwrap_or(moment)
}

fn at(seconds: i64) -> NaiveDateTime {
    DateTime::from_timestamp(seconds, 0).map(|at| at.naive_utc()).unwrap_or_default()
}

fn first(field: &Field, days: u64) -> NaiveDateTime {
    let is_future = field.constraints.contains(&Constraint::Future) || field.role == Some(FieldRole::Ttl);
    let begin = if is_future { at(FUTURE) } else { at(PAST) };
    let hour = matches!(field.role, Some(FieldRole::UpdatedAt))
        && !matches!(field.default, Default::Factory(Factory::Today(_)));
    later(begin, days) + TimeDelta::hours(i64::from(hour))
}

fn kind(field: &Field) -> Option<TimeKind> {
    field.ty.parts().find_map(|part| match part {
        Type::Scalar(Scalar::Time(kind, _)) => Some(*kind),
        _ => None,
    })
}

/// The stored value of a time.
pub(super) fn stored(kind: TimeKind, form: &StoredForm, moment: NaiveDateTime, number: usize) -> LiveValue {
    match (kind, form) {
        (TimeKind::Duration, _) => LiveValue::Text(format!("PT{}M", 5 * (number % 11 + 1))),
        (_, StoredForm::EpochSeconds) => LiveValue::Number(moment.and_utc().timestamp().to_string()),
        (_, StoredForm::EpochMillis) => LiveValue::Number(moment.and_utc().timestamp_millis().to_string()),
        _ => LiveValue::Text(text(kind, form, moment)),
    }
}

/// The text of a time in whole seconds.
pub(super) fn text(kind: TimeKind, form: &StoredForm, moment: NaiveDateTime) -> String {
    let fraction = match form {
        StoredForm::Pydantic => "",
        StoredForm::Nanos => "%.9f",
        _ => "%.6f",
    };
    let pattern = match (form, kind) {
        (StoredForm::Pattern(pattern), _) => pattern.text.clone(),
        (_, TimeKind::Date) => "%Y-%m-%d".to_owned(),
        (_, TimeKind::Time) => format!("%H:%M:%S{fraction}"),
        (_, TimeKind::NaiveDateTime) => format!("%Y-%m-%dT%H:%M:%S{fraction}"),
        _ => format!("%Y-%m-%dT%H:%M:%S{fraction}Z"),
    };
    moment.format(&pattern).to_string()
}
