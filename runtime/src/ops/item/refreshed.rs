//! Structs that an operation brings up to date.

use std::fmt;

/// The struct that an operation brings up to date with the item.
pub struct Refreshed<'a, M>(pub(super) &'a mut M);

/// Without the struct, whose values stay out of every text.
impl<M> fmt::Debug for Refreshed<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Refreshed").finish_non_exhaustive()
    }
}
