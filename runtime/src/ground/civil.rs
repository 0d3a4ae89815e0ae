//! The texts of dates and times, for all libraries. Readers accept all common forms. Writers use one form, whose texts
//! sort by time.

use super::error::{ReadError, WriteError};
use super::write_error_kind::WriteErrorKind;

/// The number of seconds in a day.
pub(crate) const DAY: i64 = 86_400;

/// The number of nanoseconds in a second. chrono represents a leap second by more of them.
pub(crate) const SECOND: u32 = 1_000_000_000;

/// A time: seconds since 1970-01-01T00:00:00, and the nanoseconds after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) seconds: i64,
    pub(crate) nanos: u32,
}

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) year: i32,
    pub(crate) month: u8,
    pub(crate) day: u8,
}

impl Day {
    pub(crate) fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let longest = match month {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (1..=longest).contains(&day).then_some(Self { year, month, day })
    }

    /// The number of days since 1970-01-01. The calendar repeats after 400 years, which have 146,097 days. Years are
    /// counted from March, so that the leap day is the last day of a year.
    pub(crate) fn days(self) -> i64 {
        let from_march = (i64::from(self.month) + 9) % 12;
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * from_march + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    pub(crate) fn of_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        let small = |number: i64| u8::try_from(number).unwrap_or_default();
        let day = small(of_year - (153 * from_march + 2) / 5 + 1);
        Self { year: i32::try_from(year).unwrap_or(i32::MAX), month: small(month), day }
    }
}

/// Reads a text from its beginning.
struct Reader<'t>(&'t [u8]);

impl Reader<'_> {
    fn eat(&mut self, wanted: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        wanted.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    /// Reads a number of exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let mut number = 0;
        for digit in digits {
            number = number * 10 + u32::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
        self.0 = rest;
        Some(number)
    }

    fn day(&mut self) -> Option<Day> {
        let year = i32::try_from(self.digits(4)?).ok()?;
        self.eat(b"-")?;
        let month = u8::try_from(self.digits(2)?).ok()?;
        self.eat(b"-")?;
        Day::new(year, month, u8::try_from(self.digits(2)?).ok()?)
    }

    /// Reads `12:30`, `12:30:00` or `12:30:00.5`. Returns seconds since midnight and nanoseconds.
    ///
    /// Truncates to nanoseconds. It refuses second 60, because other writers of such items have no leap seconds either.
    fn time(&mut self) -> Option<(u32, u32)> {
        let hour = self.digits(2)?;
        self.eat(b":")?;
        let minute = self.digits(2)?;
        let (mut second, mut nanos) = (0, 0);
        if self.eat(b":").is_some() {
            second = self.digits(2)?;
            if self.eat(b".,").is_some() {
                nanos = self.fraction()?;
            }
        }
        (hour < 24 && minute < 60 && second < 60).then_some((hour * 3_600 + minute * 60 + second, nanos))
    }

    fn fraction(&mut self) -> Option<u32> {
        let (mut nanos, mut unit, mut found) = (0, 100_000_000, false);
        while let Some(digit) = self.eat(b"0123456789") {
            nanos += u32::from(digit - b'0') * unit;
            unit /= 10;
            found = true;
        }
        found.then_some(nanos)
    }

    /// Reads `Z`, `+02:00`, `+0200` or `+02`. Returns seconds east of UTC.
    fn offset(&mut self) -> Option<i64> {
        if self.eat(b"Zz").is_some() {
            return Some(0);
        }
        let sign = if self.eat(b"+-")? == b'-' { -1 } else { 1 };
        let hours = self.digits(2)?;
        let colon = self.eat(b":").is_some();
        let minutes = if colon || !self.0.is_empty() { self.digits(2)? } else { 0 };
        (hours < 24 && minutes < 60).then(|| sign * i64::from(hours * 3_600 + minutes * 60))
    }

    fn end<T>(&self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }
}

fn moment(reader: &mut Reader<'_>) -> Option<Moment> {
    let day = reader.day()?;
    reader.eat(b"Tt ")?;
    let (seconds, nanos) = reader.time()?;
    Some(Moment { seconds: day.days() * DAY + i64::from(seconds), nanos })
}

