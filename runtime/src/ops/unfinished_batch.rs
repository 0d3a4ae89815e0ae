//! What is left of a batch of writes.

use super::batch_write::{BatchWrite, Writes};
use crate::{Client, Error, Model, Result};
use std::fmt;

/// What is left of a batch of writes that was not finished: nothing of it is lost.
#[derive(Debug)]
pub struct UnfinishedBatch {
    cause: Option<Error>,
    left: Writes,
}

impl UnfinishedBatch {
    pub(super) fn new(cause: Option<Error>, left: Writes) -> Self {
        Self { cause, left }
    }

    /// The error that ended the batch; `None` where DynamoDB left writes unprocessed until the attempts ended.
    pub fn cause(&self) -> Option<&Error> {
        self.cause.as_ref()
    }

    /// How many writes are left.
    pub fn left(&self) -> usize {
        self.left.len()
    }

    /// The items of a model that were not written.
    ///
    /// # Errors
    ///
    /// One does not read back as what was written.
    pub fn puts<M: Model>(&self) -> Result<Vec<M>> {
        self.left.puts()
    }

    /// A batch of the writes that are left.
    pub fn into_batch(self, client: &Client) -> BatchWrite {
        BatchWrite::of(client, self.left)
    }
}

impl fmt::Display for UnfinishedBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = self.left.len();
        match &self.cause {
            Some(cause) => write!(f, "a batch of writes ended early, with {left} of them left: {cause}"),
            None => write!(f, "DynamoDB left {left} writes of a batch unprocessed until the attempts ended"),
        }
    }
}

impl std::error::Error for UnfinishedBatch {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}
