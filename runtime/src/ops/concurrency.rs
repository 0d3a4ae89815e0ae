//! Running several operations concurrently.

use std::pin::Pin;
use std::task::{Context, Poll};

/// The default number of concurrent requests.
pub(in crate::ops) const CONCURRENCY: usize = 4;

type Task<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Running operations, whose results come in the order of completion.
pub(in crate::ops) struct Concurrent<'a, T> {
    running: Vec<Task<'a, T>>,
}

impl<'a, T> Concurrent<'a, T> {
    pub(in crate::ops) fn new() -> Self {
        Self { running: Vec::new() }
    }

    pub(in crate::ops) fn len(&self) -> usize {
        self.running.len()
    }

    pub(in crate::ops) fn push(&mut self, task: impl Future<Output = T> + Send + 'a) {
        self.running.push(Box::pin(task));
    }

    /// The next result; `None` if no operation is running.
    pub(in crate::ops) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
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

    pub(in crate::ops) async fn next(&mut self) -> Option<T> {
        std::future::poll_fn(|cx| self.poll_next(cx)).await
    }
}
