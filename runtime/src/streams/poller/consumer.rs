//! A consumer of a stream: the shards of this process, and the search for others.

use super::shard::{Stop, work};
use super::shards::{Place, Shards};
use super::source::{Shard, Source, delay};
use super::{OPERATION, Poller, Settings};
use crate::ground::Concurrent;
use crate::ops::lease::{Lease, LeaseTable, Purpose, State, TURN};
use crate::ops::{Error, Result};
use crate::streams::Handler;
use crate::transport::{Client, Target};
use aws_sdk_dynamodb::types::AttributeValue;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::watch;

const PURPOSE: Purpose = Purpose { mark: "DYNTASTIC#STREAM", attribute: "dyntastic_stream" };
const HEAD: &str = "HEAD";
const TABLE: &str = "table";
const FROM: &str = "from";
const STREAM: &str = "stream";

/// What the work on all shards shares.
pub(super) struct Consumer<'h> {
    /// The client of the poller, with its keys and its names of tables.
    pub(super) client: Client,
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

/// The shards that a discovery has taken.
type Taken = Mutex<Vec<(Shard, Lease<Place>)>>;

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
    let Some(current) = Source::current(&target).await? else {
        let (table, model) = (&target.table, target.model);
        return refuse(format!("the table {table} of {model} has no stream: add `stream:` under `create:`"));
    };
    let (from, arn) = begin(&table, &target, settings.is_from_now, current).await?;
    let worker = format!("{:032x}", fastrand::u128(..));
    let source = Source { sdk: streams, target, arn };
    let mut consumer = Consumer { client, source, handler, settings, from, table, worker };
    let mut stop = pin!(stop);
    while let Some(next) = consumer.consume(stop.as_mut()).await? {
        tracing::info!(table = consumer.source.target.table, "a stream was replaced, and is read to its end");
        note_stream(&consumer.table, &next).await?;
        consumer.source.arn = next;
    }
    Ok(())
}

/// Begins the consumer, or joins it. Returns the time from which on it handles changes, and the stream that it reads.
async fn begin(
    table: &LeaseTable,
    target: &Target,
    is_from_now: bool,
    current: String,
) -> Result<(Option<SystemTime>, String)> {
    loop {
        if let Some(head) = table.read_item(HEAD).await? {
            let of = head.get(TABLE).and_then(|of| of.as_s().ok()).map_or("another one", String::as_str);
            if of != target.table {
                let why = format!("the consumer {} is of the table {of}: give it another name", table.name);
                return Err(Error::invalid(OPERATION, why));
            }
            let from = head.get(FROM).and_then(|seconds| seconds.as_n().ok()?.parse().ok());
            let arn = head.get(STREAM).and_then(|arn| arn.as_s().ok()).cloned().unwrap_or(current);
            return Ok((from.map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds)), arn));
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let from = is_from_now.then(|| (FROM.to_owned(), AttributeValue::N(now.to_string())));
        let of = (TABLE.to_owned(), AttributeValue::S(target.table.clone()));
        let stream = (STREAM.to_owned(), AttributeValue::S(current.clone()));
        let turn = (TURN.to_owned(), AttributeValue::N("0".to_owned()));
        // After a refusal, the item exists.
        table.put(HEAD, [of, stream, turn].into_iter().chain(from).collect(), None).await?;
    }
}

/// Notes that the consumer reads another stream from now on.
async fn note_stream(table: &LeaseTable, arn: &str) -> Result<()> {
    let Some(mut head) = table.read_item(HEAD).await? else { return Ok(()) };
    let turn: u64 = head.get(TURN).and_then(|turn| turn.as_n().ok()?.parse().ok()).unwrap_or_default();
    head.insert(STREAM.to_owned(), AttributeValue::S(arn.to_owned()));
    head.insert(TURN.to_owned(), AttributeValue::N((turn + 1).to_string()));
    // After a refusal, another process has noted it.
    table.put(HEAD, head, Some(turn)).await.map(drop)
}

