//! Writing and deleting many items, of any models and tables.

use super::Running;
use super::identity::{Identity, key_of};
use super::side_by_side::{CONCURRENCY, SideBySide};
use super::unfinished_batch::UnfinishedBatch;
use super::{backoff, missing_table};
use crate::carrier::{AttributeMap, Bodies, Operation, RawItem, size, write_key};
use crate::client::{self, Place, Target};
use crate::item::{BatchDelete, BatchPut};
use crate::{Client, Error, Model, Result, Violations};
use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, WriteRequest};
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use tracing::Instrument;

/// BatchWriteItem takes at most this many writes …
const CHUNK: usize = 25;
/// … and at most so many bytes of them.
const CHUNK_BYTES: usize = 16 * 1024 * 1024;

/// Writes and deletes any number of items, of any models and tables (BatchWriteItem, up to 25 at a time and several
/// requests side by side).
///
/// Of two writes of one key the last one wins. What DynamoDB leaves unprocessed is sent again; what is left when the
/// attempts end, or an error ends them, is in [`Error::UnfinishedBatch`]. The batch is no transaction: others may see
/// it half written. Conditions are what DynamoDB's batches do not have; use a transaction, or single writes.
#[must_use = "an operation runs when it is awaited"]
pub struct BatchWrite {
    client: Client,
    writes: Writes,
    chunk: usize,
    concurrency: usize,
    progress: Option<Progress>,
    mistake: Option<Error>,
}

type Progress = Arc<dyn Fn(usize, usize) + Send + Sync>;

/// Writes in their order, the last one for each key.
#[derive(Default)]
pub(super) struct Writes {
    entries: Vec<Option<Write>>,
    positions: HashMap<(Place, String, Identity), usize>,
    targets: Vec<Arc<Target>>,
}

/// One write.
#[derive(Debug, Clone)]
pub(super) struct Write {
    target: Arc<Target>,
    identity: Identity,
    request: Request,
    size: usize,
}

#[derive(Debug, Clone)]
enum Request {
    Put(RawItem),
    Delete(AttributeMap),
}

impl Request {
    /// What the write is on.
    fn identity(&self, target: &Target) -> Identity {
        let names = target.description.key_names();
        match self {
            Request::Put(item) => Identity::of_raw(item, &names),
            Request::Delete(key) => Identity::of(key, &names),
        }
    }

    /// About so many bytes of a request.
    fn size(&self) -> usize {
        match self {
            Request::Put(item) => item.size(),
            Request::Delete(key) => size(key),
        }
    }
}

impl Writes {
    pub(super) fn len(&self) -> usize {
        self.positions.len()
    }

    /// The size of the next write, if it is like the last.
    fn likely_size(&self) -> usize {
        let last = self.entries.last().and_then(Option::as_ref).map_or(0, |write| write.size);
        last + last / 8 + 64
    }

    fn target<M: Model>(&mut self, client: &Client) -> Result<Arc<Target>> {
        let target = client.target::<M>()?;
        let same = |known: &&Arc<Target>| {
            known.model == target.model && known.table == target.table && known.place == target.place
        };
        let known = self.targets.iter().find(same);
        Ok(known.cloned().unwrap_or_else(|| {
            let target = Arc::new(target);
            self.targets.push(target.clone());
            target
        }))
    }

    fn push(&mut self, target: Arc<Target>, request: Request) {
        let (identity, size) = (request.identity(&target), request.size());
        self.insert(Write { target, identity, request, size });
    }

    fn insert(&mut self, write: Write) {
        let place = (write.target.place.clone(), write.target.table.clone(), write.identity.clone());
        if let Some(earlier) = self.positions.insert(place, self.entries.len())
            && let Some(earlier) = self.entries.get_mut(earlier)
        {
            *earlier = None;
        }
        self.entries.push(Some(write));
    }

