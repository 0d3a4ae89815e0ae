//! The pending writes of a batch. A write is pending until DynamoDB has acknowledged it.

use crate::codec::{AsStored, RawItem, size};
use crate::ground::{AttributeMap, Violations};
use crate::ops::concurrency::{CONCURRENCY, Concurrent};
use crate::ops::table::missing_table;
use crate::ops::write::{IntoPut, ItemKey, WhenWritten, as_stored, seal_item, write_key};
use crate::ops::{Error, Result, TableItem};
use crate::transport::{Client, Encoder, Operation, Target, backoff, send};
use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, WriteRequest};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The maximum of writes in one BatchWriteItem.
pub(in crate::ops) const CHUNK: usize = 25;
/// The maximum of bytes in one BatchWriteItem.
const CHUNK_BYTES: usize = 16 * 1024 * 1024;

/// Pending writes in their order, one for each key.
///
/// It owns its writes. A write leaves it once DynamoDB has acknowledged it, or when a later write of the same key
/// replaces it.
#[derive(Default)]
pub(in crate::ops) struct PendingWrites<'w> {
    writes: BTreeMap<u64, Pending<'w>>,
    positions: HashMap<OfOneKey, u64>,
    next: u64,
    targets: Vec<Arc<Target>>,
}

/// Running requests. They continue after the future that started them is dropped, so that no two requests write the
/// same key concurrently.
pub(in crate::ops) type UnderWay = Concurrent<'static, Sent>;

/// A write, and the function that brings its struct up to date once DynamoDB has acknowledged it.
struct Pending<'w> {
    write: Arc<Write>,
    written: Option<WhenWritten<'w>>,
}

/// One write.
struct Write {
    target: Arc<Target>,
    identity: ItemKey,
    request: PutOrDelete,
    size: usize,
}

/// A write that equals all other writes with the same key.
struct OfOneKey(Arc<Write>);

pub(in crate::ops) enum PutOrDelete {
    Put(RawItem),
    Delete(AttributeMap),
}

/// The sizes and the number of requests.
#[derive(Debug, Clone, Copy)]
pub(in crate::ops) struct Pace {
    /// The maximum of writes in one request.
    pub(in crate::ops) chunk: usize,
    /// The maximum of concurrent requests.
    pub(in crate::ops) concurrency: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { chunk: CHUNK, concurrency: CONCURRENCY }
    }
}

impl PutOrDelete {
    /// The key of the item that is written.
    fn identity(&self, target: &Target) -> ItemKey {
        let names = target.description.key_names();
        match self {
            PutOrDelete::Put(item) => ItemKey::of_written(item, &names),
            PutOrDelete::Delete(key) => ItemKey::of(key, &names),
        }
    }

    /// The approximate size in a request, in bytes.
    fn size(&self) -> usize {
        match self {
            PutOrDelete::Put(item) => item.size(),
            PutOrDelete::Delete(key) => size(key),
        }
    }
}

impl PartialEq for OfOneKey {
    fn eq(&self, other: &Self) -> bool {
        let Self(one) = self;
        let Self(other) = other;
        one.identity == other.identity
            && one.target.table == other.target.table
            && one.target.place == other.target.place
    }
}

impl Eq for OfOneKey {}

impl Hash for OfOneKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self(write) = self;
        write.identity.hash(state);
        write.target.table.hash(state);
        write.target.place.hash(state);
    }
}

impl<'w> PendingWrites<'w> {
    pub(in crate::ops) fn len(&self) -> usize {
        self.writes.len()
    }

    /// Adds an item to write, in place of an earlier write with the same key.
    pub(in crate::ops) fn put<M: TableItem>(&mut self, client: &Client, item: impl IntoPut<'w, M>) -> Result<()> {
        let stored = as_stored(item.item(), false)?;
        let (target, request) = self.put_request(client, &stored)?;
        let stored = stored.into_changed();
        let written =
            item.kept().zip(stored).map(|(item, stored)| -> WhenWritten<'w> { Box::new(move || *item = stored) });
        self.insert(write(target, request), written);
        Ok(())
    }

    /// Adds an item to write whose struct is not brought up to date.
    pub(in crate::ops) fn put_owned<M: TableItem>(&mut self, client: &Client, item: &M) -> Result<()> {
        let (target, request) = self.put_request(client, &as_stored(item, false)?)?;
        self.push(target, request);
        Ok(())
    }

    fn put_request<M: TableItem>(
        &mut self,
        client: &Client,
        item: &AsStored<'_, M>,
    ) -> Result<(Arc<Target>, PutOrDelete)> {
        Violations::of(M::model_name(), &**item)?;
        let target = self.target::<M>(client)?;
        let item = RawItem::write(item, target.codec, self.likely_size())?;
        Ok((target, PutOrDelete::Put(item)))
    }

    /// Adds the key of an item to delete, in place of an earlier write with the same key.
    pub(in crate::ops) fn delete<M: TableItem>(&mut self, client: &Client, key: &M::Key) -> Result<()> {
        let key = write_key(key)?;
        let target = self.target::<M>(client)?;
        self.push(target, PutOrDelete::Delete(key));
        Ok(())
    }

    /// Adds a write, in place of an earlier write with the same key.
    pub(in crate::ops) fn push(&mut self, target: Arc<Target>, request: PutOrDelete) {
        self.insert(write(target, request), None);
    }

    /// The same writes without the structs that they bring up to date.
    pub(in crate::ops) fn without_structs(self) -> PendingWrites<'static> {
        let Self { writes, positions, next, targets } = self;
        let writes =
            writes.into_iter().map(|(at, Pending { write, written: _ })| (at, Pending { write, written: None }));
        PendingWrites { writes: writes.collect(), positions, next, targets }
    }

