//! What is left of a batch of writes, or of a writer's.

use super::batch_write::BatchWrite;
use super::pending_writes::{PendingWrites, UnderWay};
use crate::ops::{Error, Model, Result};
use crate::transport::Client;
use std::fmt;

/// What is left of a batch of writes that was not finished: nothing of it is lost.
#[derive(Debug)]
pub struct UnfinishedBatch {
    cause: Option<Error>,
    left: PendingWrites<'static>,
}

impl UnfinishedBatch {
    pub(in crate::ops) fn new(cause: Option<Error>, left: PendingWrites<'static>) -> Self {
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

    /// A batch of the writes that are left. Structs that the batch before has borrowed mutably stay as they are: those of
    /// writes that were left were not brought up to date.
    pub fn into_batch(self, client: &Client) -> BatchWrite<'static> {
        BatchWrite::of(client, self.left, UnderWay::new())
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

/// A batch writer that could not send all that it holds: what DynamoDB has not acknowledged is still pending in the
/// writer, and its next flush sends it.
#[derive(Debug)]
pub struct UnfinishedFlush {
    cause: Option<Error>,
    pending: usize,
}

impl UnfinishedFlush {
    pub(in crate::ops) fn new(cause: Option<Error>, pending: usize) -> Self {
        Self { cause, pending }
    }

    /// The error that ended the flush; `None` where DynamoDB left writes unprocessed until the attempts ended.
    pub fn cause(&self) -> Option<&Error> {
        self.cause.as_ref()
    }

    /// How many writes are pending in the writer.
    pub fn pending(&self) -> usize {
        self.pending
    }
}

impl fmt::Display for UnfinishedFlush {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pending = self.pending;
        match &self.cause {
            Some(cause) => write!(f, "the flush of a batch writer ended early, with {pending} writes pending: {cause}"),
            None => write!(f, "DynamoDB left {pending} writes of a batch writer unprocessed until the attempts ended"),
        }
    }
}

impl std::error::Error for UnfinishedFlush {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}
