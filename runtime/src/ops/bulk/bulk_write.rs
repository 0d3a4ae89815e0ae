//! A bulk write and its settings.

use super::progress::{BulkProgress, BulkReport};
use super::run::{OnProgress, Run};
use super::write::{self, MakeUpdate, Outcome};
use crate::codec::{RawItem, Reads};
use crate::expr::{Node, UpdateExpression};
use crate::ground::defects::Defect;
use crate::ground::{IntoField, defects};
#[cfg(doc)]
use crate::ops::Error;
use crate::ops::concurrency::CONCURRENCY;
use crate::ops::read::{Reading, SideBySide};
use crate::ops::write::{check_update, key_of};
use crate::ops::{Result, Running, TableItem};
use crate::rate_limit::{RateLimit, RateLimited};

/// Updates or deletes the items of a query or a scan that fulfil a condition, each in a write of its own.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let report = User::scan(&db)
///     .segments(8)
///     .update_where(User::A.age.lt(18) & User::A.nickname.exists(), User::A.nickname.remove())
///     .rate(200.0) // capacity units per second
///     .on_progress(|progress| eprintln!("{} items", progress.counts.written))
///     .await?;
/// println!("{} written, {} changed by others", report.counts.written, report.counts.skipped);
/// # Ok(())
/// # }
/// ```
///
/// **The condition** is a filter of the read, and a condition of each write, together with the read's own filters. So an
/// item that another writer changes in between is left alone if it no longer fulfils the condition, and counts as
/// skipped. Of an index, each item must still have the keys that the query asked for, though DynamoDB updates indexes
/// with a delay.
///
/// **Each write** is like one of its own: versions, times, keys of indexes, computed fields and guards of unique fields
/// are kept. An update is that of the item that was read. If another writer has changed its version or the fields of an
/// index key since, the item is read again, and updated if it still fulfils the condition.
///
/// **An item that cannot be written** does not stop the others: it breaks a constraint, cannot be read, or has a unique
/// value of another one. The result is then [`Error::UnfinishedBulk`], whose report names these items. An error of all
/// requests ends the run, and the report says what was done.
///
/// **Crashes.** A run that ended, or was dropped, goes on from the state of its report or of its progress
/// ([`resume`](Self::resume)). The items of unfinished pages are then read again. Those that were written are written a second
/// time, unless they no longer fulfil the condition. So choose an update that ends the condition, such as
/// `status.set(late)` where `status.eq(pending)`, above all for one that calculates, such as `add`.
///
/// **Lost responses.** As with any write, the SDK sends a write again, unless it calculates from stored values. An item with a
/// version is not updated twice; of an item without one, nobody knows whether such an update was applied. A deletion is made
/// again. The report names each item in doubt, with [`Error::MaybeApplied`], also if the run ended early; after more than
/// ten of them in sequence, it ends. The items in doubt count as done, but those after the state are read again.
///
/// **The index that is read.** An update that changes the keys of this index moves the item in it, and the run may meet it
/// again. The condition must then end.
///
/// **Schema versions.** The condition is one on stored values: items of an earlier schema version do not meet one on a field
/// that had another name then. An item that is met is upgraded before it is updated, or deleted on a condition: this is
/// a write of its own, and calls `before_write`. One that cannot be upgraded, or is of a later version, counts as failed,
/// also in a dry run. `delete_by_key` deletes it.
///
/// **Costs** are those of the read and of each write, without a write for items that the filter left out. A write whose condition
/// fails costs as well.
///
/// # Errors
///
/// - [`Error::UnfinishedBulk`]: some items are left, with the report, and with the error that ended the run, if one did.
///   An error of the first request is returned as it is.
/// - [`Error::Invalid`]: the update sets a value that breaks a constraint. Nothing was read.
/// - [`Error::Expression`]: the update has no actions, as one that adds an empty set, or they overlap. Nothing was read.
/// - [`Error::InvalidRequest`], [`Error::Config`]: a setting is wrong.
#[must_use = "an operation runs when it is awaited"]
pub struct BulkWrite<M: TableItem> {
    reading: Reading,
    segments: Option<u32>,
    state: Option<String>,
    kind: Kind<M>,
    concurrency: usize,
    rate: Option<f64>,
    on_progress: Option<OnProgress>,
}