    pub(in crate::ops) fn target<M: TableItem>(&mut self, client: &Client) -> Result<Arc<Target>> {
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

    /// The expected size of the next write, in bytes: a bit more than the last one.
    fn likely_size(&self) -> usize {
        let last = self.writes.last_key_value().map_or(0, |(_, pending)| pending.write.size);
        last + last / 8 + 64
    }

    fn insert(&mut self, write: Arc<Write>, written: Option<WhenWritten<'w>>) {
        let key = OfOneKey(write.clone());
        if let Some((_, earlier)) = self.positions.remove_entry(&key) {
            self.writes.remove(&earlier);
        }
        self.positions.insert(key, self.next);
        self.writes.insert(self.next, Pending { write, written });
        self.next += 1;
    }

    /// Removes a write, unless a later write has replaced it.
    fn remove(&mut self, write: &Arc<Write>) -> Option<Pending<'w>> {
        let key = OfOneKey(write.clone());
        let position = *self.positions.get(&key)?;
        if !self.writes.get(&position).is_some_and(|pending| Arc::ptr_eq(&pending.write, write)) {
            return None;
        }
        self.positions.remove(&key);
        self.writes.remove(&position)
    }

    /// The writes in chunks for one request each. All writes of a chunk use the same SDK client.
    fn chunks(&self, max: usize) -> VecDeque<Vec<Arc<Write>>> {
        let mut open: Vec<(Vec<Arc<Write>>, usize)> = Vec::new();
        let mut chunks = VecDeque::new();
        for Pending { write, .. } in self.writes.values() {
            let same = |(chunk, _): &&mut (Vec<Arc<Write>>, usize)| {
                chunk.first().is_some_and(|first| first.target.place == write.target.place)
            };
            let (size, write) = (write.size, write.clone());
            match open.iter_mut().find(same) {
                Some((chunk, bytes)) if chunk.len() < max && *bytes + size <= CHUNK_BYTES => {
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

    /// Sends all writes; after the first error, it starts no more requests. The writes that stay pending are those
    /// that DynamoDB has not acknowledged. After each request, it calls `progress` with the number of pending writes.
    ///
    /// A dropped future loses nothing: the next call continues the running requests.
    pub(in crate::ops) async fn drain(
        &mut self,
        client: &Client,
        under_way: &mut UnderWay,
        pace: Pace,
        progress: impl Fn(usize),
    ) -> Option<Error> {
        // These requests are from a call that was dropped. Their unprocessed writes are sent again below.
        while let Some(sent) = under_way.next().await {
            self.settle(sent);
        }
        let mut waiting = self.chunks(pace.chunk);
        let mut cause = None;
        loop {
            while cause.is_none()
                && under_way.len() < pace.concurrency
                && let Some(chunk) = waiting.pop_front()
            {
                under_way.push(send(client.clone(), chunk));
            }
            let Some(sent) = under_way.next().await else { return cause };
            cause = cause.or(self.settle(sent));
            progress(self.len());
        }
    }

    /// Removes the acknowledged writes. The unprocessed ones go to the end, so that refused writes do not delay the
    /// others.
    fn settle(&mut self, sent: Sent) -> Option<Error> {
        let Sent { written, left, error } = sent;
        for write in &written {
            if let Some(written) = self.remove(write).and_then(|pending| pending.written) {
                written();
            }
        }
        for write in &left {
            if let Some(Pending { write, written }) = self.remove(write) {
                self.insert(write, written);
            }
        }
        error
    }

    /// The items of a model that are to be put.
    pub(in crate::ops) fn puts<M: TableItem>(&self) -> Result<Vec<M>> {
        let writes = self.writes.values().map(|pending| &pending.write);
        let of_model = writes.filter(|write| write.target.model == M::model_name());
        let puts = of_model.filter_map(|write| match &write.request {
            PutOrDelete::Put(item) => Some(item.clone().read_model().map_err(Error::from)),
            PutOrDelete::Delete(_) => None,
        });
        puts.collect()
    }
}

impl fmt::Debug for PendingWrites<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingWrites").field("len", &self.len()).finish_non_exhaustive()
    }
}

fn write(target: Arc<Target>, request: PutOrDelete) -> Arc<Write> {
    let (identity, size) = (request.identity(&target), request.size());
    Arc::new(Write { target, identity, request, size })
}

/// The outcome of one chunk.
pub(in crate::ops) struct Sent {
    written: Vec<Arc<Write>>,
    left: Vec<Arc<Write>>,
    error: Option<Error>,
}

/// The writes of a chunk that cannot be sent, which does not hold up the others.
#[derive(Default)]
struct Refused {
    writes: Vec<Arc<Write>>,
    /// The first error.
    error: Option<Error>,
}

fn has(writes: &[Arc<Write>], write: &Arc<Write>) -> bool {
    writes.iter().any(|other| Arc::ptr_eq(other, write))
}

/// Sends one chunk until all its writes are acknowledged, or the attempts are used up.
async fn send(client: Client, chunk: Vec<Arc<Write>>) -> Sent {
    let mut sent = Sent { written: Vec::new(), left: chunk, error: None };
    let mut refused = Refused::default();
    let mut attempt = 0;
    while let Some(target) = sent.left.first().map(|write| write.target.clone()) {
        match send_once(&client, &target, &sent.left, &mut refused).await {
            Ok(Some(unprocessed)) => {
                let is_written = |write: &Arc<Write>| !has(&unprocessed, write) && !has(&refused.writes, write);
                sent.written.extend(sent.left.into_iter().filter(is_written));
                sent.left = unprocessed;
            }
            Ok(None) => {}
            Err(error) if error.is_retryable() && attempt + 1 < backoff::ATTEMPTS => {}
            Err(error) => {
                sent.error = Some(error);
                break;
            }
        }
        sent.left.retain(|write| !has(&refused.writes, write));
        attempt += 1;
        if attempt == backoff::ATTEMPTS {
            break;
        }
        if !sent.left.is_empty() {
            tokio::time::sleep(backoff::delay(attempt)).await;
        }
    }
    sent.left.retain(|write| !has(&refused.writes, write));
    sent.left.extend(refused.writes);
    sent.error = sent.error.or(refused.error);
    sent
}

/// Sends a chunk once. Returns the unprocessed writes, or `None` if it created a missing table and must be sent
/// again.
async fn send_once(
    client: &Client,
    target: &Target,
    writes: &[Arc<Write>],
    refused: &mut Refused,
) -> Result<Option<Vec<Arc<Write>>>> {
    let targets = || writes.iter().map(|write| &*write.target);
    let before = missing_table::before_write(client, targets()).await;
    let sent = request(target, writes, refused).await;
    let Err(error) = sent else { return sent.map(Some) };
    // No item of a missing table can be deleted.
    if !writes.iter().any(|write| matches!(write.request, PutOrDelete::Put(_))) {
        return Err(error);
    }
    missing_table::create_any(client, targets(), before, error).await.map(|_| None)
}

/// Sends one request, and returns the unprocessed writes.
async fn request(target: &Target, writes: &[Arc<Write>], refused: &mut Refused) -> Result<Vec<Arc<Write>>> {
    let mut items: HashMap<String, Vec<WriteRequest>> = HashMap::new();
    let mut encoder = target.encoder(Operation::BatchWriteItem);
    for write in writes {
        match write.to_sdk(encoder.as_mut()).await {
            Ok(request) => items.entry(write.target.table.clone()).or_default().push(request),
            Err(error) if error.is_retryable() => return Err(error),
            Err(error) => {
                refused.error.get_or_insert(error);
                refused.writes.push(write.clone());
            }
        }
    }
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let request = target.sdk.batch_write_item().set_request_items(Some(items));
    let sent = send!(target, request, &encoder);
    let output = sent.map_err(|error| target.error("BatchWriteItem", error))?;
    let mut unprocessed = Vec::new();
    for (table, requests) in output.unprocessed_items.into_iter().flatten() {
        for request in requests {
            let attributes =
                request.put_request.map(|put| put.item).or(request.delete_request.map(|delete| delete.key));
            let found = attributes.and_then(|attributes| {
                writes.iter().find(|write| {
                    write.target.table == table
                        && ItemKey::of(&attributes, &write.target.description.key_names()) == write.identity
                })
            });
            match found {
                Some(write) => unprocessed.push(write.clone()),
                // The response has an unknown key, so that all writes are sent again: none may be lost.
                None => return Ok(writes.to_vec()),
            }
        }
    }
    Ok(unprocessed)
}

impl Write {
    /// The write in the SDK's form. An item that goes past the SDK is replaced by its mark.
    async fn to_sdk(&self, encoder: Option<&mut Encoder>) -> Result<WriteRequest> {
        let failed = |error| Error::invalid("BatchWriteItem", format_args!("{}: {error}", self.target.model));
        let request = WriteRequest::builder();
        Ok(match &self.request {
            PutOrDelete::Put(item) => {
                let mut item = Cow::Borrowed(item);
                if let RawItem::Unsealed(..) = *item {
                    seal_item(&self.target, item.to_mut()).await?;
                }
                let item = item.marked(encoder).map_err(|error| error.of(self.target.model))?;
                let put = PutRequest::builder().set_item(Some(item)).build().map_err(failed)?;
                request.put_request(put).build()
            }
            PutOrDelete::Delete(key) => {
                let delete = DeleteRequest::builder().set_key(Some(key.clone())).build().map_err(failed)?;
                request.delete_request(delete).build()
            }
        })
    }
}
