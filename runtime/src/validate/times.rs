//! Constraints that compare a time with the current time or with another time.

use super::checked::Checked;
use std::fmt::Display;
use std::time::SystemTime;

/// A type of times or dates that can be compared with the current time, in UTC.
pub trait Clock: PartialOrd + Display {
    /// The time of an instant, in UTC.
    fn at(instant: SystemTime) -> Self;
}

impl<T: Clock> Checked<'_, T> {
    /// The time is before now.
    pub fn past(self) -> Self {
        let holds = *self.value < T::at(SystemTime::now());
        self.hold(holds, "past", || "in the past".to_owned(), &[])
    }

    /// The time is after now.
    pub fn future(self) -> Self {
        let holds = *self.value > T::at(SystemTime::now());
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
    use std::time::SystemTime;

    impl Clock for DateTime<Utc> {
        fn at(instant: SystemTime) -> Self {
            instant.into()
        }
    }

    impl Clock for NaiveDateTime {
        fn at(instant: SystemTime) -> Self {
            DateTime::<Utc>::at(instant).naive_utc()
        }
    }

    impl Clock for NaiveDate {
        fn at(instant: SystemTime) -> Self {
            DateTime::<Utc>::at(instant).date_naive()
        }
    }
}

#[cfg(feature = "time")]
mod time_crate {
    use super::Clock;
    use ::time::{Date, OffsetDateTime, PrimitiveDateTime};
    use std::time::SystemTime;

    impl Clock for OffsetDateTime {
        fn at(instant: SystemTime) -> Self {
            instant.into()
        }
    }

    impl Clock for PrimitiveDateTime {
        fn at(instant: SystemTime) -> Self {
            let at = OffsetDateTime::at(instant);
            PrimitiveDateTime::new(at.date(), at.time())
        }
    }

    impl Clock for Date {
        fn at(instant: SystemTime) -> Self {
            OffsetDateTime::at(instant).date()
        }
    }
}

#[cfg(feature = "jiff")]
mod jiff {
    use super::Clock;
    use ::jiff::Timestamp;
    use ::jiff::civil::{Date, DateTime};
    use ::jiff::tz::TimeZone;
    use std::time::SystemTime;

    impl Clock for Timestamp {
        /// An instant beyond the year 9999 becomes the beginning of 1970.
        fn at(instant: SystemTime) -> Self {
            instant.try_into().unwrap_or_default()
        }
    }

    impl Clock for DateTime {
        fn at(instant: SystemTime) -> Self {
            TimeZone::UTC.to_datetime(Timestamp::at(instant))
        }
    }

    impl Clock for Date {
        fn at(instant: SystemTime) -> Self {
            DateTime::at(instant).date()
        }
    }
}
