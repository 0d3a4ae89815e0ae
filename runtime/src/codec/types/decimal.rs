//! The mapping of decimal numbers. It loses no digit.
#![cfg(any(feature = "decimal", feature = "bigdecimal"))]

#[cfg(feature = "bigdecimal")]
use super::scalars::check_number;
use super::scalars::write_checked;
use super::text::TextForm;
use crate::codec::{FromAttribute, SetElement, ToAttribute, ValueReader, ValueWriter};
use crate::ground::{ReadError, WriteError};

#[cfg(feature = "decimal")]
mod rust_decimal {
    use super::*;
    use crate::codec::types::number::Number;
    use ::rust_decimal::Decimal;

    /// Reads a number without rounding: a number with more digits than the type holds is an error.
    impl FromAttribute for Decimal {
        fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
            reader.number(|text| exact(text).ok_or_else(|| ReadError::value("a decimal", "more digits than it holds")))
        }
    }

    fn exact(text: &str) -> Option<Decimal> {
        // This keeps zeros at the end. The code below handles exponents and superfluous zeros.
        if let Ok(decimal) = Decimal::from_str_exact(text) {
            return Some(decimal);
        }
        let number = Number::parse(text)?;
        let (digits, scale) = number.to_parts()?;
        Decimal::try_from_i128_with_scale(digits, scale).ok()
    }

    impl ToAttribute for Decimal {
        fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
            write_checked(&self.to_string(), writer)
        }
    }

    impl TextForm for Decimal {
        fn to_text(&self) -> Result<String, WriteError> {
            Ok(self.to_string())
        }

        fn of_text(text: &str) -> Result<Self, ReadError> {
            exact(text).ok_or_else(|| ReadError::value("a decimal", "no number, or more digits than it holds"))
        }
    }

    impl SetElement for Decimal {}
}

#[cfg(feature = "bigdecimal")]
mod bigdecimal {
    use super::*;
    use ::bigdecimal::BigDecimal;

    impl FromAttribute for BigDecimal {
        fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
            reader.number(|text| text.parse().map_err(|_| ReadError::value("a decimal", "it is not a number")))
        }
    }

    /// Writes at most 38 significant digits, DynamoDB's maximum.
    impl ToAttribute for BigDecimal {
        fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
            write_checked(&self.normalized().to_scientific_notation(), writer)
        }
    }

    impl TextForm for BigDecimal {
        fn to_text(&self) -> Result<String, WriteError> {
            let text = self.normalized().to_scientific_notation();
            check_number(&text)?;
            Ok(self.to_plain_string())
        }

        fn of_text(text: &str) -> Result<Self, ReadError> {
            text.parse().map_err(|_| ReadError::value("a decimal", "it is not a number"))
        }
    }

    impl SetElement for BigDecimal {}
}

#[cfg(all(test, feature = "decimal", feature = "bigdecimal"))]
mod tests {
    use crate::codec::item::{FromAttribute, ToAttribute};
    use crate::codec::{ItemReader, ValueReader, write_value};
    use crate::ground::AttributeMap;
    use ::bigdecimal::BigDecimal;
    use ::rust_decimal::Decimal;
    use aws_sdk_dynamodb::types::AttributeValue;
    use std::str::FromStr;

    fn read<T: FromAttribute>(text: &str) -> Result<T, String> {
        let mut reader = ItemReader::new(AttributeMap::from([("n".to_owned(), AttributeValue::N(text.to_owned()))]));
        reader.next(&["n"]).map_err(|error| error.to_string())?;
        reader.value().map_err(|error| error.to_string()).map(Option::unwrap)
    }

    fn written(value: &impl ToAttribute) -> Result<String, String> {
        match write_value(value).map_err(|error| error.to_string())? {
            AttributeValue::N(text) => Ok(text),
            other => Err(format!("{other:?}")),
        }
    }

    #[test]
    fn no_digit_is_lost() {
        for text in ["0", "-1", "9.99", "79228162514264337593543950335", "0.0000000000000000000000000001"] {
            let decimal: Decimal = read(text).unwrap();
            assert_eq!(written(&decimal), Ok(text.to_owned()));
        }
        assert_eq!(read::<Decimal>("1.5E3"), Ok(Decimal::from(1500)));
        assert_eq!(read::<Decimal>("120E-1").unwrap().to_string(), "12");
        for text in [
            "79228162514264337593543950336",
            "1E30",
            "0.00000000000000000000000000001",
            "1.2345678901234567890123456789012",
        ] {
            assert_eq!(
                read::<Decimal>(text).unwrap_err(),
                "n: expected a decimal: more digits than it holds",
                "{text}"
            );
        }
    }

    #[test]
    fn big_decimals_have_all_38_digits() {
        let widest = format!("1.{}E+125", "9".repeat(37));
        let big: BigDecimal = read(&widest).unwrap();
        assert_eq!(read::<BigDecimal>(&written(&big).unwrap()), Ok(big));
        assert_eq!(read::<BigDecimal>("12.50").unwrap(), BigDecimal::from_str("12.5").unwrap());
        let wider = BigDecimal::from_str(&"9".repeat(39)).unwrap();
        assert!(written(&wider).unwrap_err().contains("38 significant digits"));
        assert!(written(&BigDecimal::from_str("1E126").unwrap()).is_err());
        assert!(ValueReader::new(AttributeValue::S("1".to_owned())).number(|_| Ok(())).is_err());
    }
}
