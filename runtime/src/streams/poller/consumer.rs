//! A consumer of a stream: the shards of this process, and the search for others.

use super::shard::work;
use super::shards::{Place, Shards};
use super::source::{Shard, Source, delay};
use super::{OPERATION, Poller, Settings};
use crate::ground::Concurrent;
use crate::ops::lease::{Lease, LeaseTable, Purpose, State};
use crate::ops::{Error, Result};
use crate::streams::Handler;
use crate::transport::Target;
use aws_sdk_dynamodb::types::AttributeValue;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::watch;

const PURPOSE: Purpose = Purpose { mark: "DYNTASTIC#STREAM", attribute: "dyntastic_stream" };
const HEAD: &str = "HEAD";
const TABLE: &str = "table";
const FROM: &str = "from";
/// The maximum of requests for the progress in sequence that fail for a reason that passes.
const MAX_FAILURES: u32 = 5;

/// What the work on all shards shares.
pub(super) struct Consumer<'h> {
    pub(super) source: Source,
    pub(super) handler: &'h Handler,
    pub(super) settings: Settings,
    /// Changes before it are not handled.
    pub(super) from: Option<SystemTime>,
    table: Arc<LeaseTable>,
    worker: String,
}

/// The end of the work on a shard.
type Ended = (Shard, Result<State<Place>>);

/// What happens next.
enum Next {
    Ended(Ended),
    Stopped,
    Discovery,
}

/// Runs a poller until `stop` is ready.
pub(super) async fn run(poller: Poller, handler: &Handler, stop: impl Future<Output = ()>) -> Result<()> {
    let Poller { client, streams, target, name, progress_table, settings } = poller;
    let target = target?;
    let refuse = |why: String| Err(Error::invalid(OPERATION, why));
    let Some(progress_table) = progress_table else {
        return refuse("the progress needs a table: name it with `.progress_table(\"…\")`".to_owned());
    };
    let of_progress = LeaseTable::target(&client, target.model, progress_table)?;
    if (&of_progress.table, &of_progress.place) == (&target.table, &target.place) {
        let why = format!("{progress_table} is the table of the stream: keep the progress in another one");
        return refuse(why);
    }
    let table = Arc::new(LeaseTable::separate(&client, of_progress, PURPOSE, name));
    let from = begin(&table, &target, settings.is_from_now).await?;
    let (name, model) = (target.table.clone(), target.model);
    let Some(source) = Source::of(streams, target).await? else {
        return refuse(format!("the table {name} of {model} has no stream: add `stream:` under `create:`"));
    };
    let worker = format!("{:032x}", fastrand::u128(..));
    let consumer = Consumer { source, handler, settings, from, table, worker };
    consumer.consume(stop).await
}

/// Begins the consumer, or joins it. Returns the time from which on it handles changes.
async fn begin(table: &LeaseTable, target: &Target, is_from_now: bool) -> Result<Option<SystemTime>> {
    loop {
        if let Some(head) = table.read_item(HEAD).await? {
            let of = head.get(TABLE).and_then(|of| of.as_s().ok()).map_or("another one", String::as_str);
            if of != target.table {
                let why = format!("the consumer {} is of the table {of}: give it another name", table.name);
                return Err(Error::invalid(OPERATION, why));
            }
            let from = head.get(FROM).and_then(|seconds| seconds.as_n().ok()?.parse().ok());
            return Ok(from.map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds)));
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let from = is_from_now.then(|| (FROM.to_owned(), AttributeValue::N(now.to_string())));
        let of = (TABLE.to_owned(), AttributeValue::S(target.table.clone()));
        // After a refusal, the item exists.
        table.put(HEAD, std::iter::once(of).chain(from).collect(), None).await?;
    }
}

