//! The builder of queries and scans.

use super::count::count;
use super::items::{self, Items};
use super::page::{Page, page};
use super::read_plan::ReadPlan;
use super::reading::Reading;
use super::source::{ConsistentSource, Full, Source};
use crate::codec::{Item, ItemReader, Reads};
use crate::expr::{Condition, DocumentPath, KeyCondition, Projection};
use crate::ground::IntoField;
use crate::ops::model::{Expiring, HidesDeleted, PartialItem};
use crate::ops::{Result, Running};
use crate::transport::Client;
use std::marker::PhantomData;

/// Reads items of `S`, a table or an index. A [`Query`](super::Query) reads the items with one hash key, and a
/// [`Scan`](super::Scan) reads all items.
///
/// `K` distinguishes them, and each item is read as a `T`. In a shared table, only the items of the model are read.
#[must_use = "a query or scan runs when its items are requested"]
pub struct Read<S: Source, K, T = <S as Source>::Item> {
    pub(in crate::ops) reading: Reading,
    /// The requested values; `None` for whole items.
    projection: Option<Vec<DocumentPath>>,
    reads: Reads<T>,
    kind: PhantomData<fn() -> (S, K)>,
}

impl<S: Source, K: 'static> Read<S, K> {
    pub(super) fn of(client: &Client, key_condition: Option<KeyCondition>) -> Self {
        Self::whole(Reading::new::<S>(client, key_condition))
    }

    fn whole(reading: Reading) -> Self {
        Self { reading, projection: None, reads: Reads::whole(), kind: PhantomData }
    }

    /// Fetches each item whole from the table (BatchGetItem, up to 100 at a time), in the order of the index. Use it
    /// for indexes that do not hold whole items. Items that were deleted in the meantime are left out.
    pub fn full(self) -> Read<Full<S>, K> {
        Read::whole(self.reading.full())
    }
}

impl<S: Source, K: 'static, T: Send + 'static> Read<S, K, T> {
    /// Reads only the items that also fulfil this condition. DynamoDB reads the others as well and leaves them out of
    /// the response: a filter saves no capacity.
    pub fn filter(mut self, filter: impl Into<Condition<S::Model>>) -> Self {
        self.reading.filter(filter.into().into_node());
        self
    }

    /// Reads at most this many items in all, whatever the pages and the filter are.
    pub fn limit(mut self, items: usize) -> Self {
        self.reading.limit = Some(items);
        self
    }

    /// Limits the number of items that DynamoDB reads for one page, at least 1. A page has at most 1 MB in any case.
    pub fn page_size(mut self, items: u32) -> Self {
        self.reading.page_size = Some(items);
        self
    }

    /// Starts at the cursor of a page ([`Page::next`], and for a query also [`Page::previous`]). From a previous
    /// cursor, [`page`](Self::page) reads the page before it, and a stream reads the items before it in reverse
    /// order. A changed cursor, or the cursor of another table, index or key, is
    /// [`Error::Cursor`](crate::ops::Error::Cursor). `None` is the start.
    pub fn cursor(mut self, cursor: impl IntoField<Option<String>>) -> Self {
        self.reading.cursor = cursor.into_field();
        self
    }

    /// Includes all writes before the read, at twice the cost. Without it, a read may miss the latest writes
    /// ("DynamoDB read consistency").
    pub fn consistent_read(mut self) -> Self
    where
        S: ConsistentSource,
    {
        self.reading.consistent = true;
        self
    }

    /// Leaves out expired items. DynamoDB removes expired items within a few days ("Using time to live (TTL) in
    /// DynamoDB"). Like a filter, this saves no capacity.
    pub fn skip_expired(mut self) -> Self
    where
        S::Model: Expiring,
    {
        self.reading.skip_expired = true;
        self
    }

