//! Reading a table's stream, for services that are no Lambda functions.

mod consumer;
mod shard;
mod shards;
mod source;

use super::Handler;
use crate::ops::model::Streamed;
use crate::ops::{Error, Result};
use crate::transport::{Client, Target};
use aws_sdk_dynamodbstreams as sdk;
use std::fmt;
use std::future::pending;
use std::time::Duration;

/// The maximum of records in a response ("GetRecords", Amazon DynamoDB API Reference).
const MAX_BATCH: u32 = 1_000;
const OPERATION: &str = "Poll";
const MIN_LEASE: Duration = Duration::from_secs(1);
const MAX_TIME: Duration = Duration::from_secs(24 * 60 * 60);

/// The settings of a poller.
#[derive(Debug, Clone, Copy)]
struct Settings {
    lease: Duration,
    idle: Duration,
    discovery: Duration,
    batch: u32,
    max_shards: usize,
    max_failures: Option<u32>,
    is_from_now: bool,
}

/// Reads the stream of a model's table, and gives its records to a [`Handler`].
///
/// ```ignore
/// let streams = dyntastic::aws_sdk_dynamodbstreams::Client::new(&aws_config::load_from_env().await);
/// streams::poll::<Order>(&db, &streams, "search-index")
///     .progress_table("stream-progress")
///     .run_until(&handler, async { signal::ctrl_c().await.unwrap_or_default() })
///     .await?;
/// ```
///
/// **Workers.** Any number of processes run the same call, and DynamoDB coordinates them: each shard of the stream has
/// an item with the place up to which its records are handled, and a lease. After a crash, another worker takes the
/// shard and goes on from that place. Consumers with different names each get all records.
///
/// **Order.** The records of one item are handled in the order of the writes, and a shard only after the shard that it
/// was split from. **At least once**: after a crash, the records of an unfinished batch are handled again. A process that
/// was suspended for longer than its lease may still end the call that it was in, after later records were handled elsewhere;
/// it begins no other. A function that blocks its thread holds up all shards of the process, and one that panics ends the
/// poller.
///
/// **Failures.** A record that fails is tried again after a pause, and stops its shard meanwhile. After
/// [`max_failures`](Self::max_failures) it goes to the handler's dead-letter function.
///
/// **Lost records.** A stream keeps its records for 24 hours. If records were trimmed before they were handled, the
/// poller goes on with the oldest one that is there, and logs an error (`tracing`) that names the shard.
///
/// **A stream that is replaced** (disabled, and enabled again) is read to its end, and then the table's current one. A stream
/// that was there only in between is not read.
///
/// **Shards.** A process takes every shard that is free, up to [`max_shards`](Self::max_shards); another process gets those
/// that are left, that come up later, or whose worker has crashed. With a maximum, as many processes are needed as it takes for
/// all shards: those that nobody takes are not read.
///
/// **Costs.** Each read of a shard is a request, five a second at most, and one each [`idle`](Self::idle) of a shard
/// without new records. A batch is a write of the progress, and each third of a lease too ("Pricing for Amazon DynamoDB",
/// Streams). Each [`discovery`](Self::discovery) describes the stream, and reads the progress of each shard of another process. At most two processes should read a shard at a time, so a stream has at most two consumers.
///
/// # Errors
///
/// - [`Error::InvalidRequest`]: a setting is wrong, the table has no stream, or the name is that of a consumer of
///   another table.
/// - Other errors are those of requests that would fail again, such as a missing right. The same call goes on.
#[must_use = "a poller does nothing until it is run"]
pub struct Poller {
    client: Client,
    streams: sdk::Client,
    target: Result<Target>,
    name: String,
    progress_table: Option<&'static str>,
    settings: Settings,
}

