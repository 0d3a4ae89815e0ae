//! A running bulk write: pages of items, and writes side by side.

use super::progress::{BulkCounts, BulkProgress, BulkReport, UnfinishedBulk};
use super::write::Outcome;
use crate::ground::defects;
use crate::ground::defects::Defect;
use crate::ops::concurrency::Concurrent;
use crate::ops::read::{PartPage, SideBySide};
use crate::ops::{Error, Result};
use crate::transport::backoff;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use tokio::time::Sleep;

/// The maximum of pages in sequence that fail for a reason that passes, after the SDK's own retries.
const MAX_FAILURES: u32 = 5;
/// The maximum of writes in sequence of which nobody knows if they were applied. It is not this item's fault then.
const MAX_IN_DOUBT: usize = 10;

pub(super) type OnProgress = Box<dyn Fn(&BulkProgress<'_>) + Send + Sync>;

pub(super) struct Run<T> {
    pages: SideBySide<T>,
    concurrency: usize,
    on_progress: Option<OnProgress>,
    report: BulkReport,
    /// The items to write, each with the number of its page and of its part.
    waiting: VecDeque<(usize, usize, T)>,
    /// The pages that are not done, each with the number of its unwritten items and the state after it.
    open: VecDeque<(usize, String)>,
    /// The number of pages that are done.
    done: usize,
    is_read: bool,
    /// The pages that failed in sequence, and the pause after the last one.
    failures: u32,
    pause: Option<Pin<Box<Sleep>>>,
    in_doubt: usize,
    stopped_by: Option<Error>,
}

enum Event<T> {
    Written(usize, Result<Outcome>),
    Page(Option<Result<PartPage<T>>>),
    End,
}

impl<T> Run<T> {
    pub(super) fn new(
        report: BulkReport,
        pages: SideBySide<T>,
        concurrency: usize,
        on_progress: Option<OnProgress>,
    ) -> Self {
        Self {
            pages,
            concurrency,
            on_progress,
            report,
            waiting: VecDeque::new(),
            open: VecDeque::new(),
            done: 0,
            is_read: false,
            failures: 0,
            pause: None,
            in_doubt: 0,
            stopped_by: None,
        }
    }

    /// Writes all items by a function, which gets the number of the item's part too.
    pub(super) async fn write_all<F>(mut self, write: impl Fn(usize, T) -> F) -> Result<BulkReport>
    where
        F: Future<Output = Result<Outcome>> + Send,
    {
        let mut running = Concurrent::new();
        loop {
            while running.len() < self.concurrency
                && let Some((page, part, item)) = self.waiting.pop_front()
            {
                let write = write(part, item);
                running.push(async move { (page, write.await) });
            }
            match self.next(&mut running).await {
                Event::Written(page, outcome) => self.written(page, outcome),
                Event::Page(page) => self.page(page),
                Event::End => break,
            }
        }
        match self.stopped_by {
            None if self.report.counts.failed == 0 => Ok(self.report),
            // Nothing was done.
            Some(error) if self.report.counts == BulkCounts::default() => Err(error),
            cause => Err(Error::UnfinishedBulk(Box::new(UnfinishedBulk::new(cause, self.report)))),
        }
    }

    /// The end of a write, or the next page if few items wait.
    async fn next(&mut self, running: &mut Concurrent<'_, (usize, Result<Outcome>)>) -> Event<T> {
        let wants_page = self.stopped_by.is_none() && !self.is_read && self.waiting.len() < self.concurrency;
        poll_fn(|cx| {
            if let Poll::Ready(Some((page, outcome))) = running.poll_next(cx) {
                return Poll::Ready(Event::Written(page, outcome));
            }
            if !wants_page {
                return if running.len() == 0 { Poll::Ready(Event::End) } else { Poll::Pending };
            }
            if self.pause.as_mut().is_some_and(|pause| pause.as_mut().poll(cx).is_pending()) {
                return Poll::Pending;
            }
            self.pause = None;
            self.pages.poll_page(cx).map(Event::Page)
        })
        .await
    }

    fn page(&mut self, page: Option<Result<PartPage<T>>>) {
        match page {
            None => self.is_read = true,
            Some(Ok(PartPage { part, items, scanned })) => {
                self.failures = 0;
                self.report.counts.scanned += scanned;
                self.report.counts.matched += u64::try_from(items.len()).unwrap_or(u64::MAX);
                let page = self.done + self.open.len();
                let left = if defects::has(Defect::StateBeforeItems) { 0 } else { items.len() };
                self.open.push_back((left, self.pages.state()));
                self.waiting.extend(items.into_iter().map(|item| (page, part, item)));
                self.close();
            }
            Some(Err(Error::Damaged(item))) => {
                let (key, error) = (item.key.clone(), Error::Damaged(item));
                if error.is_retryable() {
                    return self.stop(error); // Its page is not done.
                }
                self.report.counts.matched += 1;
                self.report.add_failed(key, error);
            }
            Some(Err(error)) if error.is_retryable() && !self.pages.has_ended() && self.failures < MAX_FAILURES => {
                self.failures += 1;
                self.pause = Some(Box::pin(tokio::time::sleep(backoff::delay(self.failures + 2))));
            }
            Some(Err(error)) => self.stop(error),
        }
    }

    fn written(&mut self, page: usize, outcome: Result<Outcome>) {
        let counts = &mut self.report.counts;
        let is_in_doubt = matches!(&outcome, Ok(Outcome::Failed(_, error)) if error.is_retryable());
        self.in_doubt = if is_in_doubt { self.in_doubt + 1 } else { 0 };
        match outcome {
            Ok(Outcome::Written) => counts.written += 1,
            Ok(Outcome::Skipped) => counts.skipped += 1,
            Ok(Outcome::Failed(key, error)) => match error {
                error if self.in_doubt <= MAX_IN_DOUBT => self.report.add_failed(key, error),
                Error::MaybeApplied(error) => {
                    let error = Arc::new(*error);
                    let of_item = Error::Shared(error.clone());
                    self.report.add_failed(key, Error::MaybeApplied(Box::new(of_item)));
                    self.stop(Error::Shared(error));
                }
                // The item is not done, nor is its page.
                error => return self.stop(error),
            },
            Err(error) => return self.stop(error),
        }
        if let Some((left, _)) = page.checked_sub(self.done).and_then(|at| self.open.get_mut(at)) {
            *left -= 1;
        }
        self.close();
    }

    /// Closes the pages that are done, as far as all before them are.
    fn close(&mut self) {
        while self.open.front().is_some_and(|(left, _)| *left == 0)
            && let Some((_, state)) = self.open.pop_front()
        {
            self.done += 1;
            if let Some(on_progress) = &self.on_progress {
                on_progress(&BulkProgress { counts: self.report.counts, state: &state });
            }
            self.report.state = Some(state);
        }
    }

    /// Writes no more items than those that are being written.
    fn stop(&mut self, error: Error) {
        self.stopped_by.get_or_insert(error);
        self.waiting.clear();
    }
}
