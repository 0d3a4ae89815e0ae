//! Running several futures concurrently.

use std::pin::Pin;
use std::task::{Context, Poll};

type Task<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Running futures, whose results come in the order of completion.
pub(crate) struct Concurrent<'a, T> {
    running: Vec<Task<'a, T>>,
}

impl<'a, T> Concurrent<'a, T> {
    pub(crate) fn new() -> Self {
        Self { running: Vec::new() }
    }

    pub(crate) fn len(&self) -> usize {
        self.running.len()
    }

    pub(crate) fn push(&mut self, task: impl Future<Output = T> + Send + 'a) {
        self.running.push(Box::pin(task));
    }

    /// The next result; `None` if nothing is running.
    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        if self.running.is_empty() {
            return Poll::Ready(None);
        }
        for at in 0..self.running.len() {
            if let Some(task) = self.running.get_mut(at)
                && let Poll::Ready(result) = task.as_mut().poll(cx)
            {
                drop(self.running.swap_remove(at));
                return Poll::Ready(Some(result));
            }
        }
        Poll::Pending
    }

    pub(crate) async fn next(&mut self) -> Option<T> {
        std::future::poll_fn(|cx| self.poll_next(cx)).await
    }
}
