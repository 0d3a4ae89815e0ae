//! Values of the types that the schema language has: each method calls that of the type, as emitted code does.

use super::description::{Form, Precision};
use crate::codec::{
    EpochMillis, EpochSeconds, FromAttribute, Nanos, Pydantic, TextForm, ToAttribute, ValueReader, ValueWriter,
    ZeroOrOne, in_json, read_by_pattern, write_by_pattern, write_digits, write_value,
};
use crate::ground::{ReadError, WriteError};
use crate::validate::Precise;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;
use std::cmp::Ordering;

macro_rules! scalars {
    ($($name:ident: $ty:ty,)*) => {
        /// A type.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
        pub(super) enum ScalarType {
            $($name,)*
        }

        /// A value.
        #[derive(Clone, PartialEq, PartialOrd)]
        pub(super) enum Scalar {
            $($name($ty),)*
        }

        impl ScalarType {
            fn read_own(self, reader: ValueReader<'_>) -> Result<Scalar, ReadError> {
                match self {
                    $(ScalarType::$name => <$ty as FromAttribute>::read(reader).map(Scalar::$name),)*
                }
            }

            fn of_serde(self, json: &str) -> Result<Scalar, serde_json::Error> {
                match self {
                    $(ScalarType::$name => serde_json::from_str::<$ty>(json).map(Scalar::$name),)*
                }
            }

            /// The value of a literal's text, such as a number.
            pub(super) fn of_text(self, text: &str) -> Option<Scalar> {
                Some(match self {
                    ScalarType::String => Scalar::String(text.to_owned()),
                    ScalarType::Decimal => Scalar::Decimal(crate::factory::decimal(text)),
                    ScalarType::BigDecimal => Scalar::BigDecimal(crate::factory::big_decimal(text)),
                    ScalarType::Uuid => Scalar::Uuid(uuid::Uuid::parse_str(text).ok()?),
                    other => other.of_serde(text).ok()?,
                })
            }
        }

        impl Scalar {
            fn write_own(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
                match self {
                    $(Scalar::$name(value) => value.write(writer),)*
                }
            }

            fn serde(&self) -> Result<String, serde_json::Error> {
                match self {
                    $(Scalar::$name(value) => serde_json::to_string(value),)*
                }
            }
        }
    };
}

scalars! {
    String: String,
    Bool: bool,
    I8: i8,
    I16: i16,
    I32: i32,
    I64: i64,
    I128: i128,
    U8: u8,
    U16: u16,
    U32: u32,
    U64: u64,
    U128: u128,
    F32: f32,
    F64: f64,
    Decimal: rust_decimal::Decimal,
    BigDecimal: bigdecimal::BigDecimal,
    Bytes: bytes::Bytes,
    Uuid: uuid::Uuid,
    Ulid: ulid::Ulid,
    Url: url::Url,
    Ipv4: std::net::Ipv4Addr,
    Ipv6: std::net::Ipv6Addr,
    Ip: std::net::IpAddr,
    Ipv4Net: ipnet::Ipv4Net,
    Ipv6Net: ipnet::Ipv6Net,
    IpNet: ipnet::IpNet,
    ChronoDatetime: chrono::DateTime<chrono::Utc>,
    ChronoDate: chrono::NaiveDate,
    ChronoClock: chrono::NaiveTime,
    ChronoNaive: chrono::NaiveDateTime,
    ChronoDuration: chrono::TimeDelta,
    TimeDatetime: time::OffsetDateTime,
    TimeDate: time::Date,
    TimeClock: time::Time,
    TimeNaive: time::PrimitiveDateTime,
    TimeDuration: time::Duration,
    JiffDatetime: jiff::Timestamp,
    JiffDate: jiff::civil::Date,
    JiffClock: jiff::civil::Time,
    JiffNaive: jiff::civil::DateTime,
    JiffDuration: jiff::SignedDuration,
}

/// Matches the scalars of some types, each with the same code.
macro_rules! of_types {
    ($on:expr, [$($name:ident)*] $value:ident => $body:expr, _ => $other:expr) => {
        match $on {
            $(Scalar::$name($value) => $body,)*
            _ => $other,
        }
    };
}

macro_rules! numbers {
    ($on:expr, $value:ident => $body:expr, _ => $other:expr) => {
        super::scalar::of_types!(
            $on,
            [I8 I16 I32 I64 I128 U8 U16 U32 U64 U128 F32 F64 Decimal BigDecimal] $value => $body,
            _ => $other
        )
    };
}

