//! The builder of queries and scans.

use super::items::{self, Items, Page};
use super::reading::{ReadPlan, Reading};
use super::source::{ConsistentSource, Full, Source};
use crate::codec::{Item, Reads};
use crate::expr::{Condition, DocumentPath, IntoStruct, KeyCondition, Projection};
use crate::ops::model::{Expiring, PartialItem};
use crate::ops::{Result, Running};
use crate::transport::Client;
use std::marker::PhantomData;
use std::sync::Arc;

/// Reads items of `S`, a table or an index: a [`Query`](super::Query) those of one hash key, a [`Scan`](super::Scan) all. `K`
/// says which of them it is, and `T` what each item is read as. In a table of several models, these are the items of the model
/// alone.
#[must_use = "a query or scan runs when its items are asked for"]
pub struct Read<S: Source, K, T = <S as Source>::Item> {
    pub(super) reading: Reading<S>,
    /// The values that are asked for, where these are not whole items.
    projection: Option<Vec<DocumentPath>>,
    reads: Reads<T>,
    kind: PhantomData<fn() -> K>,
}

impl<S: Source, K: 'static> Read<S, K> {
    pub(super) fn of(client: &Client, key_condition: Option<KeyCondition>) -> Self {
        Self::whole(Reading::new(client, key_condition))
    }

    fn whole(reading: Reading<S>) -> Self {
        Self { reading, projection: None, reads: Reads::whole::<S::Model>(), kind: PhantomData }
    }

    /// Fetches each item whole from the table (BatchGetItem, up to 100 at a time), in the order of the index. Items that were
    /// deleted meanwhile are left out. For indexes that do not hold whole items.
    pub fn full(self) -> Read<Full<S>, K> {
        Read::whole(self.reading.full())
    }
}

impl<S: Source, K: 'static, T: Send + 'static> Read<S, K, T> {
    /// Reads the items that fulfil this condition too. DynamoDB reads the others as well and leaves them out of the response: a
    /// filter saves no capacity.
    pub fn filter(mut self, filter: impl Into<Condition<S::Model>>) -> Self {
        self.reading.filter(filter.into());
        self
    }

    /// Reads at most this many items in all, whatever the pages and the filter.
    pub fn limit(mut self, items: usize) -> Self {
        self.reading.limit = Some(items);
        self
    }

    /// Limits the items that DynamoDB looks at for one page, at least 1. A page has at most 1 MB in any case.
    pub fn page_size(mut self, items: u32) -> Self {
        self.reading.page_size = Some(items);
        self
    }

    /// Starts at a page's cursor ([`Page::next`], and of a query [`Page::previous`]). From a previous cursor,
    /// [`page`](Self::page) reads the page before, and a stream the items before from the last to the first. The cursor of
    /// another table, index or key, and a cursor that was changed, is [`Error::Cursor`](crate::ops::Error::Cursor).
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.reading.cursor = Some(cursor.into());
        self
    }

    /// Reads what every write before has left, at twice the cost. Without it, the writes of the last moment may be missed
    /// ("DynamoDB read consistency").
    pub fn consistent_read(mut self) -> Self
    where
        S: ConsistentSource,
    {
        self.reading.consistent = true;
        self
    }

    /// Leaves out items whose time to live has ended: DynamoDB removes them within a few days ("Using time to live (TTL) in
    /// DynamoDB"). Like a filter, it saves no capacity.
    pub fn skip_expired(mut self) -> Self
    where
        S::Model: Expiring,
    {
        self.reading.skip_expired = true;
        self
    }

    /// Reads the values of these attributes alone: `.project((User::A.name, User::A.age))` gives tuples. DynamoDB reads whole
    /// items all the same: a projection saves traffic, not capacity.
    pub fn project<P: Projection<S::Model>>(self, attributes: P) -> Read<S, K, P::Output> {
        let projection = Some(attributes.paths());
        let attributes = Arc::new(attributes);
        let reads = Reads::each(move |item| attributes.read(item.into_map()?));
        Read { reading: self.reading, projection, reads, kind: PhantomData }
    }

    /// Reads the attributes of `P` alone, a struct that the schema names under `projections:`.
    pub fn project_into<P: PartialItem<Model = S::Model>>(self) -> Read<S, K, P> {
        self.project(IntoStruct::<P>::new())
    }

    /// The items one after the other. The next page is fetched while the items of one are used.
    pub fn stream(&self) -> Items<T> {
        let plan = self.reading.plan_projected(self.projection.as_deref());
        Items::new(S::Model::NAME, plan, self.reads.clone())
    }

    /// All items.
    pub fn all(self) -> Running<'static, Vec<T>> {
        Box::pin(items::all(self.stream()))
    }

    /// The first item, of a scan any item; `None` where there is none.
    pub fn first(self) -> Running<'static, Option<T>> {
        Box::pin(async move { Ok(self.limit(1).all().await?.pop()) })
    }

    /// The only item; `None` where there is none, and [`Error::NotOne`](crate::ops::Error::NotOne) where there are more.
    pub fn one(self) -> Running<'static, Option<T>> {
        Box::pin(async move {
            let found = self.limit(2).all().await?;
            items::one(found, S::Model::NAME)
        })
    }

    /// The number of items. DynamoDB reads them all the same, and sends none.
    pub fn count(mut self) -> Running<'static, u64> {
        self.reading.filters_model = true;
        Box::pin(async move { items::count(self.reading.plan()?).await })
    }

    /// One page: what DynamoDB gives at once, which a filter may leave with few items or none. With a [`limit`](Self::limit),
    /// it has exactly that many items, as long as there are.
    pub fn page(self) -> Running<'static, Page<T>> {
        Box::pin(async move {
            let plan = self.reading.plan_page(self.projection.as_deref())?;
            items::page(plan, S::Model::NAME, self.reads).await
        })
    }

    /// The plan of the SDK's own request. In a table of several models, its filter leaves out other models' items.
    pub(super) fn sdk_plan(&mut self) -> Result<ReadPlan> {
        self.reading.filters_model = true;
        self.reading.plan_projected(self.projection.as_deref())
    }
}

debug_without_values!([S: Source, K, T] Read<S, K, T>, "Read", S::Model);
