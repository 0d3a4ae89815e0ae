//! Dates and times as text that sorts by time.
#![cfg(feature = "chrono")]

use super::{FromAttribute, ReadError, SetElement, ToAttribute, WriteError, WriteErrorKind};
use crate::carrier::{ValueReader, ValueWriter};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};

/// Reads RFC 3339 text of any offset and precision, with `T` or a space; without an offset it is UTC.
impl FromAttribute for DateTime<Utc> {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        reader.with_str(|text| {
            DateTime::parse_from_rfc3339(text)
                .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%#z"))
                .map(|datetime| datetime.to_utc())
                .or_else(|_| {
                    NaiveDateTime::parse_from_str(&text.replacen('T', " ", 1), "%Y-%m-%d %H:%M:%S%.f")
                        .map(|naive| naive.and_utc())
                })
                .map_err(|error| ReadError::value("a datetime", error))
        })
    }
}

/// `2024-01-31T12:00:00.000000Z`: UTC, always six digits of fraction, so that the order of the texts is the
/// order of the times. What is finer than a microsecond is cut off.
impl ToAttribute for DateTime<Utc> {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        check_year(self.year())?;
        writer.string(&self.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string())
    }
}

impl SetElement for DateTime<Utc> {}

impl FromAttribute for NaiveDate {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        reader.with_str(|text| {
            NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|error| ReadError::value("a date", error))
        })
    }
}

/// `2024-01-31`.
impl ToAttribute for NaiveDate {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        check_year(self.year())?;
        writer.string(&self.format("%Y-%m-%d").to_string())
    }
}

impl SetElement for NaiveDate {}

fn check_year(year: i32) -> Result<(), WriteError> {
    match (0..=9999).contains(&year) {
        true => Ok(()),
        false => Err(WriteError::new(WriteErrorKind::YearOutOfRange)),
    }
}
