//! A place for one data key.

use super::data_key::DataKey;
use super::error::KeyError;
use super::provider::KeyFuture;
use crate::ground::SharedFuture;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::time::Instant;

/// The time for which a provider is not asked again for a data key that it has refused. Otherwise, each read of bytes that
/// only look like an encrypted value, such as those that a user of the app has sent, would ask it.
const REFUSED: Duration = Duration::from_secs(2);

pub(super) struct Slot(Mutex<State>);

struct State {
    known: Result<DataKey, Option<KeyError>>,
    /// The fetch that runs, as long as a task waits for it.
    fetch: Weak<SharedFuture<Result<DataKey, KeyError>>>,
    /// The number of values that the data key has encrypted.
    values: u64,
    used: Instant,
    learned: Instant,
}

impl State {
    /// Whether a new operation may use the data key.
    fn is_usable(&self, now: Instant) -> bool {
        self.known.as_ref().is_ok_and(|key| !key.has_expired(now) && key.takes_another_value(self.values))
    }

    /// Whether the provider has refused the data key just now.
    fn is_refused(&self, now: Instant) -> bool {
        matches!(&self.known, Err(Some(error)) if !error.is_retryable())
            && now.saturating_duration_since(self.learned) < REFUSED
    }
}

impl Slot {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        let state = State { known: Err(None), fetch: Weak::new(), values: 0, used: now, learned: now };
        Self(Mutex::new(state))
    }

    /// Whether a new operation takes what is known as it is: the data key, or that the provider refuses it.
    pub(super) fn is_known(&self) -> bool {
        let mut state = self.lock();
        state.used = Instant::now();
        state.is_usable(state.used) || state.is_refused(state.used)
    }

    /// The data key that operations have prepared, or why there is none.
    pub(super) fn known(&self) -> Result<DataKey, Option<KeyError>> {
        let mut state = self.lock();
        state.used = Instant::now();
        state.known.clone()
    }

    /// Keeps what a fetch has found.
    pub(super) fn learn(&self, found: Result<DataKey, KeyError>) {
        let mut state = self.lock();
        state.known = found.map_err(Some);
        state.fetch = Weak::new();
        state.values = 0;
        state.learned = Instant::now();
    }

    /// The data key for `values` new values, or for reading if there are none. It is fetched unless it may be used as it
    /// is, or another task fetches it: then both get the same result. `start` makes a future that ends with
    /// [`learn`](Self::learn).
    pub(super) async fn prepare(
        &self,
        values: u64,
        start: impl FnOnce() -> KeyFuture<'static>,
    ) -> Result<DataKey, KeyError> {
        let fetch = {
            let mut state = self.lock();
            if state.is_usable(Instant::now())
                && let Ok(key) = state.known.clone()
            {
                state.values = state.values.saturating_add(values);
                return Ok(key);
            }
            match state.fetch.upgrade() {
                Some(fetch) if !fetch.is_broken() => fetch,
                _ => {
                    let fetch = Arc::new(SharedFuture::new(start()));
                    state.fetch = Arc::downgrade(&fetch);
                    fetch
                }
            }
        };
        let panicked = || Err(KeyError::failed("the provider of the key panicked"));
        let key = fetch.wait().await.unwrap_or_else(panicked)?;
        let mut state = self.lock();
        state.values = state.values.saturating_add(values);
        Ok(key)
    }

    /// How long ago an operation used it.
    pub(super) fn idle(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.lock().used)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
