//! The data keys of one key of the schema.

use super::data_key::DataKey;
use super::error::KeyError;
use super::provider::{KeyFuture, KeyProvider};
use super::slot::Slot;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// This number of data keys of stored values is kept.
const KEPT: usize = 1_000;
/// Beyond [`KEPT`], those are kept that were used so recently: an operation that has prepared them may still need them.
const RECENT: Duration = Duration::from_secs(60);
/// The limit of what is kept. Whoever can write the table can write any ids.
const MAX_KEPT: usize = 10_000;
/// Each removal leaves room for this number of data keys.
const ROOM: usize = 100;

pub(super) struct Cache {
    provider: Arc<dyn KeyProvider>,
    current: Slot,
    search: Slot,
    stored: Mutex<Stored>,
}

struct Stored {
    slots: HashMap<Arc<[u8]>, Arc<Slot>>,
    /// The number of slots at which some are removed.
    limit: usize,
}

impl Cache {
    pub(super) fn new(provider: Arc<dyn KeyProvider>) -> Self {
        let stored = Mutex::new(Stored { slots: HashMap::new(), limit: KEPT });
        Self { provider, current: Slot::new(), search: Slot::new(), stored }
    }

    /// The data key for `values` new values, fetched if it has to be.
    pub(super) async fn prepare_current(self: &Arc<Self>, values: u64) -> Result<DataKey, KeyError> {
        let start = || -> KeyFuture<'static> {
            let cache = self.clone();
            Box::pin(async move {
                let found = cache.provider.current().await;
                if let Ok(key) = &found {
                    cache.slot(key.id()).learn(Ok(key.clone()));
                }
                cache.current.learn(found.clone());
                found
            })
        };
        self.current.prepare(values, start).await
    }

    /// The search key, fetched if it has to be.
    pub(super) async fn prepare_search(self: &Arc<Self>) -> Result<DataKey, KeyError> {
        let start = || -> KeyFuture<'static> {
            let cache = self.clone();
            Box::pin(async move {
                let found = cache.provider.search().await;
                cache.search.learn(found.clone());
                found
            })
        };
        self.search.prepare(0, start).await
    }

    /// Whether the data key of an id has to be fetched.
    pub(super) fn lacks(&self, id: &[u8]) -> bool {
        !self.slot(id).is_known()
    }

    /// Fetches the data key of an id, if it has to be. The slot keeps an error for [`stored`](Self::stored).
    pub(super) async fn prepare_stored(self: &Arc<Self>, id: &[u8]) {
        let slot = self.slot(id);
        let start = || -> KeyFuture<'static> {
            let (cache, slot, id) = (self.clone(), slot.clone(), id.to_vec());
            Box::pin(async move {
                let found = cache.provider.stored(&id).await;
                let found = match found {
                    Ok(key) if key.id() != id => Err(KeyError::mistake("the provider gave another data key")),
                    found => found,
                };
                slot.learn(found.clone());
                found
            })
        };
        let _ = slot.prepare(0, start).await;
    }

    /// The data key of an id, or why there is none.
    pub(super) fn stored(&self, id: &[u8]) -> Result<DataKey, Option<KeyError>> {
        let stored = self.stored.lock().unwrap_or_else(PoisonError::into_inner);
        stored.slots.get(id).ok_or(None)?.known()
    }

    fn slot(&self, id: &[u8]) -> Arc<Slot> {
        let mut stored = self.stored.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = stored.slots.get(id) {
            return slot.clone();
        }
        if stored.slots.len() >= stored.limit {
            stored.make_room();
        }
        let slot = Arc::new(Slot::new());
        stored.slots.insert(id.into(), slot.clone());
        slot
    }
}

impl Stored {
    /// Removes those that were not used for the longest time.
    fn make_room(&mut self) {
        let now = Instant::now();
        let mut idle: Vec<_> = self.slots.iter().map(|(id, slot)| (slot.idle(now), id.clone())).collect();
        idle.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
        let over = |limit: usize| (idle.len() + ROOM).saturating_sub(limit);
        let (over_kept, over_max) = (over(KEPT), over(MAX_KEPT));
        for (nth, (time, id)) in idle.into_iter().take(over_kept).enumerate() {
            if time > RECENT || nth < over_max {
                self.slots.remove(&id);
            }
        }
        self.limit = KEPT.max(self.slots.len() + ROOM);
    }
}