/// The times with a fraction of a second.
macro_rules! precise {
    ($on:expr, $value:ident => $body:expr, _ => $other:expr) => {
        super::scalar::of_types!(
            $on,
            [
                ChronoDatetime ChronoClock ChronoNaive TimeDatetime TimeClock TimeNaive JiffDatetime JiffClock JiffNaive
            ] $value => $body,
            _ => $other
        )
    };
}

pub(super) use {numbers, of_types, precise};

impl ScalarType {
    /// Reads a value in a stored form.
    pub(super) fn read(self, form: &'static Form, reader: ValueReader<'_>) -> Result<Scalar, ReadError> {
        macro_rules! read {
            ([$($name:ident)*] $read:expr) => {
                match self {
                    $(ScalarType::$name => $read.map(Scalar::$name),)*
                    _ => self.read_own(reader),
                }
            };
        }
        macro_rules! epochs {
            ($form:ident) => {
                match self {
                    ScalarType::ChronoDatetime => $form::read(reader).map(|of| Scalar::ChronoDatetime(of.0)),
                    ScalarType::TimeDatetime => $form::read(reader).map(|of| Scalar::TimeDatetime(of.0)),
                    ScalarType::JiffDatetime => $form::read(reader).map(|of| Scalar::JiffDatetime(of.0)),
                    _ => self.read_own(reader),
                }
            };
        }
        match form {
            Form::Own | Form::Nanos | Form::Pydantic | Form::List => self.read_own(reader),
            Form::EpochSeconds => epochs!(EpochSeconds),
            Form::EpochMillis => epochs!(EpochMillis),
            Form::Pattern(pattern) => read!(
                [
                    ChronoDatetime ChronoDate ChronoNaive TimeDatetime TimeDate TimeNaive JiffDatetime JiffDate JiffNaive
                ] read_by_pattern(pattern, reader)
            ),
            Form::Text | Form::Digits(_) => read!(
                [I8 I16 I32 I64 I128 U8 U16 U32 U64 U128 F32 F64 Decimal BigDecimal Bool] TextForm::read_any(reader)
            ),
            Form::ZeroOrOne => ZeroOrOne::<bool>::read(reader).map(|of| Scalar::Bool(of.0)),
        }
    }

    /// Whether values are stored as texts or bytes; `Some(false)` for numbers, and `None` for booleans.
    pub(super) fn is_text(self, form: &Form) -> Option<bool> {
        use ScalarType::{BigDecimal, Bool, Decimal, F32, F64, I8, I16, I32, I64, I128, U8, U16, U32, U64, U128};
        let is_number = matches!(
            self,
            I8 | I16 | I32 | I64 | I128 | U8 | U16 | U32 | U64 | U128 | F32 | F64 | Decimal | BigDecimal
        );
        match form {
            Form::EpochSeconds | Form::EpochMillis | Form::ZeroOrOne => Some(false),
            Form::Text | Form::Digits(_) | Form::Pattern(_) | Form::Pydantic | Form::Nanos => Some(true),
            Form::Own | Form::List if self == Bool => None,
            Form::Own | Form::List => Some(!is_number),
        }
    }

    /// Reads a value of JSON, as serde does for emitted code. Otherwise, what a value is.
    pub(super) fn of_json(self, json: &str, in_union: bool) -> Result<Scalar, String> {
        self.of_json_by_serde(json, in_union).map_err(|_| match self.example() {
            Some(example) => format!("a value is such as {example}"),
            None => self.in_words(),
        })
    }

    fn of_json_by_serde(self, json: &str, in_union: bool) -> Result<Scalar, serde_json::Error> {
        macro_rules! read {
            ($($name:ident $ty:ty,)*) => {
                match self {
                    $(ScalarType::$name => read_in_json::<$ty>(json).map(Scalar::$name),)*
                    _ => self.of_serde(json),
                }
            };
        }
        match self {
            // A number in JSON would be rounded to 64 bits, where its text is exact.
            ScalarType::Decimal | ScalarType::BigDecimal if is_plain_number(json) => {
                self.of_serde(&format!("\"{json}\""))
            }
            // Serde would also take a text, as its own bytes, where people mean base64.
            ScalarType::Bytes => serde_json::from_str::<Vec<u8>>(json).map(|bytes| Scalar::Bytes(bytes.into())),
            ScalarType::I128 if in_union => read_in_json(json).map(Scalar::I128),
            ScalarType::U128 if in_union => read_in_json(json).map(Scalar::U128),
            _ => read!(
                ChronoDuration chrono::TimeDelta,
                TimeDatetime time::OffsetDateTime,
                TimeDate time::Date,
                TimeClock time::Time,
                TimeNaive time::PrimitiveDateTime,
                TimeDuration time::Duration,
                JiffDuration jiff::SignedDuration,
            ),
        }
    }

