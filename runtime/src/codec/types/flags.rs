//! The mapping of booleans that are stored as numbers.

use super::number::Number;
use super::wrapper::wrapper;
use crate::codec::{FromAttribute, ToAttribute, ValueReader, ValueWriter};
use crate::ground::{Kind, ReadError, WriteError};

/// A boolean that is stored as N, 0 or 1.
///
/// Reads also accept BOOL, and the texts `true`, `false`, `1` and `0` in any case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZeroOrOne<T>(pub T);

wrapper!(ZeroOrOne);

impl FromAttribute for ZeroOrOne<bool> {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        read(reader).map(Self)
    }
}

impl ToAttribute for ZeroOrOne<bool> {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        writer.number(if self.0 { "1" } else { "0" })
    }
}

/// Reads a boolean in any of its forms.
pub(super) fn read(reader: ValueReader<'_>) -> Result<bool, ReadError> {
    match reader.kind()? {
        Kind::String => reader.with_str(flag),
        Kind::Number => reader.number(flag),
        _ => reader.bool(),
    }
}

/// Reads the text of a boolean, or its number.
pub(super) fn flag(text: &str) -> Result<bool, ReadError> {
    let number = || Number::parse(text).and_then(|number| number.to_integer_text());
    match text {
        _ if text.eq_ignore_ascii_case("true") => Ok(true),
        _ if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => match number().as_deref() {
            Some("1") => Ok(true),
            Some("0") => Ok(false),
            _ => Err(ReadError::value("a boolean", "it is neither true nor false, 1 nor 0")),
        },
    }
}
