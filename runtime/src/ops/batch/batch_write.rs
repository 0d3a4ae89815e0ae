//! Writing and deleting many items, of any models and tables.

use super::pending_writes::{CHUNK, Pace, PendingWrites, PutOrDelete, UnderWay};
use super::unfinished::UnfinishedBatch;
use crate::ground::AttributeMap;
use crate::ops::model::{BatchDelete, BatchPut};
use crate::ops::write::{IntoPut, key_of};
use crate::ops::{Error, Model, Result, Running};
use crate::transport::Client;
use std::fmt;
use std::sync::Arc;

/// Writes and deletes any number of items, of any models and tables (BatchWriteItem, up to 25 at a time and several
/// requests side by side).
///
/// Of two writes of one key the last one wins. What DynamoDB leaves unprocessed is sent again; what DynamoDB has not
/// acknowledged when the attempts end, or an error ends them, is in [`Error::UnfinishedBatch`]. The batch is no
/// transaction: others may see it half written. Conditions are what DynamoDB's batches do not have; use a transaction, or
/// single writes.
///
/// The future owns the writes. Where it is dropped early, each of them may have been done or not; a
/// [`BatchWriter`](super::BatchWriter) keeps those that were not acknowledged.
#[must_use = "an operation runs when it is awaited"]
pub struct BatchWrite<'w> {
    client: Client,
    writes: PendingWrites<'w>,
    /// Requests for some of them, of a batch writer.
    under_way: UnderWay,
    pace: Pace,
    progress: Option<Progress>,
    mistake: Option<Error>,
}

type Progress = Arc<dyn Fn(usize, usize) + Send + Sync>;

impl Client {
    /// Starts a batch of writes, of any models and tables.
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

    /// Adds an item to write. One that breaks its constraints, or that DynamoDB cannot hold, is the error of the
    /// whole batch, and nothing is sent.
    ///
    /// One of a model with times that writes keep is borrowed mutably until the batch is done: when DynamoDB has
    /// acknowledged the write, it becomes what was written, also where others of the batch are left. A later write of its
    /// key leaves it as it is.
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

    /// Adds the key of an item to delete; that there is none is no error.
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

    /// Adds an item to delete, of which the key attributes are read.
    pub(in crate::ops) fn delete_item<M: Model>(&mut self, item: AttributeMap) -> Result<()> {
        let target = self.writes.target::<M>(&self.client)?;
        let key = key_of(&item, &target.description.key_names());
        self.writes.push(target, PutOrDelete::Delete(key));
        Ok(())
    }

    /// Sends at most this many writes in one request, 1 to 25.
    pub fn chunk_size(mut self, writes: usize) -> Self {
        self.pace.chunk = writes.clamp(1, CHUNK);
        self
    }

    /// Has this many requests under way at a time, rather than 4.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.pace.concurrency = requests.max(1);
        self
    }

    /// Calls this after each request with how many writes are done, and how many there are.
    pub fn progress(mut self, progress: impl Fn(usize, usize) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// How many writes there are: of several for one key, the last one counts.
    pub fn len(&self) -> usize {
        self.writes.len()
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    async fn run(self) -> Result<()> {
        let Self { client, mut writes, mut under_way, pace, progress, mistake } = self;
        if let Some(mistake) = mistake {
            return Err(mistake);
        }
        let total = writes.len();
        let told = |left| progress.iter().for_each(|progress| progress(total - left, total));
        let cause = writes.drain(&client, &mut under_way, pace, told).await;
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