/// Reads a time in RFC 3339, with any offset and precision and with `T` or a space. Without an offset, it is UTC.
pub(crate) fn datetime(text: &str) -> Result<Moment, ReadError> {
    let mut reader = Reader(text.as_bytes());
    let found = moment(&mut reader).and_then(|local| {
        let offset = if reader.0.is_empty() { 0 } else { reader.offset()? };
        reader.end(Moment { seconds: local.seconds - offset, ..local })
    });
    found.ok_or_else(|| ReadError::value("a datetime", "the text has another form"))
}

/// Reads a time without an offset: `2024-01-31T12:00:00`.
pub(crate) fn naive_datetime(text: &str) -> Result<Moment, ReadError> {
    let mut reader = Reader(text.as_bytes());
    let found = moment(&mut reader).and_then(|moment| reader.end(moment));
    found.ok_or_else(|| ReadError::value("a datetime without an offset", "the text has another form"))
}

/// Reads a date: `2024-01-31`.
pub(crate) fn date(text: &str) -> Result<Day, ReadError> {
    let mut reader = Reader(text.as_bytes());
    let found = reader.day().and_then(|day| reader.end(day));
    found.ok_or_else(|| ReadError::value("a date", "the text has another form"))
}

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
/// Reads a time of day. Returns seconds since midnight, and nanoseconds.
pub(crate) fn time(text: &str) -> Result<(u32, u32), ReadError> {
    let mut reader = Reader(text.as_bytes());
    let found = reader.time().and_then(|time| reader.end(time));
    found.ok_or_else(|| ReadError::value("a time", "the text has another form"))
}

/// How a writer writes the fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fraction {
    /// Always with six digits, so that the texts sort by time.
    Six,
    /// Always with nine digits.
    Nine,
    /// With six digits, unless all six are 0, as Pydantic does.
    SixUnlessZero,
}

/// A short text that is built without allocation.
struct Text {
    bytes: [u8; 30],
    length: usize,
}

impl Text {
    fn new() -> Self {
        Self { bytes: [0; 30], length: 0 }
    }

    fn push(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.length) {
            *slot = byte;
            self.length += 1;
        }
    }

    fn digits(&mut self, number: u32, mut unit: u32) {
        while unit > 0 {
            self.push(b'0' + u8::try_from(number / unit % 10).unwrap_or_default());
            unit /= 10;
        }
    }

    fn day(&mut self, day: Day) -> Result<(), WriteError> {
        let year = u32::try_from(day.year).ok().filter(|year| *year <= 9999);
        self.digits(year.ok_or_else(|| WriteError::new(WriteErrorKind::YearOutOfRange))?, 1_000);
        self.push(b'-');
        self.digits(day.month.into(), 10);
        self.push(b'-');
        self.digits(day.day.into(), 10);
        Ok(())
    }

    fn time(&mut self, seconds: u32, nanos: u32, fraction: Fraction) -> Result<(), WriteError> {
        if nanos >= SECOND {
            return Err(WriteError::new(WriteErrorKind::LeapSecond));
        }
        self.digits(seconds / 3_600, 10);
        self.push(b':');
        self.digits(seconds / 60 % 60, 10);
        self.push(b':');
        self.digits(seconds % 60, 10);
        match fraction {
            Fraction::SixUnlessZero if nanos < 1_000 => {}
            Fraction::Six | Fraction::SixUnlessZero => {
                self.push(b'.');
                self.digits(nanos / 1_000, 100_000);
            }
            Fraction::Nine => {
                self.push(b'.');
                self.digits(nanos, 100_000_000);
            }
        }
        Ok(())
    }

    fn moment(&mut self, moment: Moment, fraction: Fraction) -> Result<(), WriteError> {
        self.day(Day::of_days(moment.seconds.div_euclid(DAY)))?;
        self.push(b'T');
        self.time(u32::try_from(moment.seconds.rem_euclid(DAY)).unwrap_or_default(), moment.nanos, fraction)
    }

    fn with<T>(&self, write: impl FnOnce(&str) -> T) -> T {
        let written = self.bytes.get(..self.length).unwrap_or_default();
        write(std::str::from_utf8(written).unwrap_or_default())
    }
}

/// Writes `2024-01-31T12:00:00.000000Z`.
pub(crate) fn with_datetime<T>(
    moment: Moment,
    fraction: Fraction,
    write: impl FnOnce(&str) -> T,
) -> Result<T, WriteError> {
    let mut text = Text::new();
    text.moment(moment, fraction)?;
    text.push(b'Z');
    Ok(text.with(write))
}

