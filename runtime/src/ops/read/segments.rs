//! The items and the pages of a parallel scan, as streams.

use super::side_by_side::{PartPage, SideBySide};
use crate::observe::WithCapacity;
use crate::ops::{Error, Result};
use crate::rate_limit::{RateLimit, WithRateLimit};
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

/// The items of a parallel scan.
///
/// An item that does not fit the model is an error of its own ([`Error::Damaged`]), and the stream continues. Any other
/// error ends it.
#[must_use = "a stream does nothing until it is polled"]
pub struct Segments<T> {
    pub(super) pages: SideBySide<T>,
    pub(super) items: vec::IntoIter<T>,
}

/// The pages of a parallel scan, in no order: each is a response of one segment.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # fn export(users: Vec<User>) {}
/// # async fn example(db: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let saved = std::fs::read_to_string("export.state").ok(); // `None` is the beginning
/// let mut pages = User::scan(&db).segments(8).resume(saved).pages();
/// while let Some(page) = pages.try_next().await? {
///     export(page.items);
///     std::fs::write("export.state", page.state)?;
/// }
/// # Ok(())
/// # }
/// ```
///
/// **The state after a page** says that this page and all pages before it are done. Pages that were fetched ahead are
/// not. So nothing is left out after a crash, and each item that exists all the time is read once, but for those of
/// the page that was not saved. The state after the last page has no pages after it.
///
/// An item that does not fit the model is an error of its own ([`Error::Damaged`]) before its page, and the stream
/// continues. Any other error ends it: resume the scan at the last state.
#[must_use = "a stream does nothing until it is polled"]
pub struct SegmentPages<T> {
    pub(super) pages: SideBySide<T>,
}

/// One page of a parallel scan, with the state after it.
///
/// With the feature `serde`, it serializes as `{"items": […], "state": …}`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct SegmentPage<T> {
    /// The items that the filter leaves, which may be none.
    pub items: Vec<T>,
    /// The number of items that DynamoDB read for the page. It includes the items that the filter left out.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub scanned: u64,
    /// The place in each segment after this page and those before it, for
    /// [`ParallelScan::resume`](super::ParallelScan::resume). It is URL-safe text, about as long as one key for each
    /// segment. It holds these keys, so it is as confidential as they are.
    pub state: String,
}

macro_rules! streams {
    ($($stream:ident, $item:ty, $one:literal;)*) => {$(
        impl<T> $stream<T> {
            /// The same stream, which adds up the capacity that it consumes
            /// ([`Items::with_capacity`](super::Items::with_capacity)).
            pub fn with_capacity(self) -> WithCapacity<Self> {
                WithCapacity::new(self)
            }

            /// The same stream, whose requests a limit holds back ([`RateLimited`](crate::rate_limit::RateLimited)).
            pub fn with_rate_limit(self, limit: &RateLimit) -> WithRateLimit<Self> {
                WithRateLimit::new(self, limit)
            }

            #[doc = concat!("The next ", $one, ", or `None` after the last one.")]
            pub async fn next(&mut self) -> Option<Result<$item>> {
                poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
            }

            #[doc = concat!("The next ", $one, ", or `None` after the last one.")]
            ///
            /// # Errors
            ///
            /// As [`next`](Self::next) returns them: after [`Error::Damaged`], the stream continues.
            pub async fn try_next(&mut self) -> Result<Option<$item>> {
                self.next().await.transpose()
            }
        }

        impl<T> $stream<T> {
            /// Returns the error, and ends the stream unless an item alone is damaged.
            fn end_by(&mut self, error: Error) -> Error {
                if !matches!(error, Error::Damaged(_)) {
                    self.pages.end();
                }
                error
            }
        }

        /// No item is pinned.
        impl<T> Unpin for $stream<T> {}

        impl<T> fmt::Debug for $stream<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($stream)).field("model", &self.pages.model()).finish_non_exhaustive()
            }
        }
    )*};
}

streams! {
    Segments, T, "item";
    SegmentPages, SegmentPage<T>, "page";
}

impl<T> Stream for Segments<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(this.pages.poll_page(cx)) {
                Some(Ok(page)) => this.items = page.items.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(this.end_by(error)))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> Stream for SegmentPages<T> {
    type Item = Result<SegmentPage<T>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        Poll::Ready(ready!(this.pages.poll_page(cx)).map(|page| match page {
            Ok(PartPage { items, scanned, .. }) => Ok(SegmentPage { items, scanned, state: this.pages.state() }),
            Err(error) => Err(this.end_by(error)),
        }))
    }
}
