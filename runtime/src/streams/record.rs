//! One record of a stream, from the SDK or from a Lambda event.

use super::{Operation, View};
use crate::codec::prepare_reads;
use crate::ground::{AttributeMap, ReadError};
use crate::keys::Keys;
use crate::ops::model::Streamed;
use crate::ops::{DamagedRecord, Error, Result};
use crate::transport::Client;
use aws_lambda_events::event::dynamodb::EventRecord;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodbstreams::types::{AttributeValue as StreamValue, OperationType, Record as SdkRecord};
use serde_dynamo::AttributeValue as LambdaValue;
use std::fmt;
use std::time::SystemTime;

/// A record of a table's stream: the kind of the change, the key, and the images that the stream holds.
///
/// ```ignore
/// let record = Record::try_from(event_record)?;
/// if !record.is_expired()
///     && let Some(Change::Removed(user)) = record.change::<User>()?
/// {
///     forget(user);
/// }
/// ```
#[derive(Clone, PartialEq)]
pub struct Record {
    pub(super) operation: Operation,
    pub(super) keys: AttributeMap,
    pub(super) old: Option<AttributeMap>,
    pub(super) new: Option<AttributeMap>,
    sequence_number: Option<String>,
    event_id: Option<String>,
    is_expired: bool,
    written_at: Option<SystemTime>,
    /// The table's name in DynamoDB.
    table: Option<String>,
    pub(super) keys_of_client: KeysOfClient,
}

/// The keys with which encrypted values can be read. Records with other keys are equal.
#[derive(Clone, Default)]
pub(super) struct KeysOfClient(pub(super) Option<Keys>);

impl PartialEq for KeysOfClient {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The principal that deletes items after their time to live.
const TIME_TO_LIVE: &str = "dynamodb.amazonaws.com";

impl Record {
    /// Converts the record into a change of an item of `M`.
    ///
    /// Returns `None` if the item is of another model in the same table, or is the guard of a unique value.
    ///
    /// An item that DynamoDB has deleted after its time to live is removed like others;
    /// [`is_expired`](Self::is_expired) distinguishes it.
    ///
    /// # Errors
    ///
    /// [`Error::DamagedRecord`] if the item cannot be read as the model, or the stream lacks an image that it has
    /// according to the schema.
    pub fn change<M: Streamed<View: View<M>>>(mut self) -> Result<Option<<M::View as View<M>>::Change>> {
        M::View::read(&mut self).map_err(|error| {
            let Self { keys, sequence_number, event_id, .. } = self;
            Error::DamagedRecord(Box::new(DamagedRecord {
                error: error.of(M::model_name()),
                keys,
                sequence_number,
                event_id,
            }))
        })
    }

    /// The same record with the encryption keys of a client. A record of a model with encrypted fields needs it before
    /// [`change`](Self::change).
    ///
    /// ```ignore
    /// let change = Record::try_from(event_record)?.with_keys_of(&db).await.change::<User>()?;
    /// ```
    pub async fn with_keys_of(mut self, client: &Client) -> Self {
        if let Some(keys) = client.keys() {
            prepare_reads(&keys, self.old.iter().chain(&self.new)).await;
            self.keys_of_client = KeysOfClient(Some(keys));
        }
        self
    }

    pub(super) fn of_table(self, table: &str) -> Self {
        Self { table: Some(table.to_owned()), ..self }
    }

    /// The kind of the change.
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// The attributes of the item's key.
    pub fn keys(&self) -> &AttributeMap {
        &self.keys
    }

    /// The item before the change, if the stream holds it.
    pub fn old_image(&self) -> Option<&AttributeMap> {
        self.old.as_ref()
    }

    /// The item after the change, if the stream holds it.
    pub fn new_image(&self) -> Option<&AttributeMap> {
        self.new.as_ref()
    }

    /// The position of the record in its shard. A Lambda function reports it for a record that it could not process.
    pub fn sequence_number(&self) -> Option<&str> {
        self.sequence_number.as_deref()
    }

    /// The id of the record's event.
    pub fn event_id(&self) -> Option<&str> {
        self.event_id.as_deref()
    }

    /// About when the item was written, to the second.
    pub fn written_at(&self) -> Option<SystemTime> {
        self.written_at
    }

    /// The name of the item's table in DynamoDB: of a record of a Lambda event, whose ARN says it, or of a poller.
    pub fn table(&self) -> Option<&str> {
        self.table.as_deref()
    }

