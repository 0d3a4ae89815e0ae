//! Reading all items of a table or an index.

use super::items::{self, Items};
use super::read_builder::Read;
use super::reading::Reading;
use super::sharded::Plan;
use super::source::Source;
use crate::codec::{Item, Reads};
use crate::observe::WithCapacity;
use crate::ops::write::at_once;
use crate::ops::{Error, Result, Running};
use crate::rate_limit::{RateLimit, WithRateLimit};
use crate::transport::Client;
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use futures_core::Stream;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Reads all items of `S`, a table or an index, in no order. In a shared table, DynamoDB reads the items of other
/// models as well and leaves them out of the response.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let users = User::scan(&db).filter(User::A.age.ge(5)).all().await?;
/// # Ok(())
/// # }
/// ```
pub type Scan<S, T = <S as Source>::Item> = Read<S, AllItems, T>;

/// Marks a [`Read`] as a [`Scan`].
#[derive(Debug)]
pub enum AllItems {}

/// Reads all items of `S` in several segments concurrently.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let users = User::scan(&db).segments(4).all().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a scan runs when its items are requested"]
pub struct ParallelScan<S: Source> {
    reading: Reading,
    segments: u32,
    source: PhantomData<fn() -> S>,
}

impl<S: Source> Scan<S> {
    #[doc(hidden)]
    pub fn new(client: &Client) -> Self {
        Self::of(client, None)
    }

    /// Reads this many segments concurrently, at least 1, and merges them into one stream. It uses capacity as fast
    /// as DynamoDB provides it ("Parallel scan").
    pub fn segments(self, segments: u32) -> ParallelScan<S> {
        ParallelScan { reading: self.reading, segments, source: PhantomData }
    }
}

impl<S: Source, T: Send + 'static> Scan<S, T> {
    /// The SDK's builder of Scan, filled.
    ///
    /// # Errors
    ///
    /// The table's settings, an expression or the cursor is wrong.
    pub fn into_inner(mut self) -> Result<ScanFluentBuilder> {
        at_once(self.reading.seal())?;
        let plan = self.sdk_plan()?;
        Ok(plan.scan(plan.start_key()))
    }
}

impl<S: Source> ParallelScan<S> {
    /// A stream of the items of all segments. A segment that is ahead waits until its items are used.
    pub fn stream(&self) -> Segments<S::Item> {
        let total = self.segments.max(1);
        let segment = |segment| {
            let plan = move |reading: &Reading| Ok(Plan::One(Box::new(reading.plan_segment((segment, total))?)));
            Some(Items::planned(S::Model::model_name(), &self.reading, plan, Reads::whole()))
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

impl<T> Segments<T> {
    /// The same stream, which adds up the capacity that it consumes ([`Items::with_capacity`]).
    pub fn with_capacity(self) -> WithCapacity<Self> {
        WithCapacity::new(self)
    }

    /// The same stream, whose requests a limit holds back ([`RateLimited`](crate::rate_limit::RateLimited)).
    pub fn with_rate_limit(self, limit: &RateLimit) -> WithRateLimit<Self> {
        WithRateLimit::new(self, limit)
    }
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
        // Each poll starts with the segment after the one of the last item, so that no segment starves.
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
