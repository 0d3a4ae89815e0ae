//! Items that cannot be read.

use crate::ground::{AttributeMap, ReadError};
use std::fmt;

/// An item that a query or a scan read and that does not fit its model.
#[derive(thiserror::Error)]
#[error("{error}")]
pub struct DamagedItem {
    pub(in crate::ops) error: ReadError,
    pub(in crate::ops) key: AttributeMap,
}

impl DamagedItem {
    /// The reason why the item does not fit.
    pub fn error(&self) -> &ReadError {
        &self.error
    }

    /// The attributes of its key, with which it can be repaired or deleted.
    pub fn key(&self) -> &AttributeMap {
        &self.key
    }
}

/// Leaves out the key: no text holds values.
impl fmt::Debug for DamagedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DamagedItem").field("error", &self.error).finish_non_exhaustive()
    }
}
