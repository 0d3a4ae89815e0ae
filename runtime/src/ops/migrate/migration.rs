//! A migration and its settings.

use super::progress::{Migrated, Progress};
use super::progress_table::ProgressTable;
use super::rewrite::Rewriter;
use super::workers::Run;
use crate::ops::read::Reading;
use crate::ops::{Error, Result, Running, TableItem};
use crate::rate_limit::{RateLimit, RateLimited};
use crate::transport::Client;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The maximum of segments. DynamoDB allows 1,000,000 ("Parallel scan").
const MAX_SEGMENTS: u32 = 10_000;
const LEASE: Duration = Duration::from_secs(30);

/// A change of an item by the app.
pub(super) type Change<M> = Arc<dyn Fn(&mut M) + Send + Sync>;
pub(super) type OnProgress = Box<dyn Fn(&Progress) + Send + Sync>;

/// Writes every item of a model again, as a save of this release stores it: with the keys of its templates and of its
/// indexes, with the guards of its unique fields, with transforms and defaults. An item that is stored so already is
/// not written.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let migrated = dyntastic::migrate::<Order>(&db, "2026-11-orders")
///     .rate(500.0)
///     .on_progress(|progress| eprintln!("{} of {} segments", progress.finished, progress.segments))
///     .await?;
/// assert_eq!(migrated.counts.unmigrated, 0);
/// # Ok(())
/// # }
/// ```
///
/// **Workers.** Any number of processes run the same call at the same time, and DynamoDB coordinates them: the items
/// are divided into segments ("Parallel scan"), and each segment has a progress item with its cursor. A worker leases a
/// segment, and another one takes it after a crash. Each call returns when all segments are finished, with the sum over
/// all workers; a call after that returns this sum at once. A migration that should run again gets another name.
///
/// **Other writers** may go on. An item is written only if it is as it was read, with the same attributes; of an item
/// with a version and more than 120 attributes, only the version is compared. Otherwise it is read again. A written
/// item gets a new version and a new time of its last write, as with a save: so a writer that read the item before
/// cannot undo the migration by accident. Items that an older release writes behind the cursor are not written again:
/// deploy the new release first.
///
/// **Crashes** lose nothing. After one, the items of an unfinished page are read again. Those that are written already
/// are as they should be, and are not written a second time.
///
/// **Keys.** An item whose key differs from the key that the model makes is moved to that key in one transaction, with
/// its guards ("Amazon DynamoDB Transactions: How it works"). It must still be readable: fields that only the key has
/// (`stored: false`) cannot be read from the key of another template, and models that are told apart by their keys
/// (`discriminator: by_key`) find only keys that begin as theirs.
///
/// **Unknown attributes** are removed, as by a save, unless the schema says `unknown_attributes: keep`.
///
/// **Costs.** Every page is read consistently, for one capacity unit per 4 KB; each written item costs a write, and a
/// transaction, which costs twice as much, if it moves or has unique fields ("Read and write operations"). An item with
/// unique fields also costs a consistent read for each guard.
///
/// # Errors
///
/// - [`Error::Unmigrated`]: the migration is finished, and some items stay as they were; the result names them.
/// - [`Error::InvalidRequest`]: a setting is wrong, the migration is of another model, the table needs a
///   [`progress_table`](Self::progress_table), or a [`change`](Self::change) makes another item when it is made twice.
/// - Other errors are those of requests. What was migrated stays so, and the same call goes on.
#[must_use = "an operation runs when it is awaited"]
pub struct Migration<M: TableItem> {
    client: Client,
    name: String,
    segments: u32,
    workers: usize,
    rate: Option<f64>,
    lease: Duration,
    is_dry: bool,
    progress_table: Option<&'static str>,
    change: Option<Change<M>>,
    on_progress: Option<OnProgress>,
}

/// A migration of a model, by a name that it has in the progress items. See [`Migration`].
pub fn migrate<M: TableItem>(client: &Client, name: impl Into<String>) -> Migration<M> {
    Migration {
        client: client.clone(),
        name: name.into(),
        segments: 16,
        workers: 4,
        rate: None,
        lease: LEASE,
        is_dry: false,
        progress_table: None,
        change: None,
        on_progress: None,
    }
}

