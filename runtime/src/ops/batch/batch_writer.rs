//! Writing as many items as come.

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

/// How many writes are gathered before they are sent: four requests of 25.
const FULL: usize = 100;

/// Writes items as they come, in batches: a write waits while a batch is sent.
///
/// A write is pending from the call that adds it until DynamoDB has acknowledged it, or a later write of the same key has
/// taken its place. Errors leave it pending, and so does dropping the future of a call, at whatever point: a request under
/// way then goes on with the next call that sends. [`flush`](Self::flush) sends what is pending. Dropped with pending
/// writes, the writer warns of their number: each of them may have been done or not.
pub struct BatchWriter<'w> {
    client: Client,
    pending: PendingWrites<'w>,
    under_way: UnderWay,
}

impl Client {
    /// Starts writing items as they come, in batches.
    pub fn batch_writer<'w>(&self) -> BatchWriter<'w> {
        BatchWriter { client: self.clone(), pending: PendingWrites::default(), under_way: UnderWay::new() }
    }
}

impl<'w> BatchWriter<'w> {
    /// Adds an item to write; if that makes a hundred pending writes, sends them.
    ///
    /// One of a model with times that writes keep is borrowed mutably for as long as the writer is there: when DynamoDB has
    /// acknowledged the write, it becomes what was written. [`put_stream`](Self::put_stream) takes items by value.
    ///
    /// # Errors
    ///
    /// [`Error::UnfinishedFlush`]: the item was added, and DynamoDB has not acknowledged all that is pending. Any other
    /// error is of the item, which was not added: it breaks a constraint, or DynamoDB cannot hold it. Neither changes
    /// anything for the others.
    pub async fn put<M: BatchPut>(&mut self, item: impl IntoPut<'w, M>) -> Result<()> {
        let added = self.pending.put(&self.client, item);
        if added.is_err() && defects::has(Defect::WriterForgets) {
            *self = self.client.clone().batch_writer();
        }
        added?;
        self.flush_if_full().await
    }

    /// Adds the key of an item to delete; if that makes a hundred pending writes, sends them.
    ///
    /// # Errors
    ///
    /// As for [`put`](Self::put).
    pub async fn delete<M: BatchDelete>(&mut self, key: impl Into<M::Key>) -> Result<()> {
        self.pending.delete::<M>(&self.client, &key.into())?;
        self.flush_if_full().await
    }

    /// Adds every item of a stream, and sends what is pending at its end.
    ///
    /// Where an error ends it, or its future is dropped, each item that was taken from the stream is written or pending,
    /// but for one that the error refuses. A stream given as `&mut stream` can be gone on with.
    ///
    /// # Errors
    ///
    /// As for [`put`](Self::put).
    pub async fn put_stream<M: BatchPut>(&mut self, items: impl Stream<Item = M>) -> Result<()> {
        let mut items = pin!(items);
        while let Some(item) = std::future::poll_fn(|cx| items.as_mut().poll_next(cx)).await {
            self.pending.put_owned(&self.client, &item)?;
            self.flush_if_full().await?;
        }
        self.flush().await
    }

    /// Sends what is pending; if nothing is, there is no request.
    ///
    /// # Errors
    ///
    /// [`Error::UnfinishedFlush`]: DynamoDB has not acknowledged all of it; the rest is still pending.
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

    /// How many writes DynamoDB has not acknowledged yet.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// The pending writes as a batch. It waits for requests that are under way before it sends any of its own, so that no
    /// earlier write of a key lands after a later one.
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
            tracing::warn!(writes, "a batch writer was dropped with writes that DynamoDB has not acknowledged");
        }
    }
}

impl fmt::Debug for BatchWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchWriter").field("pending", &self.pending()).finish_non_exhaustive()
    }
}
