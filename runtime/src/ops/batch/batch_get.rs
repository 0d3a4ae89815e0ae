//! Reading many items by their keys.

use crate::codec::{RawItem, unless_foreign};
use crate::description::Discriminator;
use crate::expr::{Expressions, Projection, Writer};
use crate::ground::{AttributeMap, ReadError};
use crate::observe::WithCapacity;
use crate::ops::concurrency::{CONCURRENCY, Concurrent};
use crate::ops::model::HidesDeleted;
use crate::ops::read::{CHUNK, Keys, Wanted, batch_get, damaged};
use crate::ops::write::{ItemKey, write_key};
use crate::ops::{Result, Running, TableItem};
use crate::rate_limit::{RateLimit, WithRateLimit};
use crate::transport::{Client, Target};
use futures_core::Stream;
use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Reads the items of any number of keys (BatchGetItem). It sends several requests concurrently, each with up to 100
/// keys.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let users = User::batch_get(&db, ["u1", "u2"]).await?;
/// # Ok(())
/// # }
/// ```
///
/// A repeated key is requested once. Keys that DynamoDB leaves unprocessed are requested again. Keys without an item
/// of the model are left out. The result has the items in the order of their keys.
#[must_use = "an operation runs when it is awaited"]
pub struct BatchGet<M: TableItem> {
    client: Client,
    keys: Vec<M::Key>,
    consistent: bool,
    with_deleted: bool,
    concurrency: usize,
}

/// A [`BatchGet`] that returns an `Option` for each key, in the order of the keys.
#[derive(Debug)]
#[must_use = "an operation runs when it is awaited"]
pub struct BatchGetInOrder<M: TableItem>(BatchGet<M>);

/// A [`BatchGet`] that reads only some attributes.
#[must_use = "an operation runs when it is awaited"]
pub struct BatchGetProjected<M: TableItem, P> {
    batch: BatchGet<M>,
    projection: P,
}

impl<M: TableItem> BatchGet<M> {
    #[doc(hidden)]
    pub fn new<K: Into<M::Key>>(client: &Client, keys: impl IntoIterator<Item = K>) -> Self {
        let keys = keys.into_iter().map(Into::into).collect();
        Self { client: client.clone(), keys, consistent: false, with_deleted: false, concurrency: CONCURRENCY }
    }

    /// Includes all writes that were acknowledged before the read, at twice the cost ("DynamoDB read consistency").
    pub fn consistent_read(mut self) -> Self {
        self.consistent = true;
        self
    }

    /// Includes the items that were deleted by [`soft_delete`](crate::model::SoftDelete::soft_delete). Without it, they are
    /// left out.
    pub fn with_deleted(mut self) -> Self
    where
        M: HidesDeleted,
    {
        self.with_deleted = true;
        self
    }

