//! One table is created once, however many writes find it missing.

use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Mutex;

/// How often a table has been created by this client, and the turn to do it.
#[derive(Debug, Default)]
pub(crate) struct Creation {
    count: AtomicU64,
    turn: Mutex<()>,
}

impl Creation {
    /// How often the table has been created so far; to be asked before the write that may find it missing.
    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// Runs `create`, unless the table has been created since `count` was asked. Writes that come meanwhile
    /// wait for it.
    pub(crate) async fn once<E>(&self, count: u64, create: impl Future<Output = Result<(), E>>) -> Result<(), E> {
        let _turn = self.turn.lock().await;
        if self.count() == count {
            create.await?;
            self.count.fetch_add(1, Ordering::AcqRel);
        }
        Ok(())
    }
}
