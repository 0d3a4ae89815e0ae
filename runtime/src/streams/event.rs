//! The event of a Lambda function, and its records.

use super::record::{is_expired, unknown_operation};
use super::{Operation, Record};
use crate::codec::RawItem;
use crate::ground::AttributeMap;
use crate::ops::{DamagedRecord, Error, Result};
use aws_lambda_events::event::dynamodb as lambda;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use bytes::Bytes;
use serde::Deserialize;
use serde_dynamo::AttributeValue as LambdaValue;
use serde_json::value::RawValue;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The event that a stream sends to a Lambda function: a batch of records ("Using AWS Lambda with Amazon DynamoDB").
///
/// It keeps the images of the items as the JSON that they came in. Models are read from it directly, past the attribute
/// maps of `aws_lambda_events`, whose event a [`Handler`](super::Handler) takes too.
///
/// ```ignore
/// let handle = async |event: LambdaEvent<Event>| Ok::<_, lambda_runtime::Error>(handler.handle(event.payload).await);
/// lambda_runtime::run(service_fn(handle)).await
/// ```
///
/// It is deserialized by serde_json, as `lambda_runtime` does. A record of an unknown kind of change, or whose key is no
/// key, is an error in its place, and an image that is no item is the error of the function that reads it. JSON that is
/// no event of a stream, such as a record without `dynamodb`, fails as a whole.
#[derive(Deserialize)]
#[serde(from = "Batch")]
pub struct Event {
    records: Vec<Result<Record>>,
}

impl Event {
    /// The records, in their order.
    ///
    /// # Errors
    ///
    /// [`Error::DamagedRecord`] in the place of a record without a known kind of change, or whose key cannot be read.
    pub fn into_records(self) -> Vec<Result<Record>> {
        self.records
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event").field("records", &self.records.len()).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Batch {
    #[serde(rename = "Records")]
    records: Vec<BatchRecord>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchRecord {
    #[serde(rename = "eventID")]
    event_id: Option<String>,
    event_name: Option<String>,
    #[serde(rename = "eventSourceARN")]
    event_source_arn: Option<String>,
    user_identity: Option<UserIdentity>,
    dynamodb: BatchChange,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserIdentity {
    principal_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchChange {
    /// In seconds.
    approximate_creation_date_time: Option<f64>,
    keys: Option<Box<RawValue>>,
    old_image: Option<Box<RawValue>>,
    new_image: Option<Box<RawValue>>,
    sequence_number: Option<String>,
}

impl From<Batch> for Event {
    fn from(batch: Batch) -> Self {
        Self { records: batch.records.into_iter().map(Record::try_from).collect() }
    }
}

impl From<lambda::Event> for Event {
    fn from(event: lambda::Event) -> Self {
        Self { records: event.records.into_iter().map(Record::try_from).collect() }
    }
}

impl TryFrom<BatchRecord> for Record {
    type Error = Error;

    fn try_from(record: BatchRecord) -> Result<Self> {
        let BatchRecord { event_id, event_name, event_source_arn, user_identity, dynamodb } = record;
        let Some(operation) = event_name.as_deref().and_then(operation_of) else {
            return Err(unknown_operation(event_id, dynamodb.sequence_number));
        };
        let keys = match dynamodb.keys.map(|json| raw(json).into_map()).transpose() {
            Ok(keys) => keys.unwrap_or_default(),
            Err(error) => {
                let sequence_number = dynamodb.sequence_number;
                let error = error.within_name("Keys");
                let damaged = DamagedRecord { error, keys: AttributeMap::new(), sequence_number, event_id };
                return Err(Error::DamagedRecord(Box::new(damaged)));
            }
        };
        Ok(Self {
            operation,
            keys,
            old: dynamodb.old_image.map(raw).filter(|image| !image.is_empty()),
            new: dynamodb.new_image.map(raw).filter(|image| !image.is_empty()),
            sequence_number: dynamodb.sequence_number,
            event_id,
            is_expired: is_expired(operation, user_identity.and_then(|identity| identity.principal_id).as_deref()),
            written_at: dynamodb.approximate_creation_date_time.and_then(time_of),
            table: event_source_arn.as_deref().and_then(table_of),
        })
    }
}

impl TryFrom<lambda::EventRecord> for Record {
    type Error = Error;

    fn try_from(record: lambda::EventRecord) -> Result<Self> {
        let event_id = Some(record.event_id).filter(|id| !id.is_empty());
        let Some(operation) = operation_of(&record.event_name) else {
            return Err(unknown_operation(event_id, record.change.sequence_number));
        };
        let map = |item: serde_dynamo::Item| -> AttributeMap {
            item.into_inner().into_iter().map(|(name, value)| (name, of_lambda(value))).collect()
        };
        let image = |item| Some(map(item)).filter(|image| !image.is_empty()).map(RawItem::Map);
        Ok(Self {
            operation,
            keys: map(record.change.keys),
            old: image(record.change.old_image),
            new: image(record.change.new_image),
            sequence_number: record.change.sequence_number,
            event_id,
            is_expired: is_expired(operation, record.user_identity.map(|identity| identity.principal_id).as_deref()),
            written_at: Some(record.change.approximate_creation_date_time.into()),
            table: record.event_source_arn.as_deref().and_then(table_of),
        })
    }
}

fn raw(json: Box<RawValue>) -> RawItem {
    RawItem::Wire(Bytes::from(String::from(Box::<str>::from(json))))
}

fn operation_of(name: &str) -> Option<Operation> {
    match name {
        "INSERT" => Some(Operation::Inserted),
        "MODIFY" => Some(Operation::Modified),
        "REMOVE" => Some(Operation::Removed),
        _ => None,
    }
}

fn time_of(seconds: f64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}

/// The table in the ARN of a stream, as `arn:aws:dynamodb:eu-west-1:123456789012:table/users/stream/2026-01-01T00:00:00.000`.
fn table_of(arn: &str) -> Option<String> {
    arn.split_once(":table/")?.1.split('/').next().map(str::to_owned)
}

fn of_lambda(value: LambdaValue) -> AttributeValue {
    match value {
        LambdaValue::S(text) => AttributeValue::S(text),
        LambdaValue::N(text) => AttributeValue::N(text),
        LambdaValue::B(bytes) => AttributeValue::B(Blob::new(bytes)),
        LambdaValue::Bool(value) => AttributeValue::Bool(value),
        LambdaValue::Null(value) => AttributeValue::Null(value),
        LambdaValue::L(values) => AttributeValue::L(values.into_iter().map(of_lambda).collect()),
        LambdaValue::M(entries) => {
            AttributeValue::M(entries.into_iter().map(|(name, value)| (name, of_lambda(value))).collect())
        }
        LambdaValue::Ss(texts) => AttributeValue::Ss(texts),
        LambdaValue::Ns(texts) => AttributeValue::Ns(texts),
        LambdaValue::Bs(blobs) => AttributeValue::Bs(blobs.into_iter().map(Blob::new).collect()),
    }
}
