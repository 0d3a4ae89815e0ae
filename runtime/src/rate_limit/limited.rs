//! Operations and streams whose requests a limit holds back.

use super::RateLimit;
use crate::ground::ambient::poll_within;
use crate::observe::WithCapacity;
use futures_core::Stream;
use std::cell::RefCell;
use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

thread_local! {
    static HELD: RefCell<Vec<Held>> = const { RefCell::new(Vec::new()) };
}

/// What holds the requests of a future.
enum Held {
    By(RateLimit),
    /// They wait for no limit, and the limits count what they consume.
    AtOnce,
    /// No limit counts them.
    ByNothing,
}

/// The limits of the futures that are being polled, and whether requests wait for limits; `None` if none counts them.
pub(crate) fn ambient() -> Option<(Vec<RateLimit>, bool)> {
    HELD.with_borrow(|held| {
        let (mut limits, mut is_waiting) = (Vec::new(), true);
        for held in held {
            match held {
                Held::By(limit) => limits.push(limit.clone()),
                Held::AtOnce => is_waiting = false,
                Held::ByNothing => return None,
            }
        }
        Some((limits, is_waiting))
    })
}

/// Runs requests that wait for no limit, since others wait for them. Limits count what they consume.
pub(crate) async fn at_once<F: Future>(requests: F) -> F::Output {
    let mut requests = pin!(requests);
    poll_fn(|cx| poll_within(&HELD, Held::AtOnce, || requests.as_mut().poll(cx))).await
}

/// Runs requests that no limit holds back or counts: they are the price of waiting.
pub(crate) async fn unlimited<F: Future>(requests: F) -> F::Output {
    let mut requests = pin!(requests);
    poll_fn(|cx| poll_within(&HELD, Held::ByNothing, || requests.as_mut().poll(cx))).await
}

/// An operation, or any other future, whose requests can be limited. The [`prelude`](crate::prelude) exports this
/// trait.
pub trait RateLimited: IntoFuture + Sized {
    /// Limits the capacity that all requests of the operation consume per second, beside the limits of the client.
    /// Operations at the same time can share the limit. Requests of tasks that a future spawns are not limited.
    ///
    /// ```no_run
    /// # use dyntastic::{Client, RateLimit};
    /// # use dyntastic::prelude::*;
    /// # use example_models::*;
    /// # async fn example(db: Client, users: Vec<User>) -> dyntastic::Result<()> {
    /// let limit = RateLimit::writes(100.0)?;
    /// db.batch_write().put_all(&users).with_rate_limit(&limit).await?;
    /// # Ok(())
    /// # }
    /// ```
    fn with_rate_limit(self, limit: &RateLimit) -> WithRateLimit<Self::IntoFuture> {
        WithRateLimit::new(self.into_future(), limit)
    }
}

impl<F: IntoFuture> RateLimited for F {}

/// An operation or a stream whose requests a limit holds back.
#[must_use = "an operation runs when it is awaited"]
pub struct WithRateLimit<F> {
    running: Pin<Box<F>>,
    limit: RateLimit,
}

impl<F> WithRateLimit<F> {
    pub(crate) fn new(running: F, limit: &RateLimit) -> Self {
        Self::of_boxed(Box::pin(running), limit)
    }

    fn of_boxed(running: Pin<Box<F>>, limit: &RateLimit) -> Self {
        Self { running, limit: limit.clone() }
    }
}

impl<F: Future> Future for WithRateLimit<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { running, limit } = &mut *self;
        poll_within(&HELD, Held::By(limit.clone()), || running.as_mut().poll(cx))
    }
}

impl<S: Stream> Stream for WithRateLimit<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let Self { running, limit } = &mut *self;
        poll_within(&HELD, Held::By(limit.clone()), || running.as_mut().poll_next(cx))
    }
}

impl<S: Stream> WithRateLimit<S> {
    /// The same stream, whose requests another limit holds back too.
    pub fn with_rate_limit(self, limit: &RateLimit) -> WithRateLimit<Self> {
        WithRateLimit::new(self, limit)
    }

    /// The same stream, which adds up the capacity that it consumes.
    pub fn with_capacity(self) -> WithCapacity<Self> {
        WithCapacity::new(self)
    }

    /// The next item, or `None` after the last one.
    pub async fn next(&mut self) -> Option<S::Item> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// The next item, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// As the stream returns them.
    pub async fn try_next<T, E>(&mut self) -> Result<Option<T>, E>
    where
        S: Stream<Item = Result<T, E>>,
    {
        self.next().await.transpose()
    }
}

impl<S: Stream> WithCapacity<S> {
    /// The same stream, whose requests a limit holds back.
    pub fn with_rate_limit(self, limit: &RateLimit) -> WithCapacity<WithRateLimit<S>> {
        self.around(|running| WithRateLimit::of_boxed(running, limit))
    }
}

impl<F> fmt::Debug for WithRateLimit<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithRateLimit").field("limit", &self.limit).finish_non_exhaustive()
    }
}
