//! The mapping of dates, times and durations, with the same forms for all three libraries.

use super::nanos::Nanos;
use super::pydantic::Pydantic;
use crate::codec::types::duration;
use crate::codec::{FromAttribute, SetElement, ToAttribute, ValueReader, ValueWriter};
use crate::ground::civil::{self, Day, Fraction, Moment};
use crate::ground::{Kind, ReadError, WriteError};

/// A time in UTC.
pub(in crate::codec) trait Datetime: Sized {
    fn from_moment(moment: Moment) -> Option<Self>;
    fn to_moment(&self) -> Moment;
}

/// A time that has a text by a pattern.
pub(crate) trait PatternTime: Sized {
    /// The time in UTC, or without an offset.
    fn moment(&self) -> Moment;

    /// The time at a moment.
    fn of_moment(moment: Moment) -> Result<Self, ReadError>;

    /// Reads a text of the type.
    fn of_text(text: &str) -> Result<Self, ReadError>;
}

/// A time without an offset.
trait Naive {
    fn to_local(&self) -> Moment;
}

/// A time of day.
trait Clockwise {
    /// The seconds since midnight, and the nanoseconds after them.
    fn to_seconds(&self) -> (u32, u32);
}

fn write_datetime(of: &impl Datetime, fraction: Fraction, writer: ValueWriter<'_>) -> Result<(), WriteError> {
    civil::with_datetime(of.to_moment(), fraction, |text| writer.string(text))?
}

fn write_naive(of: &impl Naive, fraction: Fraction, writer: ValueWriter<'_>) -> Result<(), WriteError> {
    civil::with_naive_datetime(of.to_local(), fraction, |text| writer.string(text))?
}

fn write_time(of: &impl Clockwise, fraction: Fraction, writer: ValueWriter<'_>) -> Result<(), WriteError> {
    civil::with_time(of.to_seconds(), fraction, |text| writer.string(text))?
}

/// Implements the mapping of a type in another form of the fraction.
macro_rules! fractions {
    ($ty:ty, $write:ident) => {
        fractions!($ty, $write, Pydantic, SixUnlessZero);
        fractions!($ty, $write, Nanos, Nine);
    };
    ($ty:ty, $write:ident, $form:ident, $fraction:ident) => {
        impl FromAttribute for $form<$ty> {
            fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
                <$ty>::read(reader).map(Self)
            }
        }

        impl ToAttribute for $form<$ty> {
            fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
                $write(&self.0, Fraction::$fraction, writer)
            }
        }

        impl SetElement for $form<$ty> {}
    };
}

fn out_of_range(expected: &'static str) -> ReadError {
    ReadError::value(expected, "out of the library's range")
}

fn of_day<T>(day: Day, from: fn(Day) -> Option<T>) -> Result<T, ReadError> {
    from(day).ok_or_else(|| out_of_range("a date"))
}

/// Reads a datetime's text.
pub(in crate::codec) fn read_datetime<T: Datetime>(text: &str) -> Result<T, ReadError> {
    T::from_moment(civil::datetime(text)?).ok_or_else(|| out_of_range("a datetime"))
}

