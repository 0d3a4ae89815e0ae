//! The items of a query or scan, as a stream.

use super::merge::Merge;
use super::read_plan::{RawPage, ReadPlan};
use super::reading::Reading;
use super::sharded::Plan;
use crate::codec::{RawItems, ReadInPlace, ReadItems, Reads};
use crate::ground::{AttributeMap, ReadError};
use crate::observe::WithCapacity;
use crate::ops::{DamagedItem, Error, Result, Running};
use crate::rate_limit::{RateLimit, WithRateLimit};
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

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
    /// The request needs hashes, and so a key.
    Preparing(Running<'static, Plan>),
    Reading(ReadItems<T>, Pages),
}

/// The pages after the current one.
enum Pages {
    One(Box<OnePages>),
    Merged(Box<Merge>),
}

struct OnePages {
    plan: ReadPlan,
    next: Option<Running<'static, RawPage>>,
    fetched: Option<Result<RawPage>>,
}

impl<T> State<T> {
    fn new(plan: Result<Plan>, reads: &Reads<T>) -> Self {
        let pages = plan.map(|plan| match plan {
            Plan::One(plan) => {
                let next = Some(plan.fetch(plan.start_key(), plan.is_backwards(), reads.in_place()));
                Pages::One(Box::new(OnePages { plan: *plan, next, fetched: None }))
            }
            Plan::Sharded(plan) => Pages::Merged(Box::new(Merge::of_all(&plan))),
        });
        match pages {
            Err(error) => State::Failed(Some(error)),
            Ok(pages) => State::Reading(RawItems::default().read(reads), pages),
        }
    }
}

impl<T> Items<T> {
    /// The items of a read with a plan, which is made after the hashes that the read compares.
    pub(in crate::ops) fn planned(
        model: &'static str,
        reading: &Reading,
        plan: impl FnOnce(&Reading) -> Result<Plan> + Send + 'static,
        reads: Reads<T>,
    ) -> Self {
        if !reading.is_unsealed() {
            let plan = plan(reading);
            let remaining = plan.as_ref().ok().and_then(Plan::limit);
            return Self { state: State::new(plan, &reads), model, remaining, reads };
        }
        let (remaining, mut reading) = (reading.limit, reading.clone());
        let prepared = async move {
            reading.seal().await?;
            plan(&reading)
        };
        Self { state: State::Preparing(Box::pin(prepared)), model, remaining, reads }
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
    fn key_names(&self) -> &[&'static str] {
        match self {
            Pages::One(pages) => &pages.plan.key_names,
            Pages::Merged(merge) => merge.key_names(),
        }
    }

    /// Continues to fetch what follows.
    fn advance(&mut self, cx: &mut Context<'_>) {
        match self {
            Pages::One(pages) => pages.advance(cx),
            Pages::Merged(merge) => merge.advance(cx),
        }
    }

    /// The next items, if they are fetched. `remaining` is the number of items that are still wanted.
    fn poll(&mut self, remaining: Option<usize>, in_place: Option<ReadInPlace>) -> Poll<Option<Result<RawItems>>> {
        match self {
            Pages::One(pages) => pages.poll(remaining, in_place),
            Pages::Merged(merge) => merge.poll(remaining),
        }
    }
}

impl OnePages {
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
        if let State::Preparing(plan) = &mut this.state {
            this.state = State::new(ready!(plan.as_mut().poll(cx)), &this.reads);
        }
        let (items, pages) = match &mut this.state {
            State::Failed(error) => return Poll::Ready(error.take().map(Err)),
            State::Preparing(_) => return Poll::Pending,
            State::Reading(items, pages) => (items, pages),
        };
        loop {
            pages.advance(cx);
            if let Some(read) = items.next(&this.reads, pages.key_names()) {
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

/// Collects all items of a stream, or returns its first error.
pub(in crate::ops) async fn all<T>(items: impl Stream<Item = Result<T>> + Unpin) -> Result<Vec<T>> {
    let mut items = items;
    let mut all = Vec::new();
    while let Some(item) = poll_fn(|cx| Pin::new(&mut items).poll_next(cx)).await {
        all.push(item?);
    }
    Ok(all)
}
