//! The maximum lengths of keys.

use crate::ground::{WriteError, WriteErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;

/// The maximum bytes of a key that is text or bytes ("Constraints in Amazon DynamoDB").
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    key: &'static str,
    max: usize,
}

impl Limit {
    /// The limit of a hash key (Partition key length).
    pub(crate) const HASH: Self = Self { key: "hash key", max: 2048 };
    /// The limit of a range key (Sort key length).
    pub(crate) const RANGE: Self = Self { key: "range key", max: 1024 };

    /// Why DynamoDB refuses a key of `length` bytes; `None` if it accepts the key.
    pub(crate) fn refusal(self, length: usize) -> Option<WriteErrorKind> {
        let Self { key, max } = self;
        match length {
            0 => Some(WriteErrorKind::KeyEmpty(key)),
            _ if length > max => Some(WriteErrorKind::KeyTooLong { key, length, max }),
            _ => None,
        }
    }

    /// The bytes that a key of `length` bytes leaves free.
    pub(crate) fn room(self, length: usize) -> usize {
        self.max.saturating_sub(length)
    }

    /// Checks the value of a key attribute.
    pub(crate) fn check(self, attribute: &str, value: &AttributeValue) -> Result<(), WriteError> {
        let length = match value {
            AttributeValue::S(text) => text.len(),
            AttributeValue::B(blob) => blob.as_ref().len(),
            _ => return Ok(()),
        };
        match self.refusal(length) {
            Some(refusal) => Err(WriteError::new(refusal).within_name(attribute)),
            None => Ok(()),
        }
    }
}
