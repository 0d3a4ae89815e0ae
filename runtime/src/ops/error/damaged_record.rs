//! Stream records that cannot be read.

use crate::ground::{AttributeMap, ReadError};
use std::fmt;

/// A record of a stream whose item or key does not fit the model.
#[derive(thiserror::Error)]
pub struct DamagedRecord {
    pub(crate) error: ReadError,
    pub(crate) keys: AttributeMap,
    pub(crate) sequence_number: Option<String>,
    pub(crate) event_id: Option<String>,
}

impl DamagedRecord {
    /// The reason why the item does not fit.
    pub fn error(&self) -> &ReadError {
        &self.error
    }

    /// The attributes of the item's key.
    pub fn keys(&self) -> &AttributeMap {
        &self.keys
    }

    /// The sequence number of the record. A Lambda function reports it for a record that it could not handle.
    pub fn sequence_number(&self) -> Option<&str> {
        self.sequence_number.as_deref()
    }

    /// The id of the record's event.
    pub fn event_id(&self) -> Option<&str> {
        self.event_id.as_deref()
    }
}

impl fmt::Display for DamagedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, in the stream record", self.error)?;
        if let Some(number) = &self.sequence_number {
            write!(f, " with the sequence number {number}")?;
        }
        if let Some(id) = &self.event_id {
            let word = if self.sequence_number.is_some() { "and" } else { "with" };
            write!(f, " {word} the event id {id}")?;
        }
        Ok(())
    }
}

/// Leaves out the key: no text holds values.
impl fmt::Debug for DamagedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DamagedRecord")
            .field("error", &self.error)
            .field("sequence_number", &self.sequence_number)
            .field("event_id", &self.event_id)
            .finish_non_exhaustive()
    }
}
