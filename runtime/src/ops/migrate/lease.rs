//! Leases of segments: at most one worker moves the cursor of a segment.
//!
//! A worker with a lease writes the segment's state again and again, and each write raises its turn. Another worker
//! takes the segment if it has seen the same turn for the time of a lease, by its own clock. So the clocks of machines
//! need not agree ("Building Distributed Locks with the DynamoDB Lock Client", AWS Database Blog).

use super::progress::{Counts, UnmigratedItem};
use super::progress_table::ProgressTable;
use super::segment_state::SegmentState;
use crate::ground::AttributeMap;
use crate::ops::Result;
use crate::rate_limit::{at_once, unlimited};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The right of a worker to move the cursor of a segment.
pub(super) struct Lease {
    /// `None` in a dry run, whose progress is nowhere stored.
    table: Option<Arc<ProgressTable>>,
    pub(super) segment: u32,
    pub(super) state: SegmentState,
    duration: Duration,
    written_at: Instant,
}

/// What a worker knows of a segment.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) state: SegmentState,
    /// When this worker has first seen the turn.
    since: Instant,
    /// Whether this process works on the segment.
    pub(super) is_own: bool,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self { state: SegmentState::default(), since: Instant::now(), is_own: false }
    }

    /// Updates the knowledge by the stored state.
    pub(super) fn see(&mut self, state: SegmentState) {
        if state.turn != self.state.turn || state.worker != self.state.worker {
            self.since = Instant::now();
        }
        self.state = state;
    }
}

impl Lease {
    /// A lease of a dry run.
    pub(super) fn of_dry_run(segment: u32) -> Self {
        let state = SegmentState::default();
        Self { table: None, segment, state, duration: Duration::MAX, written_at: Instant::now() }
    }

    /// Takes a segment that nobody works on, if there is still work. `seen` learns the stored state.
    pub(super) async fn take(
        table: &Arc<ProgressTable>,
        segment: u32,
        worker: &str,
        duration: Duration,
        seen: &mut Seen,
    ) -> Result<Option<Self>> {
        let stored = table.read(segment).await?;
        let before = stored.as_ref().map(|state| state.turn);
        let mut state = stored.unwrap_or_default();
        seen.see(state.clone());
        if state.is_finished || (state.is_leased && seen.since.elapsed() < duration) {
            return Ok(None);
        }
        worker.clone_into(&mut state.worker);
        (state.turn, state.is_leased) = (state.turn + 1, true);
        let written_at = Instant::now();
        let is_taken = table.write(segment, &state, before).await?;
        Ok(is_taken.then(|| Self { table: Some(table.clone()), segment, state, duration, written_at }))
    }

    /// Renews the lease if a third of its time is over. Returns whether the worker still has it.
    pub(super) async fn keep(&mut self) -> Result<bool> {
        if self.written_at.elapsed() < self.renewal() {
            return Ok(true);
        }
        // Workers that wait for a slow limit would slow it down further by renewals that count.
        unlimited(self.write(self.state.clone())).await
    }

    /// The time after which a lease is renewed.
    pub(super) fn renewal(&self) -> Duration {
        self.duration / 3
    }

    /// Records a finished page, and the end of the segment without a `cursor`. Returns whether the worker still has
    /// the lease; otherwise nothing was recorded.
    pub(super) async fn finish_page(
        &mut self,
        cursor: Option<AttributeMap>,
        counts: Counts,
        unmigrated: Vec<UnmigratedItem>,
    ) -> Result<bool> {
        let is_finished = cursor.is_none();
        let mut state = SegmentState { cursor, is_finished, is_leased: !is_finished, ..self.state.clone() };
        state.add(counts, unmigrated);
        self.write(state).await
    }

    /// Gives the segment back, so that another worker need not wait for the end of the lease.
    pub(super) async fn release(&mut self) -> Result<()> {
        self.write(SegmentState { is_leased: false, ..self.state.clone() }).await.map(drop)
    }

    /// Writes another state. Returns whether the worker still had the lease, and so whether it was written.
    async fn write(&mut self, mut state: SegmentState) -> Result<bool> {
        let written_at = Instant::now();
        state.turn += 1;
        let is_written = match &self.table {
            // The lease would end while the write waits for a limit.
            Some(table) => at_once(table.write(self.segment, &state, Some(self.state.turn))).await?,
            None => true,
        };
        if is_written {
            (self.state, self.written_at) = (state, written_at);
        }
        Ok(is_written)
    }
}
