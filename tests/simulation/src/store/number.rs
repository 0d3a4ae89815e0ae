//! DynamoDB's numbers: 38 decimal digits, compared and added exactly.

use dyntastic::bigdecimal::BigDecimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::cmp::Ordering;
use std::str::FromStr;

/// A number in the form that DynamoDB returns, without zeros at both ends ("Supported data types and naming rules in
/// Amazon DynamoDB").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(Form);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    /// An integer, the form of almost all stored numbers.
    Integer(i64),
    Decimal(BigDecimal),
}

impl Number {
    /// Reads a number; `None` if the text is no number, or DynamoDB cannot store it.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() <= 18
            && let Ok(integer) = i64::from_str(text)
        {
            return Some(Self(Form::Integer(integer)));
        }
        Self::of(BigDecimal::from_str(text).ok()?)
    }

    /// The number in its shortest form; `None` if it has more than 38 digits, or a magnitude that DynamoDB cannot
    /// store.
    fn of(decimal: BigDecimal) -> Option<Self> {
        let decimal = decimal.normalized();
        let (digits, scale) = decimal.as_bigint_and_exponent();
        if scale == 0
            && let Ok(integer) = i64::try_from(&digits)
        {
            return Some(Self(Form::Integer(integer)));
        }
        if scale <= 0
            && let Ok(integer) = decimal.to_string().parse()
        {
            return Some(Self(Form::Integer(integer)));
        }
        let count = i64::try_from(decimal.digits()).ok()?;
        let magnitude = count - scale;
        (count <= 38 && (-129..=126).contains(&magnitude)).then_some(Self(Form::Decimal(decimal)))
    }

    /// The sum or the difference; `None` if DynamoDB cannot store it.
    pub fn plus(&self, other: &Self, minus: bool) -> Option<Self> {
        if let (Form::Integer(left), Form::Integer(right)) = (&self.0, &other.0)
            && let Some(sum) = if minus { left.checked_sub(*right) } else { left.checked_add(*right) }
        {
            return Some(Self(Form::Integer(sum)));
        }
        Self::of(if minus { self.decimal() - other.decimal() } else { self.decimal() + other.decimal() })
    }

    fn decimal(&self) -> BigDecimal {
        match &self.0 {
            Form::Integer(integer) => BigDecimal::from(*integer),
            Form::Decimal(decimal) => decimal.clone(),
        }
    }

    /// The number as text.
    pub fn text(&self) -> String {
        match &self.0 {
            Form::Integer(integer) => integer.to_string(),
            Form::Decimal(decimal) => decimal.to_plain_string(),
        }
    }

    /// The number, if it is an integer.
    pub fn integer(&self) -> Option<i64> {
        match self.0 {
            Form::Integer(integer) => Some(integer),
            Form::Decimal(_) => None,
        }
    }

    /// The approximate size in bytes: half of the digits, and two.
    pub fn size(&self) -> usize {
        self.text().len() / 2 + 2
    }
}

impl From<i64> for Number {
    fn from(integer: i64) -> Self {
        Self(Form::Integer(integer))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Form::Integer(left), Form::Integer(right)) => left.cmp(right),
            _ => self.decimal().cmp(&other.decimal()),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Number::parse(&text).ok_or_else(|| D::Error::custom("The parameter cannot be converted to a numeric value"))
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn numbers_have_one_form() {
        for (written, stored) in [("1", "1"), ("01", "1"), ("-0", "0"), ("1.50", "1.5"), ("1e3", "1000"), ("0.0", "0")]
        {
            assert_eq!(number(written).text(), stored);
        }
        assert!(Number::parse("x").is_none());
        assert!(Number::parse("1e126").is_none());
        assert!(Number::parse(&"1".repeat(39)).is_none());
        assert_eq!(number(&"1".repeat(38)).text(), "1".repeat(38));
    }

    #[test]
    fn numbers_are_compared_and_added_as_numbers() {
        assert!(number("9") < number("10") && number("-1.5") < number("-1") && number("0.1") < number("1"));
        assert_eq!(number("0.1").plus(&number("0.2"), false), Some(number("0.3")));
        assert_eq!(number("9223372036854775807").plus(&number("1"), false).unwrap().text(), "9223372036854775808");
        assert_eq!(number("1.5").plus(&number("0.5"), true), Some(number("1")));
    }
}
