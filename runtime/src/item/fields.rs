//! What emitted code reads a field by.

use crate::carrier::ItemReader;
use crate::item::{FromAttribute, ReadError, ToAttribute};

impl ItemReader<'_> {
    /// Reads the [`value`](Self::value) of the attribute that [`next`](Self::next) went to into a field.
    ///
    /// # Errors
    ///
    /// The value is not one of the type.
    #[inline]
    pub fn read<T: FromAttribute>(&mut self, field: &mut Option<T>) -> Result<(), ReadError> {
        *field = self.value()?;
        Ok(())
    }

    /// Reads the [`key_value`](Self::key_value) of the attribute that [`next`](Self::next) went to into a field.
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
