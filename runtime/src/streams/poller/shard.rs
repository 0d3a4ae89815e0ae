//! The work on one shard.

use super::consumer::Consumer;
use super::shards::Place;
use super::source::{Found, Shard, delay};
use crate::ops::Result;
use crate::ops::lease::{Lease, State};
use crate::streams::Record;
use crate::streams::handler::Failed;
use aws_sdk_dynamodbstreams::types::Record as SdkRecord;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

/// Whether the poller is to stop.
pub(super) type Stop = watch::Receiver<bool>;

/// DynamoDB allows five reads of a shard each second ("DynamoDB Streams and AWS Lambda triggers").
const BETWEEN_READS: Duration = Duration::from_millis(200);

/// The worker has lost the lease of the shard.
struct Lost;

/// Handles the records of a shard, until its end, until the lease is lost or until the poller stops. Returns what is
/// known of the shard then.
pub(super) async fn work(
    consumer: &Consumer<'_>,
    shard: &Shard,
    lease: Lease<Place>,
    stop: Stop,
) -> Result<State<Place>> {
    let mut worker = Worker { consumer, shard, lease, stop, failing: None, failures: 0, attempts: 0 };
    let worked = worker.work().await;
    if worker.lease.state.is_leased {
        // After a lost lease, it changes nothing. The error of the work matters more.
        let released = worker.lease.release().await;
        worked.and(released)?;
    } else {
        worked?;
    }
    Ok(worker.lease.state)
}

struct Worker<'c, 'h> {
    consumer: &'c Consumer<'h>,
    shard: &'c Shard,
    lease: Lease<Place>,
    stop: Stop,
    /// The record that has failed last, and how often in sequence.
    failing: Option<String>,
    failures: u32,
    /// The requests in sequence that have failed for now.
    attempts: u32,
}

impl Worker<'_, '_> {
    async fn work(&mut self) -> Result<()> {
        let mut iterator: Option<String> = None;
        while !*self.stop.borrow() {
            if !self.lease.keep().await? {
                return Ok(());
            }
            let not_before = Instant::now() + BETWEEN_READS;
            let source = &self.consumer.source;
            let found = match &iterator {
                Some(iterator) => source.records(iterator, self.consumer.settings.batch).await?,
                None => source.iterator(self.shard, self.lease.state.work.after.as_deref()).await?,
            };
            let is_place = iterator.is_none();
            match found {
                Found::Records(_, next) if is_place => {
                    match next {
                        Some(next) => iterator = Some(next),
                        // The shard ends at this place.
                        None => return self.finish().await,
                    }
                    continue;
                }
                Found::Records(records, next) => {
                    self.attempts = 0;
                    let is_empty = records.is_empty();
                    match self.handle(records, next.is_none()).await? {
                        Err(Lost) => return Ok(()),
                        Ok(true) if next.is_none() => return Ok(()),
                        Ok(true) => iterator = next,
                        // The records are read again from the one on that failed.
                        Ok(false) => iterator = None,
                    }
                    if is_empty {
                        self.wait(self.consumer.settings.idle).await?;
                    }
                }
                Found::Expired => {
                    iterator = None;
                    self.attempts += 1;
                    if self.attempts > 1 {
                        self.wait(delay(self.attempts)).await?;
                    }
                }
                Found::Trimmed => {
                    tracing::error!(
                        table = source.target.table,
                        shard = self.shard.id,
                        "records of a stream were trimmed before they were handled"
                    );
                    iterator = None;
                    if !self.lease.record(Place::default(), false).await? {
                        return Ok(());
                    }
                }
                Found::Gone => {
                    let (table, shard) = (&source.target.table, &self.shard.id);
                    tracing::error!(table, shard, "a shard is gone, and its last records may not have been handled");
                    return self.finish().await;
                }
                Found::Later(error) => {
                    self.attempts += 1;
                    tracing::warn!(table = source.target.table, %error, "a read of a stream failed, and is tried again");
                    self.wait(delay(self.attempts)).await?;
                }
            }
            sleep_until(not_before).await;
        }
        Ok(())
    }

    /// Records that the shard has no more records.
    async fn finish(&mut self) -> Result<()> {
        self.lease.record(self.lease.state.work.clone(), true).await.map(drop)
    }

