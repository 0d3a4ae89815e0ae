//! What emitted code reads a struct's fields by.

use super::item::{FromAttribute, ToAttribute};
use super::reader::ItemReader;
use super::stored_key::StoredKey;
use crate::ground::{Names, ReadError};

/// Where the value of an attribute goes.
pub trait Slot {
    /// Reads the value of the attribute that the reader went to.
    ///
    /// # Errors
    ///
    /// The value is not one of the field's type.
    fn read(&mut self, reader: &mut ItemReader<'_>) -> Result<(), ReadError>;
}

impl<T: FromAttribute> Slot for Option<T> {
    #[inline]
    fn read(&mut self, reader: &mut ItemReader<'_>) -> Result<(), ReadError> {
        *self = reader.value()?;
        Ok(())
    }
}

/// Where a value goes that is stored as a `W`: what it is made of that by.
#[derive(Debug)]
pub struct Through<'v, T, W>(pub &'v mut Option<T>, pub fn(W) -> T);

impl<T, W: FromAttribute> Slot for Through<'_, T, W> {
    #[inline]
    fn read(&mut self, reader: &mut ItemReader<'_>) -> Result<(), ReadError> {
        *self.0 = reader.value()?.map(self.1);
        Ok(())
    }
}

/// Where a value goes that a function reads.
#[derive(Debug)]
pub struct By<F: FnMut(&mut ItemReader<'_>) -> Result<(), ReadError>>(pub F);

impl<F: FnMut(&mut ItemReader<'_>) -> Result<(), ReadError>> Slot for By<F> {
    #[inline]
    fn read(&mut self, reader: &mut ItemReader<'_>) -> Result<(), ReadError> {
        (self.0)(reader)
    }
}

/// A method of [`StoredKey`] that reads an attribute of the key.
pub type ReadStored<'r> = fn(&mut StoredKey<'r>, &mut ItemReader<'r>) -> Result<(), ReadError>;

impl<'r> ItemReader<'r> {
    /// Reads the attributes with these names, each into its slot.
    ///
    /// # Errors
    ///
    /// A value is not one of its field's type.
    pub fn fields(&mut self, names: Names, slots: &mut [&mut dyn Slot]) -> Result<(), ReadError> {
        while let Some(at) = self.next(names)? {
            if let Some(slot) = slots.get_mut(at) {
                slot.read(self)?;
            }
        }
        Ok(())
    }

    /// The same, and the key that the item is stored under: the last names are those of the key, which these methods read.
    ///
    /// # Errors
    ///
    /// A value is not one of its field's type, or not one that keys have.
    pub fn fields_and_key(
        &mut self,
        names: Names,
        slots: &mut [&mut dyn Slot],
        of_key: &[ReadStored<'r>],
    ) -> Result<StoredKey<'r>, ReadError> {
        let mut key = StoredKey::default();
        let fields = slots.len();
        while let Some(at) = self.next(names)? {
            if let Some(slot) = slots.get_mut(at) {
                slot.read(self)?;
            } else if let Some(read) = at.checked_sub(fields).and_then(|number| of_key.get(number)) {
                read(&mut key, self)?;
            }
        }
        Ok(key)
    }

    /// Reads the [`key_value`](Self::key_value) of the attribute that the reader went to into a field.
    ///
    /// # Errors
    ///
    /// The value is not one of the type, or not stored as it is written.
    #[inline]
    pub fn read_key<T: FromAttribute + ToAttribute>(&mut self, field: &mut Option<T>) -> Result<(), ReadError> {
        *field = self.key_value()?;
        Ok(())
    }
}
