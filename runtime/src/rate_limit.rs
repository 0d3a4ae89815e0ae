//! Limits of the capacity that requests consume per second.
//!
//! ```no_run
//! use dyntastic::RateLimit;
//! # use dyntastic::Client;
//! # use dyntastic::prelude::*;
//! # use example_models::*;
//! # async fn example() -> dyntastic::Result<()> {
//! // All requests of this client on the table: 500 read units and 100 write units per second.
//! let db = Client::builder().rate_limit(User::TABLE, &RateLimit::new(500.0, 100.0)?).from_env().await?;
//!
//! // The requests of a job: 50 units per second together, beside the limit of the client.
//! let job = RateLimit::total(50.0)?;
//! let mut users = User::scan(&db).stream().with_rate_limit(&job);
//! while let Some(mut user) = users.try_next().await? {
//!     user.save(&db).with_rate_limit(&job).await?;
//! }
//! # Ok(())
//! # }
//! ```

mod bucket;
mod limited;

pub use self::limited::{RateLimited, WithRateLimit};

use self::bucket::Bucket;
use crate::observe::Access;
use std::fmt;
use std::sync::Arc;
use tokio::time::Instant;

pub(crate) use self::limited::{ambient, at_once, unlimited};

/// A limit of the capacity units that requests consume per second. Clones share it.
///
/// A request waits until the units of the requests before it are paid by time; those that wait take turns. Before it is
/// sent, it takes as many units as its operation usually needs, and the capacity that the response reports replaces
/// them. So the limit is one on average: the units of one second may be consumed at once after a pause, and the first
/// requests of an operation may consume more than is known of it. A request that is throttled, dropped before it is
/// sent, or cannot connect counts nothing; a transaction of which one action is throttled counts what is usual, since
/// its other actions may have consumed units.
///
/// If DynamoDB throttles, the limit is less for a while: at once 0.7 of the units that DynamoDB granted in the last
/// second, and then more with time, as the AWS SDKs do it in their adaptive mode ("Retry behavior", AWS SDKs and Tools
/// Reference Guide).
///
/// A limit is one of this process. Divide what a table has by the number of processes.
#[derive(Clone)]
pub struct RateLimit(Arc<Buckets>);

#[derive(Debug)]
enum Buckets {
    /// One for reads, and one for writes; none without a limit.
    Apart(Option<Bucket>, Option<Bucket>),
    Together(Bucket),
}

/// A rate that is not a finite number of units per second, more than 0.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("a rate limit is a finite number of units per second, more than 0, and not {0}")]
pub struct InvalidRate(f64);

fn bucket(per_second: f64) -> Result<Bucket, InvalidRate> {
    match per_second.is_finite() && per_second > 0.0 {
        true => Ok(Bucket::new(per_second)),
        false => Err(InvalidRate(per_second)),
    }
}

impl RateLimit {
    /// A limit of read units and one of write units per second.
    ///
    /// # Errors
    ///
    /// One of them is not more than 0, or is not finite.
    pub fn new(read_units: f64, write_units: f64) -> Result<Self, InvalidRate> {
        Ok(Buckets::Apart(Some(bucket(read_units)?), Some(bucket(write_units)?)).into())
    }

    /// A limit of read units per second. Writes have none.
    ///
    /// # Errors
    ///
    /// As those of [`new`](Self::new).
    pub fn reads(units: f64) -> Result<Self, InvalidRate> {
        Ok(Buckets::Apart(Some(bucket(units)?), None).into())
    }

    /// A limit of write units per second. Reads have none.
    ///
    /// # Errors
    ///
    /// As those of [`new`](Self::new).
    pub fn writes(units: f64) -> Result<Self, InvalidRate> {
        Ok(Buckets::Apart(None, Some(bucket(units)?)).into())
    }

    /// A limit of read and write units per second together.
    ///
    /// # Errors
    ///
    /// As those of [`new`](Self::new).
    pub fn total(units: f64) -> Result<Self, InvalidRate> {
        Ok(Buckets::Together(bucket(units)?).into())
    }