    /// Whether DynamoDB has deleted the item because its time to live has ended.
    pub fn is_expired(&self) -> bool {
        self.is_expired
    }
}

/// The error of a record without a known kind of change.
fn unknown_operation(event_id: Option<String>) -> Error {
    let error = ReadError::value("INSERT, MODIFY or REMOVE", "the record has none of them").within_name("eventName");
    Error::DamagedRecord(Box::new(DamagedRecord { error, keys: AttributeMap::new(), sequence_number: None, event_id }))
}

impl TryFrom<SdkRecord> for Record {
    type Error = Error;

    fn try_from(record: SdkRecord) -> Result<Self> {
        let operation = match record.event_name {
            Some(OperationType::Insert) => Operation::Inserted,
            Some(OperationType::Modify) => Operation::Modified,
            Some(OperationType::Remove) => Operation::Removed,
            _ => return Err(unknown_operation(record.event_id)),
        };
        let principal = record.user_identity.and_then(|identity| identity.principal_id);
        let Some(stream) = record.dynamodb else { return Err(unknown_operation(record.event_id)) };
        let map = |attributes: std::collections::HashMap<String, StreamValue>| {
            attributes.into_iter().map(|(name, value)| (name, of_sdk(value))).collect()
        };
        Ok(Self {
            operation,
            keys: stream.keys.map(map).unwrap_or_default(),
            old: stream.old_image.map(map),
            new: stream.new_image.map(map),
            sequence_number: stream.sequence_number,
            event_id: record.event_id,
            written_at: stream.approximate_creation_date_time.and_then(|at| SystemTime::try_from(at).ok()),
            is_expired: operation == Operation::Removed && principal.as_deref() == Some(TIME_TO_LIVE),
            table: None,
            keys_of_client: KeysOfClient::default(),
        })
    }
}

impl TryFrom<EventRecord> for Record {
    type Error = Error;

    fn try_from(record: EventRecord) -> Result<Self> {
        let operation = match record.event_name.as_str() {
            "INSERT" => Operation::Inserted,
            "MODIFY" => Operation::Modified,
            "REMOVE" => Operation::Removed,
            _ => return Err(unknown_operation(Some(record.event_id))),
        };
        let is_ttl = record.user_identity.is_some_and(|identity| identity.principal_id == TIME_TO_LIVE);
        let map = |item: serde_dynamo::Item| -> AttributeMap {
            item.into_inner().into_iter().map(|(name, value)| (name, of_lambda(value))).collect()
        };
        let image = |item| Some(map(item)).filter(|image| !image.is_empty());
        Ok(Self {
            operation,
            keys: map(record.change.keys),
            old: image(record.change.old_image),
            new: image(record.change.new_image),
            sequence_number: record.change.sequence_number,
            event_id: Some(record.event_id).filter(|id| !id.is_empty()),
            written_at: Some(record.change.approximate_creation_date_time.into()),
            is_expired: operation == Operation::Removed && is_ttl,
            table: record.event_source_arn.as_deref().and_then(table_of_arn).map(str::to_owned),
            keys_of_client: KeysOfClient::default(),
        })
    }
}

/// The table in the ARN of a stream, as `arn:aws:dynamodb:eu-west-1:123456789012:table/users/stream/2026-01-01T00:00:00.000`.
fn table_of_arn(arn: &str) -> Option<&str> {
    arn.split_once(":table/")?.1.split('/').next()
}

fn of_sdk(value: StreamValue) -> AttributeValue {
    match value {
        StreamValue::S(text) => AttributeValue::S(text),
        StreamValue::N(text) => AttributeValue::N(text),
        StreamValue::B(blob) => AttributeValue::B(blob),
        StreamValue::Bool(value) => AttributeValue::Bool(value),
        StreamValue::L(values) => AttributeValue::L(values.into_iter().map(of_sdk).collect()),
        StreamValue::M(entries) => {
            AttributeValue::M(entries.into_iter().map(|(name, value)| (name, of_sdk(value))).collect())
        }
        StreamValue::Ss(texts) => AttributeValue::Ss(texts),
        StreamValue::Ns(texts) => AttributeValue::Ns(texts),
        StreamValue::Bs(blobs) => AttributeValue::Bs(blobs),
        _ => AttributeValue::Null(true),
    }
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

/// Omits keys and images, because debug texts hold no values.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("operation", &self.operation)
            .field("sequence_number", &self.sequence_number)
            .field("is_expired", &self.is_expired)
            .finish_non_exhaustive()
    }
}
