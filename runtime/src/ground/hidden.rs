//! Values that no text may show.

use std::fmt;

/// A value that stays out of debug texts.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Hidden;

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
