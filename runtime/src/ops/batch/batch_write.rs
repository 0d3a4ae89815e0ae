//! Writing and deleting many items, of any models and tables.

use super::pending_writes::{CHUNK, Pace, PendingWrites, PutOrDelete, UnderWay};
use super::unfinished::UnfinishedBatch;
use crate::ground::AttributeMap;
use crate::ops::model::{BatchDelete, BatchPut};
use crate::ops::write::{IntoPut, key_of};
use crate::ops::{Error, Result, Running, TableItem};
use crate::transport::Client;
use std::fmt;
use std::sync::Arc;

/// Writes and deletes any number of items of any models and tables (BatchWriteItem). It sends several requests
/// concurrently, each with up to 25 writes.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, users: Vec<User>, placed_at: dyntastic::chrono::DateTime<dyntastic::chrono::Utc>) -> dyntastic::Result<()> {
/// db.batch_write().put_all(&users).delete::<Order>(("customer7", placed_at, 3)).await?;
/// # Ok(())
/// # }
/// ```
///
/// Of two writes with the same key, only the last one is sent. Writes that DynamoDB leaves unprocessed are sent
/// again. The writes that DynamoDB has not acknowledged in the end are in [`Error::UnfinishedBatch`].
///
/// A batch is no transaction: other readers may see some of its writes before others. DynamoDB's batches have no
/// conditions; use a transaction or single writes for these.
///
/// The future owns the writes. If it is dropped early, each write may have been applied or not; a
/// [`BatchWriter`](super::BatchWriter) keeps the unacknowledged writes.
#[must_use = "an operation runs when it is awaited"]
pub struct BatchWrite<'w> {
    client: Client,
    writes: PendingWrites<'w>,
    /// Requests that a batch writer has already sent.
    under_way: UnderWay,
    pace: Pace,
    progress: Option<Progress>,
    mistake: Option<Error>,
}

type Progress = Arc<dyn Fn(usize, usize) + Send + Sync>;

impl Client {
    /// Starts a batch of writes of any models and tables.
    pub fn batch_write<'w>(&self) -> BatchWrite<'w> {
        BatchWrite::new(self)
    }
}

impl<'w> BatchWrite<'w> {
    pub(in crate::ops) fn new(client: &Client) -> Self {
        Self::of(client, PendingWrites::default(), UnderWay::new())
    }

    pub(in crate::ops) fn of(client: &Client, writes: PendingWrites<'w>, under_way: UnderWay) -> Self {
        Self { client: client.clone(), writes, under_way, pace: Pace::default(), progress: None, mistake: None }
    }

    /// Adds an item to write. If the item breaks a constraint, or if DynamoDB cannot hold it, the whole batch fails
    /// with that error and sends nothing.
    ///
    /// An item of a model with times that writes keep is borrowed mutably until the batch ends. It is brought up to
    /// date once DynamoDB has acknowledged its write, even if other writes of the batch are left. An item that a
    /// later write of the same key replaces stays unchanged.
    pub fn put<M: BatchPut>(mut self, item: impl IntoPut<'w, M>) -> Self {
        if let Err(error) = self.writes.put(&self.client, item) {
            self.mistake.get_or_insert(error);
        }
        self
    }

    /// Adds items to write.
    pub fn put_all<M: BatchPut>(self, items: impl IntoIterator<Item = impl IntoPut<'w, M>>) -> Self {
        items.into_iter().fold(self, |batch, item| batch.put(item))
    }

    /// Adds the key of an item to delete. A missing item is no error.
    pub fn delete<M: BatchDelete>(mut self, key: impl Into<M::Key>) -> Self {
        if let Err(error) = self.writes.delete::<M>(&self.client, &key.into()) {
            self.mistake.get_or_insert(error);
        }
        self
    }

    /// Adds the keys of items to delete.
    pub fn delete_all<M: BatchDelete>(self, keys: impl IntoIterator<Item = impl Into<M::Key>>) -> Self {
        keys.into_iter().fold(self, |batch, key| batch.delete::<M>(key))
    }

    /// Adds an item to delete by its key attributes.
    pub(in crate::ops) fn delete_item<M: TableItem>(&mut self, item: AttributeMap) -> Result<()> {
        let target = self.writes.target::<M>(&self.client)?;
        let key = key_of(&item, &target.description.key_names());
        self.writes.push(target, PutOrDelete::Delete(key));
        Ok(())
    }

    /// Sets the maximum of writes in one request, from 1 to 25.
    pub fn chunk_size(mut self, writes: usize) -> Self {
        self.pace.chunk = writes.clamp(1, CHUNK);
        self
    }

    /// Sets the number of concurrent requests. The default is 4.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.pace.concurrency = requests.max(1);
        self
    }

    /// Calls a function after each request, with the number of acknowledged writes and the number of all writes.
    pub fn progress(mut self, progress: impl Fn(usize, usize) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// The number of writes. Several writes with the same key count once.
    pub fn len(&self) -> usize {
        self.writes.len()
    }

    /// Whether the batch has no writes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    async fn run(self) -> Result<()> {
        let Self { client, mut writes, mut under_way, pace, progress, mistake } = self;
        if let Some(mistake) = mistake {
            return Err(mistake);
        }
        let total = writes.len();
        let report = |left| progress.iter().for_each(|progress| progress(total - left, total));
        let cause = writes.drain(&client, &mut under_way, pace, report).await;
        match writes.len() {
            0 => Ok(()),
            _ => Err(Error::UnfinishedBatch(Box::new(UnfinishedBatch::new(cause, writes.without_structs())))),
        }
    }
}

impl<'w> IntoFuture for BatchWrite<'w> {
    type Output = Result<()>;
    type IntoFuture = Running<'w, ()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for BatchWrite<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchWrite").field("writes", &self.len()).finish_non_exhaustive()
    }
}