/// A poller of the stream of `M`'s table, for a consumer with a name. See [`Poller`].
pub fn poll<M: Streamed>(client: &Client, streams: &sdk::Client, consumer: impl Into<String>) -> Poller {
    Poller {
        client: client.clone(),
        streams: streams.clone(),
        target: client.target::<M>(),
        name: consumer.into(),
        progress_table: None,
        settings: Settings {
            lease: Duration::from_secs(30),
            idle: Duration::from_secs(1),
            discovery: Duration::from_secs(10),
            batch: MAX_BATCH,
            max_shards: usize::MAX,
            max_failures: None,
            is_from_now: false,
        },
    }
}

impl Poller {
    /// Keeps the progress in the table with this name, with the hash key `pk` and the range key `sk`, both texts. The
    /// first worker creates it, unless the client creates no tables. It must be given, and cannot be the table of the
    /// stream, whose stream would have a record of each write of the progress.
    pub fn progress_table(mut self, name: &'static str) -> Self {
        self.progress_table = Some(name);
        self
    }

    /// A consumer that is new handles the changes from now on, instead of those of the last 24 hours too. A change of
    /// the second in which it begins may be handled.
    pub fn from_now(mut self) -> Self {
        self.settings.is_from_now = true;
        self
    }

    /// Gives a record to the handler's dead-letter function after it has failed so often in sequence, at least 1. By
    /// default, it is tried until it is handled.
    pub fn max_failures(mut self, failures: u32) -> Self {
        self.settings.max_failures = Some(failures);
        self
    }

    /// The time after which another worker takes the shard of a worker that does nothing, instead of 30 s. It must be
    /// longer than a write of the progress with its retries.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.settings.lease = lease;
        self
    }

    /// The pause after a read without records, instead of 1 s.
    pub fn idle(mut self, idle: Duration) -> Self {
        self.settings.idle = idle;
        self
    }

    /// The pause between two looks for new shards and for those of workers that have crashed, instead of 10 s.
    pub fn discovery(mut self, discovery: Duration) -> Self {
        self.settings.discovery = discovery;
        self
    }

    /// Reads at most so many records at a time, 1 to 1,000, instead of 1,000. The progress is written once for each
    /// batch, so that after a crash so many may be handled again. A shard is read five times a second: with fewer than
    /// 200, a poller cannot keep up with a partition that takes 1,000 writes a second.
    pub fn batch(mut self, records: u32) -> Self {
        self.settings.batch = records;
        self
    }

    /// Works on at most so many shards in this process, at least 1, so that other processes have the rest.
    pub fn max_shards(mut self, shards: usize) -> Self {
        self.settings.max_shards = shards;
        self
    }

    /// Handles records until an error, or until the future is dropped.
    pub async fn run(self, handler: &Handler) -> Result<()> {
        self.run_until(handler, pending()).await
    }

    /// Handles records until `stop` is ready. Then the current batches are finished and the leases given back.
    pub async fn run_until(self, handler: &Handler, stop: impl Future<Output = ()>) -> Result<()> {
        self.check(handler)?;
        consumer::run(self, handler, stop).await
    }

    fn check(&self, handler: &Handler) -> Result<()> {
        let refuse = |why: &str| Err(Error::invalid(OPERATION, why));
        let Settings { batch, max_shards, max_failures, lease, idle, discovery, .. } = self.settings;
        if !(1..=255).contains(&self.name.len()) {
            return refuse("the name of a consumer has 1 to 255 bytes");
        }
        if !(1..=MAX_BATCH).contains(&batch) {
            return refuse("a batch has 1 to 1000 records");
        }
        if max_shards == 0 || max_failures == Some(0) {
            return refuse("`max_shards` and `max_failures` are at least 1");
        }
        if max_failures.is_some() && !handler.has_dead_letter() {
            return refuse("`max_failures` needs a handler with a function for dead letters");
        }
        if lease < MIN_LEASE || [lease, idle, discovery].into_iter().any(|time| time > MAX_TIME) {
            return refuse("a lease has at least 1 second, and no time is longer than a day");
        }
        Ok(())
    }
}

impl fmt::Debug for Poller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.target.as_ref().map(|target| target.table.as_str()).unwrap_or_default();
        f.debug_struct("Poller").field("table", &table).field("name", &self.name).finish_non_exhaustive()
    }
}
