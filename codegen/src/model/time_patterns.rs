//! Patterns of the texts of times.

use super::{Precision, TimeKind};

/// A pattern such as `%Y-%m-%d`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TimePattern {
    pub(crate) text: String,
    /// The specifiers, from the left.
    pub(crate) specifiers: Vec<Specifier>,
    /// The text of 2026-01-31T12:30:00.25.
    pub(crate) sample: String,
}

/// A specifier of a pattern; the largest component is the first here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Specifier {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    /// So many digits of the fraction of a second.
    Fraction(usize),
}

impl TimePattern {
    /// The number of characters of each text.
    pub(crate) fn width(&self) -> usize {
        self.sample.chars().count()
    }

    /// Whether its texts sort by time: no component is before a larger one, or without it.
    pub(crate) fn sorts(&self) -> bool {
        use Specifier::{Day, Hour, Minute, Month, Second, Year};
        const ORDER: [Specifier; 6] = [Year, Month, Day, Hour, Minute, Second];
        let (whole, fraction) = self.specifiers.split_at(self.specifiers.len().min(ORDER.len()));
        ORDER.starts_with(whole) && matches!(fraction, [] | [Specifier::Fraction(_)])
    }

    /// The precision of its texts, if they have all components down to a second; `None` if they have nanoseconds.
    pub(crate) fn precision(&self) -> Option<Precision> {
        [(9, None), (6, Some(Precision::Micros)), (3, Some(Precision::Millis))]
            .into_iter()
            .find(|(digits, _)| self.has_all(false, *digits))
            .map_or(Some(Precision::Seconds), |(_, precision)| precision)
    }

    /// Its text with `0` for each digit.
    pub(crate) fn shape(&self) -> String {
        self.sample.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
    }

    /// Whether its texts look like the texts that a time has without a pattern.
    pub(crate) fn is_shaped_as_iso(&self) -> bool {
        let shape = self.shape();
        let (whole, rest) = shape.split_at_checked("0000-00-00".len()).unwrap_or((&shape, ""));
        let Some(rest) = rest.strip_prefix(['T', ' ']).and_then(|rest| rest.strip_prefix("00:00:00")) else {
            return whole == "0000-00-00" && rest.is_empty();
        };
        let rest = rest.strip_prefix('.').map_or(rest, |digits| digits.trim_start_matches('0'));
        whole == "0000-00-00" && matches!(rest, "" | "Z" | "+00:00" | "+0000")
    }

    /// Whether a time of this kind without a pattern reads its texts.
    pub(crate) fn is_iso(&self, kind: TimeKind) -> bool {
        let has_offset = ["Z", "+00:00", "+0000"].iter().any(|offset| self.text.ends_with(offset));
        self.sorts() && self.is_shaped_as_iso() && (kind == TimeKind::DateTime || !has_offset)
    }

    /// Whether it has all components of a date, or of a date and time down to a second.
    pub(crate) fn is_whole(&self, is_date: bool) -> bool {
        self.has_all(is_date, 0)
    }

    /// Whether it has all components down to the digits of a fraction of a second.
    pub(super) fn has_all(&self, is_date: bool, digits: usize) -> bool {
        use Specifier::{Day, Hour, Minute, Month, Second, Year};
        let has = |wanted: &[Specifier]| wanted.iter().all(|specifier| self.specifiers.contains(specifier));
        let fraction = || {
            let of = |specifier: &Specifier| match specifier {
                Specifier::Fraction(digits) => Some(*digits),
                _ => None,
            };
            self.specifiers.iter().find_map(of).unwrap_or(0)
        };
        has(&[Year, Month, Day]) && (is_date || has(&[Hour, Minute, Second]) && fraction() >= digits)
    }
}
