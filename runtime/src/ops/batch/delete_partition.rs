//! Deleting all items with one hash key.

use super::batch_write::BatchWrite;
use crate::ops::model::BatchDelete;
use crate::ops::read::Query;
use crate::ops::{Result, Running, TableItem};
use crate::transport::Client;
use std::pin::Pin;
use std::sync::Arc;

/// The number of keys that are gathered before they are deleted: four requests of 25.
const PENDING: usize = 100;

/// Deletes the model's items with one hash key in batches, and returns their number. In a shared table, items of
/// other models stay.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let deleted: u64 = Event::delete_partition(&db, "e1").await?;
/// # Ok(())
/// # }
/// ```
///
/// It is no transaction. If it ends early, the deleted items stay deleted, and a second run deletes the rest. Items
/// that other writers add in the meantime may stay.
#[must_use = "an operation runs when it is awaited"]
pub struct DeletePartition<M: TableItem> {
    client: Client,
    query: Query<M>,
    progress: Option<Arc<dyn Fn(u64) + Send + Sync>>,
}

impl<M: BatchDelete> DeletePartition<M> {
    /// Deletes the items that a query reads.
    #[doc(hidden)]
    pub fn new(client: &Client, query: Query<M>) -> Self {
        Self { client: client.clone(), query: query.of_all(), progress: None }
    }

    /// Calls a function after each batch, with the number of deleted items so far.
    pub fn progress(mut self, progress: impl Fn(u64) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    async fn run(self) -> Result<u64> {
        let mut keys = self.query.keys();
        let mut deleted = 0;
        let mut pending = BatchWrite::new(&self.client);
        loop {
            let key = std::future::poll_fn(|cx| futures_core::Stream::poll_next(Pin::new(&mut keys), cx)).await;
            let is_last = key.is_none();
            if let Some(key) = key {
                pending.delete_item::<M>(key?)?;
            }
            if pending.len() >= PENDING || is_last {
                let batch = std::mem::replace(&mut pending, BatchWrite::new(&self.client));
                deleted += u64::try_from(batch.len()).unwrap_or(u64::MAX);
                batch.await?;
                if let Some(progress) = &self.progress {
                    progress(deleted);
                }
            }
            if is_last {
                return Ok(deleted);
            }
        }
    }
}

impl<M: BatchDelete> IntoFuture for DeletePartition<M> {
    type Output = Result<u64>;
    type IntoFuture = Running<'static, u64>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<M: TableItem> std::fmt::Debug for DeletePartition<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeletePartition").field("model", &M::model_name()).finish_non_exhaustive()
    }
}
