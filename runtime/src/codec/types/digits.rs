//! The mapping of integers that are stored as text of one width.

use super::text::TextForm;
use super::wrapper::wrapper;
use crate::codec::{FromAttribute, SetElement, ToAttribute, ValueReader, ValueWriter};
use crate::ground::{ReadError, WriteError, WriteErrorKind};

/// An integer that is stored as text, S, with exactly `DIGITS` digits, such as `000042`. The texts sort as the integers
/// do.
///
/// A negative or a longer integer is an error of the write. Reads accept any padding, and N.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digits<T, const DIGITS: usize>(pub T);

wrapper!([const DIGITS: usize] Digits<T, DIGITS>, Digits);

impl<T: TextForm, const DIGITS: usize> FromAttribute for Digits<T, DIGITS> {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        T::read_any(reader).map(Self)
    }
}

impl<T: TextForm, const DIGITS: usize> ToAttribute for Digits<T, DIGITS> {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        write_digits(&self.0, DIGITS, writer)
    }
}

impl<T: TextForm + Ord, const DIGITS: usize> SetElement for Digits<T, DIGITS> {}

/// Writes an integer as text of so many digits.
pub(crate) fn write_digits<T: TextForm>(value: &T, digits: usize, writer: ValueWriter<'_>) -> Result<(), WriteError> {
    let text = value.to_text()?;
    if text.len() > digits || text.starts_with('-') {
        return Err(WriteError::new(WriteErrorKind::NotOfDigits { digits }));
    }
    writer.string(&format!("{text:0>digits$}"))
}
