//! The functions that a schema's defaults call.

#[cfg(feature = "chrono")]
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};

/// The time now, to the microsecond, which is what is stored of it.
#[cfg(feature = "chrono")]
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// The date now, in UTC.
#[cfg(feature = "chrono")]
pub fn today() -> NaiveDate {
    Utc::now().date_naive()
}

/// A time that a schema writes out: microseconds since 1970-01-01T00:00:00Z; one out of range, which no
/// schema passes, is that moment.
#[cfg(feature = "chrono")]
pub fn datetime(microseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(microseconds).unwrap_or_default()
}

/// A date that a schema writes out; one that the calendar does not have, which no schema passes, is
/// 1970-01-01.
#[cfg(feature = "chrono")]
pub fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// A random UUID, version 4.
#[cfg(feature = "uuid")]
pub fn uuid_v4() -> uuid::Uuid {
    uuid::Uuid::new_v4()
}

/// A UUID that sorts by the time it is made, version 7.
#[cfg(feature = "uuid")]
pub fn uuid_v7() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}

/// The text of a random UUID, version 4.
#[cfg(feature = "uuid")]
pub fn uuid_v4_text() -> String {
    uuid_v4().to_string()
}

/// The text of a UUID that sorts by the time it is made, version 7.
#[cfg(feature = "uuid")]
pub fn uuid_v7_text() -> String {
    uuid_v7().to_string()
}

/// The text of a ULID, which sorts by the time it is made.
#[cfg(feature = "ulid")]
pub fn ulid_text() -> String {
    ulid::Ulid::new().to_string()
}

/// A JSON value that a schema writes out; text that is no JSON, which no schema passes, is null.
#[cfg(feature = "json")]
pub fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_default()
}
