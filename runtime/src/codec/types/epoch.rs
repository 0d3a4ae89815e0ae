//! The mapping of datetimes that are stored as numbers.

use super::number::Number;
use super::times::{Datetime, read_datetime};
use super::wrapper::time_wrapper;
use crate::codec::{FromAttribute, SetElement, ToAttribute, ValueReader, ValueWriter};
use crate::ground::civil::{Moment, SECOND};
use crate::ground::{Kind, ReadError, WriteError, WriteErrorKind};

/// A datetime that is stored as N, in whole seconds since 1970-01-01T00:00:00Z, the form of a table's time to live.
///
/// Writes truncate to seconds, and so do emitted builders. Reads also accept the texts of a datetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EpochSeconds<T>(pub T);

/// A datetime that is stored as N, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Writes truncate to milliseconds, and so do emitted builders. Reads also accept the texts of a datetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EpochMillis<T>(pub T);

macro_rules! epochs {
    ($($wrapper:ident $places:literal $units:literal;)*) => {$(
        impl<T: Datetime> FromAttribute for $wrapper<T> {
            fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
                match reader.kind()? {
                    Kind::String => reader.with_str(read_datetime),
                    _ => reader.number(|text| of_number(text, 9 - $places)),
                }
                .map($wrapper)
            }
        }

        impl<T: Datetime> ToAttribute for $wrapper<T> {
            fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
                let Moment { seconds, nanos } = self.0.to_moment();
                if nanos >= SECOND {
                    return Err(WriteError::new(WriteErrorKind::LeapSecond));
                }
                let fraction = i128::from(nanos) * $units / 1_000_000_000;
                writer.number(&(i128::from(seconds) * $units + fraction).to_string())
            }
        }

        impl<T: Datetime + Ord> SetElement for $wrapper<T> {}

        time_wrapper!($wrapper);
    )*};
}

epochs! {
    EpochSeconds 0 1;
    EpochMillis 3 1_000;
}

/// The datetime of a number of units. A unit has 10^`places` nanoseconds.
fn of_number<T: Datetime>(text: &str, places: i64) -> Result<T, ReadError> {
    let moment = Number::parse(text).and_then(|number| number.scaled(places)).and_then(|nanos| {
        let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
        T::from_moment(Moment { seconds, nanos: u32::try_from(nanos.rem_euclid(1_000_000_000)).ok()? })
    });
    moment.ok_or_else(|| ReadError::value("a datetime", "the number is out of range"))
}