impl<M: TableItem> Migration<M> {
    /// Divides the items into this many segments, 1 to 10,000, instead of 16. The first worker of a migration fixes it.
    /// No more workers than segments have work.
    pub fn segments(mut self, segments: u32) -> Self {
        self.segments = segments;
        self
    }

    /// Works on this many segments at the same time, at least 1, instead of 4. Each of them writes one item after the
    /// other.
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers;
        self
    }

    /// Limits the capacity units per second that this process consumes, on average, reads and writes together. The
    /// units are those that DynamoDB reports: [`Counts::consumed`](crate::ops::Counts::consumed), and those of the
    /// progress items, without the renewals of leases.
    pub fn rate(mut self, units_per_second: f64) -> Self {
        self.rate = Some(units_per_second);
        self
    }

    /// The time after which another worker takes the segment of a worker that does nothing, instead of 30 s. It must
    /// be longer than a write of the progress with its retries.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Writes nothing, no progress either, and returns what the migration would do. It does not find two items with the
    /// same unique value if neither has a guard yet, and no item at the new key of another one.
    pub fn dry_run(mut self) -> Self {
        self.is_dry = true;
        self
    }

    /// Keeps the progress in the table with this name, with the hash key `pk` and the range key `sk`, both texts. The
    /// first worker creates it, unless the client creates no tables. It is needed for a model with a table of its own,
    /// where readers would take a progress item for one of the model. Migrations of several tables in it need different
    /// names.
    pub fn progress_table(mut self, name: &'static str) -> Self {
        self.progress_table = Some(name);
        self
    }

    /// Changes each item before it is written. The change must leave an item that it has changed as it is, because it
    /// is made again after a crash; this is checked.
    pub fn change(mut self, change: impl Fn(&mut M) + Send + Sync + 'static) -> Self {
        self.change = Some(Arc::new(change));
        self
    }

    /// Is called after each page of this process.
    pub fn on_progress(mut self, on_progress: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Box::new(on_progress));
        self
    }

    fn check(&self) -> Result<()> {
        let refuse = |why: &str| Err(Error::invalid("Migrate", why));
        if !(1..=MAX_SEGMENTS).contains(&self.segments) {
            return refuse("a migration has 1 to 10000 segments");
        }
        if self.workers == 0 {
            return refuse("a migration has at least 1 worker");
        }
        Ok(())
    }

    async fn run(self) -> Result<Migrated> {
        self.check()?;
        let limit = self.rate.map(RateLimit::total).transpose().map_err(|error| Error::invalid("Migrate", error))?;
        match limit {
            Some(limit) => self.migrate().with_rate_limit(&limit).await,
            None => self.migrate().await,
        }
    }

    async fn migrate(self) -> Result<Migrated> {
        let Self { client, name, segments, workers, rate, lease, is_dry, progress_table, change, on_progress } = self;
        let (table, segments) = match is_dry {
            true => (None, segments),
            false => {
                let table = ProgressTable::of::<M>(&client, &name, progress_table)?;
                let segments = table.begin(segments).await?;
                (Some(table), segments)
            }
        };
        let mut reading = Reading::new::<M>(&client, None);
        // A page does not consume the units of many seconds.
        let page_size = rate.map(|units| (units as u32).clamp(1, 1000));
        (reading.consistent, reading.with_deleted, reading.page_size) = (true, true, page_size);
        let rewriter = Rewriter::new(client, change, is_dry)?;
        let run = Arc::new(Run::new(rewriter, reading, (table, segments), lease, on_progress));
        run.work_all(workers.min(segments as usize)).await?;
        run.result(name)
    }
}

impl<M: TableItem> IntoFuture for Migration<M> {
    type Output = Result<Migrated>;
    type IntoFuture = Running<'static, Migrated>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<M: TableItem> fmt::Debug for Migration<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Migration");
        debug
            .field("model", &M::model_name())
            .field("name", &self.name)
            .field("is_dry", &self.is_dry)
            .finish_non_exhaustive()
    }
}
