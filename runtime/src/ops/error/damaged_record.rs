//! A record whose item is not what the model says.

use crate::ground::{AttributeMap, ReadError};
use std::fmt;

/// A record of a stream whose item, or key, is not what the model says.
#[derive(thiserror::Error)]
pub struct DamagedRecord {
    pub(crate) error: ReadError,
    pub(crate) keys: AttributeMap,
    pub(crate) sequence_number: Option<String>,
    pub(crate) event_id: Option<String>,
}

impl DamagedRecord {
    /// What is wrong with the item.
    pub fn error(&self) -> &ReadError {
        &self.error
    }

    /// The attributes of the item's key.
    pub fn keys(&self) -> &AttributeMap {
        &self.keys
    }

    /// The record's place in its shard: what a Lambda function reports of a record that it could not handle.
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

/// Without the key, which stays out of every text.
impl fmt::Debug for DamagedRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DamagedRecord")
            .field("error", &self.error)
            .field("sequence_number", &self.sequence_number)
            .field("event_id", &self.event_id)
            .finish_non_exhaustive()
    }
}