impl Consumer<'_> {
    /// Reads a stream until `stop` is ready, or until the stream has ended and the table has another one, which it returns.
    async fn consume(&self, mut stop: Pin<&mut impl Future<Output = ()>>) -> Result<Option<String>> {
        let (sender, stopped) = watch::channel(false);
        let mut running = Concurrent::new();
        let mut shards = Shards::default();
        let mut failures = 0;
        let mut result = loop {
            let (mut ended, taken) = (Vec::new(), Taken::default());
            let free = self.settings.max_shards.saturating_sub(running.len());
            let discovered = {
                let mut discovering = pin!(self.discover(&mut shards, free, &taken));
                poll_fn(|context| {
                    if stop.as_mut().poll(context).is_ready() {
                        return Poll::Ready(None);
                    }
                    let discovered = discovering.as_mut().poll(context);
                    self.begin(&taken, &mut running, &stopped);
                    while let Poll::Ready(Some(next)) = running.poll_next(context) {
                        ended.push(next);
                    }
                    discovered.map(Some)
                })
                .await
            };
            self.begin(&taken, &mut running, &stopped);
            let (mut step, mut is_stopped) = match discovered {
                Some(discovered) => (discovered, false),
                None => (Ok(None), true),
            };
            if let Ok(Some(next)) = step {
                break Ok(Some(next));
            }
            let pause = if failures == 0 { self.settings.discovery } else { delay(failures) };
            if !is_stopped && ended.is_empty() {
                match next(&mut running, stop.as_mut(), pause).await {
                    Next::Discovery => {}
                    Next::Stopped => is_stopped = true,
                    Next::Ended(next) => ended.push(next),
                }
            }
            for ended in ended {
                step = see(&mut shards, ended).and(step);
            }
            match step {
                Err(error) if error.is_retryable() => {
                    failures += 1;
                    tracing::warn!(table = self.source.target.table, %error, failures, "a stream cannot be read for now");
                }
                Err(error) => break Err(error),
                Ok(_) => failures = 0,
            }
            if is_stopped {
                break Ok(None);
            }
        };
        sender.send_replace(true);
        while let Some(ended) = running.next().await {
            let seen = see(&mut shards, ended);
            result = result.and_then(|next| seen.map(|()| next));
        }
        result
    }

    /// Begins to work on the shards that were taken.
    fn begin<'c>(&'c self, taken: &Taken, running: &mut Concurrent<'c, Ended>, stopped: &Stop) {
        for (shard, lease) in taken.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let stopped = stopped.clone();
            running.push(async move { (shard.clone(), work(self, &shard, lease, stopped).await) });
        }
    }

    /// Takes up to so many shards that nobody works on. Returns the next stream, if this one has ended and the table has
    /// another one.
    async fn discover(&self, shards: &mut Shards, free: usize, taken: &Taken) -> Result<Option<String>> {
        let mut begun = 0;
        for gone in shards.list(self.source.shards().await?) {
            if let Err(error) = self.table.delete(&self.part(&gone)).await {
                tracing::warn!(shard = gone, %error, "the progress of a shard that is gone was not deleted");
            }
        }
        for shard in shards.candidates() {
            if begun >= free {
                break;
            }
            if shards.waits_for_parent(&shard) {
                continue;
            }
            let seen = shards.seen(&shard);
            let lease = Lease::take(&self.table, self.part(&shard.id), &self.worker, self.settings.lease, seen);
            if let Some(lease) = lease.await? {
                seen.is_own = true;
                begun += 1;
                taken.lock().unwrap_or_else(PoisonError::into_inner).push((shard, lease));
            }
        }
        if begun > 0 || !shards.are_finished() {
            return Ok(None);
        }
        Ok(Source::current(&self.source.target).await?.filter(|current| *current != self.source.arn))
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
