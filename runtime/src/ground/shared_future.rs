//! A future whose result several tasks wait for.
//!
//! Each of them can drive it. With a lock, a task would hang that waits for a future which nobody polls any more, such as
//! one of a stream's buffer whose consumer waits for another operation.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

pub(crate) struct SharedFuture<T> {
    state: Mutex<State<T>>,
    wakers: Arc<Wakers>,
}

enum State<T> {
    Running(Pin<Box<dyn Future<Output = T> + Send>>),
    Done(T),
}

impl<T: Clone> SharedFuture<T> {
    pub(crate) fn new(future: Pin<Box<dyn Future<Output = T> + Send>>) -> Self {
        Self { state: Mutex::new(State::Running(future)), wakers: Arc::default() }
    }

    /// Whether the future panicked.
    pub(crate) fn is_broken(&self) -> bool {
        self.state.is_poisoned()
    }

    /// The result; `None` if the future panicked.
    pub(crate) async fn wait(&self) -> Option<T> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&self, cx: &Context<'_>) -> Poll<Option<T>> {
        self.wakers.add(cx.waker());
        let Ok(mut state) = self.state.lock() else { return Poll::Ready(None) };
        let future = match &mut *state {
            State::Running(future) => future,
            State::Done(result) => return Poll::Ready(Some(result.clone())),
        };
        let mut end = WakesAtTheEnd { wakers: &self.wakers, is_end: true };
        match future.as_mut().poll(&mut Context::from_waker(&Waker::from(self.wakers.clone()))) {
            Poll::Ready(result) => {
                *state = State::Done(result.clone());
                drop(state);
                Poll::Ready(Some(result))
            }
            Poll::Pending => {
                end.is_end = false;
                Poll::Pending
            }
        }
    }
}

/// The tasks that wait.
#[derive(Default)]
struct Wakers(Mutex<Vec<Waker>>);

impl Wakers {
    fn add(&self, waker: &Waker) {
        let mut wakers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !wakers.iter().any(|other| other.will_wake(waker)) {
            wakers.push(waker.clone());
        }
    }

    fn wake_all(&self) {
        let wakers = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        wakers.into_iter().for_each(Waker::wake);
    }
}

impl Wake for Wakers {
    fn wake(self: Arc<Self>) {
        self.wake_all();
    }
}

/// Wakes all tasks at the end, also by a panic.
struct WakesAtTheEnd<'a> {
    wakers: &'a Wakers,
    is_end: bool,
}

impl Drop for WakesAtTheEnd<'_> {
    fn drop(&mut self) {
        if self.is_end {
            self.wakers.wake_all();
        }
    }
}