/// Implements the mapping of one library's types. Each line has a type, a function from the parts of a text, and a
/// function into them.
macro_rules! times {
    (
        datetime: $datetime:ty, $from_moment:expr, $to_moment:expr;
        naive: $naive:ty, $from_naive:expr, $to_naive:expr;
        date: $date:ty, $from_day:expr, $to_day:expr;
        time: $time:ty, $from_time:expr, $to_time:expr;
        duration: $duration:ty, $from_nanos:expr, $to_nanos:expr;
    ) => {
        impl Datetime for $datetime {
            fn from_moment(moment: Moment) -> Option<Self> {
                let from: fn(Moment) -> Option<Self> = $from_moment;
                from(moment)
            }

            fn to_moment(&self) -> Moment {
                let to: fn(&Self) -> Moment = $to_moment;
                to(self)
            }
        }

        /// Reads RFC 3339 with any offset and precision and with `T` or a space. Without an offset, the time is UTC.
        impl FromAttribute for $datetime {
            fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
                reader.with_str(read_datetime)
            }
        }

        /// Writes `2024-01-31T12:00:00.000000Z`: UTC, truncated to microseconds, always with six digits of fraction, so
        /// that the texts sort by time.
        impl ToAttribute for $datetime {
            fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
                write_datetime(self, Fraction::Six, writer)
            }
        }

        impl PatternTime for $datetime {
            fn moment(&self) -> Moment {
                self.to_moment()
            }

            fn of_moment(moment: Moment) -> Result<Self, ReadError> {
                Self::from_moment(moment).ok_or_else(|| out_of_range("a datetime"))
            }

            fn of_text(text: &str) -> Result<Self, ReadError> {
                read_datetime(text)
            }
        }

        impl SetElement for $datetime {}

        /// Reads a date and a time without an offset, with any precision and with `T` or a space.
        impl FromAttribute for $naive {
            fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
                reader.with_str(Self::of_text)
            }
        }

        impl PatternTime for $naive {
            fn moment(&self) -> Moment {
                self.to_local()
            }

            fn of_moment(moment: Moment) -> Result<Self, ReadError> {
                let from: fn(Moment) -> Option<Self> = $from_naive;
                from(moment).ok_or_else(|| out_of_range("a datetime without an offset"))
            }

            fn of_text(text: &str) -> Result<Self, ReadError> {
                Self::of_moment(civil::naive_datetime(text)?)
            }
        }

        /// Writes `2024-01-31T12:00:00.000000`, always with six digits of fraction.
        impl ToAttribute for $naive {
            fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
                write_naive(self, Fraction::Six, writer)
            }
        }

        impl Naive for $naive {
            fn to_local(&self) -> Moment {
                let to: fn(&Self) -> Moment = $to_naive;
                to(self)
            }
        }

        fractions!($datetime, write_datetime);
        fractions!($naive, write_naive);
        fractions!($time, write_time);

        impl SetElement for $naive {}

        impl FromAttribute for $date {
            fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
                reader.with_str(Self::of_text)
            }
        }

        impl PatternTime for $date {
            fn moment(&self) -> Moment {
                let to: fn(&Self) -> Day = $to_day;
                Moment { seconds: to(self).days() * civil::DAY, nanos: 0 }
            }

            fn of_moment(moment: Moment) -> Result<Self, ReadError> {
                of_day(Day::of_days(moment.seconds.div_euclid(civil::DAY)), $from_day)
            }

            fn of_text(text: &str) -> Result<Self, ReadError> {
                of_day(civil::date(text)?, $from_day)
            }
        }

        /// Writes `2024-01-31`.
        impl ToAttribute for $date {
            fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
                let to: fn(&Self) -> Day = $to_day;
                civil::with_date(to(self), |text| writer.string(text))?
            }
        }

        impl SetElement for $date {}

        /// Reads `12:30` or `12:30:00`, with any fraction.
        impl FromAttribute for $time {
            fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
                let from: fn(u32, u32) -> Option<Self> = $from_time;
                reader.with_str(|text| {
                    let (seconds, nanos) = civil::time(text)?;
                    from(seconds, nanos).ok_or_else(|| out_of_range("a time"))
                })
            }
        }

        /// Writes `12:30:00.000000`, always with six digits of fraction.
        impl ToAttribute for $time {
            fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
                write_time(self, Fraction::Six, writer)
            }
        }

        impl Clockwise for $time {
            fn to_seconds(&self) -> (u32, u32) {
                let to: fn(&Self) -> (u32, u32) = $to_time;
                to(self)
            }
        }

        impl SetElement for $time {}

        /// Reads ISO 8601, or a number of seconds as text or N. A year has 365 days and a month 30, as in Pydantic.
        impl FromAttribute for $duration {
            fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
                let from: fn(duration::Nanos) -> Option<Self> = $from_nanos;
                let nanos = match reader.kind()? {
                    Kind::Number => reader.number(|text| {
                        duration::seconds(text).ok_or_else(|| ReadError::value("a duration", "the number is too long"))
                    })?,
                    _ => reader.with_str(duration::read)?,
                };
                from(nanos).ok_or_else(|| out_of_range("a duration"))
            }
        }

        /// Writes ISO 8601 in Pydantic's form, such as `P3DT12H30M5.5S`, with up to nine digits of fraction.
        impl ToAttribute for $duration {
            fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
                let to: fn(&Self) -> duration::Nanos = $to_nanos;
                writer.string(&duration::write(to(self)))
            }
        }

        impl SetElement for $duration {}
    };
}

#[cfg(feature = "chrono")]
mod chrono {
    use super::*;
    use ::chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

    fn moment(datetime: &DateTime<Utc>) -> Moment {
        Moment { seconds: datetime.timestamp(), nanos: datetime.timestamp_subsec_nanos() }
    }

    times! {
        datetime: DateTime<Utc>, |moment| DateTime::from_timestamp(moment.seconds, moment.nanos), moment;
        naive: NaiveDateTime,
            |moment| DateTime::from_timestamp(moment.seconds, moment.nanos).map(|datetime| datetime.naive_utc()),
            |naive| moment(&naive.and_utc());
        date: NaiveDate,
            |day| NaiveDate::from_ymd_opt(day.year, day.month.into(), day.day.into()),
            |date| {
                let small = |number: u32| u8::try_from(number).unwrap_or_default();
                Day { year: date.year(), month: small(date.month()), day: small(date.day()) }
            };
        time: NaiveTime,
            NaiveTime::from_num_seconds_from_midnight_opt,
            |time| (time.num_seconds_from_midnight(), time.nanosecond());
        duration: TimeDelta,
            |nanos| {
                let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
                TimeDelta::new(seconds, u32::try_from(nanos.rem_euclid(1_000_000_000)).ok()?)
            },
            |delta| duration::Nanos::from(delta.num_seconds()) * 1_000_000_000 + duration::Nanos::from(delta.subsec_nanos());
    }
}

