//! Constraints that compare a time with the current time or with another time.

use super::checked::Checked;
use std::fmt::Display;

/// A type of times or dates that can be compared with the current time, in UTC.
pub trait Clock: PartialOrd + Display {
    /// The current time, in UTC.
    fn now() -> Self;
}

impl<T: Clock> Checked<'_, T> {
    /// The time is before now.
    pub fn past(self) -> Self {
        let holds = *self.value < T::now();
        self.hold(holds, "past", || "in the past".to_owned(), &[])
    }

    /// The time is after now.
    pub fn future(self) -> Self {
        let holds = *self.value > T::now();
        self.hold(holds, "future", || "in the future".to_owned(), &[])
    }
}

impl super::Violations {
    /// Checks that the value of one attribute is after the value of another, if both attributes have a value.
    pub fn after<T: PartialOrd>(
        &mut self,
        attribute: &'static str,
        value: Option<&T>,
        other: (&'static str, Option<&T>),
    ) {
        self.compare(attribute, other.0, "after", value.zip(other.1).is_none_or(|(value, other)| value > other));
    }

    /// Checks that the value of one attribute is before the value of another, if both attributes have a value.
    pub fn before<T: PartialOrd>(
        &mut self,
        attribute: &'static str,
        value: Option<&T>,
        other: (&'static str, Option<&T>),
    ) {
        self.compare(attribute, other.0, "before", value.zip(other.1).is_none_or(|(value, other)| value < other));
    }

    fn compare(&mut self, attribute: &'static str, other: &'static str, code: &'static str, holds: bool) {
        if !holds {
            self.within_attribute(attribute, |violations| violations.add_compared(code, other));
        }
    }
}

#[cfg(feature = "chrono")]
mod chrono {
    use super::Clock;
    use ::chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

    impl Clock for DateTime<Utc> {
        fn now() -> Self {
            Utc::now()
        }
    }

    impl Clock for NaiveDateTime {
        fn now() -> Self {
            Utc::now().naive_utc()
        }
    }

    impl Clock for NaiveDate {
        fn now() -> Self {
            Utc::now().date_naive()
        }
    }
}

#[cfg(feature = "time")]
mod time_crate {
    use super::Clock;
    use ::time::{Date, OffsetDateTime, PrimitiveDateTime};

    impl Clock for OffsetDateTime {
        fn now() -> Self {
            OffsetDateTime::now_utc()
        }
    }

    impl Clock for PrimitiveDateTime {
        fn now() -> Self {
            let now = OffsetDateTime::now_utc();
            PrimitiveDateTime::new(now.date(), now.time())
        }
    }

    impl Clock for Date {
        fn now() -> Self {
            OffsetDateTime::now_utc().date()
        }
    }
}

#[cfg(feature = "jiff")]
mod jiff {
    use super::Clock;
    use ::jiff::Timestamp;
    use ::jiff::civil::{Date, DateTime};
    use ::jiff::tz::TimeZone;

    impl Clock for Timestamp {
        fn now() -> Self {
            Timestamp::now()
        }
    }

    impl Clock for DateTime {
        fn now() -> Self {
            TimeZone::UTC.to_datetime(Timestamp::now())
        }
    }

    impl Clock for Date {
        fn now() -> Self {
            <DateTime as Clock>::now().date()
        }
    }
}
