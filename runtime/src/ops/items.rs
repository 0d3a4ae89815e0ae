//! The items of a query or scan as a stream, and as what is made of one.

use super::Running;
use super::cursor::Position;
use super::reading::{Plan, RawPage};
use crate::carrier::{AttributeMap, RawItem};
use crate::error::DamagedItem;
use crate::item::Item;
use crate::{Error, ReadError, Result};
use futures_core::Stream;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::vec;

/// The items of a query or scan, one after the other.
///
/// The next page is fetched while the items of this one are consumed. An item that is not what the model says
/// is an error of its own ([`Error::Damaged`]), and the stream goes on; any other error ends it.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<T> {
    state: State,
    model: &'static str,
    remaining: Option<usize>,
    read: Read<T>,
}

/// How an item is read.
type Read<T> = Arc<dyn Fn(RawItem) -> Result<T, ReadError> + Send + Sync>;

enum State {
    /// The reading could not be written: the stream is this error.
    Failed(Option<Error>),
    Reading(Box<Pages>),
}

struct Pages {
    plan: Plan,
    items: vec::IntoIter<RawItem>,
    next: Option<Running<'static, RawPage>>,
    fetched: Option<Result<RawPage>>,
}

impl<T: Item + 'static> Items<T> {
    pub(super) fn new(model: &'static str, plan: Result<Plan>) -> Self {
        Self::reading(model, plan, Arc::new(whole))
    }
}

impl<T> Items<T> {
    pub(super) fn reading(model: &'static str, plan: Result<Plan>, read: Read<T>) -> Self {
        let remaining = plan.as_ref().ok().and_then(|plan| plan.limit);
        let state = match plan {
            Err(error) => State::Failed(Some(error)),
            Ok(plan) => {
                let next = Some(plan.fetch(plan.start_key(), plan.is_backwards()));
                State::Reading(Box::new(Pages { plan, items: Vec::new().into_iter(), next, fetched: None }))
            }
        };
        Self { state, model, remaining, read }
    }
}

impl Pages {
    /// The next item, as it came.
    fn poll(&mut self, cx: &mut Context<'_>, remaining: Option<usize>) -> Poll<Option<Result<RawItem>>> {
        loop {
            if let Some(fetch) = &mut self.next
                && let Poll::Ready(page) = fetch.as_mut().poll(cx)
            {
                self.next = None;
                self.fetched = Some(page);
            }
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match self.fetched.take() {
                Some(Ok(page)) => {
                    let enough = remaining.is_some_and(|remaining| remaining <= page.items.len());
                    self.items = page.items.into_iter();
                    let backwards = self.plan.is_backwards();
                    self.next = page.last.filter(|_| !enough).map(|last| self.plan.fetch(Some(last), backwards));
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None if self.next.is_some() => return Poll::Pending,
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> Stream for Items<T> {
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let this = self.get_mut();
        if this.remaining == Some(0) {
            return Poll::Ready(None);
        }
        let pages = match &mut this.state {
            State::Failed(error) => return Poll::Ready(error.take().map(Err)),
            State::Reading(pages) => pages,
        };
        match pages.poll(cx, this.remaining) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Ready(Some(Err(error))) => {
                this.state = State::Failed(None);
                Poll::Ready(Some(Err(error)))
            }
            Poll::Ready(Some(Ok(item))) => {
                this.remaining = this.remaining.map(|remaining| remaining - 1);
                let read = item.read_by(|item| (this.read)(item), &pages.plan.key_names);
                Poll::Ready(Some(read.map_err(|(error, key)| damaged(error, key, this.model))))
            }
        }
    }
}

/// Reads an item as the struct that it is.
pub(super) fn whole<T: Item>(item: RawItem) -> Result<T, ReadError> {
    item.read()
}

/// The only one of the items that a read with a limit of two found.
pub(super) fn one<T>(mut found: Vec<T>, model: &'static str) -> Result<Option<T>> {
    let last = found.pop();
    if found.is_empty() { Ok(last) } else { Err(Error::NotOne { model }) }
}

pub(super) fn damaged(error: ReadError, key: AttributeMap, model: &'static str) -> Error {
    Error::Damaged(Box::new(DamagedItem { error: error.of(model), key }))
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("model", &self.model).field("remaining", &self.remaining).finish_non_exhaustive()
    }
}

/// Some of the items of a query or scan, and how to go on.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The items, in the order of the query.
    pub items: Vec<T>,
    /// The items that DynamoDB looked at, those included that the filter left out.
    pub scanned: u64,
    /// The capacity units that were consumed, where DynamoDB tells.
    pub consumed_capacity: Option<f64>,
    /// The cursor of the page after this one; `None` where this is the last.
    pub next: Option<String>,
    /// The cursor of the page before this one; `None` where this is the first, and for scans.
    pub previous: Option<String>,
}

impl<T> Page<T> {
    /// Whether there is a page after this one. Without a limit it may turn out empty, since DynamoDB stops
    /// before it knows.
    pub fn has_more(&self) -> bool {
        self.next.is_some()
    }
}

/// One page: what DynamoDB gives at once, or with a limit exactly that many items, as long as there are.
pub(super) async fn page<T>(
    plan: Plan,
    model: &'static str,
    read: impl Fn(RawItem) -> Result<T, ReadError>,
) -> Result<Page<T>> {
    let both_ways = plan.is_query();
    let backwards = plan.is_backwards();
    let mut start = plan.start_key();
    let began = start.is_some();
    let mut found: Vec<RawItem> = Vec::new();
    let (mut scanned, mut capacity) = (0, None);
    // The key to go on from, in the direction of reading.
    let last = loop {
        if plan.limit == Some(0) {
            break start;
        }
        let page = plan.fetch(start, backwards).await?;
        scanned += page.scanned;
        capacity = page.capacity.map(|units| units + capacity.unwrap_or(0.0)).or(capacity);
        if found.is_empty() {
            found = page.items;
        } else {
            found.extend(page.items);
        }
        match plan.limit {
            Some(limit) if found.len() > limit => {
                found.truncate(limit);
                break found.last().map(|item| plan.key_of(item));
            }
            Some(_) if page.last.is_some() => start = page.last,
            _ => break page.last,
        }
    };
    if backwards {
        found.reverse();
    }
    let cursor = |backwards: bool, key: AttributeMap| Position { backwards, key }.encode(&plan.key_names, plan.binding);
    let first_key = found.first().map(|item| plan.key_of(item));
    let last_key = found.last().map(|item| plan.key_of(item));
    let (next, previous) = match backwards {
        false => (last, first_key.filter(|_| began)),
        true => (last_key, last),
    };
    let items = found
        .into_iter()
        .map(|item| item.read_by(&read, &plan.key_names).map_err(|(error, key)| damaged(error, key, model)));
    Ok(Page {
        items: items.collect::<Result<_>>()?,
        scanned,
        consumed_capacity: capacity,
        next: next.map(|key| cursor(false, key)),
        previous: previous.filter(|_| both_ways).map(|key| cursor(true, key)),
    })
}

/// How many items there are, without reading them.
pub(super) async fn count(plan: Plan) -> Result<u64> {
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

/// All items of a stream, or its first error.
pub(super) async fn all<T>(items: impl Stream<Item = Result<T>> + Unpin) -> Result<Vec<T>> {
    let mut items = items;
    let mut all = Vec::new();
    while let Some(item) = std::future::poll_fn(|cx| Pin::new(&mut items).poll_next(cx)).await {
        all.push(item?);
    }
    Ok(all)
}
