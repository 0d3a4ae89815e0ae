//! The unacknowledged writes of a batch or a batch writer.

use super::batch_write::BatchWrite;
use super::pending_writes::{PendingWrites, UnderWay};
use crate::ops::{Error, Result, TableItem};
use crate::transport::Client;
use std::fmt;

/// A batch that ended before DynamoDB acknowledged all its writes. It holds the other writes.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # use dyntastic::Error;
/// # use std::time::Duration;
/// # async fn example(db: Client, users: Vec<User>) -> dyntastic::Result<()> {
/// if let Err(Error::UnfinishedBatch(unfinished)) = db.batch_write().put_all(&users).await {
///     tokio::time::sleep(Duration::from_secs(60)).await;
///     unfinished.into_batch(&db).await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct UnfinishedBatch {
    cause: Option<Error>,
    left: PendingWrites<'static>,
}

impl UnfinishedBatch {
    pub(in crate::ops) fn new(cause: Option<Error>, left: PendingWrites<'static>) -> Self {
        Self { cause, left }
    }

    /// The error that ended the batch; `None` if DynamoDB left writes unprocessed until the attempts were used up.
    pub fn cause(&self) -> Option<&Error> {
        self.cause.as_ref()
    }

    /// The number of unacknowledged writes.
    pub fn left(&self) -> usize {
        self.left.len()
    }

    /// The items of a model that may not have been written.
    ///
    /// # Errors
    ///
    /// An item does not fit the model.
    pub fn puts<M: TableItem>(&self) -> Result<Vec<M>> {
        self.left.puts()
    }

    /// A batch of the unacknowledged writes. It does not bring structs up to date that the first batch borrowed
    /// mutably.
    pub fn into_batch(self, client: &Client) -> BatchWrite<'static> {
        BatchWrite::of(client, self.left, UnderWay::new())
    }
}

impl fmt::Display for UnfinishedBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let left = self.left.len();
        match &self.cause {
            Some(cause) => write!(f, "a batch ended early, and {left} writes were not acknowledged: {cause}"),
            None => write!(f, "DynamoDB left {left} writes of a batch unprocessed until the attempts ended"),
        }
    }
}

impl std::error::Error for UnfinishedBatch {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}

/// A flush that ended before DynamoDB acknowledged all pending writes. The other writes are still pending in the
/// batch writer, and its next flush sends them.
#[derive(Debug)]
pub struct UnfinishedFlush {
    cause: Option<Error>,
    pending: usize,
}

impl UnfinishedFlush {
    pub(in crate::ops) fn new(cause: Option<Error>, pending: usize) -> Self {
        Self { cause, pending }
    }

    /// The error that ended the flush; `None` if DynamoDB left writes unprocessed until the attempts were used up.
    pub fn cause(&self) -> Option<&Error> {
        self.cause.as_ref()
    }

    /// The number of pending writes in the writer.
    pub fn pending(&self) -> usize {
        self.pending
    }
}

impl fmt::Display for UnfinishedFlush {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pending = self.pending;
        match &self.cause {
            Some(cause) => {
                write!(f, "the flush of a batch writer ended early, and {pending} writes are pending: {cause}")
            }
            None => write!(f, "DynamoDB left {pending} writes of a batch writer unprocessed until the attempts ended"),
        }
    }
}

impl std::error::Error for UnfinishedFlush {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}
