//! The workers of this process on a migration.

use super::migration::OnProgress;
use super::progress::{Counts, Migrated, Progress};
use super::progress_table::ProgressTable;
use super::rewrite::Rewriter;
use super::segment;
use super::segment_state::SegmentState;
use crate::ops::concurrency::Concurrent;
use crate::ops::lease::{Lease, Seen, State};
use crate::ops::read::Reading;
use crate::ops::{Error, Result, TableItem};
use crate::transport::backoff;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The maximum of requests in sequence that fail for a reason that passes, after the SDK's own retries.
const MAX_FAILURES: u32 = 5;
/// The longest time between two looks at the segments of other workers.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// A running migration, which the workers of this process share.
pub(super) struct Run<M: TableItem> {
    pub(super) rewriter: Rewriter<M>,
    reading: Reading,
    table: Option<ProgressTable>,
    worker: String,
    lease: Duration,
    on_progress: Option<OnProgress>,
    /// What is known of each segment.
    seen: Mutex<Vec<Seen<SegmentState>>>,
    is_stopped: AtomicBool,
}

impl<M: TableItem> Run<M> {
    /// A run without a table is a dry one.
    pub(super) fn new(
        rewriter: Rewriter<M>,
        reading: Reading,
        (table, segments): (Option<ProgressTable>, u32),
        lease: Duration,
        on_progress: Option<OnProgress>,
    ) -> Self {
        let worker = format!("{:032x}", fastrand::u128(..));
        let seen = Mutex::new(vec![Seen::new(); segments as usize]);
        Self { rewriter, reading, table, worker, lease, on_progress, seen, is_stopped: AtomicBool::new(false) }
    }

    /// Runs this many workers until all segments are finished, or until one of them fails.
    pub(super) async fn work_all(self: &Arc<Self>, workers: usize) -> Result<()> {
        let mut running = Concurrent::new();
        for _ in 0..workers {
            let run = self.clone();
            running
                .push(async move { run.work().await.inspect_err(|_| run.is_stopped.store(true, Ordering::Relaxed)) });
        }
        let mut result = Ok(());
        while let Some(worked) = running.next().await {
            result = result.and(worked);
        }
        result
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    fn seen(&self) -> MutexGuard<'_, Vec<Seen<SegmentState>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Learns the state of a segment after a page, and reports the progress.
    pub(super) fn see(&self, segment: u32, state: &State<SegmentState>) {
        if let Some(seen) = self.seen().get_mut(segment as usize) {
            seen.see(state.clone());
        }
        if let Some(on_progress) = &self.on_progress {
            on_progress(&self.progress());
        }
    }

    fn progress(&self) -> Progress {
        let seen = self.seen();
        let mut counts = Counts::default();
        seen.iter().for_each(|seen| counts.add(seen.state.work.counts));
        let finished = seen.iter().filter(|seen| seen.state.is_finished).count();
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Progress { segments: number(seen.len()), finished: number(finished), counts }
    }

    /// Takes one segment after the other, until all are finished that no other worker of this process has.
    async fn work(&self) -> Result<()> {
        let total = u32::try_from(self.seen().len()).unwrap_or(u32::MAX);
        // Workers that begin at different segments seldom meet.
        let first = fastrand::u32(..total);
        let mut failures = 0;
        while !self.is_stopped() {
            let (mut worked, mut unfinished) = (false, false);
            for segment in (0..total).map(|number| (first + number) % total) {
                // The worker of this process that has the segment goes on until all are finished.
                let Some(mut seen) = self.reserve(segment) else { continue };
                let taken = self.take(segment, &mut seen).await;
                let migrated = match taken {
                    Ok(Some(mut lease)) => {
                        worked = true;
                        let plan = self.reading.plan_segment((segment, total))?;
                        let migrated = segment::migrate(self, segment, &plan, &mut lease).await;
                        if migrated.is_err() {
                            // The error of the segment matters more.
                            let _ = lease.release().await;
                        }
                        if lease.state.is_finished && migrated.is_ok() {
                            seen.see(lease.state);
                        }
                        migrated
                    }
                    Ok(None) => Ok(()),
                    Err(error) => Err(error),
                };
                unfinished |= !seen.state.is_finished;
                self.give_back(segment, seen);
                match migrated {
                    Ok(()) => failures = 0,
                    // The page is read again.
                    Err(error) if error.is_retryable() && failures < MAX_FAILURES => {
                        failures += 1;
                        tokio::time::sleep(backoff::delay(failures + 2)).await;
                    }
                    Err(error) => return Err(error),
                }
                if self.is_stopped() {
                    return Ok(());
                }
            }
            if !unfinished {
                return Ok(());
            }
            if !worked {
                tokio::time::sleep((self.lease / 3).min(MAX_WAIT)).await;
            }
        }
        Ok(())
    }

    /// Reserves an unfinished segment that no other worker of this process works on.
    fn reserve(&self, segment: u32) -> Option<Seen<SegmentState>> {
        let mut all = self.seen();
        let seen = all.get_mut(segment as usize)?;
        if seen.is_own || seen.state.is_finished {
            return None;
        }
        seen.is_own = true;
        Some(seen.clone())
    }

    fn give_back(&self, segment: u32, seen: Seen<SegmentState>) {
        if let Some(known) = self.seen().get_mut(segment as usize) {
            *known = seen;
            known.is_own = false;
        }
    }

    async fn take(&self, segment: u32, seen: &mut Seen<SegmentState>) -> Result<Option<Lease<SegmentState>>> {
        match &self.table {
            Some(of) => Lease::take(&of.table, ProgressTable::part_of(segment), &self.worker, self.lease, seen).await,
            None => Ok(Some(Lease::of_nobody_else())),
        }
    }

    /// The result, after all segments are finished.
    pub(super) fn result(&self, migration: String) -> Result<Migrated> {
        let Progress { segments, counts, .. } = self.progress();
        let unmigrated = self.seen().iter().flat_map(|seen| seen.state.work.unmigrated.clone()).collect();
        let migrated = Migrated { model: M::model_name(), migration, segments, counts, unmigrated };
        if counts.unmigrated > 0 {
            return Err(Error::Unmigrated(Box::new(migrated)));
        }
        Ok(migrated)
    }
}