    /// Includes the items that were deleted by [`soft_delete`](crate::model::SoftDelete::soft_delete). Without it, they are
    /// left out. Like a filter, this saves no capacity.
    pub fn with_deleted(mut self) -> Self
    where
        S::Model: HidesDeleted,
    {
        self.reading.with_deleted = true;
        self
    }

    /// Reads only the values of these attributes: `.project((User::A.name, User::A.age))` returns tuples. DynamoDB
    /// still reads whole items: a projection saves traffic, not capacity.
    pub fn project<P: Projection<S::Model>>(self, attributes: P) -> Read<S, K, P::Output> {
        let paths = attributes.paths();
        let is_whole = self.reading.holds_whole();
        let read = move |item: &mut ItemReader<'_>| {
            match is_whole {
                true => item.upgraded(&S::Model::model_upgrades())?,
                false => item.of_current_version(&S::Model::model_upgrades())?,
            }
            attributes.read(item)
        };
        self.projected(paths, Reads::each(move |item| item.read_with(None, &read)))
    }

    /// Reads only the attributes of `P`, a struct of the schema's `projections:`.
    pub fn project_into<P: PartialItem<Model = S::Model>>(self) -> Read<S, K, P> {
        let paths = P::ATTRIBUTES.iter().map(|name| DocumentPath::root(name)).collect();
        let is_plain = S::Model::model_upgrades().attribute.is_none() || self.reading.holds_whole();
        // Reading a `P` upgrades, which needs a whole item.
        let read = |item: &mut ItemReader<'_>| {
            item.of_current_version(&S::Model::model_upgrades()).and_then(|()| P::read(item))
        };
        let reads = if is_plain { Reads::part() } else { Reads::each(move |item| item.read_with(None, read)) };
        self.projected(paths, reads)
    }

    fn projected<U>(self, paths: Vec<DocumentPath>, reads: Reads<U>) -> Read<S, K, U> {
        Read { reading: self.reading, projection: Some(paths), reads, kind: PhantomData }
    }

    /// A stream of the items. It fetches the next page while the items of one are used.
    pub fn stream(&self) -> Items<T> {
        let projection = self.projection.clone();
        let plan = move |reading: &Reading| reading.plan_projected(projection.as_deref());
        Items::planned(S::Model::model_name(), &self.reading, plan, self.reads.clone())
    }

    /// All items.
    pub fn all(self) -> Running<'static, Vec<T>> {
        Box::pin(items::all(self.stream()))
    }

    /// The first item, or for a scan any item; `None` if no item is found.
    pub fn first(self) -> Running<'static, Option<T>> {
        Box::pin(async move { Ok(self.limit(1).all().await?.pop()) })
    }

    /// The only item; `None` if no item is found. Several items are [`Error::NotOne`](crate::ops::Error::NotOne).
    pub fn one(self) -> Running<'static, Option<T>> {
        Box::pin(async move {
            let found = self.limit(2).all().await?;
            items::one(found, S::Model::model_name())
        })
    }

    /// The number of items. DynamoDB still reads the items, and does not send them.
    pub fn count(mut self) -> Running<'static, u64> {
        self.reading.filters_model = true;
        Box::pin(async move {
            self.reading.seal().await?;
            count(self.reading.plan()?).await
        })
    }

    /// Reads one page: the items of one response of DynamoDB, which may be few or none after a filter. With a
    /// [`limit`](Self::limit), the page has exactly that many items, if there are enough.
    pub fn page(mut self) -> Running<'static, Page<T>> {
        Box::pin(async move {
            self.reading.seal().await?;
            let plan = self.reading.plan_page(self.projection.as_deref())?;
            page(plan, S::Model::model_name(), self.reads).await
        })
    }

    /// The plan of the SDK's own request. In a shared table, its filter leaves out the items of other models.
    pub(super) fn sdk_plan(&mut self) -> Result<ReadPlan> {
        self.reading.filters_model = true;
        self.reading.plan_projected(self.projection.as_deref())?.one()
    }
}

debug_without_values!([S: Source, K, T] Read<S, K, T>, "Read", S::Model);
