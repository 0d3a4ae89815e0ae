//! Structs that an operation brings up to date.

use std::fmt;

/// The struct that an operation brings up to date with the stored item.
pub struct Refreshed<'a, M>(pub(super) &'a mut M);

/// Leaves out the struct: no text holds values.
impl<M> fmt::Debug for Refreshed<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Refreshed").finish_non_exhaustive()
    }
}