    /// Handles a batch, and records how far. Returns whether all of it is handled.
    async fn handle(&mut self, records: Vec<SdkRecord>, is_last: bool) -> Result<Result<bool, Lost>> {
        if records.is_empty() {
            return match is_last {
                true => Ok(if self.finish_place(None, true).await? { Ok(true) } else { Err(Lost) }),
                false => Ok(Ok(true)),
            };
        }
        let numbers: Vec<_> = records.iter().map(number).collect();
        let is_new =
            |record: &SdkRecord| self.consumer.from.is_none_or(|from| written_at(record).is_none_or(|at| at >= from));
        let (positions, records): (Vec<usize>, Vec<_>) =
            records.into_iter().enumerate().filter(|(_, record)| is_new(record)).unzip();
        let table = &self.consumer.source.target.table;
        let records = records.into_iter().map(|record| Ok(Record::try_from(record)?.of_table(table))).collect();
        let (handler, client, valid) = (self.consumer.handler, &self.consumer.client, self.lease.valid());
        let may_go_on = || valid.holds();
        let Some(failed) = self.keeping(handler.handle_batch(records, Some(client), &may_go_on)).await? else {
            return Ok(Err(Lost));
        };
        let Some(Failed { position, failure, record }) = failed else {
            return Ok(if self.finish_place(numbers.last().cloned().flatten(), is_last).await? {
                Ok(true)
            } else {
                Err(Lost)
            });
        };
        let at = positions.get(position).copied().unwrap_or_default();
        let of_failed = numbers.get(at).cloned().flatten();
        if self.failing != of_failed {
            (self.failing, self.failures) = (of_failed.clone(), 0);
        }
        self.failures += 1;
        let mut after = at.checked_sub(1).and_then(|before| numbers.get(before).cloned().flatten());
        tracing::warn!(shard = self.shard.id, error = %failure, failures = self.failures, "a record was not handled");
        if !failure.is_poison() && self.consumer.settings.max_failures.is_some_and(|max| self.failures >= max) {
            match self.keeping(handler.bury(record, failure)).await? {
                None => return Ok(Err(Lost)),
                Some(Ok(())) => after = of_failed,
                Some(Err(failure)) => {
                    tracing::error!(shard = self.shard.id, error = %failure, "a record was not buried")
                }
            }
        }
        if after.is_some() && !self.finish_place(after, false).await? {
            return Ok(Err(Lost));
        }
        self.wait(delay(self.failures)).await?;
        Ok(Ok(false))
    }

    /// Records the last handled record; `None` leaves it as it is. Returns whether the worker still has the lease.
    async fn finish_place(&mut self, after: Option<String>, is_finished: bool) -> Result<bool> {
        let place = Place { after: after.or_else(|| self.lease.state.work.after.clone()) };
        self.lease.record(place, is_finished).await
    }

    /// Runs functions of the app, and renews the lease meanwhile. `None` if the worker has lost the lease.
    async fn keeping<F: Future>(&mut self, running: F) -> Result<Option<F::Output>> {
        let mut running = pin!(running);
        loop {
            if !self.lease.keep().await? {
                return Ok(None);
            }
            if let Ok(output) = timeout(self.lease.renewal(), running.as_mut()).await {
                return Ok(Some(output));
            }
        }
    }

    /// Waits, but not longer than until the poller is to stop or the lease is lost, and renews the lease meanwhile.
    async fn wait(&mut self, pause: Duration) -> Result<()> {
        let end = Instant::now() + pause;
        while self.lease.keep().await? {
            let left = end.saturating_duration_since(Instant::now()).min(self.lease.renewal());
            // Without a sender, the poller stops.
            if left.is_zero() || timeout(left, self.stop.wait_for(|stopped| *stopped)).await.is_ok() {
                break;
            }
        }
        Ok(())
    }
}

fn number(record: &SdkRecord) -> Option<String> {
    record.dynamodb().and_then(|of| of.sequence_number()).map(str::to_owned)
}

fn written_at(record: &SdkRecord) -> Option<std::time::SystemTime> {
    std::time::SystemTime::try_from(*record.dynamodb()?.approximate_creation_date_time()?).ok()
}
