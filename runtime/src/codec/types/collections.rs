//! Optional values, lists, sets and maps.

use crate::codec::{FromAttribute, SetElement, ToAttribute, ValueReader, ValueWriter};
use crate::ground::{ReadError, Segment, WriteError};
use std::collections::{BTreeMap, BTreeSet};

/// `None` is no attribute, or NULL within a list or a map; NULL reads as `None`.
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

/// A value in a box, which a type that holds others of itself needs, is stored as the value is.
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

/// A list, L.
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

/// A set: SS, NS or BS, as its elements are. An empty one is no attribute, and NULL within a list or a map,
/// since DynamoDB has no empty sets: `Some` of one is read as `None`.
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

/// A map, M.
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

/// A value where something has to stand: NULL is what the type makes of it, or a mismatch.
fn element<T: FromAttribute>(reader: ValueReader<'_>) -> Result<T, ReadError> {
    match T::from_null() {
        Some(value) if reader.is_null() => Ok(value),
        _ => T::read(reader),
    }
}
