//! The operations that make tables what a schema says: with deletions, and without.

use super::plan::{self, Plan};
use super::run::{Progress, Run};
use crate::description::Table;
use crate::ops::{Result, Running};
use crate::transport::{Client, Target};
use std::fmt;
use std::time::Duration;

/// Does the changes of a [`Plan`], and returns those that are left: deletions that are not allowed, changes that
/// DynamoDB allows only later ([`Progress::Refused`]), and settings that an engine does not keep. From [`Plan::apply`].
///
/// Each table is read again before each change, and what is then to do is done: a table that another process has
/// brought up to date in the meantime is left alone. An index or a replica is created at a time, and waited for until
/// it is active.
///
/// A table with replicas is created only if it is in none of its regions, and deleted only after it was read in all of
/// them: a protected replica, or one that is younger than 24 hours, refuses the whole deletion before anything is
/// deleted.
///
/// ```no_run
/// # use dyntastic::{Client, tables};
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let plan = tables::plan(&db, example_models::TABLES).await?;
/// let left = plan.apply().allow_deletion("orders/by_status").await?;
/// assert!(left.is_empty());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`Error::TablesDiffer`](crate::Error::TablesDiffer) before anything is changed, if a table cannot become what the
/// schema says without a deletion that is not allowed, or that the table's protection refuses, and if DynamoDB could
/// not create a replica; [`Error::InvalidRequest`](crate::Error::InvalidRequest) if a missing table is in another of
/// its regions; [`Error::TableNotReady`](crate::Error::TableNotReady) if waiting took longer than the limit; the errors
/// of DynamoDB. The changes before an error stay, and a later run continues after them.
#[must_use = "an operation runs when it is awaited"]
pub struct Apply {
    plan: Plan,
    run: Run,
}

impl Apply {
    pub(super) fn new(plan: Plan) -> Self {
        Self { plan, run: Run { is_whole: true, ..Run::default() } }
    }

    /// Allows the deletion with this name, once: a table with its items (`orders`), an index (`orders/by_status`), or a
    /// replica with its items (`orders/replica:us-east-2`), also one that the plan keeps ([`Plan::kept`]). See
    /// [`Change::name`](super::Change::name).
    pub fn allow_deletion(mut self, name: impl Into<String>) -> Self {
        self.run.deletions.push(name.into());
        self
    }

    /// Waits at most this long for each change. The default is 5 minutes, and no limit for an index or a replica, which
    /// take the longer the more items the table has.
    pub fn wait_limit(mut self, limit: Duration) -> Self {
        self.run.limit = Some(limit);
        self
    }

    /// Calls a function with what happens.
    pub fn on_progress(mut self, function: impl FnMut(&Progress<'_>) + Send + 'static) -> Self {
        self.run.on_progress = Some(Box::new(function));
        self
    }
}

impl IntoFuture for Apply {
    type Output = Result<Plan>;
    type IntoFuture = Running<'static, Plan>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.plan.run(self.run))
    }
}

impl fmt::Debug for Apply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Apply").field("plan", &self.plan).finish_non_exhaustive()
    }
}

/// Creates the missing tables of a schema and adds what tables lack, for tests and for the start of an app.
///
/// It creates tables, global indexes and replicas, and sets billing, throughput, class and tags, and the classes and
/// keys of replicas; it turns on streams, times to live, deletion protection and point-in-time recovery. It takes
/// nothing away: an index, a replica, a stream or a time to live that the schema does not have stays, since another
/// release may use it. Several processes may run it at once, in one region: a table with replicas that is missing here
/// and in another of its regions is an error, since its replica is created from there.
///
/// ```no_run
/// # use dyntastic::Client;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// dyntastic::tables::ensure(&db, example_models::TABLES).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// [`Error::TablesDiffer`](crate::Error::TablesDiffer) before anything is changed, if a table cannot become what the
/// schema says in this way: its key or a local index is another one, or an index, a stream or a time to live would have
/// to be replaced. Otherwise as [`Apply`].
pub fn ensure(client: &Client, tables: &[Table]) -> Ensure {
    Ensure { targets: plan::targets(client, tables), run: Run::default() }
}

/// Creates the missing tables of a schema and adds what tables lack. From [`ensure`].
#[must_use = "an operation runs when it is awaited"]
pub struct Ensure {
    targets: Result<Vec<Target>>,
    run: Run,
}

impl Ensure {
    /// Waits at most this long for each change. The default is 5 minutes, and no limit for an index or a replica, which
    /// take the longer the more items the table has.
    pub fn wait_limit(mut self, limit: Duration) -> Self {
        self.run.limit = Some(limit);
        self
    }

    /// Calls a function with what happens.
    pub fn on_progress(mut self, function: impl FnMut(&Progress<'_>) + Send + 'static) -> Self {
        self.run.on_progress = Some(Box::new(function));
        self
    }
}

impl IntoFuture for Ensure {
    type Output = Result<()>;
    type IntoFuture = Running<'static, ()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { plan::of_all(self.targets).await?.run(self.run).await.map(drop) })
    }
}

impl fmt::Debug for Ensure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ensure").finish_non_exhaustive()
    }
}
