//! An item that cannot be read.

use crate::ground::{AttributeMap, ReadError};
use std::fmt;

/// An item that a query or scan read and that does not fit its model.
#[derive(thiserror::Error)]
#[error("{error}")]
pub struct DamagedItem {
    pub(in crate::ops) error: ReadError,
    pub(in crate::ops) key: AttributeMap,
}

impl DamagedItem {
    /// What is wrong with it.
    pub fn error(&self) -> &ReadError {
        &self.error
    }

    /// The attributes of its key, by which it can be repaired or deleted.
    pub fn key(&self) -> &AttributeMap {
        &self.key
    }
}

/// Without the key, which stays out of every text.
impl fmt::Debug for DamagedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DamagedItem").field("error", &self.error).finish_non_exhaustive()
    }
}
