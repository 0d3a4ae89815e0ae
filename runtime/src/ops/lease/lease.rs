//! Leases of parts: at most one worker moves the cursor of a part.
//!
//! A worker with a lease writes the part's state again and again, and each write raises its turn. Another worker
//! takes the part if it has seen the same turn for the time of a lease, by its own clock. So the clocks of machines
//! need not agree ("Building Distributed Locks with the DynamoDB Lock Client", AWS Database Blog).

use super::lease_table::LeaseTable;
use super::state::{State, Work};
use crate::ops::Result;
use crate::rate_limit::{at_once, unlimited};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The right of a worker to move the cursor of a part.
pub(crate) struct Lease<W> {
    /// `None` for work whose progress is nowhere stored.
    table: Option<Arc<LeaseTable>>,
    part: String,
    pub(crate) state: State<W>,
    duration: Duration,
    written_at: Instant,
    valid: Valid,
}

/// Whether a lease is over, also for those that do not renew it.
#[derive(Debug, Clone)]
pub(crate) struct Valid(Arc<Mutex<Option<Instant>>>);

impl Valid {
    fn new(from: Instant, duration: Duration) -> Self {
        Self(Arc::new(Mutex::new(from.checked_add(duration))))
    }

    fn renew(&self, from: Instant, duration: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = from.checked_add(duration);
    }

    /// Whether no other worker can have taken the part.
    #[cfg(feature = "streams")]
    pub(crate) fn holds(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none_or(|end| Instant::now() < end)
    }
}

/// What a worker knows of a part.
#[derive(Debug, Clone)]
pub(crate) struct Seen<W> {
    pub(crate) state: State<W>,
    /// When this worker has first seen the turn.
    since: Instant,
    /// Whether this process works on the part.
    pub(crate) is_own: bool,
}

impl<W: Work> Seen<W> {
    pub(crate) fn new() -> Self {
        Self { state: State::default(), since: Instant::now(), is_own: false }
    }

    /// Updates the knowledge by the stored state.
    pub(crate) fn see(&mut self, state: State<W>) {
        if state.turn != self.state.turn || state.worker != self.state.worker {
            self.since = Instant::now();
        }
        self.state = state;
    }
}

impl<W: Work> Lease<W> {
    /// A lease of work whose progress is nowhere stored.
    pub(crate) fn of_nobody_else() -> Self {
        let (part, state) = (String::new(), State::default());
        Self {
            table: None,
            part,
            state,
            duration: Duration::MAX,
            written_at: Instant::now(),
            valid: Valid::new(Instant::now(), Duration::MAX),
        }
    }

    /// Takes a part that nobody works on, if there is still work. `seen` learns the stored state.
    pub(crate) async fn take(
        table: &Arc<LeaseTable>,
        part: String,
        worker: &str,
        duration: Duration,
        seen: &mut Seen<W>,
    ) -> Result<Option<Self>> {
        let stored = table.read(&part).await?;
        let before = stored.as_ref().map(|state| state.turn);
        let mut state = stored.unwrap_or_default();
        seen.see(state.clone());
        if state.is_finished || (state.is_leased && seen.since.elapsed() < duration) {
            return Ok(None);
        }
        worker.clone_into(&mut state.worker);
        (state.turn, state.is_leased) = (state.turn + 1, true);
        let written_at = Instant::now();
        let is_taken = table.write(&part, &state, before).await?;
        let valid = Valid::new(written_at, duration);
        Ok(is_taken.then(|| Self { table: Some(table.clone()), part, state, duration, written_at, valid }))
    }

    /// Renews the lease if a third of its time is over. Returns whether the worker still has it.
    pub(crate) async fn keep(&mut self) -> Result<bool> {
        if self.written_at.elapsed() < self.renewal() {
            return Ok(true);
        }
        // Workers that wait for a slow limit would slow it down further by renewals that count.
        unlimited(self.write(self.state.clone())).await
    }

    /// Whether the lease is over, for what runs beside its renewal.
    #[cfg(feature = "streams")]
    pub(crate) fn valid(&self) -> Valid {
        self.valid.clone()
    }

    /// The time after which a lease is renewed.
    pub(crate) fn renewal(&self) -> Duration {
        self.duration / 3
    }

    /// Records the work, and whether the part is finished. Returns whether the worker still has the lease; otherwise
    /// nothing was recorded.
    pub(crate) async fn record(&mut self, work: W, is_finished: bool) -> Result<bool> {
        self.write(State { work, is_finished, is_leased: !is_finished, ..self.state.clone() }).await
    }

    /// Gives the part back, so that another worker need not wait for the end of the lease.
    pub(crate) async fn release(&mut self) -> Result<()> {
        self.write(State { is_leased: false, ..self.state.clone() }).await.map(drop)
    }

    /// Writes another state. Returns whether the worker still had the lease, and so whether it was written.
    async fn write(&mut self, mut state: State<W>) -> Result<bool> {
        let written_at = Instant::now();
        state.turn += 1;
        let is_written = match &self.table {
            // The lease would end while the write waits for a limit.
            Some(table) => at_once(table.write(&self.part, &state, Some(self.state.turn))).await?,
            None => true,
        };
        if is_written {
            (self.state, self.written_at) = (state, written_at);
            self.valid.renew(written_at, self.duration);
        }
        Ok(is_written)
    }
}
