//! A key service for the tests.

use super::NAME;
use crate::keys::{DataKey, KeyError, KeyFuture, KeyProvider, Keys};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::sleep;

/// A service whose data keys have the ids 1, 2, …, each with its id as the secret.
#[derive(Debug)]
pub(super) struct Service {
    /// How long a request takes.
    pub(super) takes: Duration,
    pub(super) fails: AtomicBool,
    pub(super) refuses: AtomicBool,
    pub(super) panics: AtomicBool,
    pub(super) max_age: Option<Duration>,
    pub(super) max_values: Option<u64>,
    pub(super) ids: AtomicU8,
    pub(super) created: AtomicUsize,
    /// The requests for stored data keys, by their ids.
    pub(super) read: Mutex<BTreeMap<Vec<u8>, usize>>,
    /// The requests that run, and the most that have run at the same time.
    pub(super) running: AtomicUsize,
    pub(super) most_running: AtomicUsize,
}

impl Service {
    pub(super) fn new() -> Self {
        Self {
            takes: Duration::from_millis(20),
            fails: AtomicBool::new(false),
            refuses: AtomicBool::new(false),
            panics: AtomicBool::new(false),
            max_age: None,
            max_values: None,
            ids: AtomicU8::new(0),
            created: AtomicUsize::new(0),
            read: Mutex::default(),
            running: AtomicUsize::new(0),
            most_running: AtomicUsize::new(0),
        }
    }

    /// The service, and a client of it.
    pub(super) fn start(self) -> (Arc<Self>, Keys) {
        let service = Arc::new(self);
        (service.clone(), Keys::default().with(NAME, service))
    }

    pub(super) fn created(&self) -> usize {
        self.created.load(Ordering::SeqCst)
    }

    pub(super) fn read(&self) -> usize {
        self.read.lock().unwrap().values().sum()
    }

    async fn request(&self) -> Result<(), KeyError> {
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_running.fetch_max(running, Ordering::SeqCst);
        sleep(self.takes).await;
        self.running.fetch_sub(1, Ordering::SeqCst);
        assert!(!self.panics.load(Ordering::SeqCst), "as the test wants it");
        if self.refuses.load(Ordering::SeqCst) {
            return Err(KeyError::failed("the service refuses"));
        }
        if self.fails.load(Ordering::SeqCst) {
            return Err(KeyError::failed("the service is down").retryable(true));
        }
        Ok(())
    }

    fn key(&self, id: &[u8]) -> Result<DataKey, KeyError> {
        let [first, ..] = id else { return Err(KeyError::unknown(id)) };
        let key = DataKey::new(id, [*first; 32])?;
        let key = self.max_age.iter().fold(key, |key, age| key.expires_after(*age));
        Ok(self.max_values.iter().fold(key, |key, values| key.max_values(*values)))
    }
}

impl KeyProvider for Service {
    fn current(&self) -> KeyFuture<'_> {
        Box::pin(async {
            self.created.fetch_add(1, Ordering::SeqCst);
            self.request().await?;
            self.key(&[self.ids.fetch_add(1, Ordering::SeqCst) + 1])
        })
    }

    fn stored<'a>(&'a self, id: &'a [u8]) -> KeyFuture<'a> {
        Box::pin(async move {
            *self.read.lock().unwrap().entry(id.to_vec()).or_default() += 1;
            self.request().await?;
            self.key(id)
        })
    }
}
