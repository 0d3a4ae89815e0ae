//! A replacement for sensitive values in debug texts.

use std::fmt;

/// Replaces a sensitive value in debug texts by `***`.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Hidden;

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
