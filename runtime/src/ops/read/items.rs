//! The items of a query or scan: a stream, a page, a count.

use super::cursor::Position;
use super::reading::{RawPage, ReadPlan};
use crate::codec::{RawItems, ReadInPlace, ReadItems, Reads};
use crate::ground::defects::Defect;
use crate::ground::{AttributeMap, ReadError, defects};
use crate::observe::WithCapacity;
use crate::ops::{DamagedItem, Error, Result, Running};
use crate::rate_limit::{RateLimit, WithRateLimit};
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A stream of the items of a query or scan.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let mut orders = Order::query(&db, "customer7").stream();
/// while let Some(order) = orders.next().await {
///     println!("{}", order?.number);
/// }
/// # Ok(())
/// # }
/// ```
///
/// It is a [`Stream`] too, for the combinators of the crate `futures`.
///
/// It fetches the next page while the items of this one are used. An item that does not fit the model is an error of
/// its own ([`Error::Damaged`]), and the stream continues. Any other error ends it.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<T> {
    state: State<T>,
    model: &'static str,
    remaining: Option<usize>,
    reads: Reads<T>,
}

enum State<T> {
    /// The request could not be written. The stream has only this error.
    Failed(Option<Error>),
    Reading(ReadItems<T>, Box<Pages>),
}

/// The pages after the current one.
struct Pages {
    plan: ReadPlan,
    next: Option<Running<'static, RawPage>>,
    fetched: Option<Result<RawPage>>,
}

impl<T> Items<T> {
    pub(in crate::ops) fn new(model: &'static str, plan: Result<ReadPlan>, reads: Reads<T>) -> Self {
        let remaining = plan.as_ref().ok().and_then(|plan| plan.limit);
        let state = match plan {
            Err(error) => State::Failed(Some(error)),
            Ok(plan) => {
                let next = Some(plan.fetch(plan.start_key(), plan.is_backwards(), reads.in_place()));
                State::Reading(RawItems::default().read(&reads), Box::new(Pages { plan, next, fetched: None }))
            }
        };
        Self { state, model, remaining, reads }
    }

    /// The same stream, which adds up the capacity that it consumes.
    ///
    /// ```no_run
    /// # use dyntastic::Client;
    /// # use dyntastic::prelude::*;
    /// # use example_models::*;
    /// # async fn example(db: Client) -> dyntastic::Result<()> {
    /// let mut orders = Order::query(&db, "customer7").stream().with_capacity();
    /// while let Some(order) = orders.try_next().await? {
    ///     println!("{} after {} units", order.number, orders.capacity().total());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_capacity(self) -> WithCapacity<Self> {
        WithCapacity::new(self)
    }

    /// The same stream, whose requests a limit holds back ([`RateLimited`](crate::rate_limit::RateLimited)).
    pub fn with_rate_limit(self, limit: &RateLimit) -> WithRateLimit<Self> {
        WithRateLimit::new(self, limit)
    }

    /// The next item, or `None` after the last one.
    pub async fn next(&mut self) -> Option<Result<T>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// The next item, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next) returns them: after [`Error::Damaged`], the stream continues.
    pub async fn try_next(&mut self) -> Result<Option<T>> {
        self.next().await.transpose()
    }
}

impl Pages {
    /// Continues to fetch the next page.
    fn advance(&mut self, cx: &mut Context<'_>) {
        if let Some(fetch) = &mut self.next
            && let Poll::Ready(page) = fetch.as_mut().poll(cx)
        {
            self.next = None;
            self.fetched = Some(page);
        }
    }

    /// The next page, if it is fetched. Starts to fetch the page after it, unless there are enough items.
    fn poll(&mut self, remaining: Option<usize>, in_place: Option<ReadInPlace>) -> Poll<Option<Result<RawItems>>> {
        match self.fetched.take() {
            Some(Ok(page)) => {
                let enough = remaining.is_some_and(|remaining| remaining <= page.items.len());
                let backwards = self.plan.is_backwards();
                let last = page.last.filter(|_| !enough);
                self.next = last.map(|last| self.plan.fetch(Some(last), backwards, in_place));
                Poll::Ready(Some(Ok(page.items)))
            }
            Some(Err(error)) => Poll::Ready(Some(Err(error))),
            None if self.next.is_some() => Poll::Pending,
            None => Poll::Ready(None),
        }
    }
}

/// No item is pinned.
impl<T> Unpin for Items<T> {}

