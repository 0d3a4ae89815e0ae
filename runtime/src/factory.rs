//! Factories: the functions that emitted code calls for the defaults of a schema.

#[cfg(feature = "chrono")]
pub use with_chrono::*;

/// Emits the factories of one library of dates and times. A time out of range, which the generator refuses in a schema,
/// becomes the nearest one, and another value the library's default.
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
macro_rules! times {
    (
        $datetime:ty, $now:expr, $micros:expr, $seconds:expr;
        $naive:ty, $naive_of:expr;
        $date:ty, $today:expr, $ymd:expr;
        $time:ty, $midnight:expr;
        $duration:ty, $of_micros:expr;
    ) => {
        /// The current time, cut to microseconds, the precision in which times are stored by default.
        pub fn now() -> $datetime {
            $now
        }

        /// The time after a lifetime of this many seconds, in whole seconds.
        pub fn expiry(lifetime: u64) -> $datetime {
            let ends = seconds_now().saturating_add(lifetime);
            datetime(i64::try_from(ends).unwrap_or(i64::MAX).saturating_mul(1_000_000))
        }

        /// The time `LIFETIME` seconds after a time, in whole seconds.
        pub fn expiry_after<const LIFETIME: u64>(time: &$datetime) -> $datetime {
            let of: fn(&$datetime) -> i64 = $seconds;
            datetime(of(time).saturating_add_unsigned(LIFETIME).saturating_mul(1_000_000))
        }

        /// The time `LIFETIME` seconds after a time, if there is one.
        pub fn optional_expiry_after<const LIFETIME: u64>(time: &Option<$datetime>) -> Option<$datetime> {
            time.as_ref().map(expiry_after::<LIFETIME>)
        }

        /// The current date, in UTC.
        pub fn today() -> $date {
            $today
        }

        /// A time from a schema, in microseconds since 1970-01-01T00:00:00Z.
        pub fn datetime(microseconds: i64) -> $datetime {
            let of: fn(i64) -> $datetime = $micros;
            of(microseconds)
        }

        /// A time without an offset from a schema, in microseconds since 1970-01-01T00:00:00.
        pub fn naive_datetime(microseconds: i64) -> $naive {
            let of: fn(i64) -> $naive = $naive_of;
            of(microseconds)
        }

        /// A date from a schema.
        pub fn date(year: i32, month: u32, day: u32) -> $date {
            let of: fn(i32, u32, u32) -> $date = $ymd;
            of(year, month, day)
        }

        /// A time of day from a schema, in microseconds since midnight.
        pub fn time(microseconds: i64) -> $time {
            let of: fn(i64) -> $time = $midnight;
            of(microseconds)
        }

        /// A duration from a schema, in microseconds.
        pub fn duration(microseconds: i64) -> $duration {
            let of: fn(i64) -> $duration = $of_micros;
            of(microseconds)
        }
    };
}

#[cfg(feature = "chrono")]
mod with_chrono {
    use crate::ground::seconds_now;
    use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound, TimeDelta, Utc};

    times! {
        DateTime<Utc>, Utc::now().trunc_subsecs(6), |micros| {
            DateTime::from_timestamp_micros(micros).unwrap_or(if micros < 0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC })
        },
        DateTime::timestamp;
        NaiveDateTime, |micros| datetime(micros).naive_utc();
        NaiveDate, Utc::now().date_naive(), |year, month, day| {
            NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
        };
        NaiveTime, |micros| datetime(micros).time();
        TimeDelta, TimeDelta::microseconds;
    }
}

/// The factories for the types of the crate `time`.
#[cfg(feature = "time")]
pub mod with_time {
    use crate::ground::seconds_now;
    use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time};

    times! {
        OffsetDateTime, {
            let now = OffsetDateTime::now_utc();
            now.replace_microsecond(now.microsecond()).unwrap_or(now)
        }, |micros| OffsetDateTime::UNIX_EPOCH.saturating_add(Duration::microseconds(micros)), |time| time.unix_timestamp();
        PrimitiveDateTime, |micros| {
            let at = datetime(micros);
            PrimitiveDateTime::new(at.date(), at.time())
        };
        Date, now().date(), |year, month, day| {
            let month = u8::try_from(month).ok().and_then(|month| Month::try_from(month).ok());
            let day = u8::try_from(day).unwrap_or_default();
            let date = month.and_then(|month| Date::from_calendar_date(year, month, day).ok());
            date.unwrap_or(OffsetDateTime::UNIX_EPOCH.date())
        };
        Time, |micros| datetime(micros).time();
        Duration, Duration::microseconds;
    }
}

/// The factories for the types of the crate `jiff`.
#[cfg(feature = "jiff")]
pub mod with_jiff {
    use crate::ground::seconds_now;
    use jiff::civil::{Date, DateTime, Time};
    use jiff::tz::TimeZone;
    use jiff::{SignedDuration, Timestamp};

    times! {
        Timestamp, {
            let now = Timestamp::now();
            Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
        }, |micros| {
            Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 { Timestamp::MIN } else { Timestamp::MAX })
        }, |time| time.as_second();
        DateTime, |micros| TimeZone::UTC.to_datetime(datetime(micros));
        Date, TimeZone::UTC.to_datetime(now()).date(), |year, month, day| {
            let small = |number: u32| i8::try_from(number).unwrap_or_default();
            Date::new(i16::try_from(year).unwrap_or_default(), small(month), small(day)).unwrap_or_default()
        };
        Time, |micros| TimeZone::UTC.to_datetime(datetime(micros)).time();
        SignedDuration, SignedDuration::from_micros;
    }
}

/// A decimal number from a schema. Other text, which the generator refuses, becomes 0.
#[cfg(feature = "decimal")]
pub fn decimal(text: &str) -> rust_decimal::Decimal {
    text.parse().unwrap_or_default()
}

/// A decimal number from a schema. Other text, which the generator refuses, becomes 0.
#[cfg(feature = "bigdecimal")]
pub fn big_decimal(text: &str) -> bigdecimal::BigDecimal {
    text.parse().unwrap_or_default()
}

/// A random UUID, version 4.
#[cfg(feature = "uuid")]
pub fn uuid_v4() -> uuid::Uuid {
    uuid::Uuid::new_v4()
}

/// A UUID that sorts by its creation time, version 7.
#[cfg(feature = "uuid")]
pub fn uuid_v7() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}

/// The text of a random UUID, version 4.
#[cfg(feature = "uuid")]
pub fn uuid_v4_text() -> String {
    uuid_v4().to_string()
}

/// The text of a UUID that sorts by its creation time, version 7.
#[cfg(feature = "uuid")]
pub fn uuid_v7_text() -> String {
    uuid_v7().to_string()
}

/// A ULID, which sorts by its creation time.
#[cfg(feature = "ulid")]
pub fn ulid() -> ulid::Ulid {
    ulid::Ulid::new()
}

/// The text of a ULID, which sorts by its creation time.
#[cfg(feature = "ulid")]
pub fn ulid_text() -> String {
    ulid().to_string()
}

/// A JSON value from a schema. Other text, which the generator refuses, becomes null.
#[cfg(feature = "json")]
pub fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_default()
}
