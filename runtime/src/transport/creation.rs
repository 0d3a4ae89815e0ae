//! One table is created once, however many writes find it missing, and to its end, also where the first try is broken off.

use super::client::Client;
use super::target::{Place, Target};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// The tables that a client's writes have created.
#[derive(Debug, Default)]
pub(super) struct Creations {
    /// How many there have been, of all tables: the clock that tells before from after.
    count: AtomicU64,
    /// How many tables are not known to be finished.
    unfinished: AtomicUsize,
    turns: Mutex<HashMap<(Place, String), SharedTurn>>,
}

type SharedTurn = Arc<tokio::sync::Mutex<Turn>>;

/// The turn to create a table.
#[derive(Debug, Default)]
struct Turn {
    /// The count at which it was created last.
    created: u64,
    /// DynamoDB may have begun to create it, and it is not known to be finished.
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
    /// How many tables have been created so far; to be asked before the write that may find its table
    /// missing.
    pub(crate) fn creations(&self) -> u64 {
        self.0.creations.count.load(Ordering::Acquire)
    }

    /// Whether a table was begun, and its creation then failed or was dropped.
    pub(crate) fn has_unfinished_creations(&self) -> bool {
        self.0.creations.unfinished.load(Ordering::Acquire) > 0
    }

    /// Runs `begin`, until the table is active, and `finish`, unless the target's table has been created since `before` was
    /// asked. Writes that come meanwhile wait for it. `is_refused` says of an error of `begin` that DynamoDB has not begun to create
    /// the table.
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

    /// Runs `finish`, if the target's table was begun and is not finished. It is tried again after an error
    /// that `is_passing` says will pass.
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
