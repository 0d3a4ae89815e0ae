//! What emitted code reads a field by.

use crate::carrier::ItemReader;
use crate::item::{FromAttribute, ReadError};

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
}
