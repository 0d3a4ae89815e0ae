//! The mapping of times that are stored as the text of a pattern.

use super::times::PatternTime;
use super::wrapper::time_wrapper;
use crate::codec::{FromAttribute, SetElement, ToAttribute, ValueReader, ValueWriter};
use crate::ground::{ReadError, TimePattern, WriteError};
use std::marker::PhantomData;

/// The pattern of a stored time. Emitted code implements it for a type of its own.
pub trait StoredPattern: Ord {
    /// The pattern, with the specifiers `%Y`, `%m`, `%d`, `%H`, `%M`, `%S`, `%3f`, `%6f` and `%9f`.
    const TEXT: &'static str;
}

/// A pattern whose texts sort by time.
#[diagnostic::on_unimplemented(message = "the texts of `{Self}` do not sort by time")]
pub trait SortedPattern: StoredPattern {}

/// A datetime, a datetime without an offset, or a date that is stored as the text of a pattern. A datetime is in UTC.
///
/// Writes cut what the pattern does not have. Reads accept the pattern, and all texts of the type. A year beyond 9999
/// is an error of the write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Patterned<T, P>(pub T, PhantomData<P>);

fn patterned<T, P: StoredPattern>(time: T) -> Patterned<T, P> {
    Patterned(time, PhantomData)
}

time_wrapper!([P: StoredPattern] Patterned<T, P>, patterned);

impl<T: PatternTime, P: StoredPattern> FromAttribute for Patterned<T, P> {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        read_by_pattern(P::TEXT, reader).map(patterned)
    }
}

impl<T: PatternTime, P: StoredPattern> ToAttribute for Patterned<T, P> {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        write_by_pattern(P::TEXT, &self.0, writer)
    }
}

impl<T: PatternTime + Ord, P: StoredPattern> SetElement for Patterned<T, P> {}

/// Reads a time as the text of a pattern, or as any text of its type.
pub(crate) fn read_by_pattern<T: PatternTime>(pattern: &'static str, reader: ValueReader<'_>) -> Result<T, ReadError> {
    reader.with_str(|text| match TimePattern(pattern).read(text) {
        Some(moment) => T::of_moment(moment),
        None => T::of_text(text),
    })
}

/// Writes a time as the text of a pattern.
pub(crate) fn write_by_pattern<T: PatternTime>(
    pattern: &'static str,
    time: &T,
    writer: ValueWriter<'_>,
) -> Result<(), WriteError> {
    let mut text = String::new();
    TimePattern(pattern).write(time.moment(), &mut text)?;
    writer.string(&text)
}