    /// Reads the value that a person types: the text as it is, or JSON. Otherwise, what a value is.
    pub(super) fn of_typed(self, text: &str) -> Result<Scalar, String> {
        let quoted = || self.of_json(&serde_json::to_string(text).unwrap_or_default(), true);
        match self {
            ScalarType::String => Ok(Scalar::String(text.to_owned())),
            _ => self.of_json(text, true).or_else(|_| quoted()).map_err(|_| self.in_words()),
        }
    }
}

/// Whether JSON is a number without an exponent.
fn is_plain_number(json: &str) -> bool {
    json.starts_with(|first: char| first == '-' || first.is_ascii_digit()) && !json.contains(['e', 'E'])
}

fn read_in_json<T: in_json::InJson>(json: &str) -> Result<T, serde_json::Error> {
    let mut from = serde_json::Deserializer::from_str(json);
    let value = in_json::deserialize(&mut from)?;
    from.end()?;
    Ok(value)
}

fn write_in_json<T: in_json::InJson>(value: &T) -> Result<String, serde_json::Error> {
    let mut json = Vec::new();
    in_json::serialize(value, &mut serde_json::Serializer::new(&mut json))?;
    Ok(String::from_utf8_lossy(&json).into_owned())
}

impl Scalar {
    /// Writes the value in a stored form.
    pub(super) fn write(&self, form: &'static Form, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        match form {
            Form::Own | Form::List => self.write_own(writer),
            Form::Nanos => precise!(self, value => Nanos(*value).write(writer), _ => self.write_own(writer)),
            Form::Pydantic => precise!(self, value => Pydantic(*value).write(writer), _ => self.write_own(writer)),
            Form::EpochSeconds => of_types!(
                self,
                [ChronoDatetime TimeDatetime JiffDatetime] value => EpochSeconds(*value).write(writer),
                _ => self.write_own(writer)
            ),
            Form::EpochMillis => of_types!(
                self,
                [ChronoDatetime TimeDatetime JiffDatetime] value => EpochMillis(*value).write(writer),
                _ => self.write_own(writer)
            ),
            Form::Pattern(pattern) => of_types!(
                self,
                [
                    ChronoDatetime ChronoDate ChronoNaive TimeDatetime TimeDate TimeNaive JiffDatetime JiffDate JiffNaive
                ] value => write_by_pattern(pattern, value, writer),
                _ => self.write_own(writer)
            ),
            Form::Text => of_types!(
                self,
                [I8 I16 I32 I64 I128 U8 U16 U32 U64 U128 F32 F64 Decimal BigDecimal Bool] value =>
                    writer.string(&value.to_text()?),
                _ => self.write_own(writer)
            ),
            Form::Digits(digits) => numbers!(
                self,
                value => write_digits(value, *digits, writer),
                _ => self.write_own(writer)
            ),
            Form::ZeroOrOne => of_types!(
                self,
                [Bool] value => ZeroOrOne(*value).write(writer),
                _ => self.write_own(writer)
            ),
        }
    }

    /// The value in JSON, as serde writes it for emitted code.
    pub(super) fn to_json(&self, in_union: bool) -> Result<String, serde_json::Error> {
        match self {
            Scalar::I128(value) if in_union => write_in_json(value),
            Scalar::U128(value) if in_union => write_in_json(value),
            _ => of_types!(
                self,
                [ChronoDuration TimeDatetime TimeDate TimeClock TimeNaive TimeDuration JiffDuration] value =>
                    write_in_json(value),
                _ => self.serde()
            ),
        }
    }

    pub(super) fn order(&self, other: &Self) -> Ordering {
        self.partial_cmp(other).unwrap_or(Ordering::Equal)
    }

    /// The text with all digits of a time that the type's JSON would cut.
    pub(super) fn all_digits(&self) -> Option<String> {
        let stored = of_types!(
            self,
            [TimeDatetime TimeClock TimeNaive] value => write_value(&Nanos(*value)),
            _ => return None
        );
        match stored {
            Ok(AttributeValue::S(text)) if self.is_finer_than_micros() => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_finer_than_micros(&self) -> bool {
        precise!(self, value => !value.fraction().is_multiple_of(1_000), _ => false)
    }

    /// Cuts a time.
    pub(super) fn cut(&mut self, precision: Precision) {
        use crate::validate::transform;
        match precision {
            Precision::Seconds => precise!(self, value => transform::seconds(value), _ => ()),
            Precision::Millis => precise!(self, value => transform::millis(value), _ => ()),
            Precision::Micros | Precision::Nanos => precise!(self, value => transform::micros(value), _ => ()),
        }
    }
}
