//! Doing the changes of tables.

use super::change::{Change, Effect};
use super::compare;
use super::live::{self, Live};
use super::perform::{is_done, is_limited, is_race, perform};
use super::replicas;
use crate::ops::table::wait;
use crate::ops::{Error, Result};
use crate::transport::Target;
use std::time::Duration;
use tokio::time::Instant;
use tracing::Instrument;

/// How often a change that DynamoDB refuses as not valid is tried. The first refusals may come from another process
/// that has made the same change.
const ATTEMPTS: u32 = 4;

/// How long a change may be missing in the description of a table, which is eventually consistent ("DescribeTable").
const MAX_UNSEEN: Duration = Duration::from_secs(30);

/// The same for a setting, which an engine may also forget ("TagResource" is asynchronous).
const MAX_UNSEEN_SETTING: Duration = Duration::from_secs(3);

/// How long a table that is waited for may be unreadable for a reason that passes: an index is built for hours.
const MAX_UNREADABLE: Duration = Duration::from_secs(120);

/// What happens while tables are changed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// A change begins.
    Begins(&'a Change),
    /// A table is waited for, again after each of these.
    #[non_exhaustive]
    Waits {
        /// The table's name in DynamoDB.
        table: &'a str,
        /// The status of the index, or of the table, such as `CREATING`.
        status: &'a str,
        /// The index that is built or deleted.
        index: Option<&'a str>,
        /// The region of the replica that is created, changed or deleted.
        replica: Option<&'a str>,
        /// The time that was waited.
        waited: Duration,
        /// The number of items that the index has. DynamoDB counts them about every six hours, and other engines at
        /// once.
        indexed: u64,
        /// The number of items that the table has.
        items: u64,
    },
    /// A change is done.
    Done(&'a Change),
    /// DynamoDB allows a change only later, so that it is left: a time to live is changed once in an hour, and billing
    /// and throughput a few times in a day ("Service, account, and table quotas"). Or an engine for tests has no
    /// replicas.
    #[non_exhaustive]
    Refused {
        /// The change.
        change: &'a Change,
        /// The refusal in words, with DynamoDB's code.
        reason: &'a str,
    },
}

pub(super) type OnProgress = Box<dyn FnMut(&Progress<'_>) + Send>;

/// What a run may do, and whom it tells.
#[derive(Default)]
pub(super) struct Run {
    /// Whether it also removes what the schema does not have, and replaces what can be replaced without a deletion.
    pub(super) is_whole: bool,
    /// Whether it only creates replicas.
    pub(super) is_of_replicas: bool,
    /// The names of the deletions that it may do.
    pub(super) deletions: Vec<String>,
    pub(super) limit: Option<Duration>,
    pub(super) on_progress: Option<OnProgress>,
}

/// What a run leaves of a table.
pub(super) struct Left {
    /// The changes that are still to do.
    pub(super) changes: Vec<Change>,
    /// What cannot be compared, with the reason.
    pub(super) uncompared: Vec<(&'static str, &'static str)>,
}

impl Run {
    /// Creates the replicas of a table that was created without them.
    ///
    /// # Errors
    ///
    /// [`Error::TablesDiffer`] if DynamoDB fails to create one of them.
    pub(super) async fn create_replicas(target: &Target, limit: Duration) -> Result<()> {
        if target.description.other_replicas().next().is_none() {
            return Ok(());
        }
        let mut run = Self { is_of_replicas: true, limit: Some(limit), ..Self::default() };
        let mut changes = run.bring(target).await?.changes;
        changes.retain(|change| change.is_replacement() && change.replica().is_some());
        if changes.is_empty() { Ok(()) } else { Err(Error::TablesDiffer { changes }) }
    }

    /// Whether it may do a change.
    pub(super) fn may(&self, change: &Change) -> bool {
        if change.is_protected() || self.is_of_replicas && change.kind() != "create_replica" {
            return false;
        }
        match change.is_destructive() {
            true => change.deletions().iter().all(|name| self.deletions.contains(name)),
            false => self.is_whole || change.effect() == Effect::Sets,
        }
    }

    /// Does the changes of a table that it may do, and returns the others. It reads the table before each of them, so
    /// that other processes may do the same at the same time.
    pub(super) async fn bring(&mut self, target: &Target) -> Result<Left> {
        let span = target.span("UpdateTable");
        async move {
            let mut done: Vec<Change> = Vec::new();
            let mut refused: Vec<Change> = Vec::new();
            let mut failed: Option<(Change, u32, Instant)> = None;
            let mut lacks_replicas = false;
            let mut after = None;
            let (mut done_at, mut unseen) = (Instant::now(), 0);
            loop {
                let live = match after.take() {
                    Some(live) => live,
                    None => self.settled(target, |_| true).await?,
                };
                let mut changes = compare::changes(target, live.as_ref());
                if lacks_replicas {
                    changes.retain(|change| change.replica().is_none());
                }
                // A missing table has no replicas before it is created.
                let is_possible = |change: &Change| live.is_some() || change.is_of_whole_table();
                let is_next = |change: &&Change| {
                    self.may(change) && is_possible(change) && !done.contains(change) && !refused.contains(change)
                };
                let Some(change) = changes.iter().find(is_next) else {
                    // A setting may be seen later, and an engine may forget it. Only the left changes tell these apart.
                    let is_unseen = self.is_whole && changes.iter().any(|change| done.contains(change));
                    if is_unseen && done_at.elapsed() < MAX_UNSEEN_SETTING {
                        tokio::time::sleep(wait::delay(unseen)).await;
                        unseen += 1;
                        continue;
                    }
                    let mut uncompared = live.map(|live| compare::uncompared(target, &live)).unwrap_or_default();
                    uncompared.extend(lacks_replicas.then_some(compare::NO_REPLICAS));
                    return Ok(Left { changes, uncompared });
                };
                let (tries, since) = match failed.take() {
                    Some((of, tries, since)) if of == *change => (tries, since),
                    _ => {
                        self.tell(&Progress::Begins(change));
                        (0, Instant::now())
                    }
                };
                if let Err(error) = perform(target, live.as_ref(), change).await {
                    if change.replica().is_some() && replicas::are_unknown(&error) {
                        tracing::warn!(table = target.table, "this engine has no replicas");
                        self.tell(&Progress::Refused { change, reason: &error.to_string() });
                        lacks_replicas = true;
                        continue;
                    }
                    let is_limited = is_limited(change, &error);
                    let is_soon = is_limited || error.code() == Some("ValidationException") || !is_race(&error);
                    let is_last = is_soon && tries + 1 >= ATTEMPTS;
                    if is_last && is_limited && self.is_whole {
                        self.tell(&Progress::Refused { change, reason: &error.to_string() });
                        refused.push(change.clone());
                        continue;
                    }
                    let is_passing = is_race(&error) || error.is_retryable();
                    if is_last || !is_passing || since.elapsed() >= self.limit.unwrap_or(wait::MAX_WAIT) {
                        return Err(error);
                    }
                    tokio::time::sleep(wait::delay(tries)).await;
                    failed = Some((change.clone(), tries + 1, since));
                    continue;
                }
                let live = self.settled(target, |live| is_done(change, live)).await?;
                if let Some(change) = replicas::failed(change, live.as_ref()) {
                    return Err(Error::TablesDiffer { changes: vec![change] });
                }
                self.tell(&Progress::Done(change));
                done.push(change.clone());
                (done_at, unseen) = (Instant::now(), 0);
                // A deletion is allowed once: what another process creates again is not meant. A table is there until
                // the last of its replicas is deleted.
                let deleted = change.done_deletions(live.as_ref());
                self.deletions.retain(|name| !deleted.contains(name));
                after = Some(live);
            }
        }
        .instrument(span)
        .await
    }

    /// Reads a table when nothing of it is being created, changed or deleted, and a change has come about.
    async fn settled(&mut self, target: &Target, is_done: impl Fn(Option<&Live>) -> bool) -> Result<Option<Live>> {
        let start = Instant::now();
        let max_unreadable = self.limit.map_or(MAX_UNREADABLE, |limit| limit.min(MAX_UNREADABLE));
        let (mut attempt, mut unreadable) = (0, None);
        loop {
            let (live, is_settled) = match live::settled(target, !self.is_of_replicas).await {
                Err(error)
                    if error.is_retryable()
                        && unreadable.get_or_insert_with(Instant::now).elapsed() < max_unreadable =>
                {
                    tokio::time::sleep(wait::MAX_DELAY).await;
                    continue;
                }
                read => read?,
            };
            unreadable = None;
            if is_settled && is_done(live.as_ref()) {
                return Ok(live);
            }
            let index = live.as_ref().and_then(Live::changing_index);
            let replica = live.as_ref().and_then(Live::changing_replica);
            let status = match (&live, index, replica) {
                (_, Some(index), _) => index.status.clone().unwrap_or_default(),
                (_, None, Some(replica)) => replica.status.clone(),
                (Some(live), None, None) => live.status.clone(),
                (None, ..) => "missing".to_owned(),
            };
            let waited = start.elapsed();
            // The time to build an index or a replica grows with the table.
            let limit = match is_settled {
                true => Some(MAX_UNSEEN),
                false => self.limit.or((index.is_none() && replica.is_none()).then_some(wait::MAX_WAIT)),
            };
            if limit.is_some_and(|limit| waited >= limit) {
                let status = match (index, replica) {
                    (Some(index), _) => format!("{status} the index {}", index.name),
                    (None, Some(replica)) => format!("{status} the replica in {}", replica.region),
                    (None, None) if is_settled => format!("{status}, without the requested change,"),
                    (None, None) => status,
                };
                return Err(Error::TableNotReady { table: target.table.clone(), status, waited });
            }
            self.tell(&Progress::Waits {
                table: &target.table,
                status: &status,
                index: index.map(|index| index.name.as_str()),
                replica: replica.map(|replica| replica.region.as_str()),
                waited,
                indexed: index.map_or(0, |index| index.items),
                items: live.as_ref().map_or(0, |live| live.items),
            });
            let delay = wait::delay(attempt);
            tokio::time::sleep(limit.map_or(delay, |limit| delay.min(limit.saturating_sub(waited)))).await;
            attempt += 1;
        }
    }

    fn tell(&mut self, progress: &Progress<'_>) {
        if let Some(on_progress) = &mut self.on_progress {
            on_progress(progress);
        }
    }
}