impl<T> Stream for Items<T> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let this = self.get_mut();
        if this.remaining == Some(0) {
            return Poll::Ready(None);
        }
        let (items, pages) = match &mut this.state {
            State::Failed(error) => return Poll::Ready(error.take().map(Err)),
            State::Reading(items, pages) => (items, pages),
        };
        loop {
            pages.advance(cx);
            if let Some(read) = items.next(&this.reads, &pages.plan.key_names) {
                this.remaining = this.remaining.map(|remaining| remaining - 1);
                return Poll::Ready(Some(read.map_err(|(error, key)| damaged(error, key, this.model))));
            }
            match pages.poll(this.remaining, this.reads.in_place()) {
                Poll::Ready(Some(Ok(page))) => *items = page.read(&this.reads),
                Poll::Ready(Some(Err(error))) => {
                    this.state = State::Failed(None);
                    return Poll::Ready(Some(Err(error)));
                }
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

/// The only item of a read with a limit of two; an error if there are two.
pub(in crate::ops) fn one<T>(mut found: Vec<T>, model: &'static str) -> Result<Option<T>> {
    let last = found.pop();
    if found.is_empty() { Ok(last) } else { Err(Error::NotOne { model }) }
}

pub(in crate::ops) fn damaged(error: ReadError, key: AttributeMap, model: &'static str) -> Error {
    Error::Damaged(Box::new(DamagedItem { error: error.of(model), key }))
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("model", &self.model).field("remaining", &self.remaining).finish_non_exhaustive()
    }
}

/// One page of the items of a query or scan, with cursors to the next and the previous page.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let first = Order::query(&db, "customer7").limit(20).page().await?;
/// if let Some(cursor) = first.next {
///     let second = Order::query(&db, "customer7").limit(20).cursor(cursor).page().await?;
/// }
/// # Ok(())
/// # }
/// ```
///
/// With the feature `serde`, it serializes as `{"items": […], "next": …, "previous": …}`, the body of an API's response.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Page<T> {
    /// The items, in the order of the query.
    pub items: Vec<T>,
    /// The number of items that DynamoDB read for the page. It includes the items that the filter left out.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub scanned: u64,
    /// The cursor of the next page; `None` on the last page. If all items of a page were deleted after its cursor was
    /// made, the empty page still has cursors to both sides.
    pub next: Option<String>,
    /// The cursor of the previous page; `None` on the first page, and for scans.
    pub previous: Option<String>,
}

impl<T> Page<T> {
    /// Whether a next page exists. Without a limit, the next page may be empty, because DynamoDB ends a page before it
    /// knows whether more items follow.
    pub fn has_more(&self) -> bool {
        self.next.is_some()
    }
}

/// Reads one page: the items of one response, or with a limit exactly that many items, if there are enough.
pub(in crate::ops) async fn page<T>(plan: ReadPlan, model: &'static str, reads: Reads<T>) -> Result<Page<T>> {
    let Page { items: pages, scanned, next, previous } = raw_page(&plan, reads.in_place()).await?;
    let mut items = Vec::new();
    for page in pages {
        let mut page = page.read(&reads);
        if let (true, ReadItems::Read(page)) = (items.is_empty(), &mut page) {
            items = std::mem::take(page).collect();
        }
        while let Some(item) = page.next(&reads, &plan.key_names) {
            items.push(item.map_err(|(error, key)| damaged(error, key, model))?);
        }
    }
    if plan.is_backwards() {
        items.reverse();
    }
    Ok(Page { items, scanned, next, previous })
}

/// Reads the responses of one page, in the order of reading.
async fn raw_page(plan: &ReadPlan, in_place: Option<ReadInPlace>) -> Result<Page<RawItems>> {
    let backwards = plan.is_backwards();
    let mut start = plan.start_key();
    let began = start.is_some() && plan.limit != Some(0);
    let mut items: Vec<RawItems> = Vec::new();
    let (mut found, mut scanned) = (0, 0);
    // The key to continue from in the direction of reading. Without attributes, it is the start of reading.
    let last = loop {
        if plan.limit == Some(0) {
            break Some(start.unwrap_or_default());
        }
        let page = plan.fetch(start, backwards, in_place).await?;
        scanned += page.scanned;
        found += page.items.len();
        items.push(page.items);
        match plan.limit {
            Some(limit) if found > limit => {
                if let Some(page) = items.last_mut() {
                    page.truncate(page.len().saturating_sub(found - limit));
                }
                break key_at(&items, limit - 1, &plan.key_names);
            }
            Some(_) if page.last.is_some() => start = page.last,
            _ => break page.last,
        }
    };
    // The key to go back from: the first item of the page. An empty page uses the key that it continues from, or the
    // end.
    let first = || key_at(&items, 0, &plan.key_names).or(last.clone()).unwrap_or_default();
    let is_emptied = found == 0 && defects::has(Defect::EmptiedPageIsTheEnd);
    let back = (began && !is_emptied).then(first);
    let cursor = |backwards: bool, key: AttributeMap| Position { backwards, key }.encode(&plan.key_names, plan.binding);
    let (next, previous) = if backwards { (back, last) } else { (last, back) };
    let next = next.map(|key| cursor(false, key));
    let previous = previous.filter(|_| plan.is_query()).map(|key| cursor(true, key));
    Ok(Page { items, scanned, next, previous })
}

/// The key of the item at an index, to continue from.
fn key_at(pages: &[RawItems], index: usize, names: &[&'static str]) -> Option<AttributeMap> {
    let mut index = index;
    for page in pages {
        match index.checked_sub(page.len()) {
            Some(further) => index = further,
            None => return Some(page.attributes(index, names)),
        }
    }
    None
}

/// Counts the items without reading them.
pub(in crate::ops) async fn count(plan: ReadPlan) -> Result<u64> {
    let mut start = plan.start_key();
    let mut total = 0;
    loop {
        let page = plan.fetch_count(start).await?;
        total += page.count;
        start = page.last;
        let limit = plan.limit.map(|limit| u64::try_from(limit).unwrap_or(u64::MAX));
        match limit {
            Some(limit) if total >= limit => return Ok(limit),
            _ if start.is_none() => return Ok(total),
            _ => {}
        }
    }
}

/// Collects all items of a stream, or returns its first error.
pub(in crate::ops) async fn all<T>(items: impl Stream<Item = Result<T>> + Unpin) -> Result<Vec<T>> {
    let mut items = items;
    let mut all = Vec::new();
    while let Some(item) = poll_fn(|cx| Pin::new(&mut items).poll_next(cx)).await {
        all.push(item?);
    }
    Ok(all)
}
