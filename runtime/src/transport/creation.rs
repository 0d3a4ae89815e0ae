//! Creating a missing table once, even if several writes find it missing. A creation that was interrupted is finished
//! later.

use super::client::Client;
use super::target::{Place, Target};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// The tables that a client's writes have created.
#[derive(Debug, Default)]
pub(super) struct Creations {
    /// The number of creations so far, of all tables. It orders creations and writes in time.
    count: AtomicU64,
    /// The number of tables whose creation may be unfinished.
    unfinished: AtomicUsize,
    turns: Mutex<HashMap<(Place, String), SharedTurn>>,
}

type SharedTurn = Arc<tokio::sync::Mutex<Turn>>;

/// The state of one table's creation, which one task at a time holds.
#[derive(Debug, Default)]
struct Turn {
    /// The count after its last creation.
    created: u64,
    /// Whether DynamoDB may have begun to create it, and its creation may be unfinished.
    is_unfinished: bool,
}

impl Creations {
    fn set_unfinished(&self, turn: &mut Turn, is_unfinished: bool) {
        match (turn.is_unfinished, is_unfinished) {
            (false, true) => self.unfinished.fetch_add(1, Ordering::AcqRel),
            (true, false) => self.unfinished.fetch_sub(1, Ordering::AcqRel),
            _ => return,
        };
        turn.is_unfinished = is_unfinished;
    }
}

impl Client {
    /// The number of tables created so far. Read it before a write that may find its table missing.
    pub(crate) fn creations(&self) -> u64 {
        self.0.creations.count.load(Ordering::Acquire)
    }

    /// Whether the creation of a table failed or was dropped after it had begun.
    pub(crate) fn has_unfinished_creations(&self) -> bool {
        self.0.creations.unfinished.load(Ordering::Acquire) > 0
    }

    /// Runs `begin` until the table is active, and then `finish`, unless the target's table was created after
    /// `before` was read. Other writes wait in the meantime. `is_refused` says whether an error of `begin` means that
    /// DynamoDB has not begun to create the table.
    pub(crate) async fn create_once<E>(
        &self,
        target: &Target,
        before: u64,
        begin: impl Future<Output = Result<(), E>>,
        finish: impl Future<Output = Result<(), E>>,
        is_refused: impl FnOnce(&E) -> bool,
    ) -> Result<(), E> {
        let creations = &self.0.creations;
        let mut turn = self.turn(target).await;
        if turn.created <= before {
            creations.set_unfinished(&mut turn, true);
            if let Err(error) = begin.await {
                creations.set_unfinished(&mut turn, !is_refused(&error));
                return Err(error);
            }
            finish.await?;
            creations.set_unfinished(&mut turn, false);
            turn.created = creations.count.fetch_add(1, Ordering::AcqRel) + 1;
        }
        Ok(())
    }

    /// Runs `finish` if the creation of the target's table is unfinished. After an error, the creation stays
    /// unfinished if `is_passing` says that the error will pass.
    pub(crate) async fn finish_creation<E>(
        &self,
        target: &Target,
        finish: impl Future<Output = Result<(), E>>,
        is_passing: impl FnOnce(&E) -> bool,
    ) -> Result<(), E> {
        let mut turn = self.turn(target).await;
        if !turn.is_unfinished {
            return Ok(());
        }
        let finished = finish.await;
        self.0.creations.set_unfinished(&mut turn, finished.as_ref().is_err_and(is_passing));
        finished
    }

    async fn turn(&self, target: &Target) -> OwnedMutexGuard<Turn> {
        let turn = {
            let mut turns = self.0.creations.turns.lock().unwrap_or_else(PoisonError::into_inner);
            turns.entry((target.place.clone(), target.table.clone())).or_default().clone()
        };
        turn.lock_owned().await
    }
}
