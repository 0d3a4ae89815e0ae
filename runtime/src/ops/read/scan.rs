//! Reading all items of a table or an index.

use super::items::{Items, Page};
use super::projected::Projected;
use super::reading::{Plan, Reading};
use super::source::{ConsistentSource, Full, Source};
use crate::codec::{Item, Reads};
use crate::expr::{Condition, IntoStruct, Projection};
use crate::ops::model::{Expiring, PartialItem};
use crate::ops::read::items;
use crate::ops::{Error, Result, Running};
use crate::transport::Client;
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use futures_core::Stream;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Reads all items of `S`, a table or an index, in no order. In a table of several models, those of the model alone:
/// DynamoDB reads the others as well, and leaves them out of its answer.
#[derive(Debug)]
#[must_use = "a scan runs when its items are asked for"]
pub struct Scan<S: Source> {
    reading: Reading<S>,
}

/// Reads all items of `S` in segments, side by side.
#[derive(Debug)]
#[must_use = "a scan runs when its items are asked for"]
pub struct ParallelScan<S: Source> {
    reading: Reading<S>,
    segments: u32,
}

impl<S: Source> Scan<S> {
    #[doc(hidden)]
    pub fn new(client: &Client) -> Self {
        Self { reading: Reading::new(client, None) }
    }

    /// Asks for items that fulfil this. DynamoDB reads the others as well, and leaves them out of its answer: a
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

    /// Has DynamoDB look at no more than this many items for one page, at least 1; a page has at most 1 MB in
    /// any case.
    pub fn page_size(mut self, items: u32) -> Self {
        self.reading.page_size = Some(items);
        self
    }

    /// Goes on from a page's cursor ([`Page::next`]). The cursor of another table or index, and one that was
    /// changed, is [`Error::Cursor`].
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.reading.cursor = Some(cursor.into());
        self
    }

    /// Reads this many segments side by side, at least 1, and merges them into one stream. It takes capacity as
    /// fast as DynamoDB gives it ("Parallel scan").
    pub fn segments(self, segments: u32) -> ParallelScan<S> {
        ParallelScan { reading: self.reading, segments }
    }

    /// Reads what every write before has left, at twice the cost; without it, writes of the last moment may be
    /// missed ("DynamoDB read consistency").
    pub fn consistent_read(mut self) -> Self
    where
        S: ConsistentSource,
    {
        self.reading.consistent = true;
        self
    }

    /// Leaves out items whose time to live has ended: DynamoDB removes them within a few days of that ("Using time to
    /// live (TTL) in DynamoDB"). Like a filter, it saves no capacity.
    pub fn skip_expired(mut self) -> Self
    where
        S::Model: Expiring,
    {
        self.reading.skip_expired = true;
        self
    }

    /// Asks for the values of these attributes alone: `.project((User::A.name, User::A.age))` gives tuples.
    pub fn project<P: Projection<S::Model>>(self, attributes: P) -> Projected<S, P, ScanFluentBuilder> {
        Projected::new(self.reading, attributes, request)
    }

    /// Asks for the attributes of `P` alone, a struct that the schema names under `projections:`.
    pub fn project_into<P: PartialItem<Model = S::Model>>(self) -> Projected<S, IntoStruct<P>, ScanFluentBuilder> {
        Projected::new(self.reading, IntoStruct::new(), request)
    }

    /// Fetches each item whole from the table (BatchGetItem, up to 100 at a time), in the order of the index;
    /// items that were deleted meanwhile are left out. For indexes that do not hold whole items.
    pub fn full(self) -> Scan<Full<S>> {
        Scan { reading: self.reading.full() }
    }

    /// The items one after the other, with the next page fetched meanwhile.
    pub fn stream(&self) -> Items<S::Item> {
        Items::of::<S::Model>(self.reading.plan())
    }

    /// All items.
    pub fn all(self) -> Running<'static, Vec<S::Item>> {
        Box::pin(items::all(self.stream()))
    }

    /// Some item; `None` where there is none.
    pub fn first(self) -> Running<'static, Option<S::Item>> {
        Box::pin(async move { Ok(self.limit(1).all().await?.pop()) })
    }

    /// The only item; `None` where there is none, and [`Error::NotOne`] where there are more.
    pub fn one(self) -> Running<'static, Option<S::Item>> {
        Box::pin(async move {
            let found = self.limit(2).all().await?;
            items::one(found, S::Model::NAME)
        })
    }

    /// How many items there are. DynamoDB reads them all the same, and sends none.
    pub fn count(self) -> Running<'static, u64> {
        Box::pin(async move { items::count(self.reading.plan()?).await })
    }

    /// One page: what DynamoDB gives at once, which a filter may leave with few items or none, or with a
    /// [`limit`](Self::limit) exactly that many items, as long as there are.
    pub fn page(self) -> Running<'static, Page<S::Item>> {
        Box::pin(
            async move { items::page(self.reading.plan_page(None)?, S::Model::NAME, Reads::whole::<S::Model>()).await },
        )
    }

    /// The SDK's builder of Scan, filled.
    ///
    /// # Errors
    ///
    /// The table's settings, an expression or the cursor are wrong.
    pub fn into_inner(self) -> Result<ScanFluentBuilder> {
        Ok(request(&self.reading.plan()?))
    }
}

fn request(plan: &Plan) -> ScanFluentBuilder {
    plan.scan(plan.start_key())
}

impl<S: Source> ParallelScan<S> {
    /// The items of all segments as they come. A segment that is ahead waits for its items to be consumed.
    pub fn stream(&self) -> Segments<S::Item> {
        let total = self.segments.max(1);
        let segment = |segment| {
            let plan = self.reading.plan_segment((segment, total));
            Some(Items::of::<S::Model>(plan))
        };
        Segments { streams: (0..total).map(segment).collect(), turn: 0, remaining: self.reading.limit }
    }

    /// All items.
    pub fn all(self) -> Running<'static, Vec<S::Item>> {
        Box::pin(items::all(self.stream()))
    }
}

/// The items of a parallel scan.
#[derive(Debug)]
#[must_use = "a stream does nothing until it is polled"]
pub struct Segments<T> {
    streams: Vec<Option<Items<T>>>,
    turn: usize,
    remaining: Option<usize>,
}

impl<T> Stream for Segments<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.remaining == Some(0) {
            return Poll::Ready(None);
        }
        let count = this.streams.len();
        let mut open = false;
        // Each poll begins with the segment after the one that gave the last item, so that none starves.
        for step in 0..count {
            let at = (this.turn + step) % count;
            let Some(slot) = this.streams.get_mut(at) else { continue };
            let Some(stream) = slot else { continue };
            match Pin::new(stream).poll_next(cx) {
                Poll::Ready(Some(item)) => {
                    this.turn = at + 1;
                    this.remaining = this.remaining.map(|remaining| remaining - 1);
                    return Poll::Ready(Some(item));
                }
                Poll::Ready(None) => *slot = None,
                Poll::Pending => open = true,
            }
        }
        if open { Poll::Pending } else { Poll::Ready(None) }
    }
}
