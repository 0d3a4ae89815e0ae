//! The mapping of sets that are stored as lists.

use super::wrapper::wrapper;
use crate::codec::{FromAttribute, SetElement, ToAttribute, ValueReader, ValueWriter};
use crate::ground::{Kind, ReadError, Segment, WriteError};
use std::collections::BTreeSet;

/// A set that is stored as a list, L, in the order of its elements. An empty one is an empty list.
///
/// Reads also accept a set, and take equal elements of a list as one. DynamoDB's `ADD` and `DELETE` need a set, so they
/// do not compile.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Listed<T>(pub T);

wrapper!(Listed);

impl<T: SetElement> FromAttribute for Listed<BTreeSet<T>> {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        if reader.kind()? != Kind::List {
            return BTreeSet::read(reader).map(Self);
        }
        let mut list = reader.list()?;
        let mut values = BTreeSet::new();
        let mut index = 0;
        while let Some(value) = list.next_element()? {
            values.insert(T::read(value).map_err(|error| error.within(Segment::Index(index)))?);
            index += 1;
        }
        Ok(Self(values))
    }
}

impl<T: SetElement> ToAttribute for Listed<BTreeSet<T>> {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        let mut list = writer.list(self.0.len())?;
        for (index, value) in self.0.iter().enumerate() {
            list.element(value).map_err(|error| error.within(Segment::Index(index)))?;
        }
        list.finish()
    }
}