#[cfg(feature = "time")]
mod time_crate {
    use super::*;
    use ::time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

    fn datetime(moment: Moment) -> Option<OffsetDateTime> {
        let nanos = i128::from(moment.seconds) * 1_000_000_000 + i128::from(moment.nanos);
        OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()
    }

    fn moment(datetime: &OffsetDateTime) -> Moment {
        Moment { seconds: datetime.unix_timestamp(), nanos: datetime.nanosecond() }
    }

    times! {
        datetime: OffsetDateTime, datetime, moment;
        naive: PrimitiveDateTime,
            |moment| datetime(moment).map(|at| PrimitiveDateTime::new(at.date(), at.time())),
            |naive| moment(&naive.assume_offset(UtcOffset::UTC));
        date: Date,
            |day| Date::from_calendar_date(day.year, Month::try_from(day.month).ok()?, day.day).ok(),
            |date| Day { year: date.year(), month: date.month().into(), day: date.day() };
        time: Time,
            |seconds, nanos| {
                let small = |number: u32| u8::try_from(number).ok();
                let (hour, minute, second) = (small(seconds / 3_600)?, small(seconds / 60 % 60)?, small(seconds % 60)?);
                Time::from_hms_nano(hour, minute, second, nanos).ok()
            },
            |time| {
                let (hour, minute, second, nanos) = time.as_hms_nano();
                (u32::from(hour) * 3_600 + u32::from(minute) * 60 + u32::from(second), nanos)
            };
        duration: Duration,
            |nanos| {
                let seconds = i64::try_from(nanos / 1_000_000_000).ok()?;
                Some(Duration::new(seconds, i32::try_from(nanos % 1_000_000_000).ok()?))
            },
            |duration| duration.whole_nanoseconds();
    }
}

#[cfg(feature = "jiff")]
mod jiff {
    use super::*;
    use ::jiff::civil::{Date, DateTime, Time};
    use ::jiff::tz::TimeZone;
    use ::jiff::{SignedDuration, Timestamp};

    fn timestamp(moment: Moment) -> Option<Timestamp> {
        Timestamp::new(moment.seconds, i32::try_from(moment.nanos).ok()?).ok()
    }

    fn moment(timestamp: &Timestamp) -> Moment {
        let nanos = timestamp.as_nanosecond();
        Moment {
            seconds: i64::try_from(nanos.div_euclid(1_000_000_000)).unwrap_or_default(),
            nanos: u32::try_from(nanos.rem_euclid(1_000_000_000)).unwrap_or_default(),
        }
    }

    fn small(number: i8) -> u8 {
        u8::try_from(number).unwrap_or_default()
    }

    fn day(date: Date) -> Day {
        Day { year: date.year().into(), month: small(date.month()), day: small(date.day()) }
    }

    fn seconds(time: Time) -> (u32, u32) {
        let of = |number: i8, unit: u32| u32::from(small(number)) * unit;
        let nanos = u32::try_from(time.subsec_nanosecond()).unwrap_or_default();
        (of(time.hour(), 3_600) + of(time.minute(), 60) + of(time.second(), 1), nanos)
    }

    times! {
        datetime: Timestamp, timestamp, moment;
        naive: DateTime,
            |moment| timestamp(moment).map(|at| TimeZone::UTC.to_datetime(at)),
            |naive| {
                let (seconds, nanos) = seconds(naive.time());
                Moment { seconds: day(naive.date()).days() * 86_400 + i64::from(seconds), nanos }
            };
        date: Date,
            |day| {
                let small = |number: u8| i8::try_from(number).ok();
                Date::new(i16::try_from(day.year).ok()?, small(day.month)?, small(day.day)?).ok()
            },
            |date| day(*date);
        time: Time,
            |seconds, nanos| {
                let small = |number: u32| i8::try_from(number).ok();
                let (hour, minute, second) = (small(seconds / 3_600)?, small(seconds / 60 % 60)?, small(seconds % 60)?);
                Time::new(hour, minute, second, i32::try_from(nanos).ok()?).ok()
            },
            |time| seconds(*time);
        duration: SignedDuration,
            |nanos| {
                let seconds = i64::try_from(nanos / 1_000_000_000).ok()?;
                Some(SignedDuration::new(seconds, i32::try_from(nanos % 1_000_000_000).ok()?))
            },
            |duration| duration.as_nanos();
    }
}
