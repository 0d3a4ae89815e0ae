//! Writing a stream of items in batches.

use super::batch_write::BatchWrite;
use super::pending_writes::{Pace, PendingWrites, UnderWay};
use super::unfinished::UnfinishedFlush;
use crate::ground::defects;
use crate::ground::defects::Defect;
use crate::ops::model::{BatchDelete, BatchPut};
use crate::ops::write::IntoPut;
use crate::ops::{Error, Result};
use crate::transport::Client;
use futures_core::Stream;
use std::fmt;
use std::pin::pin;

/// The number of pending writes that are sent together: four requests of 25.
const FULL: usize = 100;

/// Gathers writes and sends them in batches.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, users: Vec<User>) -> dyntastic::Result<()> {
/// let mut writer = db.batch_writer();
/// for user in &users {
///     writer.put(user).await?;
/// }
/// writer.flush().await?;
/// # Ok(())
/// # }
/// ```
///
/// A write is pending until DynamoDB has acknowledged it, or until a later write of the same key replaces it. It
/// stays pending after an error, and if the future of a call is dropped at any point: the next call that sends then
/// continues the running requests. [`flush`](Self::flush) sends all pending writes. A writer that is dropped with
/// pending writes logs a warning with their number; each of them may have been applied or not.
pub struct BatchWriter<'w> {
    client: Client,
    pending: PendingWrites<'w>,
    under_way: UnderWay,
}

impl Client {
    /// Starts a writer that sends items in batches.
    pub fn batch_writer<'w>(&self) -> BatchWriter<'w> {
        BatchWriter { client: self.clone(), pending: PendingWrites::default(), under_way: UnderWay::new() }
    }
}

impl<'w> BatchWriter<'w> {
    /// Adds an item to write. Sends all pending writes once there are 100.
    ///
    /// An item of a model with times that writes keep is borrowed mutably for the lifetime of the writer. It is
    /// brought up to date once DynamoDB has acknowledged its write. [`put_stream`](Self::put_stream) takes items by
    /// value.
    ///
    /// # Errors
    ///
    /// [`Error::UnfinishedFlush`]: the item was added, and DynamoDB has not acknowledged all pending writes. Any
    /// other error means that the item was not added: it breaks a constraint, or DynamoDB cannot hold it. No error
    /// changes the other pending writes. An item of a model with compressed or encrypted fields is added in any case: it
    /// stays pending if it cannot be encrypted or is too large, and the others are written.
    pub async fn put<M: BatchPut>(&mut self, item: impl IntoPut<'w, M>) -> Result<()> {
        let added = self.pending.put(&self.client, item);
        if added.is_err() && defects::has(Defect::WriterForgets) {
            *self = self.client.clone().batch_writer();
        }
        added?;
        self.flush_if_full().await
    }

    /// Adds the key of an item to delete. Sends all pending writes once there are 100.
    ///
    /// # Errors
    ///
    /// The same as [`put`](Self::put).
    pub async fn delete<M: BatchDelete>(&mut self, key: impl Into<M::Key>) -> Result<()> {
        self.pending.delete::<M>(&self.client, &key.into())?;
        self.flush_if_full().await
    }

    /// Adds every item of a stream, and sends the pending writes at its end.
    ///
    /// After an error or a dropped future, each item that was taken from the stream is written or pending, except an
    /// item that the error refuses. A stream given as `&mut stream` can be continued.
    ///
    /// # Errors
    ///
    /// The same as [`put`](Self::put).
    pub async fn put_stream<M: BatchPut>(&mut self, items: impl Stream<Item = M>) -> Result<()> {
        let mut items = pin!(items);
        while let Some(item) = std::future::poll_fn(|cx| items.as_mut().poll_next(cx)).await {
            self.pending.put_owned(&self.client, &item)?;
            self.flush_if_full().await?;
        }
        self.flush().await
    }

    /// Sends all pending writes. Without pending writes, it sends no request.
    ///
    /// # Errors
    ///
    /// [`Error::UnfinishedFlush`]: DynamoDB has not acknowledged all writes; the rest is still pending.
    pub async fn flush(&mut self) -> Result<()> {
        let cause = self.pending.drain(&self.client, &mut self.under_way, Pace::default(), |_| {}).await;
        let pending = self.pending();
        if defects::has(Defect::WriterForgets) {
            *self = self.client.clone().batch_writer();
        }
        match pending {
            0 => Ok(()),
            pending => Err(Error::UnfinishedFlush(Box::new(UnfinishedFlush::new(cause, pending)))),
        }
    }

    /// The number of writes that DynamoDB has not acknowledged yet.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// The pending writes as a batch. The batch first waits for the running requests, so that no earlier write of a
    /// key is applied after a later one.
    pub fn into_batch(mut self) -> BatchWrite<'w> {
        let under_way = std::mem::replace(&mut self.under_way, UnderWay::new());
        BatchWrite::of(&self.client, std::mem::take(&mut self.pending), under_way)
    }

    async fn flush_if_full(&mut self) -> Result<()> {
        if self.pending() >= FULL { self.flush().await } else { Ok(()) }
    }
}

impl Drop for BatchWriter<'_> {
    fn drop(&mut self) {
        let writes = self.pending();
        if writes > 0 {
            tracing::warn!(writes, "a batch writer was dropped with pending writes: await `flush` first");
        }
    }
}

impl fmt::Debug for BatchWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchWriter").field("pending", &self.pending()).finish_non_exhaustive()
    }
}
