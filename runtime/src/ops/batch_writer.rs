//! Writing as many items as come.

use super::batch_write::BatchWrite;
use crate::item::{BatchDelete, BatchPut};
use crate::{Client, Result};
use futures_core::Stream;
use std::pin::pin;

/// How many writes are gathered before they are sent: four requests of 25.
const PENDING: usize = 100;

/// Writes items as they come, in batches: a write waits while a batch is sent.
///
/// [`flush`](Self::flush) sends what is left. Dropped with writes that were not sent, it warns of their number, and
/// they are lost.
#[derive(Debug)]
pub struct BatchWriter {
    client: Client,
    pending: BatchWrite,
}

impl Client {
    /// Starts writing items as they come, in batches.
    pub fn batch_writer(&self) -> BatchWriter {
        BatchWriter { client: self.clone(), pending: BatchWrite::new(self) }
    }
}

impl BatchWriter {
    /// Adds an item to write.
    ///
    /// # Errors
    ///
    /// Those of the batch that this write fills; [`Error::UnfinishedBatch`](crate::Error::UnfinishedBatch) holds what
    /// was not written.
    pub async fn put<M: BatchPut>(&mut self, item: &M) -> Result<()> {
        self.add(|batch| batch.put(item)).await
    }

    /// Adds the key of an item to delete.
    ///
    /// # Errors
    ///
    /// As for [`put`](Self::put).
    pub async fn delete<M: BatchDelete>(&mut self, key: impl Into<M::Key>) -> Result<()> {
        self.add(|batch| batch.delete::<M>(key)).await
    }

    /// Adds every item of a stream, and sends what is left at its end.
    ///
    /// # Errors
    ///
    /// As for [`put`](Self::put).
    pub async fn put_stream<M: BatchPut>(&mut self, items: impl Stream<Item = M>) -> Result<()> {
        let mut items = pin!(items);
        while let Some(item) = std::future::poll_fn(|cx| items.as_mut().poll_next(cx)).await {
            self.put(&item).await?;
        }
        self.flush().await
    }

    /// Sends what is left; nothing left is no request.
    ///
    /// # Errors
    ///
    /// As for [`put`](Self::put).
    pub async fn flush(&mut self) -> Result<()> {
        self.take().await
    }

    async fn add(&mut self, add: impl FnOnce(BatchWrite) -> BatchWrite) -> Result<()> {
        self.pending = add(self.take());
        if self.pending.len() >= PENDING || self.pending.is_mistaken() { self.flush().await } else { Ok(()) }
    }

    fn take(&mut self) -> BatchWrite {
        std::mem::replace(&mut self.pending, BatchWrite::new(&self.client))
    }
}

impl Drop for BatchWriter {
    fn drop(&mut self) {
        if !self.pending.is_empty() {
            tracing::warn!(
                writes = self.pending.len(),
                "a batch writer was dropped before its last writes were flushed"
            );
        }
    }
}
