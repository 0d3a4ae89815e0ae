//! The mapping of vectors.

use crate::codec::{FromAttribute, ToAttribute, ValueReader, ValueWriter};
use crate::ground::{ReadError, Segment, Vector, WriteError, dimensions};

/// Stored as a list, L, of numbers. A list of another length is an error.
impl<const N: usize> FromAttribute for Vector<N> {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        let values = Vec::<f32>::read(reader)?;
        let length = values.len();
        Self::of(values).ok_or_else(|| ReadError::value("a vector", dimensions(N, length)))
    }
}

impl<const N: usize> ToAttribute for Vector<N> {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        write_vector(self.as_ref(), writer)
    }
}

/// Writes the numbers of a vector.
pub(crate) fn write_vector(values: &[f32], writer: ValueWriter<'_>) -> Result<(), WriteError> {
    let mut list = writer.list(values.len())?;
    for (index, value) in values.iter().enumerate() {
        list.element(value).map_err(|error| error.within(Segment::Index(index)))?;
    }
    list.finish()
}
