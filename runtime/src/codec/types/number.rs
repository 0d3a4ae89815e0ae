//! DynamoDB's numbers: decimal text of at most 38 significant digits ("Supported data types and naming rules in Amazon
//! DynamoDB", Number).

use crate::ground::{ReadError, WriteError, WriteErrorKind};
use std::borrow::Cow;
use std::cmp::Ordering;

/// The maximum number of significant digits.
const MAX_DIGITS: usize = 38;
/// More than the decimal places between DynamoDB's largest and smallest number.
const MAX_PLACES: usize = 512;

/// A decimal number, `digits` × 10^`exponent`. It keeps all digits of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    negative: bool,
    /// The significant digits, without zeros at both ends; empty for zero.
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
        let all = if fraction.is_empty() { Cow::Borrowed(whole) } else { format!("{whole}{fraction}").into() };
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

    /// Checks the number against DynamoDB's limits of digits and magnitude.
    pub(crate) fn check(&self) -> Result<(), WriteError> {
        if self.digits.len() > MAX_DIGITS {
            return Err(WriteError::new(WriteErrorKind::TooManyDigits));
        }
        // The exponent of the first digit, 125 for 9.99E+125.
        let length = i64::try_from(self.digits.len()).unwrap_or(i64::MAX);
        let magnitude = self.exponent.saturating_add(length).saturating_sub(1);
        if !self.digits.is_empty() && !(-130..=125).contains(&magnitude) {
            return Err(WriteError::new(WriteErrorKind::OutOfRange));
        }
        Ok(())
    }

    /// The digits and the scale: the number is digits / 10^scale. `None` if an `i128` cannot hold the digits.
    #[cfg(feature = "decimal")]
    pub(crate) fn to_parts(&self) -> Option<(i128, u32)> {
        match self.exponent {
            0.. => Some((self.scaled(0)?, 0)),
            _ => Some((self.scaled(-self.exponent)?, u32::try_from(-self.exponent).ok()?)),
        }
    }

    /// The number times 10^`places`, rounded down to a whole number; `None` if it is out of range.
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
            // Without a power, the number is smaller than one in magnitude.
            _ => Some(power(-shift).map_or(if self.negative { -1 } else { 0 }, |power| digits.div_euclid(power))),
        }
    }

    /// The plain text of a whole number, with its sign; `None` if it has a fraction or more than 40 zeros at its end.
    pub(crate) fn to_integer_text(&self) -> Option<String> {
        let zeros = usize::try_from(self.exponent).ok().filter(|zeros| *zeros <= 40)?;
        let sign = if self.negative { "-" } else { "" };
        match self.digits.is_empty() {
            true => Some("0".to_owned()),
            false => Some(format!("{sign}{}{}", self.digits, "0".repeat(zeros))),
        }
    }
}

/// Calculations as in DynamoDB.
impl Number {
    /// The exact sum; `None` if the exponents are too far apart for DynamoDB's numbers.
    pub(crate) fn plus(&self, other: &Self) -> Option<Self> {
        let exponent = self.exponent.min(other.exponent);
        let small = |number: &Self| number.scaled(exponent.checked_neg()?);
        if let Some(sum) = small(self).zip(small(other)).and_then(|(one, other)| one.checked_add(other)) {
            return Self::of_integer(sum, exponent);
        }
        let (mut one, mut two) = (self.places_from(exponent)?, other.places_from(exponent)?);
        let places = one.len().max(two.len());
        one.resize(places, 0);
        two.resize(places, 0);
        let (negative, places) = match (self.negative == other.negative, one.iter().rev().cmp(two.iter().rev())) {
            (true, _) => (self.negative, added(&one, &two)),
            (false, Ordering::Less) => (other.negative, subtracted(&two, &one)),
            (false, _) => (self.negative, subtracted(&one, &two)),
        };
        let digits: String = places.iter().rev().map(|digit| char::from(b'0' + digit)).collect();
        Self::parse(&format!("{}{digits}e{exponent}", if negative { "-" } else { "" }))
    }

    /// `integer` × 10^`exponent`.
    fn of_integer(integer: i128, exponent: i64) -> Option<Self> {
        if integer == 0 {
            return Some(Self { negative: false, digits: String::new(), exponent: 0 });
        }
        let mut digits = integer.unsigned_abs().to_string();
        let length = digits.trim_end_matches('0').len();
        let exponent = exponent.checked_add(i64::try_from(digits.len() - length).ok()?)?;
        digits.truncate(length);
        Some(Self { negative: integer < 0, digits, exponent })
    }

    /// The exact difference; see [`plus`](Self::plus).
    pub(crate) fn minus(&self, other: &Self) -> Option<Self> {
        self.plus(&other.negated())
    }

    pub(crate) fn negated(&self) -> Self {
        Self { negative: !self.negative && !self.digits.is_empty(), ..self.clone() }
    }

    pub(crate) fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether the number has more digits than DynamoDB's maximum.
    pub(crate) fn is_too_long(&self) -> bool {
        self.digits.len() > MAX_DIGITS
    }

