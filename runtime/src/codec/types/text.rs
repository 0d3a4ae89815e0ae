//! The mapping of numbers, booleans and JSON that are stored as text.

use super::flags::{self, flag};
use super::number::{Number, integer};
use super::wrapper::wrapper;
use crate::codec::{FromAttribute, ToAttribute, ValueReader, ValueWriter};
use crate::ground::{Kind, ReadError, WriteError};

/// A number, a boolean or JSON that is stored as text, S, such as `42`, `true` or `{"a":1}`.
///
/// Reads also accept the form of the type itself: N, BOOL, or any native value for JSON. A text that is no JSON is an
/// error. The texts of numbers do not sort as the numbers do, so the only comparisons are `eq`, `ne` and `is_in`, and
/// DynamoDB cannot add to them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<T>(pub T);

wrapper!(Text);

/// A type that can be stored as text.
pub trait TextForm: FromAttribute {
    /// The text.
    ///
    /// # Errors
    ///
    /// DynamoDB could not store the value in the form of its type either.
    fn to_text(&self) -> Result<String, WriteError>;

    /// Reads the text.
    ///
    /// # Errors
    ///
    /// No value of the type has this text.
    fn of_text(text: &str) -> Result<Self, ReadError>;

    /// Reads any stored form.
    ///
    /// # Errors
    ///
    /// The value is no form of the type.
    fn read_any(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        match reader.kind()? {
            Kind::String => reader.with_str(Self::of_text),
            _ => Self::read(reader),
        }
    }
}

impl<T: TextForm> FromAttribute for Text<T> {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        T::read_any(reader).map(Self)
    }
}

impl<T: TextForm> ToAttribute for Text<T> {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        writer.string(&self.0.to_text()?)
    }
}

impl TextForm for bool {
    fn to_text(&self) -> Result<String, WriteError> {
        Ok(self.to_string())
    }

    fn of_text(text: &str) -> Result<Self, ReadError> {
        flag(text)
    }

    fn read_any(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        flags::read(reader)
    }
}

macro_rules! integers {
    ($($int:ident)*) => {$(
        impl TextForm for $int {
            fn to_text(&self) -> Result<String, WriteError> {
                Ok(self.to_string())
            }

            fn of_text(text: &str) -> Result<Self, ReadError> {
                integer(text, stringify!($int))
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128);

macro_rules! floats {
    ($($float:ident)*) => {$(
        impl TextForm for $float {
            fn to_text(&self) -> Result<String, WriteError> {
                super::scalars::FloatText::float_text(*self)
            }

            fn of_text(text: &str) -> Result<Self, ReadError> {
                let value = Number::parse(text).and_then(|_| text.parse::<$float>().ok());
                value
                    .filter(|value| value.is_finite())
                    .ok_or_else(|| ReadError::value(stringify!($float), "it is not a number of its range"))
            }
        }
    )*};
}

floats!(f32 f64);

#[cfg(feature = "json")]
impl TextForm for serde_json::Value {
    fn to_text(&self) -> Result<String, WriteError> {
        Ok(self.to_string())
    }

    fn of_text(text: &str) -> Result<Self, ReadError> {
        let value = serde_json::from_str(text).map_err(|_| ReadError::value("JSON", "the text is no JSON"))?;
        super::json::check_numbers(text)?;
        Ok(value)
    }
}
