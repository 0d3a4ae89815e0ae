//! Reading of a struct's fields, for emitted code.

use super::item::{FromAttribute, ToAttribute};
use super::reader::ItemReader;
use super::stored_key::StoredKey;
use crate::ground::{Names, ReadError};
use crate::validate::transform::{Transforms, changed};

/// The destination of an attribute's value.
pub trait Slot {
    /// Reads the value of the reader's current attribute.
    ///
    /// # Errors
    ///
    /// The field's type has no such value.
    fn read(&mut self, reader: &mut ItemReader<'_>) -> Result<(), ReadError>;
}

impl<T: FromAttribute> Slot for Option<T> {
    #[inline]
    fn read(&mut self, reader: &mut ItemReader<'_>) -> Result<(), ReadError> {
        *self = reader.value()?;
        Ok(())
    }
}

/// The destination of a value that is read as a `W`, and the function that converts it.
#[derive(Debug)]
pub struct Through<'v, T, W>(pub &'v mut Option<T>, pub fn(W) -> T);

impl<T, W: FromAttribute> Slot for Through<'_, T, W> {
    #[inline]
    fn read(&mut self, reader: &mut ItemReader<'_>) -> Result<(), ReadError> {
        *self.0 = reader.value()?.map(self.1);
        Ok(())
    }
}

/// The destination of a text or binary value that counts as absent if it is empty.
#[derive(Debug)]
pub struct UnlessEmpty<'v, T>(pub &'v mut Option<T>);

impl<T: FromAttribute> Slot for UnlessEmpty<'_, T> {
    #[inline]
    fn read(&mut self, reader: &mut ItemReader<'_>) -> Result<(), ReadError> {
        *self.0 = reader.non_empty_value()?;
        Ok(())
    }
}

/// The destination of a value that a function reads.
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
    /// A field's type has no such value.
    pub fn fields(&mut self, names: Names, slots: &mut [&mut dyn Slot]) -> Result<(), ReadError> {
        while let Some(at) = self.next(names)? {
            if let Some(slot) = slots.get_mut(at) {
                slot.read(self)?;
            }
        }
        Ok(())
    }

    /// Reads the attributes with these names, each into its slot, and also the stored key of the item.
    ///
    /// The last names are the key attributes. The methods in `of_key` read them.
    ///
    /// # Errors
    ///
    /// A field's type has no such value, or the type of a key attribute is not S, N or B.
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

    /// Reads the [`key_value`](Self::key_value) of the current attribute into a field.
    ///
    /// # Errors
    ///
    /// The type has no such value, or the model writes the value in another form than the stored one.
    #[inline]
    pub fn read_key<T: FromAttribute + ToAttribute>(&mut self, field: &mut Option<T>) -> Result<(), ReadError> {
        *field = self.key_value()?;
        Ok(())
    }

    /// Reads the [`transformed_key_value`](Self::transformed_key_value) of the current attribute into a field.
    ///
    /// # Errors
    ///
    /// The type has no such value, or a write would store another one.
    pub fn read_transformed_key<T: FromAttribute + ToAttribute + Clone>(
        &mut self,
        field: &mut Option<T>,
        transforms: Transforms<T>,
    ) -> Result<(), ReadError> {
        *field = self.transformed_key_value(transforms)?;
        Ok(())
    }

    /// Reads the [`key_value`](Self::key_value) of the current attribute, which the schema's transforms must leave as it
    /// is.
    ///
    /// # Errors
    ///
    /// The type has no such value, or a write would store another one.
    pub fn transformed_key_value<T: FromAttribute + ToAttribute + Clone>(
        &mut self,
        transforms: Transforms<T>,
    ) -> Result<Option<T>, ReadError> {
        self.value_of_key(|value, stored| stored.check(&changed(value, transforms)))
    }
}