    /// The attribute that makes the read leave out an item.
    fn hidden_by(&self) -> Option<&'static str> {
        M::hidden_by().filter(|_| !self.with_deleted)
    }

    /// Sets the number of concurrent requests. The default is 4.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = requests.max(1);
        self
    }

    /// Returns an `Option` for each key, in the order of the keys. A repeated key has a repeated item.
    pub fn in_order(self) -> BatchGetInOrder<M> {
        BatchGetInOrder(self)
    }

    /// Reads only these attributes, in no order.
    pub fn project<P: Projection<M>>(self, attributes: P) -> BatchGetProjected<M, P> {
        BatchGetProjected { batch: self, projection: attributes }
    }

    /// The items as they arrive, in no order. The stream does not hold all items in memory.
    pub fn stream(&self) -> BatchItems<M> {
        self.items(self.distinct().map(keys), self.wanted(), {
            let hidden_by = self.hidden_by();
            Arc::new(move |item: RawItem| item.unless_hidden(hidden_by)?.read::<M>())
        })
    }

    fn wanted(&self) -> Wanted {
        Wanted { consistent: self.consistent, ..Wanted::default() }
    }

    fn items<T>(&self, keys: Result<Vec<AttributeMap>>, wanted: Wanted, read: Read<T>) -> BatchItems<T> {
        let requested = self.client.target::<M>().and_then(|target| Ok((target, keys?)));
        let (target, chunks, mistake) = match requested {
            Ok((target, keys)) => (Some(target), keys.chunks(CHUNK).map(<[AttributeMap]>::to_vec).collect(), None),
            Err(error) => (None, VecDeque::new(), Some(error)),
        };
        BatchItems {
            target,
            chunks,
            wanted: Arc::new(wanted),
            concurrency: self.concurrency,
            key_names: M::model_table().key_names(),
            running: Concurrent::new(),
            ready: VecDeque::new(),
            mistake,
            read,
        }
    }

    /// The written keys.
    fn requested(&self) -> Result<Vec<(ItemKey, AttributeMap)>> {
        let names = M::model_table().key_names();
        let requested = self.keys.iter().map(|key| {
            let key = write_key(key)?;
            Ok((ItemKey::of(&key, &names), key))
        });
        requested.collect()
    }

    /// The written keys without repetitions.
    fn distinct(&self) -> Result<Vec<(ItemKey, AttributeMap)>> {
        let mut requested = self.requested()?;
        let mut seen = HashSet::with_capacity(requested.len());
        requested.retain(|(identity, _)| seen.insert(identity.clone()));
        Ok(requested)
    }

    /// The items by their keys.
    async fn found(&self, keys: Vec<AttributeMap>) -> Result<HashMap<ItemKey, RawItem>> {
        let names = M::model_table().key_names();
        let mut items = self.items(Ok(keys), self.wanted(), Arc::new(Ok::<RawItem, ReadError>));
        let mut found = HashMap::new();
        while let Some(item) = std::future::poll_fn(|cx| Pin::new(&mut items).poll_next(cx)).await {
            let item = item?;
            found.insert(ItemKey::of_raw(&item, &names), item);
        }
        Ok(found)
    }
}

fn keys(requested: Vec<(ItemKey, AttributeMap)>) -> Vec<AttributeMap> {
    requested.into_iter().map(|(_, key)| key).collect()
}

/// Reads an item of a model; `None` if it is of another model.
pub(in crate::ops) fn read_own<M: TableItem>(item: RawItem, hidden_by: Option<&'static str>) -> Result<Option<M>> {
    let read = |item: RawItem| unless_foreign(item.unless_hidden(hidden_by).and_then(RawItem::read::<M>));
    let read = item.read_by(read, &M::model_table().key_names());
    read.map_err(|(error, key)| damaged(error, key, M::model_name()))
}

impl<M: TableItem> IntoFuture for BatchGet<M> {
    type Output = Result<Vec<M>>;
    type IntoFuture = Running<'static, Vec<M>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (identities, keys): (Vec<_>, Vec<_>) = self.distinct()?.into_iter().unzip();
            let mut found = self.found(keys).await?;
            let items = identities.iter().filter_map(|identity| found.remove(identity));
            items.filter_map(|item| read_own(item, self.hidden_by()).transpose()).collect()
        })
    }
}

impl<M: TableItem> IntoFuture for BatchGetInOrder<M> {
    type Output = Result<Vec<Option<M>>>;
    type IntoFuture = Running<'static, Vec<Option<M>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let identities: Vec<ItemKey> = self.0.requested()?.into_iter().map(|(identity, _)| identity).collect();
            let found = self.0.found(keys(self.0.distinct()?)).await?;
            let item =
                |identity| found.get(identity).cloned().map_or(Ok(None), |item| read_own(item, self.0.hidden_by()));
            identities.iter().map(item).collect()
        })
    }
}