    /// Rounds to 38 significant digits, upwards or downwards.
    pub(crate) fn rounded(&self, upwards: bool) -> Option<Self> {
        if !self.is_too_long() {
            return Some(self.clone());
        }
        let cut = i64::try_from(self.digits.len() - MAX_DIGITS).ok()?;
        let exponent = self.exponent.checked_add(cut)?;
        let sign = if self.negative { "-" } else { "" };
        let digits: String = self.digits.chars().take(MAX_DIGITS).collect();
        let towards_zero = Self::parse(&format!("{sign}{digits}e{exponent}"))?;
        match upwards == self.negative {
            true => Some(towards_zero),
            false => towards_zero.plus(&Self::parse(&format!("{sign}1e{exponent}"))?),
        }
    }

    /// The digits from the last place, 10^`exponent`, to the first.
    fn places_from(&self, exponent: i64) -> Option<Vec<u8>> {
        let zeros = usize::try_from(self.exponent.checked_sub(exponent)?).ok().filter(|zeros| *zeros <= MAX_PLACES)?;
        let digits = self.digits.bytes().rev().map(|digit| digit.wrapping_sub(b'0'));
        Some(std::iter::repeat_n(0, zeros).chain(digits).collect())
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let difference = self.minus(other)?;
        Some(match (difference.negative, difference.digits.is_empty()) {
            (_, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, false) => Ordering::Greater,
        })
    }
}

/// Shows a whole number in plain form, and other numbers with an exponent.
impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.to_integer_text() {
            Some(text) => f.write_str(&text),
            None => write!(f, "{}{}e{}", if self.negative { "-" } else { "" }, self.digits, self.exponent),
        }
    }
}

/// The digits of the sum of two numbers. All digits are in reverse order.
fn added(one: &[u8], other: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let sums = one.iter().zip(other).map(|(one, other)| {
        let sum = one + other + carry;
        carry = sum / 10;
        sum % 10
    });
    let mut sums: Vec<u8> = sums.collect();
    sums.push(carry);
    sums
}

/// The digits of the difference of two numbers, of which the second is not larger. All digits are in reverse order.
fn subtracted(one: &[u8], other: &[u8]) -> Vec<u8> {
    let mut borrowed = 0;
    let differences = one.iter().zip(other).map(|(one, other)| {
        let taken = other + borrowed;
        borrowed = u8::from(*one < taken);
        (one + 10 * borrowed).saturating_sub(taken)
    });
    differences.collect()
}

/// A text that is the same for equal numbers in all their forms.
pub(crate) fn normal_number(text: &str) -> String {
    if matches!(text.as_bytes(), [b'1'..=b'9', rest @ ..] if rest.iter().all(u8::is_ascii_digit)) {
        let digits = text.trim_end_matches('0');
        return format!("{digits}e{}", text.len() - digits.len());
    }
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
        .ok_or_else(|| ReadError::value(expected, "the number has a fraction or is out of range"))?;
    digits.parse().map_err(|_| ReadError::value(expected, "the number is out of range"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_are_equal_in_all_forms() {
        for text in ["120", "+120", "120.0", "1.2e2", "1.2E+2", "0.12e3", "1200E-1", "00120.00"] {
            assert_eq!(Number::parse(text), Number::parse("120"), "{text}");
            assert_eq!(normal_number(text), normal_number("120"), "{text}");
        }
        assert_eq!(Number::parse("-0.0"), Number::parse("0"));
        for text in ["", "-", ".", "e1", "1e", "1e1.5", "0x1", "1_000", "NaN", "inf", "1 ", "--1"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn dynamodbs_limits_are_exact() {
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
    fn scaled_numbers_are_rounded_down() {
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
    fn sums_lose_no_digit() {
        let number = |text: &str| Number::parse(text).unwrap();
        for (one, other, sum) in [
            ("1", "2", "3"),
            ("99", "1", "100"),
            ("0", "0", "0"),
            ("0.1", "0.2", "0.3"),
            ("-5", "5", "0"),
            ("5", "-7", "-2"),
            ("-5", "7", "2"),
            ("-5", "-7", "-12"),
            ("1e38", "-1", "99999999999999999999999999999999999999"),
            ("340282366920938463463374607431768211455", "1", "340282366920938463463374607431768211456"),
            ("1e125", "1e-130", &format!("1{}1e-130", "0".repeat(254))),
        ] {
            assert_eq!(number(one).plus(&number(other)), Some(number(sum)), "{one} + {other}");
            assert_eq!(number(sum).minus(&number(other)), Some(number(one)), "{sum} - {other}");
        }
        assert_eq!(number("1e999").plus(&number("1")), None);
        assert!(number("-1") < number("0") && number("10") > number("9.99") && number("-2") < number("-1"));
    }

    #[test]
    fn numbers_with_too_many_digits_are_rounded_up_or_down() {
        let rounded = |text: &str, upwards| Number::parse(text).unwrap().rounded(upwards);
        let number = |text: &str| Number::parse(text);
        let long = format!("{}5", "1".repeat(38));
        assert_eq!(rounded(&long, false), number(&format!("{}0", "1".repeat(38))));
        assert_eq!(rounded(&long, true), number(&format!("{}20", "1".repeat(37))));
        let negative = format!("-{long}");
        assert_eq!(rounded(&negative, true), number(&format!("-{}0", "1".repeat(38))));
        assert_eq!(rounded(&negative, false), number(&format!("-{}20", "1".repeat(37))));
        assert_eq!(rounded("12", true), number("12"));
        let shown = |text: &str| number(text).unwrap().to_string();
        assert_eq!(
            (shown("1.5"), shown("-120"), shown("3e38")),
            ("15e-1".into(), "-120".into(), format!("3{}", "0".repeat(38)))
        );
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