    /// Waits until a request of the SDK itself may be sent. Operations of models do this by themselves. It waits by the
    /// timer of tokio, as the SDK does, so it needs a runtime of tokio with time.
    ///
    /// ```no_run
    /// # use dyntastic::{Client, RateLimit};
    /// # use dyntastic::aws_sdk_dynamodb::types::ReturnConsumedCapacity;
    /// use dyntastic::observe::Access;
    /// # async fn example(db: Client, limit: RateLimit) -> Result<(), Box<dyn std::error::Error>> {
    /// let permit = limit.acquire(Access::Read).await;
    /// let page = db.sdk().scan().table_name("users").return_consumed_capacity(ReturnConsumedCapacity::Total).send().await?;
    /// if let Some(units) = page.consumed_capacity().and_then(|of| of.capacity_units()) {
    ///     permit.consumed(units);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn acquire(&self, access: Access) -> Permit {
        self.admit(access, "").await
    }

    pub(crate) async fn admit(&self, access: Access, operation: &'static str) -> Permit {
        let taken = match self.bucket(access) {
            Some(bucket) => bucket.take(operation).await,
            None => 0.0,
        };
        Permit { limit: self.clone(), access, operation, taken }
    }

    /// Leave to send a request that does not wait.
    pub(crate) fn admit_at_once(&self, access: Access, operation: &'static str) -> Permit {
        let taken = self.bucket(access).map_or(0.0, |bucket| bucket.take_at_once(operation));
        Permit { limit: self.clone(), access, operation, taken }
    }

    fn bucket(&self, access: Access) -> Option<&Bucket> {
        match (&*self.0, access) {
            (Buckets::Apart(read, _), Access::Read) => read.as_ref(),
            (Buckets::Apart(_, write), Access::Write) => write.as_ref(),
            (Buckets::Together(both), _) => Some(both),
        }
    }

    /// Whether it limits such requests.
    pub(crate) fn limits(&self, access: Access) -> bool {
        self.bucket(access).is_some()
    }

    /// Slows down, since DynamoDB throttled an attempt that was sent at a time.
    pub(crate) fn slow_down(&self, access: Access, sent_at: Instant) {
        if let Some(bucket) = self.bucket(access) {
            bucket.slow_down(sent_at);
        }
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl From<Buckets> for RateLimit {
    fn from(buckets: Buckets) -> Self {
        Self(Arc::new(buckets))
    }
}

impl fmt::Debug for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = |bucket: &Option<Bucket>| bucket.as_ref().map(Bucket::per_second);
        let mut shown = f.debug_struct("RateLimit");
        match &*self.0 {
            Buckets::Apart(read, write) => shown.field("reads", &rate(read)).field("writes", &rate(write)),
            Buckets::Together(both) => shown.field("total", &both.per_second()),
        };
        shown.finish()
    }
}

/// Leave to send one request, from [`RateLimit::acquire`]. A dropped one counts as a request that consumed what is
/// usual.
#[derive(Debug)]
#[must_use = "the limit counts the units that the response reports"]
pub struct Permit {
    limit: RateLimit,
    access: Access,
    operation: &'static str,
    taken: f64,
}

impl Permit {
    /// Counts the capacity units that the request consumed. DynamoDB never reports units that are less than 0 or not
    /// finite: the permit then counts as a dropped one.
    pub fn consumed(self, units: f64) {
        if let Some(bucket) = self.limit.bucket(self.access).filter(|_| units.is_finite() && units >= 0.0) {
            bucket.consumed(self.operation, self.taken, units);
        }
    }

    /// Counts no units, since the request was not sent, reached nobody, or was throttled.
    pub(crate) fn not_consumed(self) {
        if let Some(bucket) = self.limit.bucket(self.access) {
            bucket.give_back(self.taken);
        }
    }
}

#[cfg(test)]
mod tests;