impl<M: TableItem, P: Projection<M>> IntoFuture for BatchGetProjected<M, P> {
    type Output = Result<Vec<P::Output>>;
    type IntoFuture = Running<'static, Vec<P::Output>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let mut writer = Writer::new(M::model_name());
            let mut needed = M::model_table().key_names();
            let hidden_by = self.batch.hidden_by();
            needed.extend(hidden_by);
            needed.extend(M::model_layout().discriminator.into_iter().flat_map(Discriminator::names));
            // Only whole items can be upgraded.
            let is_part = M::model_upgrades().attribute.is_none();
            let paths = is_part.then(|| self.projection.paths());
            let projection = paths.map(|paths| writer.projection(&paths, &needed)).transpose()?;
            let Expressions { names, values: _ } = writer.finish();
            let wanted = Wanted { consistent: self.batch.consistent, projection, names };
            let projection = self.projection;
            let keys = self.batch.distinct().map(keys);
            let read = move |item: RawItem| {
                item.unless_hidden(hidden_by)?.own::<M>()?.read_with(None, |item| {
                    item.upgraded(&M::model_upgrades())?;
                    projection.read(item)
                })
            };
            let items = self.batch.items(keys, wanted, Arc::new(read));
            crate::ops::read::all(items).await
        })
    }
}

type Read<T> = Arc<dyn Fn(RawItem) -> Result<T, ReadError> + Send + Sync>;

/// The items of a [`BatchGet`], as they arrive.
///
/// An item that does not fit the model is an error of its own, and the stream continues. Any other error ends it.
#[must_use = "a stream does nothing until it is polled"]
pub struct BatchItems<T> {
    target: Option<Target>,
    chunks: VecDeque<Vec<AttributeMap>>,
    wanted: Arc<Wanted>,
    concurrency: usize,
    key_names: Vec<&'static str>,
    running: Concurrent<'static, Result<Vec<(String, RawItem)>>>,
    ready: VecDeque<RawItem>,
    mistake: Option<crate::ops::Error>,
    read: Read<T>,
}

impl<T> BatchItems<T> {
    /// The same stream, which adds up the capacity that it consumes
    /// ([`Items::with_capacity`](crate::ops::Items::with_capacity)).
    pub fn with_capacity(self) -> WithCapacity<Self> {
        WithCapacity::new(self)
    }

    /// The same stream, whose requests a limit holds back ([`RateLimited`](crate::rate_limit::RateLimited)).
    pub fn with_rate_limit(self, limit: &RateLimit) -> WithRateLimit<Self> {
        WithRateLimit::new(self, limit)
    }

    fn start_more(&mut self) {
        while self.running.len() < self.concurrency
            && let (Some(target), Some(keys)) = (self.target.clone(), self.chunks.pop_front())
        {
            let wanted = self.wanted.clone();
            let keys = Keys::from([(target.table.clone(), keys)]);
            self.running.push(async move { batch_get(&target, keys, &wanted).await });
        }
    }
}

impl<T> Stream for BatchItems<T> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let this = self.get_mut();
        if let Some(error) = this.mistake.take() {
            return Poll::Ready(Some(Err(error)));
        }
        loop {
            if let Some(item) = this.ready.pop_front() {
                let model = this.target.as_ref().map_or("", |target| target.model);
                let read = item.read_by(|item| unless_foreign((this.read)(item)), &this.key_names);
                match read.map_err(|(error, key)| damaged(error, key, model)).transpose() {
                    Some(read) => return Poll::Ready(Some(read)),
                    None => continue,
                }
            }
            this.start_more();
            match this.running.poll_next(cx) {
                Poll::Ready(Some(Ok(items))) => this.ready.extend(items.into_iter().map(|(_, item)| item)),
                Poll::Ready(Some(Err(error))) => {
                    this.chunks.clear();
                    this.running = Concurrent::new();
                    return Poll::Ready(Some(Err(error)));
                }
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl<T> fmt::Debug for BatchItems<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchItems").field("chunks", &self.chunks.len()).finish_non_exhaustive()
    }
}

debug_without_values!([M: TableItem] BatchGet<M>, "BatchGet", M);
debug_without_values!([M: TableItem, P] BatchGetProjected<M, P>, "BatchGetProjected", M);