    /// The writes in chunks that one request takes: of one SDK client each.
    fn into_chunks(self, most: usize) -> VecDeque<Vec<Write>> {
        let mut open: Vec<(Vec<Write>, usize)> = Vec::new();
        let mut chunks = VecDeque::new();
        for write in self.entries.into_iter().flatten() {
            let same = |(chunk, _): &&mut (Vec<Write>, usize)| {
                chunk.first().is_some_and(|first| first.target.place == write.target.place)
            };
            let size = write.size;
            match open.iter_mut().find(same) {
                Some((chunk, bytes)) if chunk.len() < most && *bytes + size <= CHUNK_BYTES => {
                    chunk.push(write);
                    *bytes += size;
                }
                Some((chunk, bytes)) => {
                    chunks.push_back(std::mem::replace(chunk, vec![write]));
                    *bytes = size;
                }
                None => open.push((vec![write], size)),
            }
        }
        chunks.extend(open.into_iter().map(|(chunk, _)| chunk));
        chunks
    }

    /// The items of a model among the puts.
    pub(super) fn puts<M: Model>(&self) -> Result<Vec<M>> {
        let of_model = self.entries.iter().flatten().filter(|write| write.target.model == M::NAME);
        let puts = of_model.filter_map(|write| match &write.request {
            Request::Put(item) => Some(item.clone().read_model().map_err(Error::from)),
            Request::Delete(_) => None,
        });
        puts.collect()
    }
}

impl Client {
    /// Starts a batch of writes, of any models and tables.
    pub fn batch_write(&self) -> BatchWrite {
        BatchWrite::new(self)
    }
}

impl BatchWrite {
    pub(super) fn new(client: &Client) -> Self {
        Self::of(client, Writes::default())
    }

    pub(super) fn of(client: &Client, writes: Writes) -> Self {
        let client = client.clone();
        Self { client, writes, chunk: CHUNK, concurrency: CONCURRENCY, progress: None, mistake: None }
    }

    /// Adds an item to write. One that breaks its constraints, or that DynamoDB cannot hold, is the error of the
    /// whole batch, and nothing is sent.
    pub fn put<M: BatchPut>(mut self, item: &M) -> Self {
        if let Err(error) = self.add_put(item) {
            self.mistake.get_or_insert(error);
        }
        self
    }

    /// Adds items to write.
    pub fn put_all<'i, M: BatchPut>(self, items: impl IntoIterator<Item = &'i M>) -> Self {
        items.into_iter().fold(self, Self::put)
    }

    /// Adds the key of an item to delete; that there is none is no error.
    pub fn delete<M: BatchDelete>(mut self, key: impl Into<M::Key>) -> Self {
        if let Err(error) = self.add_delete::<M>(&key.into()) {
            self.mistake.get_or_insert(error);
        }
        self
    }

    /// Adds the keys of items to delete.
    pub fn delete_all<M: BatchDelete>(self, keys: impl IntoIterator<Item = impl Into<M::Key>>) -> Self {
        keys.into_iter().fold(self, |batch, key| batch.delete::<M>(key))
    }

    fn add_put<M: Model>(&mut self, item: &M) -> Result<()> {
        let stamped = item.stamped(false);
        let item = stamped.as_ref().unwrap_or(item);
        Violations::of(M::NAME, item)?;
        let target = self.writes.target::<M>(&self.client)?;
        let item = RawItem::write(item, target.carrier, self.writes.likely_size())?;
        self.writes.push(target, Request::Put(item));
        Ok(())
    }

    fn add_delete<M: Model>(&mut self, key: &M::Key) -> Result<()> {
        let key = write_key(key)?;
        let target = self.writes.target::<M>(&self.client)?;
        self.writes.push(target, Request::Delete(key));
        Ok(())
    }

    /// Adds an item to delete, of which the key attributes are read.
    pub(super) fn delete_item<M: Model>(&mut self, item: AttributeMap) -> Result<()> {
        let target = self.writes.target::<M>(&self.client)?;
        let key = key_of(&item, &target.description.key_names());
        self.writes.push(target, Request::Delete(key));
        Ok(())
    }

    /// Sends at most this many writes in one request, 1 to 25.
    pub fn chunk_size(mut self, writes: usize) -> Self {
        self.chunk = writes.clamp(1, CHUNK);
        self
    }

    /// Has this many requests under way at a time, rather than 4.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests.max(1);
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

    pub(super) fn is_mistaken(&self) -> bool {
        self.mistake.is_some()
    }

    async fn run(self) -> Result<()> {
        if let Some(mistake) = self.mistake {
            return Err(mistake);
        }
        let total = self.writes.len();
        let mut waiting = self.writes.into_chunks(self.chunk);
        let mut running = SideBySide::new();
        let (mut done, mut cause, mut left) = (0, None, Writes::default());
        loop {
            while cause.is_none()
                && running.len() < self.concurrency
                && let Some(chunk) = waiting.pop_front()
            {
                running.push(send(self.client.clone(), chunk));
            }
            let Some(sent) = running.next().await else { break };
            let Sent { written, unprocessed, error } = sent;
            done += written;
            unprocessed.into_iter().for_each(|write| left.insert(write));
            cause = cause.or(error);
            if let Some(progress) = &self.progress {
                progress(done, total);
            }
        }
        waiting.into_iter().flatten().for_each(|write| left.insert(write));
        match (left.len(), cause) {
            (0, None) => Ok(()),
            (_, cause) => Err(Error::UnfinishedBatch(Box::new(UnfinishedBatch::new(cause, left)))),
        }
    }
}

