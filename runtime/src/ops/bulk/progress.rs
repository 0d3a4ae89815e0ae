//! The progress and the result of a bulk write.

use crate::ground::AttributeMap;
use crate::ops::Error;
use std::fmt;

/// The maximum of failed items that a report names, beside those in doubt.
const MAX_FAILED: usize = 100;

/// Numbers of items.
///
/// At the end of a run, `matched` is the sum of `written`, `skipped` and `failed`. If an error ended it, `matched` also has
/// the items that were not tried, or whose write was surely not applied. They are after the report's state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BulkCounts {
    /// The items that DynamoDB has read. They include those that the condition left out.
    pub scanned: u64,
    /// The items that fulfilled the condition when they were read.
    pub matched: u64,
    /// The items that were updated or deleted; in a dry run, those that would be.
    pub written: u64,
    /// The items that another writer changed or deleted after they were read, so that the condition no longer held.
    pub skipped: u64,
    /// The items whose write failed, or may have failed ([`BulkReport::failed`]).
    pub failed: u64,
}

/// The progress of a bulk write after a page.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct BulkProgress<'a> {
    /// The numbers so far. They may include items of later pages.
    pub counts: BulkCounts,
    /// The place up to which all items are done, for [`BulkWrite::resume`](super::BulkWrite::resume).
    pub state: &'a str,
}

/// The result of a bulk write, or what it had done when it ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct BulkReport {
    /// The model.
    pub model: &'static str,
    /// The numbers of items.
    pub counts: BulkCounts,
    /// The first items whose write failed, at most 100, and after them every one in doubt: its error is
    /// [`Error::MaybeApplied`]. [`BulkCounts::failed`] is the number of all.
    pub failed: Vec<FailedItem>,
    /// The place up to which all items are done, those that failed too; until a page is finished, the state that the
    /// run was given.
    pub state: Option<String>,
}

impl BulkReport {
    pub(super) fn new(model: &'static str, state: Option<String>) -> Self {
        Self { model, counts: BulkCounts::default(), failed: Vec::new(), state }
    }

    pub(super) fn add_failed(&mut self, key: AttributeMap, error: Error) {
        self.counts.failed += 1;
        // Only the report knows which items are in doubt.
        if self.failed.len() < MAX_FAILED || matches!(error, Error::MaybeApplied(_)) {
            self.failed.push(FailedItem { key, error });
        }
    }
}

/// An item whose write failed in a bulk write.
pub struct FailedItem {
    key: AttributeMap,
    error: Error,
}

impl FailedItem {
    /// The attributes of its key.
    pub fn key(&self) -> &AttributeMap {
        &self.key
    }

    /// Why its write failed. After [`Error::MaybeApplied`], the write may have been applied.
    pub fn error(&self) -> &Error {
        &self.error
    }
}

/// Leaves out the key: no text holds values.
impl fmt::Debug for FailedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FailedItem").field("error", &self.error).finish_non_exhaustive()
    }
}

/// A bulk write that left items: it ended early, or the writes of some items failed. It holds the report.
///
/// ```no_run
/// # use dyntastic::{Client, Error};
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let adults = User::scan(&db).update_where(User::A.age.ge(18), User::A.nickname.remove());
/// if let Err(Error::UnfinishedBulk(unfinished)) = adults.await {
///     for item in &unfinished.report().failed {
///         println!("{:?}: {}", item.key(), item.error());
///     }
///     if unfinished.cause().is_some() {
///         let state = unfinished.into_report().state; // for `resume`
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct UnfinishedBulk {
    cause: Option<Error>,
    report: BulkReport,
}

impl UnfinishedBulk {
    pub(super) fn new(cause: Option<Error>, report: BulkReport) -> Self {
        Self { cause, report }
    }

    /// The error that ended it; `None` if all items were tried, and the writes of some failed.
    pub fn cause(&self) -> Option<&Error> {
        self.cause.as_ref()
    }

    /// What was done.
    pub fn report(&self) -> &BulkReport {
        &self.report
    }

    /// What was done.
    pub fn into_report(self) -> BulkReport {
        self.report
    }
}

impl fmt::Display for UnfinishedBulk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BulkReport { model, counts, failed, .. } = &self.report;
        match (&self.cause, failed.first()) {
            (Some(cause), _) => {
                write!(f, "{model}: a bulk write ended early, after {} of {} items", counts.written, counts.matched)?;
                write!(f, " that it had found: {cause}")
            }
            (None, failed) => {
                write!(f, "{model}: {} of {} items were not written", counts.failed, counts.matched)?;
                failed.map_or(Ok(()), |first| write!(f, "; the first of them: {}", first.error))
            }
        }
    }
}

impl std::error::Error for UnfinishedBulk {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}
