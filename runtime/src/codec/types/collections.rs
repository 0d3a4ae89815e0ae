//! The mapping of optional values, lists, sets and maps.

use crate::codec::{FromAttribute, SetElement, ToAttribute, ValueReader, ValueWriter};
use crate::ground::{ReadError, Segment, WriteError};
use std::collections::{BTreeMap, BTreeSet};

/// `None` is stored without an attribute, or as NULL within a list or a map. NULL is read as `None`.
impl<T: FromAttribute> FromAttribute for Option<T> {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        match reader.is_null() {
            true => Ok(None),
            false => T::read(reader).map(Some),
        }
    }

    fn from_null() -> Option<Self> {
        Some(None)
    }
}

impl<T: ToAttribute> ToAttribute for Option<T> {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        match self {
            Some(value) => value.write(writer),
            None => writer.null(),
        }
    }

    fn is_absent(&self) -> bool {
        self.as_ref().is_none_or(ToAttribute::is_absent)
    }
}

/// A value in a box has the value's stored form. Recursive types need boxes.
impl<T: FromAttribute> FromAttribute for Box<T> {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        T::read(reader).map(Box::new)
    }

    fn from_null() -> Option<Self> {
        T::from_null().map(Box::new)
    }
}

impl<T: ToAttribute + ?Sized> ToAttribute for Box<T> {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        (**self).write(writer)
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

/// Stored as a list, L.
impl<T: FromAttribute> FromAttribute for Vec<T> {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        let mut list = reader.list()?;
        let mut values = Vec::with_capacity(list.size_hint());
        while let Some(value) = list.next_element()? {
            let index = values.len();
            values.push(element(value).map_err(|error| error.within(Segment::Index(index)))?);
        }
        Ok(values)
    }
}

impl<T: ToAttribute> ToAttribute for Vec<T> {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        let mut list = writer.list(self.len())?;
        for (index, value) in self.iter().enumerate() {
            list.element(value).map_err(|error| error.within(Segment::Index(index)))?;
        }
        list.finish()
    }
}

/// Stored as a set; the type of the elements makes it SS, NS or BS.
///
/// DynamoDB has no empty sets. An empty set is stored without an attribute, or as NULL within a list or a map: `Some`
/// of an empty set is read as `None`.
impl<T: SetElement> FromAttribute for BTreeSet<T> {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        let mut values = BTreeSet::new();
        if reader.is_null() {
            return Ok(values);
        }
        let mut set = reader.set()?;
        while let Some(value) = set.next_element()? {
            values.insert(T::read(value).map_err(ReadError::of_set)?);
        }
        Ok(values)
    }
}

impl<T: SetElement> ToAttribute for BTreeSet<T> {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        if self.is_empty() {
            return writer.null();
        }
        let mut set = writer.set(self.len())?;
        for value in self {
            set.element(value)?;
        }
        set.finish()
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// Stored as a map, M.
impl<T: FromAttribute> FromAttribute for BTreeMap<String, T> {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        let mut map = reader.map()?;
        let mut values = BTreeMap::new();
        while let Some(name) = map.next_name()? {
            let value = element(map.value()).map_err(|error| error.within_name(&name))?;
            values.insert(name, value);
        }
        Ok(values)
    }
}

impl<T: ToAttribute> ToAttribute for BTreeMap<String, T> {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        let mut map = writer.map(self.len())?;
        for (name, value) in self {
            map.entry(name, value)?;
        }
        map.finish()
    }
}

/// Reads an element of a list or a map. NULL is the type's value for NULL, or an error if it has none.
fn element<T: FromAttribute>(reader: ValueReader<'_>) -> Result<T, ReadError> {
    match T::from_null() {
        Some(value) if reader.is_null() => Ok(value),
        _ => T::read(reader),
    }
}