/// What became of one chunk.
struct Sent {
    written: usize,
    unprocessed: Vec<Write>,
    error: Option<Error>,
}

/// Sends one chunk until nothing is left of it.
async fn send(client: Client, chunk: Vec<Write>) -> Sent {
    let total = chunk.len();
    let mut left = chunk;
    let mut attempt = 0;
    while let Some(target) = left.first().map(|write| write.target.clone()) {
        let before = client.creations();
        let sent = request(&target, &left).instrument(target.span("BatchWriteItem")).await;
        match sent {
            Ok(unprocessed) => left = unprocessed,
            Err(error) => {
                let targets = left.iter().map(|write| &*write.target);
                let created = missing_table::create_any(&client, targets, before, error).await;
                if let Err(error) = created
                    && (!error.is_retryable() || attempt + 1 == backoff::ATTEMPTS)
                {
                    return Sent { written: total - left.len(), unprocessed: left, error: Some(error) };
                }
            }
        }
        attempt += 1;
        if attempt == backoff::ATTEMPTS {
            break;
        }
        if !left.is_empty() {
            tokio::time::sleep(backoff::delay(attempt)).await;
        }
    }
    Sent { written: total - left.len(), unprocessed: left, error: None }
}

/// One request; what DynamoDB left unprocessed of it.
async fn request(target: &Target, writes: &[Write]) -> Result<Vec<Write>> {
    let mut items: HashMap<String, Vec<WriteRequest>> = HashMap::new();
    let mut bodies = target.bodies(Operation::BatchWriteItem);
    for write in writes {
        items.entry(write.target.table.clone()).or_default().push(write.to_sdk(bodies.as_mut())?);
    }
    let request = target.sdk.batch_write_item().set_request_items(Some(items));
    let sent = client::send!(request, &bodies);
    let output = sent.map_err(|error| target.error("BatchWriteItem", error))?;
    let mut unprocessed = Vec::new();
    for (table, requests) in output.unprocessed_items.into_iter().flatten() {
        for request in requests {
            let attributes =
                request.put_request.map(|put| put.item).or(request.delete_request.map(|delete| delete.key));
            let found = attributes.and_then(|attributes| {
                writes.iter().find(|write| {
                    write.target.table == table
                        && Identity::of(&attributes, &write.target.description.key_names()) == write.identity
                })
            });
            unprocessed.extend(found.cloned());
        }
    }
    Ok(unprocessed)
}

impl Write {
    /// The write for the SDK; of an item that goes on the wire as it is, its mark.
    fn to_sdk(&self, bodies: Option<&mut Bodies>) -> Result<WriteRequest> {
        let failed = |error| Error::Config(format!("{}: BatchWriteItem: {error}", self.target.model));
        let request = WriteRequest::builder();
        Ok(match &self.request {
            Request::Put(item) => {
                let item = item.marked(bodies).map_err(|error| error.of(self.target.model))?;
                let put = PutRequest::builder().set_item(Some(item)).build().map_err(failed)?;
                request.put_request(put).build()
            }
            Request::Delete(key) => {
                let delete = DeleteRequest::builder().set_key(Some(key.clone())).build().map_err(failed)?;
                request.delete_request(delete).build()
            }
        })
    }
}

impl IntoFuture for BatchWrite {
    type Output = Result<()>;
    type IntoFuture = Running<'static, ()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for BatchWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchWrite").field("writes", &self.len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Writes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writes").field("len", &self.len()).finish_non_exhaustive()
    }
}
