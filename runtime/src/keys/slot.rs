//! A place for one data key, which one task at a time fetches.

use super::data_key::DataKey;
use super::error::KeyError;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

#[derive(Debug)]
pub(super) struct Slot {
    /// The task that fetches has it. If the task is dropped, the next one that waits fetches.
    turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    known: Result<DataKey, Option<KeyError>>,
    /// The number of fetches that ended.
    fetches: u64,
    /// The number of values that the data key has encrypted.
    values: u64,
    used: Instant,
}

impl State {
    /// The data key, if a new operation may use it.
    fn usable(&self, now: Instant) -> Option<DataKey> {
        let key = self.known.as_ref().ok()?;
        (!key.has_expired(now) && key.takes_another_value(self.values)).then(|| key.clone())
    }
}

impl Slot {
    pub(super) fn new() -> Self {
        let state = State { known: Err(None), fetches: 0, values: 0, used: Instant::now() };
        Self { turn: tokio::sync::Mutex::new(()), state: Mutex::new(state) }
    }

    /// Whether a new operation may use the data key as it is.
    pub(super) fn is_usable(&self) -> bool {
        let mut state = self.lock();
        state.used = Instant::now();
        state.usable(state.used).is_some()
    }

    /// The data key that operations have prepared, or why there is none.
    pub(super) fn known(&self) -> Result<DataKey, Option<KeyError>> {
        let mut state = self.lock();
        state.used = Instant::now();
        state.known.clone()
    }

    /// As [`known`](Self::known), for a new value.
    pub(super) fn for_a_value(&self) -> Result<DataKey, Option<KeyError>> {
        let mut state = self.lock();
        state.values = state.values.saturating_add(1);
        state.known.clone()
    }

    pub(super) fn learn(&self, known: Result<DataKey, KeyError>) {
        let mut state = self.lock();
        state.known = known.map_err(Some);
        state.fetches += 1;
        state.values = 0;
    }

    /// Fetches the data key unless it may be used as it is. Tasks that wait in the meantime get the same result.
    pub(super) async fn prepare(&self, fetch: impl Future<Output = Result<DataKey, KeyError>>) -> Result<(), KeyError> {
        let before = match self.lock() {
            state if state.usable(Instant::now()).is_some() => return Ok(()),
            state => state.fetches,
        };
        let _turn = self.turn.lock().await;
        match self.lock() {
            state if state.usable(Instant::now()).is_some() => return Ok(()),
            state if state.fetches > before => {
                if let Err(Some(error)) = &state.known {
                    return Err(error.clone());
                }
            }
            _ => {}
        }
        let fetched = fetch.await;
        self.learn(fetched.clone());
        fetched.map(drop)
    }

    /// How long ago an operation used it.
    pub(super) fn idle(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.lock().used)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
