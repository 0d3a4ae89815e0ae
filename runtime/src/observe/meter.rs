//! Adding up the capacity of all requests that are sent while a future runs.
//!
//! A future that is measured puts its meter into the thread while it is polled. A request takes the meters that it
//! finds there when it begins, and adds to them what its response says.

use super::capacity::Capacity;
use crate::ground::ambient::poll_within;
use futures_core::Stream;
use std::cell::RefCell;
use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

thread_local! {
    static METERS: RefCell<Vec<Meter>> = const { RefCell::new(Vec::new()) };
}

/// The sum of consumed capacity. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meter(Arc<Mutex<Capacity>>);

/// The meters of the futures that are being polled.
pub(crate) fn meters() -> Vec<Meter> {
    METERS.with_borrow(Vec::clone)
}

impl Meter {
    pub(crate) fn add(&self, capacity: &Capacity) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += capacity;
    }

    fn sum(&self) -> Capacity {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Polls something whose requests add to this meter.
    fn poll<T>(&self, poll: impl FnOnce() -> Poll<T>) -> Poll<T> {
        poll_within(&METERS, self.clone(), poll)
    }
}

impl Capacity {
    /// Runs an operation, or any other future, and returns the capacity that all requests in it consumed, also if it
    /// fails. Requests of tasks that it spawns are not among them.
    ///
    /// ```no_run
    /// # use dyntastic::{Capacity, Client};
    /// # use dyntastic::prelude::*;
    /// # use example_models::*;
    /// # async fn handle(db: &Client) {}
    /// # async fn example(db: Client, alice: User) {
    /// let (saved, used) = Capacity::of(alice.save(&db)).await;
    /// println!("{saved:?} after {} units", used.total());
    ///
    /// let (response, used) = Capacity::of(handle(&db)).await; // all operations of a request
    /// # }
    /// ```
    pub async fn of<F: IntoFuture>(operation: F) -> (F::Output, Capacity) {
        let meter = Meter::default();
        let mut operation = pin!(operation.into_future());
        let output = poll_fn(|cx| meter.poll(|| operation.as_mut().poll(cx))).await;
        (output, meter.sum())
    }
}

/// An operation, or any other future with a result, whose consumed capacity can be returned with its value. The
/// [`prelude`](crate::prelude) exports this trait.
pub trait Metered: IntoFuture + Sized {
    /// Also returns the capacity that was consumed: by all requests of the operation, with those that the operation
    /// itself needs or sends again.
    ///
    /// ```no_run
    /// # use dyntastic::Client;
    /// # use dyntastic::prelude::*;
    /// # use example_models::*;
    /// # async fn example(db: Client) -> dyntastic::Result<()> {
    /// let (orders, used) = Order::query(&db, "customer7").all().with_capacity().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// [`Capacity::of`] also returns it after an error.
    fn with_capacity(self) -> WithCapacity<Self::IntoFuture> {
        WithCapacity::new(self.into_future())
    }
}

impl<F, T, E> Metered for F where F: IntoFuture<Output = Result<T, E>> {}

/// An operation that also returns the capacity that it consumed, or a stream that adds it up.
#[must_use = "an operation runs when it is awaited"]
pub struct WithCapacity<F> {
    running: Pin<Box<F>>,
    meter: Meter,
}

impl<F> WithCapacity<F> {
    pub(crate) fn new(running: F) -> Self {
        Self { running: Box::pin(running), meter: Meter::default() }
    }

    /// The same with something around it whose requests are measured too.
    pub(crate) fn around<G>(self, wrap: impl FnOnce(Pin<Box<F>>) -> G) -> WithCapacity<G> {
        WithCapacity { running: Box::pin(wrap(self.running)), meter: self.meter }
    }

    /// The capacity of the responses so far. A stream fetches pages ahead, and these are among them.
    pub fn capacity(&self) -> Capacity {
        self.meter.sum()
    }
}

impl<F, T, E> Future for WithCapacity<F>
where
    F: Future<Output = Result<T, E>>,
{
    type Output = Result<(T, Capacity), E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { running, meter } = &mut *self;
        meter.poll(|| running.as_mut().poll(cx)).map_ok(|value| (value, meter.sum()))
    }
}

impl<S: Stream> Stream for WithCapacity<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let Self { running, meter } = &mut *self;
        meter.poll(|| running.as_mut().poll_next(cx))
    }
}

impl<S: Stream> WithCapacity<S> {
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

impl<F> fmt::Debug for WithCapacity<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithCapacity").finish_non_exhaustive()
    }
}