/// Writes `2024-01-31T12:00:00.000000`.
pub(crate) fn with_naive_datetime<T>(
    moment: Moment,
    fraction: Fraction,
    write: impl FnOnce(&str) -> T,
) -> Result<T, WriteError> {
    let mut text = Text::new();
    text.moment(moment, fraction)?;
    Ok(text.with(write))
}

/// Writes `2024-01-31`.
pub(crate) fn with_date<T>(day: Day, write: impl FnOnce(&str) -> T) -> Result<T, WriteError> {
    let mut text = Text::new();
    text.day(day)?;
    Ok(text.with(write))
}

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
/// Writes `12:30:00.000000`.
pub(crate) fn with_time<T>(
    (seconds, nanos): (u32, u32),
    fraction: Fraction,
    write: impl FnOnce(&str) -> T,
) -> Result<T, WriteError> {
    let mut text = Text::new();
    text.time(seconds, nanos, fraction)?;
    Ok(text.with(write))
}

#[cfg(all(test, any(feature = "chrono", feature = "time", feature = "jiff")))]
mod tests {
    use super::*;

    #[test]
    fn days_convert_into_dates_and_back() {
        assert_eq!(Day { year: 1970, month: 1, day: 1 }.days(), 0);
        assert_eq!(Day { year: 2000, month: 2, day: 29 }.days(), 11_016);
        assert_eq!(Day { year: 0, month: 1, day: 1 }.days(), -719_528);
        for days in (-719_528..=2_932_896).step_by(13) {
            assert_eq!(Day::of_days(days).days(), days);
        }
        assert_eq!(Day::of_days(2_932_896), Day { year: 9999, month: 12, day: 31 });
    }

    #[test]
    fn every_common_form_of_a_datetime_is_read() {
        let noon = Moment { seconds: 1_706_702_400, nanos: 0 };
        for text in [
            "2024-01-31T12:00:00Z",
            "2024-01-31T12:00:00.000000Z",
            "2024-01-31t12:00:00z",
            "2024-01-31 12:00",
            "2024-01-31T14:00:00+02:00",
            "2024-01-31 14:00:00+0200",
            "2024-01-31T14:00:00+02",
            "2024-01-31T06:30:00-05:30",
        ] {
            assert_eq!(datetime(text), Ok(noon), "{text}");
        }
        assert_eq!(datetime("2024-01-31T12:00:00.1234567891Z").unwrap().nanos, 123_456_789);
        for text in [
            "",
            "2024-01-31",
            "2024-02-30T12:00:00Z",
            "2023-02-29T12:00:00Z",
            "2024-13-01T12:00:00Z",
            "2024-01-31T24:00:00Z",
            "2024-01-31T12:00:60Z",
            "2024-01-31T12:00:00.Z",
            "2024-01-31T12:00:00ZZ",
            "2024-01-31T12:00:00+2",
            "24-01-31T12:00:00Z",
            "२०२४-01-31T12:00:00Z",
        ] {
            assert!(datetime(text).is_err(), "{text}");
        }
        assert!(naive_datetime("2024-01-31T12:00:00Z").is_err());
        assert_eq!(time("12:30"), Ok((45_000, 0)));
        assert!(time("12").is_err());
        assert!(date("2024-1-31").is_err());
    }

    #[test]
    fn texts_have_one_length_and_sort_by_time() {
        let text = |seconds, nanos| with_datetime(Moment { seconds, nanos }, Fraction::Six, str::to_owned);
        assert_eq!(text(1_706_702_400, 5_999).unwrap(), "2024-01-31T12:00:00.000005Z");
        assert_eq!(text(-1, 0).unwrap(), "1969-12-31T23:59:59.000000Z");
        assert_eq!(text(253_402_300_799, 999_999_999).unwrap(), "9999-12-31T23:59:59.999999Z");
        assert_eq!(text(253_402_300_800, 0).unwrap_err().kind(), &WriteErrorKind::YearOutOfRange);
        assert!(text(-62_167_219_201, 0).is_err());
        assert_eq!(with_time((45_296, 7_000), Fraction::Six, str::to_owned).unwrap(), "12:34:56.000007");
        let moment = Moment { seconds: 1_706_702_400, nanos: 5_999 };
        assert_eq!(with_datetime(moment, Fraction::Nine, str::to_owned).unwrap(), "2024-01-31T12:00:00.000005999Z");
        assert_eq!(with_date(Day { year: 476, month: 9, day: 4 }, str::to_owned).unwrap(), "0476-09-04");
    }
}
