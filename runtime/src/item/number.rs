//! Numbers as DynamoDB has them: decimal text of at most 38 significant digits ("Supported data types and
//! naming rules in Amazon DynamoDB", Number).

use super::{ReadError, WriteError, WriteErrorKind};

/// A decimal number: `digits` × 10^`exponent`. No digit is lost, whatever the text's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    negative: bool,
    /// Significant digits, without zeros at either end; empty for zero.
    digits: String,
    exponent: i64,
}

impl Number {
    /// Reads a number in plain or exponent form: `3`, `-0.5`, `1E+30`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let all = format!("{whole}{fraction}");
        let trimmed = all.trim_end_matches('0');
        let exponent = exponent
            .checked_sub(i64::try_from(fraction.len()).ok()?)?
            .checked_add(i64::try_from(all.len() - trimmed.len()).ok()?)?;
        let digits = trimmed.trim_start_matches('0').to_owned();
        Some(match digits.is_empty() {
            true => Self { negative: false, digits, exponent: 0 },
            false => Self { negative, digits, exponent },
        })
    }

    /// Checks the digits and the magnitude that DynamoDB takes.
    pub(crate) fn check(&self) -> Result<(), WriteError> {
        if self.digits.len() > 38 {
            return Err(WriteError::new(WriteErrorKind::TooManyDigits));
        }
        // The exponent of the first digit, as in 9.99E+125.
        let length = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        let magnitude = self.exponent.saturating_add(length).saturating_sub(1);
        if !self.digits.is_empty() && !(-130..=125).contains(&magnitude) {
            return Err(WriteError::new(WriteErrorKind::OutOfRange));
        }
        Ok(())
    }

    /// Digits and scale, the number being digits / 10^scale; `None` if the digits are more than an `i128` holds.
    #[cfg(feature = "decimal")]
    pub(crate) fn to_parts(&self) -> Option<(i128, u32)> {
        match self.exponent {
            0.. => Some((self.scaled(0)?, 0)),
            _ => Some((self.scaled(-self.exponent)?, u32::try_from(-self.exponent).ok()?)),
        }
    }

    /// The number times 10^`places`, as a whole number; what is finer is cut off downwards. `None` where it is out
    /// of range.
    #[cfg(any(test, feature = "decimal", feature = "chrono", feature = "time", feature = "jiff"))]
    pub(crate) fn scaled(&self, places: i64) -> Option<i128> {
        if self.digits.is_empty() {
            return Some(0);
        }
        let digits: i128 = self.digits.parse().ok()?;
        let digits = if self.negative { -digits } else { digits };
        let shift = self.exponent.checked_add(places)?;
        let power = |shift: i64| u32::try_from(shift).ok().and_then(|shift| 10_i128.checked_pow(shift));
        match shift {
            0.. => digits.checked_mul(power(shift)?),
            // Smaller than every digit there is.
            _ => Some(power(-shift).map_or(if self.negative { -1 } else { 0 }, |power| digits.div_euclid(power))),
        }
    }

    /// The digits of a whole number, in plain form with its sign; `None` if it has a fraction or more than
    /// 40 digits.
    pub(crate) fn to_integer_text(&self) -> Option<String> {
        let zeros = usize::try_from(self.exponent).ok().filter(|zeros| *zeros <= 40)?;
        let sign = if self.negative { "-" } else { "" };
        match self.digits.is_empty() {
            true => Some("0".to_owned()),
            false => Some(format!("{sign}{}{}", self.digits, "0".repeat(zeros))),
        }
    }
}

/// One text for equal numbers, whatever their form.
pub(crate) fn normal_number(text: &str) -> String {
    match Number::parse(text) {
        Some(number) => format!("{}{}e{}", if number.negative { "-" } else { "" }, number.digits, number.exponent),
        None => text.to_owned(),
    }
}

/// Reads an integer's text exactly: `3`, and also `3.0` and `3E0`, which other writers store.
pub(crate) fn integer<T: std::str::FromStr>(text: &str, expected: &'static str) -> Result<T, ReadError> {
    if let Ok(value) = text.parse() {
        return Ok(value);
    }
    let number = Number::parse(text).ok_or_else(|| ReadError::value(expected, "it is not a number"))?;
    let digits = number
        .to_integer_text()
        .ok_or_else(|| ReadError::value(expected, "the number is not a whole one, or out of range"))?;
    digits.parse().map_err(|_| ReadError::value(expected, "the number is out of range"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_are_equal_whatever_their_form() {
        for text in ["120", "+120", "120.0", "1.2e2", "1.2E+2", "0.12e3", "1200E-1", "00120.00"] {
            assert_eq!(Number::parse(text), Number::parse("120"), "{text}");
        }
        assert_eq!(Number::parse("-0.0"), Number::parse("0"));
        for text in ["", "-", ".", "e1", "1e", "1e1.5", "0x1", "1_000", "NaN", "inf", "1 ", "--1"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn dynamodbs_limits_hold_to_the_digit() {
        let check = |text: &str| Number::parse(text).unwrap().check().map_err(|error| error.kind().clone());
        assert_eq!(check(&"9".repeat(38)), Ok(()));
        assert_eq!(check(&"9".repeat(39)), Err(WriteErrorKind::TooManyDigits));
        assert_eq!(check("9.9999999999999999999999999999999999999E+125"), Ok(()));
        assert_eq!(check("1E126"), Err(WriteErrorKind::OutOfRange));
        assert_eq!(check("1E-130"), Ok(()));
        assert_eq!(check("9.9E-131"), Err(WriteErrorKind::OutOfRange));
        assert_eq!(check("0"), Ok(()));
        assert_eq!(check("0E999999"), Ok(()));
    }

    #[test]
    fn scaled_numbers_are_cut_downwards() {
        let scaled = |text: &str, places| Number::parse(text).unwrap().scaled(places);
        assert_eq!(scaled("1.5", 3), Some(1_500));
        assert_eq!(scaled("1.9999", 0), Some(1));
        assert_eq!(scaled("-1.5", 0), Some(-2));
        assert_eq!(scaled("1e-200", 0), Some(0));
        assert_eq!(scaled("-1e-200", 0), Some(-1));
        assert_eq!(scaled("12e3", 2), Some(1_200_000));
        assert_eq!(scaled("1e60", 0), None);
    }

    #[test]
    fn integers_are_read_exactly() {
        assert_eq!(integer::<u64>("18446744073709551615", "u64"), Ok(u64::MAX));
        assert_eq!(integer::<i64>("-9.223372036854775808E18", "i64"), Ok(i64::MIN));
        assert_eq!(integer::<u8>("255.000", "u8"), Ok(255));
        for text in ["256", "-1", "1.5", "1e400", "1e999999999999", "x"] {
            assert!(integer::<u8>(text, "u8").is_err(), "{text}");
        }
    }
}
