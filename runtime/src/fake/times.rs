//! Made-up times, in whole seconds.

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
use super::FakeValue;
use super::Faker;

const DAY: i64 = 86_400;

/// 2001-01-01T00:00:00Z, and the days until 2024.
const PAST: (i64, u64) = (978_307_200, 8_400);
/// 2100-01-01T00:00:00Z, and the days until 2120: the future, whenever a test runs.
const FUTURE: (i64, u64) = (4_102_444_800, 7_300);

/// The seconds since 1970. Later tries are whole days, for patterns without the time of the day, and then the first day of
/// a year.
pub(super) fn seconds(of: &mut Faker) -> i64 {
    let (begin, days) = if of.rules().is_future { FUTURE } else { PAST };
    if of.is_plain() && of.attempt() == 0 {
        return begin;
    }
    let second = match of.attempt() {
        0..10 => of.pick(days * DAY as u64),
        10..30 => of.pick(days) * DAY as u64,
        // 2001 and 2100 are followed by three years of 365 days.
        _ => of.pick(4) * 365 * DAY as u64,
    };
    begin + i64::try_from(second).unwrap_or(0)
}

/// The seconds of a day since 1970.
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
fn day(of: &mut Faker) -> i64 {
    let (begin, days) = if of.rules().is_future { FUTURE } else { PAST };
    let is_plain = of.is_plain() && of.attempt() == 0;
    let day = if is_plain { 0 } else { of.pick(if of.attempt() < 30 { days } else { 4 }) };
    let length = if of.attempt() < 30 { DAY } else { 365 * DAY };
    begin + i64::try_from(day).unwrap_or(0) * length
}

/// The length of a duration in seconds: whole minutes.
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
fn length(of: &mut Faker) -> i64 {
    let most = if of.differs() { 1_000_000 } else { 2_000 };
    let minutes = if of.is_plain() { 1 } else { 1 + of.pick(most) };
    60 * i64::try_from(minutes).unwrap_or(1)
}

#[cfg(feature = "chrono")]
mod chrono {
    use super::{FakeValue, Faker, day, length, seconds};
    use ::chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

    impl FakeValue for DateTime<Utc> {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            Self::from_timestamp(seconds(of), 0)
        }
    }

    impl FakeValue for NaiveDateTime {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            DateTime::<Utc>::fake_value(of).map(|time| time.naive_utc())
        }
    }

    impl FakeValue for NaiveDate {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            DateTime::<Utc>::from_timestamp(day(of), 0).map(|time| time.date_naive())
        }
    }

    impl FakeValue for NaiveTime {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            DateTime::<Utc>::fake_value(of).map(|time| time.time())
        }
    }

    impl FakeValue for TimeDelta {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            Self::try_seconds(length(of))
        }
    }
}

#[cfg(feature = "time")]
mod time_crate {
    use super::{FakeValue, Faker, day, length, seconds};
    use ::time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time};

    impl FakeValue for OffsetDateTime {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            Self::from_unix_timestamp(seconds(of)).ok()
        }
    }

    impl FakeValue for PrimitiveDateTime {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            OffsetDateTime::fake_value(of).map(|time| Self::new(time.date(), time.time()))
        }
    }

    impl FakeValue for Date {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            OffsetDateTime::from_unix_timestamp(day(of)).ok().map(|time| time.date())
        }
    }

    impl FakeValue for Time {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            OffsetDateTime::fake_value(of).map(|time| time.time())
        }
    }

    impl FakeValue for Duration {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            Some(Self::seconds(length(of)))
        }
    }
}

#[cfg(feature = "jiff")]
mod jiff {
    use super::{FakeValue, Faker, day, length, seconds};
    use ::jiff::civil::{Date, DateTime, Time};
    use ::jiff::tz::TimeZone;
    use ::jiff::{SignedDuration, Timestamp};

    impl FakeValue for Timestamp {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            Self::from_second(seconds(of)).ok()
        }
    }

    impl FakeValue for DateTime {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            Timestamp::fake_value(of).map(|time| TimeZone::UTC.to_datetime(time))
        }
    }

    impl FakeValue for Date {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            Timestamp::from_second(day(of)).ok().map(|time| TimeZone::UTC.to_datetime(time).date())
        }
    }

    impl FakeValue for Time {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            DateTime::fake_value(of).map(|time| time.time())
        }
    }

    impl FakeValue for SignedDuration {
        fn fake_value(of: &mut Faker) -> Option<Self> {
            Some(Self::from_secs(length(of)))
        }
    }
}
