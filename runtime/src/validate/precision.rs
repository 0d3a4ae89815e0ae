//! The precision of times.

use super::Checked;

/// A time with a fraction of a second.
pub trait Precise {
    /// The nanoseconds after the last whole second.
    fn fraction(&self) -> u32;

    /// Cuts the fraction to a multiple of a unit, which is given in nanoseconds.
    fn cut(&mut self, unit: u32);
}

impl<T: Precise> Checked<'_, T> {
    /// The time is in whole microseconds, which its stored form keeps.
    pub fn micros(self) -> Self {
        self.whole(1_000, "microseconds", "micros")
    }

    /// The time is in whole milliseconds, which its stored form keeps.
    pub fn millis(self) -> Self {
        self.whole(1_000_000, "milliseconds", "millis")
    }

    /// The time is in whole seconds, which its stored form keeps.
    pub fn seconds(self) -> Self {
        self.whole(1_000_000_000, "seconds", "seconds")
    }

    fn whole(self, unit: u32, units: &'static str, precision: &'static str) -> Self {
        let holds = self.value.fraction().is_multiple_of(unit);
        let message = || format!("whole {units}, since its stored form has no more: cut it, or see `precision`");
        self.hold(holds, "precision", message, &[("precision", &precision)])
    }
}

/// Checks that a time is in whole microseconds.
pub fn micros<T: Precise>(of: Checked<'_, T>) {
    of.micros().done();
}

#[cfg(feature = "chrono")]
mod chrono {
    use super::Precise;
    use ::chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

    macro_rules! precise {
        ($($time:ty)*) => {$(
            impl Precise for $time {
                fn fraction(&self) -> u32 {
                    self.nanosecond()
                }

                fn cut(&mut self, unit: u32) {
                    *self -= TimeDelta::nanoseconds((self.nanosecond() % unit).into());
                }
            }
        )*};
    }

    precise!(DateTime<Utc> NaiveDateTime NaiveTime);
}

#[cfg(feature = "time")]
mod time_crate {
    use super::Precise;
    use ::time::{OffsetDateTime, PrimitiveDateTime, Time};

    macro_rules! precise {
        ($($time:ty)*) => {$(
            impl Precise for $time {
                fn fraction(&self) -> u32 {
                    self.nanosecond()
                }

                fn cut(&mut self, unit: u32) {
                    let nanos = self.nanosecond();
                    *self = self.replace_nanosecond(nanos - nanos % unit).unwrap_or(*self);
                }
            }
        )*};
    }

    precise!(OffsetDateTime PrimitiveDateTime Time);
}

#[cfg(feature = "jiff")]
mod jiff {
    use super::Precise;
    use ::jiff::Timestamp;
    use ::jiff::civil::{DateTime, Time};

    impl Precise for Timestamp {
        fn fraction(&self) -> u32 {
            u32::try_from(self.as_nanosecond().rem_euclid(1_000_000_000)).unwrap_or_default()
        }

        fn cut(&mut self, unit: u32) {
            let nanos = self.as_nanosecond();
            *self = Self::from_nanosecond(nanos - nanos.rem_euclid(unit.into())).unwrap_or(*self);
        }
    }

    impl Precise for Time {
        fn fraction(&self) -> u32 {
            u32::try_from(self.subsec_nanosecond()).unwrap_or_default()
        }

        fn cut(&mut self, unit: u32) {
            let nanos = self.fraction();
            let nanos = i32::try_from(nanos - nanos % unit).unwrap_or_default();
            *self = Self::new(self.hour(), self.minute(), self.second(), nanos).unwrap_or(*self);
        }
    }

    impl Precise for DateTime {
        fn fraction(&self) -> u32 {
            self.time().fraction()
        }

        fn cut(&mut self, unit: u32) {
            let mut time = self.time();
            time.cut(unit);
            *self = Self::from_parts(self.date(), time);
        }
    }
}

#[cfg(all(test, feature = "chrono", feature = "time", feature = "jiff"))]
mod tests {
    use super::Precise;
    use crate::validate::transform::{Transforms, micros, millis, seconds};

    /// Cuts times of all libraries, before and after 1970, to microseconds, milliseconds and seconds.
    #[test]
    fn times_are_cut_towards_the_past() {
        fn cut<T: Precise + Copy>(of: T) -> [u32; 4] {
            let cut = |transforms: Transforms<T>| {
                let mut time = of;
                transforms(&mut time);
                time.fraction()
            };
            [of.fraction(), cut(micros), cut(millis), cut(seconds)]
        }
        let expected = [123_456_789, 123_456_000, 123_000_000, 0];
        for seconds in [-1, 1_706_702_400] {
            let chrono = ::chrono::DateTime::from_timestamp(seconds, 123_456_789).unwrap();
            assert_eq!([cut(chrono), cut(chrono.naive_utc()), cut(chrono.time())], [expected; 3]);
            let nanos = i128::from(seconds) * 1_000_000_000 + 123_456_789;
            let time = ::time::OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap();
            let plain = ::time::PrimitiveDateTime::new(time.date(), time.time());
            assert_eq!([cut(time), cut(plain), cut(time.time())], [expected; 3]);
            let jiff = ::jiff::Timestamp::from_nanosecond(nanos).unwrap();
            let civil = ::jiff::tz::TimeZone::UTC.to_datetime(jiff);
            assert_eq!([cut(jiff), cut(civil), cut(civil.time())], [expected; 3]);
            let mut whole = chrono;
            crate::validate::transform::seconds(&mut whole);
            assert_eq!(whole.timestamp(), seconds);
        }
    }
}
