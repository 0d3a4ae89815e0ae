//! The mapping of strings, booleans, integers, floats and bytes.

use super::number::{Number, integer};
use crate::codec::{FromAttribute, SetElement, ToAttribute, ValueReader, ValueWriter};
use crate::ground::{ReadError, WriteError, WriteErrorKind};
use bytes::Bytes;

impl FromAttribute for String {
    #[inline]
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        reader.string()
    }
}

impl ToAttribute for String {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        writer.string(self)
    }
}

impl ToAttribute for str {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        writer.string(self)
    }
}

impl SetElement for String {}

impl FromAttribute for bool {
    #[inline]
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        reader.bool()
    }
}

impl ToAttribute for bool {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        writer.bool(*self)
    }
}

macro_rules! integers {
    ($($int:ident)*) => {$(
        impl FromAttribute for $int {
            #[inline]
            fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
                reader.number(|text| integer(text, stringify!($int)))
            }
        }

        impl ToAttribute for $int {
            fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
                writer.number(&self.to_string())
            }
        }

        impl SetElement for $int {}
    )*};
}

// The widest of these has 20 digits, which is within DynamoDB's limit of 38.
integers!(i8 i16 i32 i64 u8 u16 u32 u64);

macro_rules! wide_integers {
    ($($int:ident)*) => {$(
        impl FromAttribute for $int {
            #[inline]
            fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
                reader.number(|text| integer(text, stringify!($int)))
            }
        }

        /// Writes at most 38 significant digits, DynamoDB's maximum.
        impl ToAttribute for $int {
            fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
                write_checked(&self.to_string(), writer)
            }
        }

        impl SetElement for $int {}
    )*};
}

wide_integers!(i128 u128);

/// Writes the text of a number if DynamoDB can store the number.
pub(in crate::codec) fn write_checked(text: &str, writer: ValueWriter<'_>) -> Result<(), WriteError> {
    check_number(text)?;
    writer.number(text)
}

/// Checks that DynamoDB can store a number.
pub(super) fn check_number(text: &str) -> Result<(), WriteError> {
    Number::parse(text).ok_or_else(|| WriteError::new(WriteErrorKind::NotFinite))?.check()
}

/// The text of a float as a number of DynamoDB.
pub(super) trait FloatText {
    fn float_text(self) -> Result<String, WriteError>;
}

macro_rules! floats {
    ($($float:ident)*) => {$(
        impl FloatText for $float {
            fn float_text(self) -> Result<String, WriteError> {
                if !self.is_finite() {
                    return Err(WriteError::new(WriteErrorKind::NotFinite));
                }
                // The shortest text that reads back as the same float has at most 17 digits. It has an exponent only if
                // the plain text would be long.
                match self.abs() {
                    0.0 => Ok("0".to_owned()),
                    magnitude if (1e-7..1e21).contains(&magnitude) => Ok(self.to_string()),
                    _ => {
                        let text = format!("{self:e}");
                        check_number(&text).map(|()| text)
                    }
                }
            }
        }

        impl FromAttribute for $float {
            #[inline]
            fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
                reader.number(|text| match text.parse::<$float>() {
                    Ok(value) if value.is_finite() => Ok(value),
                    _ => Err(ReadError::value(stringify!($float), "the number is out of range")),
                })
            }
        }

        impl ToAttribute for $float {
            fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
                writer.owned_number(self.float_text()?)
            }
        }
    )*};
}

floats!(f32 f64);

impl FromAttribute for Bytes {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        reader.bytes().map(Bytes::from)
    }
}

impl ToAttribute for Bytes {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        writer.bytes(self)
    }
}

impl SetElement for Bytes {}
