//! The requests to a stream.

use crate::ops::{Error, Result};
use crate::transport::{Target, backoff};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodbstreams as sdk;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use sdk::types::{Record, ShardIteratorType};
use std::time::Duration;

/// A stream of a table.
pub(super) struct Source {
    pub(super) sdk: sdk::Client,
    pub(super) target: Target,
    pub(super) arn: String,
}

/// A shard of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shard {
    pub(super) id: String,
    pub(super) parent: Option<String>,
}

/// What a read of a shard found.
pub(super) enum Found {
    /// Records, and where to go on; `None` at the end of the shard.
    Records(Vec<Record>, Option<String>),
    /// The iterator is too old.
    Expired,
    /// The place is older than the stream.
    Trimmed,
    /// The shard is no longer there.
    Gone,
    /// A failure for now.
    Later(Error),
}

impl Source {
    /// The current stream of a table.
    pub(super) async fn current(target: &Target) -> Result<Option<String>> {
        let described = target.sdk.describe_table().table_name(&target.table).send().await;
        let described = described.map_err(|error| target.error("DescribeTable", error))?;
        Ok(described.table.and_then(|table| table.latest_stream_arn))
    }

    /// The label of the stream, by which the shards of an earlier stream of the table are told apart.
    pub(super) fn label(&self) -> &str {
        self.arn.rsplit('/').next().unwrap_or_default()
    }

    /// All shards that the stream has, parents before children.
    pub(super) async fn shards(&self) -> Result<Vec<Shard>> {
        let mut found: Vec<Shard> = Vec::new();
        let (mut last, mut attempt) = (None, 0);
        loop {
            let request = self.sdk.describe_stream().stream_arn(&self.arn).set_exclusive_start_shard_id(last.clone());
            let page = match request.send().await {
                Ok(page) => page.stream_description,
                // A stream that was replaced is there for 24 hours.
                Err(error) if error.code() == Some("ResourceNotFoundException") => break,
                Err(error) => {
                    let error = self.target.error("DescribeStream", error);
                    if !is_for_now(&error) {
                        return Err(error);
                    }
                    attempt += 1;
                    self.pause(&error, attempt).await;
                    continue;
                }
            };
            let Some(page) = page else { break };
            for shard in page.shards.unwrap_or_default() {
                found.extend(shard.shard_id.map(|id| Shard { id, parent: shard.parent_shard_id }));
            }
            last = page.last_evaluated_shard_id;
            if last.is_none() {
                break;
            }
        }
        Ok(in_order(found))
    }

    /// A place in a shard: after a record, or its beginning.
    pub(super) async fn iterator(&self, shard: &Shard, after: Option<&str>) -> Result<Found> {
        let kind =
            if after.is_some() { ShardIteratorType::AfterSequenceNumber } else { ShardIteratorType::TrimHorizon };
        let request = self.sdk.get_shard_iterator().stream_arn(&self.arn).shard_id(&shard.id);
        let request = request.shard_iterator_type(kind).set_sequence_number(after.map(str::to_owned));
        match request.send().await {
            Ok(output) => Ok(Found::Records(Vec::new(), output.shard_iterator)),
            Err(error) => self.failed("GetShardIterator", error),
        }
    }

    /// The records from a place on.
    pub(super) async fn records(&self, iterator: &str, limit: u32) -> Result<Found> {
        let limit = i32::try_from(limit).unwrap_or(i32::MAX);
        match self.sdk.get_records().shard_iterator(iterator).limit(limit).send().await {
            Ok(output) => Ok(Found::Records(output.records.unwrap_or_default(), output.next_shard_iterator)),
            Err(error) => self.failed("GetRecords", error),
        }
    }

    fn failed<E>(&self, operation: &'static str, error: SdkError<E, HttpResponse>) -> Result<Found>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        match error.code() {
            Some("ExpiredIteratorException") => Ok(Found::Expired),
            Some("TrimmedDataAccessException") => Ok(Found::Trimmed),
            Some("ResourceNotFoundException") => Ok(Found::Gone),
            _ => match self.target.error(operation, error) {
                error if is_for_now(&error) => Ok(Found::Later(error)),
                error => Err(error),
            },
        }
    }

    /// Waits before the next attempt of a request that has failed for now.
    pub(super) async fn pause(&self, error: &Error, attempt: u32) {
        tracing::warn!(table = self.target.table, %error, attempt, "a request to a stream failed, and is tried again");
        tokio::time::sleep(delay(attempt)).await;
    }
}

/// A pause that grows with each attempt in sequence.
pub(super) fn delay(attempt: u32) -> Duration {
    backoff::delay(attempt.saturating_add(2))
}

fn is_for_now(error: &Error) -> bool {
    error.is_retryable() || matches!(error.code(), Some("LimitExceededException" | "InternalServerError"))
}

/// The shards with each parent before its children. DynamoDB lists them in no order that it promises.
fn in_order(mut left: Vec<Shard>) -> Vec<Shard> {
    let mut ordered: Vec<Shard> = Vec::with_capacity(left.len());
    loop {
        let is_left = |id: &Option<String>, left: &[Shard]| left.iter().any(|shard| Some(&shard.id) == id.as_ref());
        let (waiting, ready): (Vec<_>, Vec<_>) = left.iter().cloned().partition(|shard| is_left(&shard.parent, &left));
        if ready.is_empty() {
            // Shards in a circle cannot be, and would be read in any order.
            ordered.extend(waiting);
            return ordered;
        }
        ordered.extend(ready);
        left = waiting;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_come_before_children() {
        let shard = |id: &str, parent: Option<&str>| Shard { id: id.to_owned(), parent: parent.map(str::to_owned) };
        let shards = [shard("c", Some("b")), shard("b", Some("a")), shard("d", Some("trimmed")), shard("a", None)];
        let ids: Vec<_> = in_order(shards.into()).into_iter().map(|shard| shard.id).collect();
        assert_eq!(ids, ["d", "a", "b", "c"]);
    }
}
