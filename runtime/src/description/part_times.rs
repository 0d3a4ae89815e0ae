//! The texts of times in keys.

use crate::ground::civil::{self, Fraction, Moment};
use crate::ground::{TimePattern, WriteError, WriteErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;

/// How items store a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoredTime {
    /// Text with an offset, such as `2024-01-31T12:00:00.000000Z`.
    Datetime,
    /// Text without an offset.
    NaiveDatetime,
    /// A date as text.
    Date,
    /// Whole seconds since 1970-01-01T00:00:00Z.
    EpochSeconds,
    /// Whole milliseconds since 1970-01-01T00:00:00Z.
    EpochMillis,
}

/// The text of a time in a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeForm {
    Pattern(TimePattern),
    EpochSeconds,
    EpochMillis,
    Pydantic,
}

impl TimeForm {
    /// The text in a key of a stored time.
    pub(super) fn write(self, of: StoredTime, stored: &str) -> Result<String, WriteError> {
        let refuse = || WriteError::new(WriteErrorKind::KeyPart("it is no time in its stored form".into()));
        let moment = of.read(stored).ok_or_else(refuse)?;
        match self {
            TimeForm::Pattern(pattern) => {
                let mut text = String::new();
                pattern.write(moment, &mut text)?;
                Ok(text)
            }
            TimeForm::EpochSeconds => Ok(moment.seconds.to_string()),
            TimeForm::EpochMillis => Ok(millis(moment).to_string()),
            TimeForm::Pydantic => of.text(moment, Fraction::SixUnlessZero),
        }
    }

    /// The stored time of a text in a key.
    pub(super) fn read(self, of: StoredTime, text: &str) -> Option<AttributeValue> {
        let moment = match self {
            TimeForm::Pattern(pattern) => pattern.read(text)?,
            TimeForm::EpochSeconds => StoredTime::EpochSeconds.read(text)?,
            TimeForm::EpochMillis => StoredTime::EpochMillis.read(text)?,
            TimeForm::Pydantic if of == StoredTime::NaiveDatetime => StoredTime::NaiveDatetime.read(text)?,
            TimeForm::Pydantic => StoredTime::Datetime.read(text)?,
        };
        Some(match of {
            StoredTime::EpochSeconds => AttributeValue::N(moment.seconds.to_string()),
            StoredTime::EpochMillis => AttributeValue::N(millis(moment).to_string()),
            of => AttributeValue::S(of.text(moment, fraction(moment)).ok()?),
        })
    }
}

impl StoredTime {
    fn read(self, stored: &str) -> Option<Moment> {
        match self {
            StoredTime::Datetime => civil::datetime(stored).ok(),
            StoredTime::NaiveDatetime => civil::naive_datetime(stored).ok(),
            StoredTime::Date => {
                let day = civil::date(stored).ok()?;
                Some(Moment { seconds: day.days() * civil::DAY, nanos: 0 })
            }
            StoredTime::EpochSeconds => Some(Moment { seconds: stored.parse().ok()?, nanos: 0 }),
            StoredTime::EpochMillis => {
                let millis: i64 = stored.parse().ok()?;
                let nanos = u32::try_from(millis.rem_euclid(1_000)).ok()? * 1_000_000;
                Some(Moment { seconds: millis.div_euclid(1_000), nanos })
            }
        }
    }

    fn text(self, moment: Moment, fraction: Fraction) -> Result<String, WriteError> {
        match self {
            StoredTime::NaiveDatetime => civil::with_naive_datetime(moment, fraction, str::to_owned),
            StoredTime::Date => {
                civil::with_date(civil::Day::of_days(moment.seconds.div_euclid(civil::DAY)), str::to_owned)
            }
            _ => civil::with_datetime(moment, fraction, str::to_owned),
        }
    }
}

/// The fraction without which the time would be another one.
fn fraction(moment: Moment) -> Fraction {
    if moment.nanos.is_multiple_of(1_000) { Fraction::Six } else { Fraction::Nine }
}

fn millis(moment: Moment) -> i128 {
    i128::from(moment.seconds) * 1_000 + i128::from(moment.nanos / 1_000_000)
}