/// The write of each item.
pub(super) enum Kind<M: TableItem> {
    Update { update: UpdateExpression<M>, make: MakeUpdate<M>, key: fn(&M) -> M::Key },
    Delete,
}

impl<M: TableItem> BulkWrite<M> {
    pub(super) fn new(reading: Reading, segments: Option<u32>, kind: Kind<M>) -> Self {
        Self { reading, segments, state: None, kind, concurrency: CONCURRENCY, rate: None, on_progress: None }
    }

    /// Goes on after the page with this state ([`BulkReport::state`], [`BulkProgress::state`]), instead of at the
    /// beginning. `None` is the beginning. The state of another read is [`Error::Resume`]: of another model, table,
    /// index, number of segments, order, or another condition on keys; and that of a dry run in a run that writes. The
    /// condition, the filters, `with_deleted` and the update are no part of it: what they left out before stays so.
    pub fn resume(mut self, state: impl IntoField<Option<String>>) -> Self {
        self.state = state.into_field();
        self
    }

    /// Writes this many items at the same time, at least 1, instead of 4.
    pub fn concurrency(mut self, writes: usize) -> Self {
        self.concurrency = writes.max(1);
        self
    }

    /// Limits the capacity units per second, of reads and writes together. A
    /// [`RateLimit`](crate::RateLimit) with `with_rate_limit` limits them apart, or with other jobs.
    pub fn rate(mut self, units_per_second: f64) -> Self {
        self.rate = Some(units_per_second);
        self
    }

    /// Writes nothing, and returns what would be written. Its state is one for dry runs alone.
    pub fn dry_run(mut self) -> Self {
        self.reading.is_dry = true;
        self
    }

    /// Calls a function after each page whose items are done, in the order of the states. Keep the last state, to
    /// resume the run after a crash.
    pub fn on_progress(mut self, on_progress: impl Fn(&BulkProgress<'_>) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Box::new(on_progress));
        self
    }

    async fn run(mut self) -> Result<BulkReport> {
        let Some(units) = self.rate else { return self.write_all().await };
        let limit = RateLimit::total(units)?;
        // A page does not consume the units of many seconds.
        self.reading.page_size.get_or_insert((units as u32).clamp(1, 1000));
        self.write_all().with_rate_limit(&limit).await
    }

    async fn write_all(self) -> Result<BulkReport> {
        let Self { reading, segments, state, kind, concurrency, on_progress, .. } = self;
        let (client, is_dry) = (reading.client.clone(), reading.is_dry);
        let conditions = match defects::has(Defect::BulkWithoutConditions) {
            false => reading.conditions_of_parts()?,
            true => Vec::new(),
        };
        let condition = |part: usize| conditions.get(part).or(conditions.last()).cloned().unwrap_or(Node::None);
        let report = BulkReport::new(M::model_name(), state.clone());
        match kind {
            Kind::Update { update, make, key } => {
                check_update(update.clone())?;
                let parts = move |reading: &Reading| reading.parts(segments, None, state.as_deref());
                let pages = SideBySide::new(&reading, parts, Reads::<M>::whole());
                let write = |part, item: M| {
                    let (client, condition, key) = (client.clone(), condition(part), key(&item));
                    let update = (update.clone(), make);
                    async move {
                        match is_dry {
                            true => Ok(Outcome::Written),
                            false => write::update(client, item, key, update, condition).await,
                        }
                    }
                };
                Run::new(report, pages, concurrency, on_progress).write_all(write).await
            }
            Kind::Delete => {
                let target = client.target::<M>()?;
                let names = target.description.key_names();
                let parts = move |reading: &Reading| reading.parts(segments, Some(&[]), state.as_deref());
                let pages = SideBySide::new(&reading.of_keys(), parts, Reads::each(RawItem::into_map));
                let write = |part, item| {
                    let (client, target, condition) = (client.clone(), target.clone(), condition(part));
                    let key = key_of(&item, &names);
                    async move {
                        match is_dry {
                            true => write::check_delete::<M>(target, item, key).await,
                            false => write::delete::<M>(client, target, key, condition).await,
                        }
                    }
                };
                Run::new(report, pages, concurrency, on_progress).write_all(write).await
            }
        }
    }
}

impl<M: TableItem> IntoFuture for BulkWrite<M> {
    type Output = Result<BulkReport>;
    type IntoFuture = Running<'static, BulkReport>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

debug_without_values!([M: TableItem] BulkWrite<M>, "BulkWrite", M);
