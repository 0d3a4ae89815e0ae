//! The mapping of UUIDs and ULIDs, as text.
#![cfg(any(feature = "uuid", feature = "ulid"))]

use crate::codec::{FromAttribute, SetElement, ToAttribute, ValueReader, ValueWriter};
use crate::ground::{ReadError, WriteError};

#[cfg(feature = "uuid")]
mod uuid {
    use super::*;
    use ::uuid::Uuid;

    impl FromAttribute for Uuid {
        fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
            reader.with_str(|text| {
                Uuid::try_parse(text).map_err(|_| ReadError::value("a uuid", "the text has another form"))
            })
        }
    }

    /// Writes the text with hyphens, in lower case, like Python's `uuid`.
    impl ToAttribute for Uuid {
        fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
            writer.string(self.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
        }
    }

    impl SetElement for Uuid {}
}

#[cfg(feature = "ulid")]
mod ulid {
    use super::*;
    use ::ulid::{ULID_LEN, Ulid};

    impl FromAttribute for Ulid {
        fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
            // 26 characters hold 130 bits, but a ULID has only 128.
            reader.with_str(|text| match text.as_bytes().first() {
                Some(b'0'..=b'7') => Ulid::from_string(text).map_err(|_| not_one()),
                _ => Err(not_one()),
            })
        }
    }

    fn not_one() -> ReadError {
        ReadError::value("a ulid", "the text has another form")
    }

    /// Writes 26 characters in upper case.
    impl ToAttribute for Ulid {
        fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
            writer.string(self.array_to_str(&mut [0; ULID_LEN]))
        }
    }

    impl SetElement for Ulid {}
}
