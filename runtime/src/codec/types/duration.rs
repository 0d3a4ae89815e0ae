//! The text of a duration: ISO 8601, in Pydantic's form of a `timedelta`.

use super::number::Number;
use crate::ground::ReadError;

/// Nanoseconds, in a type that is wide enough for the durations of all libraries.
pub(in crate::codec) type Nanos = i128;

const SECOND: Nanos = 1_000_000_000;
const DAY: Nanos = 86_400 * SECOND;

/// Writes `P1Y3DT12H30M5.5S`, with years of 365 days and up to nine digits of fraction.
pub(in crate::codec) fn write(nanos: Nanos) -> String {
    let size = nanos.unsigned_abs();
    let (seconds, fraction) = (size / 1_000_000_000, size % 1_000_000_000);
    let (days, seconds) = (seconds / 86_400, seconds % 86_400);
    let mut text = String::from(if nanos < 0 { "-P" } else { "P" });
    for (number, unit) in [(days / 365, 'Y'), (days % 365, 'D')] {
        if number > 0 {
            text.push_str(&format!("{number}{unit}"));
        }
    }
    if seconds == 0 && fraction == 0 {
        return if days == 0 { "PT0S".to_owned() } else { text };
    }
    let mut time = String::from("T");
    for (number, unit) in [(seconds / 3_600, 'H'), (seconds / 60 % 60, 'M')] {
        if number > 0 {
            time.push_str(&format!("{number}{unit}"));
        }
    }
    match fraction {
        0 if seconds % 60 == 0 => {}
        0 => time.push_str(&format!("{}S", seconds % 60)),
        _ => {
            let fraction = format!("{fraction:09}");
            time.push_str(&format!("{}.{}S", seconds % 60, fraction.trim_end_matches('0')));
        }
    }
    text + &time
}

/// Reads ISO 8601, or a number of seconds. A year has 365 days and a month 30, as in Pydantic.
pub(in crate::codec) fn read(text: &str) -> Result<Nanos, ReadError> {
    parse(text).or_else(|| seconds(text)).ok_or_else(|| ReadError::value("a duration", "the text has another form"))
}

/// Reads a number of seconds, with or without a fraction.
pub(in crate::codec) fn seconds(text: &str) -> Option<Nanos> {
    Number::parse(text)?.scaled(9)
}

fn parse(text: &str) -> Option<Nanos> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (days, time) = match text.strip_prefix('P')?.split_once('T') {
        Some((days, time)) if !time.is_empty() => (days, time),
        Some(_) => return None,
        None => (text.strip_prefix('P')?, ""),
    };
    if days.is_empty() && time.is_empty() {
        return None;
    }
    let of_days = parts(days, &[('Y', 365 * DAY), ('M', 30 * DAY), ('W', 7 * DAY), ('D', DAY)])?;
    let of_time = parts(time, &[('H', 3_600 * SECOND), ('M', 60 * SECOND), ('S', SECOND)])?;
    let total = of_days.checked_add(of_time)?;
    Some(if negative { -total } else { total })
}

/// Reads numbers with these units, in the order of the units. Returns their sum.
fn parts(mut text: &str, units: &[(char, Nanos)]) -> Option<Nanos> {
    let mut total: Nanos = 0;
    for (unit, nanos) in units {
        let Some((number, rest)) = text.split_once(*unit) else { continue };
        let is_number = number.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
        let scaled = Number::parse(&number.replace(',', ".")).filter(|_| is_number)?.scaled(9)?;
        total = total.checked_add(scaled.checked_mul(*nanos)? / SECOND)?;
        text = rest;
    }
    text.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_pydantics() {
        for (nanos, text) in [
            (0, "PT0S"),
            (45_005 * SECOND, "PT12H30M5S"),
            (3 * DAY + 45_005 * SECOND, "P3DT12H30M5S"),
            (DAY, "P1D"),
            (3_600 * SECOND, "PT1H"),
            (400 * DAY + 1_000, "P1Y35DT0.000001S"),
            (SECOND * 3 / 2, "PT1.5S"),
            (1_000, "PT0.000001S"),
            (-DAY - SECOND, "-P1DT1S"),
            (SECOND + 1, "PT1.000000001S"),
            (-999, "-PT0.000000999S"),
        ] {
            assert_eq!(write(nanos), text);
            assert_eq!(read(text), Ok(nanos), "{text}");
        }
    }

    #[test]
    fn other_forms_are_read() {
        for (text, nanos) in [
            ("P3DT45005S", 3 * DAY + 45_005 * SECOND),
            ("P0,5D", DAY / 2),
            ("P2W", 14 * DAY),
            ("PT0.5H", 1_800 * SECOND),
            ("+PT1M", 60 * SECOND),
            ("P1M", 30 * DAY),
            ("90", 90 * SECOND),
            ("-0.25", -SECOND / 4),
        ] {
            assert_eq!(read(text), Ok(nanos), "{text}");
        }
        for text in ["", "P", "PT", "P1", "P1H", "PT1D", "PT1S1M", "P-1D", "one", "P1e9999D"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
