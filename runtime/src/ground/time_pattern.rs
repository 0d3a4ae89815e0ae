//! Patterns of the texts of times, such as `%Y-%m-%d`.

use super::civil::{DAY, Day, Moment};
use super::error::WriteError;
use super::write_error_kind::WriteErrorKind;
use std::fmt::Write;

/// A pattern of the texts of times, with the specifiers `%Y`, `%m`, `%d`, `%H`, `%M`, `%S`, `%3f`, `%6f` and `%9f`. Each
/// has a fixed width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimePattern(pub(crate) &'static str);

/// A piece of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Character(char),
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    /// The first digits of the fraction of a second.
    Fraction(u32),
}

impl TimePattern {
    /// Writes the text of a time; what the pattern does not have is cut.
    pub(crate) fn write(self, moment: Moment, text: &mut String) -> Result<(), WriteError> {
        let day = Day::of_days(moment.seconds.div_euclid(DAY));
        let of_day = moment.seconds.rem_euclid(DAY);
        let year = u32::try_from(day.year).ok().filter(|year| *year <= 9999);
        let year = year.ok_or_else(|| WriteError::new(WriteErrorKind::YearOutOfRange))?;
        for piece in self.pieces() {
            // Writing into a `String` has no errors.
            let _ = match piece {
                Piece::Character(character) => write!(text, "{character}"),
                Piece::Year => write!(text, "{year:04}"),
                Piece::Month => write!(text, "{:02}", day.month),
                Piece::Day => write!(text, "{:02}", day.day),
                Piece::Hour => write!(text, "{:02}", of_day / 3_600),
                Piece::Minute => write!(text, "{:02}", of_day / 60 % 60),
                Piece::Second => write!(text, "{:02}", of_day % 60),
                Piece::Fraction(digits) => {
                    let width = usize::try_from(digits).unwrap_or_default();
                    write!(text, "{:0width$}", moment.nanos / 10_u32.pow(9 - digits.min(9)))
                }
            };
        }
        Ok(())
    }

    /// Reads the text of a time. Components that the pattern does not have are the smallest ones.
    pub(crate) fn read(self, text: &str) -> Option<Moment> {
        let mut rest = text;
        let (mut year, mut month, mut day) = (0, 1, 1);
        let (mut hour, mut minute, mut second, mut nanos) = (0, 0, 0, 0);
        for piece in self.pieces() {
            match piece {
                Piece::Character(character) => rest = rest.strip_prefix(character)?,
                Piece::Year => year = digits(&mut rest, 4)?,
                Piece::Month => month = digits(&mut rest, 2)?,
                Piece::Day => day = digits(&mut rest, 2)?,
                Piece::Hour => hour = digits(&mut rest, 2)?,
                Piece::Minute => minute = digits(&mut rest, 2)?,
                Piece::Second => second = digits(&mut rest, 2)?,
                Piece::Fraction(count) => {
                    nanos = digits(&mut rest, usize::try_from(count).ok()?)? * 10_u32.pow(9 - count.min(9));
                }
            }
        }
        let day = Day::new(i32::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)?;
        let is_time = rest.is_empty() && hour < 24 && minute < 60 && second < 60;
        let seconds = day.days() * DAY + i64::from(hour * 3_600 + minute * 60 + second);
        is_time.then_some(Moment { seconds, nanos })
    }

    fn pieces(self) -> impl Iterator<Item = Piece> {
        let mut characters = self.0.chars();
        std::iter::from_fn(move || {
            let character = characters.next()?;
            if character != '%' {
                return Some(Piece::Character(character));
            }
            Some(match characters.next()? {
                'Y' => Piece::Year,
                'm' => Piece::Month,
                'd' => Piece::Day,
                'H' => Piece::Hour,
                'M' => Piece::Minute,
                'S' => Piece::Second,
                digit @ ('3' | '6' | '9') => {
                    characters.next()?;
                    Piece::Fraction(digit.to_digit(10)?)
                }
                other => Piece::Character(other),
            })
        })
    }
}

/// Takes a number of exactly `count` digits from the beginning of `rest`.
fn digits(rest: &mut &str, count: usize) -> Option<u32> {
    let (digits, after) = rest.split_at_checked(count)?;
    *rest = after;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pattern: &'static str, moment: Moment) -> String {
        let mut text = String::new();
        TimePattern(pattern).write(moment, &mut text).unwrap();
        text
    }

    #[test]
    fn a_text_is_read_as_the_time_that_was_written() {
        let moment = Moment { seconds: 1_706_702_401, nanos: 123_456_789 };
        for (pattern, text, nanos) in [
            ("%Y-%m-%dT%H:%M:%S.%3fZ", "2024-01-31T12:00:01.123Z", 123_000_000),
            ("%Y-%m-%dT%H:%M:%S.%6f", "2024-01-31T12:00:01.123456", 123_456_000),
            ("%Y%m%d%H%M%S%9f", "20240131120001123456789", 123_456_789),
        ] {
            assert_eq!(written(pattern, moment), text);
            assert_eq!(TimePattern(pattern).read(text), Some(Moment { nanos, ..moment }));
        }
        assert_eq!(written("%d.%m.%Y", moment), "31.01.2024");
        assert_eq!(TimePattern("%Y-%m").read("2024-02"), Some(Moment { seconds: 1_706_745_600, nanos: 0 }));
    }

    #[test]
    fn other_texts_are_not_read() {
        for text in ["", "2024-02-30", "2024-2-3", "2024-02-03 ", "2024-13-01", "+024-01-01", "２０２４-01-01"] {
            assert_eq!(TimePattern("%Y-%m-%d").read(text), None, "{text}");
        }
        assert_eq!(TimePattern("%H:%M").read("24:00"), None);
    }

    #[test]
    fn a_year_beyond_the_pattern_is_refused() {
        let mut text = String::new();
        assert!(TimePattern("%Y").write(Moment { seconds: 253_402_300_800, nanos: 0 }, &mut text).is_err());
    }
}
