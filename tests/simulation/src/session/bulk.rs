//! Bulk writes, which go on from their state when they end early.

use super::Session;
use crate::claim::{Claim, Report, Status};
use crate::models::{Member, Note, Score};
use crate::names;
use dyntastic::Error;
use dyntastic::ops::BulkWrite;
use dyntastic::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::timeout;

/// The maximum of runs of one operation.
const RUNS: u32 = 4;

/// What all runs of an operation have done: the number of written items, or the last error.
async fn finished<M: Model>(run: impl Fn() -> BulkWrite<M>, state: Option<String>) -> dyntastic::Result<u64> {
    let (mut written, mut state, mut in_doubt) = (0, state, None);
    for _ in 0..RUNS {
        match run().resume(state.clone()).await {
            Ok(report) => {
                written += report.counts.written;
                return in_doubt.map_or(Ok(written), Err);
            }
            Err(Error::UnfinishedBulk(unfinished)) => {
                let ended_early = unfinished.cause().is_some();
                written += unfinished.report().counts.written;
                state = unfinished.report().state.clone();
                let has_failed = unfinished.report().counts.failed > 0;
                if !ended_early {
                    return Err(Error::UnfinishedBulk(unfinished));
                }
                if has_failed || in_doubt.is_none() {
                    in_doubt = has_failed.then_some(Error::UnfinishedBulk(unfinished));
                }
            }
            Err(error) => return Err(error),
        }
    }
    Err(in_doubt.unwrap_or(Error::Cursor))
}

impl Session {
    pub(super) async fn promote(&self, from: u8, to: u8) -> Report {
        self.moves(|| {
            let scan = Member::scan(&self.db).consistent_read().page_size(2).segments(2);
            let update = (Member::A.tier.set(names::tier(to)), Member::A.visits.add(1));
            scan.update_where(Member::A.tier.eq(names::tier(from)), update)
        })
        .await
    }

    pub(super) async fn rerank(&self, from: u8, to: u8) -> Report {
        self.moves(|| {
            let scan = Score::scan(&self.db).consistent_read().page_size(2).segments(2);
            let update = (Score::A.rank.set(names::rank(to)), Score::A.points.add(1));
            scan.update_where(Score::A.rank.eq(names::rank(from)), update)
        })
        .await
    }

    async fn moves<M: Model>(&self, run: impl Fn() -> BulkWrite<M>) -> Report {
        let since = self.world.changes();
        match finished(|| run().concurrency(2), None).await {
            Ok(written) => Report::done([Claim::Moves { written, since }]),
            Err(error) => Report::unknown(&error),
        }
    }

    pub(super) async fn clear_book(&self, book: u8, patience: u8) -> Report {
        let (hash, since) = (Some(names::note(&names::book(book), 0).key.hash), self.world.changes());
        let clear = || {
            let query = Note::query(&self.db, names::book(book)).consistent_read().page_size(2);
            query.delete_where(Note::A.text.ne("a text of no note")).concurrency(2)
        };
        let saved: Arc<Mutex<(Option<String>, u64)>> = Arc::default();
        let saves = saved.clone();
        let first = clear().on_progress(move |progress| {
            let saved = (Some(progress.state.to_owned()), progress.counts.failed);
            *saves.lock().unwrap_or_else(PoisonError::into_inner) = saved;
        });
        drop(timeout(Duration::from_millis(u64::from(patience) * 4), first).await);
        let (state, failed) = saved.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if failed > 0 {
            return Report { status: Status::Unknown("some were left".to_owned()), claims: Vec::new() };
        }
        match finished(clear, state).await {
            Ok(_) => Report::done([Claim::Emptied { table: "notes", hash, kind: None, since }]),
            Err(error) => Report::unknown(&error),
        }
    }
}