impl Consumer<'_> {
    async fn consume(&self, stop: impl Future<Output = ()>) -> Result<()> {
        let (sender, stopped) = watch::channel(false);
        let mut stop = pin!(stop);
        let mut running = Concurrent::new();
        let mut shards = Shards::default();
        let mut failures = 0;
        let mut result = loop {
            let mut ended = Vec::new();
            let free = self.settings.max_shards.saturating_sub(running.len());
            let mut taken = Vec::new();
            let discovering = self.discover(&mut shards, free, &mut taken);
            let mut step = beside(&mut running, &mut ended, discovering).await;
            for (shard, lease) in taken {
                let stopped = stopped.clone();
                running.push(async move { (shard.clone(), work(self, &shard, lease, stopped).await) });
            }
            let pause = if failures == 0 { self.settings.discovery } else { delay(failures) };
            let next = next(&mut running, stop.as_mut(), pause).await;
            let is_stopped = matches!(next, Next::Stopped);
            if let Next::Ended(next) = next {
                ended.push(next);
            }
            for ended in ended {
                step = step.and(see(&mut shards, ended));
            }
            if is_stopped {
                break step;
            }
            match step {
                Ok(()) => failures = 0,
                Err(error) if error.is_retryable() && failures < MAX_FAILURES => {
                    failures += 1;
                    tracing::warn!(table = self.source.target.table, %error, failures, "a stream cannot be read for now");
                }
                step => break step,
            }
        };
        sender.send_replace(true);
        while let Some(ended) = running.next().await {
            result = result.and(see(&mut shards, ended));
        }
        result
    }

    /// Takes up to so many shards that nobody works on.
    async fn discover(&self, shards: &mut Shards, free: usize, taken: &mut Vec<(Shard, Lease<Place>)>) -> Result<()> {
        for gone in shards.list(self.source.shards().await?) {
            if let Err(error) = self.table.delete(&self.part(&gone)).await {
                tracing::warn!(shard = gone, %error, "the progress of a shard that is gone was not deleted");
            }
        }
        for shard in shards.candidates() {
            if taken.len() >= free {
                break;
            }
            if shards.waits_for_parent(&shard) {
                continue;
            }
            let seen = shards.seen(&shard);
            let lease = Lease::take(&self.table, self.part(&shard.id), &self.worker, self.settings.lease, seen);
            if let Some(lease) = lease.await? {
                seen.is_own = true;
                taken.push((shard, lease));
            }
        }
        Ok(())
    }

    fn part(&self, shard: &str) -> String {
        format!("{}#{shard}", self.source.label())
    }
}

/// Learns the state of a shard whose work has ended in this process.
fn see(shards: &mut Shards, (shard, ended): Ended) -> Result<()> {
    let seen = shards.seen(&shard);
    seen.is_own = false;
    seen.see(ended?);
    Ok(())
}

/// Runs a future, and the work on shards meanwhile.
async fn beside<T>(running: &mut Concurrent<'_, Ended>, ended: &mut Vec<Ended>, future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    poll_fn(|context| {
        while let Poll::Ready(Some(next)) = running.poll_next(context) {
            ended.push(next);
        }
        future.as_mut().poll(context)
    })
    .await
}

/// Waits for the end of a shard's work, for the stop, or for the time of the next discovery.
async fn next(
    running: &mut Concurrent<'_, Ended>,
    mut stop: Pin<&mut impl Future<Output = ()>>,
    discovery: Duration,
) -> Next {
    // Workers that look at the same time take each other's shards.
    let mut pause = pin!(tokio::time::sleep(discovery.mul_f64(0.75 + fastrand::f64() / 2.0).max(delay(0))));
    poll_fn(|context| {
        if stop.as_mut().poll(context).is_ready() {
            return Poll::Ready(Next::Stopped);
        }
        if let Poll::Ready(Some(ended)) = running.poll_next(context) {
            return Poll::Ready(Next::Ended(ended));
        }
        pause.as_mut().poll(context).map(|()| Next::Discovery)
    })
    .await
}
