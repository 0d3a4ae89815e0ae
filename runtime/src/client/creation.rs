//! One table is created once, however many writes find it missing.

use super::{Client, Place, Target};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The tables that a client's writes have created.
#[derive(Debug, Default)]
pub(super) struct Creations {
    /// How many there have been, of all tables: the clock that tells before from after.
    count: AtomicU64,
    turns: Mutex<HashMap<(Place, String), Turn>>,
}

/// The turn to create a table, and the count at which it was created last.
type Turn = Arc<tokio::sync::Mutex<u64>>;

impl Client {
    /// How many tables have been created so far; to be asked before the write that may find its table
    /// missing.
    pub(crate) fn creations(&self) -> u64 {
        self.0.creations.count.load(Ordering::Acquire)
    }

    /// Runs `create`, unless the target's table has been created since `before` was asked. Writes that come
    /// meanwhile wait for it.
    pub(crate) async fn create_once<E>(
        &self,
        target: &Target,
        before: u64,
        create: impl Future<Output = Result<(), E>>,
    ) -> Result<(), E> {
        let creations = &self.0.creations;
        let turn = {
            let mut turns = creations.turns.lock().unwrap_or_else(PoisonError::into_inner);
            turns.entry((target.place.clone(), target.table.clone())).or_default().clone()
        };
        let mut created = turn.lock().await;
        if *created <= before {
            create.await?;
            *created = creations.count.fetch_add(1, Ordering::AcqRel) + 1;
        }
        Ok(())
    }
}
