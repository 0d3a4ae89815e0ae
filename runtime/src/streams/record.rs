//! One record of a stream.

use super::{Operation, View};
use crate::codec::{RawItem, prepare_reads};
use crate::ground::{AttributeMap, ReadError};
use crate::ops::model::Streamed;
use crate::ops::{DamagedRecord, Error, Result};
use crate::transport::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodbstreams::types::{AttributeValue as StreamValue, OperationType, Record as SdkRecord};
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
#[derive(Clone)]
pub struct Record {
    pub(super) operation: Operation,
    pub(super) keys: AttributeMap,
    pub(super) old: Option<RawItem>,
    pub(super) new: Option<RawItem>,
    pub(super) sequence_number: Option<String>,
    pub(super) event_id: Option<String>,
    pub(super) is_expired: bool,
    pub(super) written_at: Option<SystemTime>,
    /// The table's name in DynamoDB.
    pub(super) table: Option<String>,
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
        M::View::read(&mut self).map_err(|error| self.damaged(error.of(M::model_name())))
    }

    fn damaged(&self, error: ReadError) -> Error {
        let Self { keys, sequence_number, event_id, .. } = self.clone();
        Error::DamagedRecord(Box::new(DamagedRecord { error, keys, sequence_number, event_id }))
    }

    /// The same record with the encryption keys of a client. A record of a model with encrypted fields needs it before
    /// [`change`](Self::change).
    ///
    /// ```ignore
    /// let change = Record::try_from(event_record)?.with_keys_of(&db).await.change::<User>()?;
    /// ```
    pub async fn with_keys_of(mut self, client: &Client) -> Self {
        if let Some(keys) = client.keys() {
            self.images_mut().for_each(|image| image.with_keys(&keys));
            prepare_reads(&keys, self.images().filter_map(RawItem::encrypted)).await;
        }
        self
    }

    pub(super) fn images(&self) -> impl Iterator<Item = &RawItem> {
        self.old.iter().chain(&self.new)
    }

    fn images_mut(&mut self) -> impl Iterator<Item = &mut RawItem> {
        self.old.iter_mut().chain(&mut self.new)
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
    ///
    /// # Errors
    ///
    /// [`Error::DamagedRecord`] if it is no item.
    pub fn old_image(&self) -> Result<Option<AttributeMap>> {
        self.attributes(self.old.as_ref())
    }

    /// The item after the change, if the stream holds it.
    ///
    /// # Errors
    ///
    /// [`Error::DamagedRecord`] if it is no item.
    pub fn new_image(&self) -> Result<Option<AttributeMap>> {
        self.attributes(self.new.as_ref())
    }

    fn attributes(&self, image: Option<&RawItem>) -> Result<Option<AttributeMap>> {
        let attributes = image.map(|image| image.clone().into_map()).transpose();
        attributes.map_err(|error| self.damaged(error))
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

/// Whether DynamoDB itself has deleted an item, after its time to live.
pub(super) fn is_expired(operation: Operation, principal: Option<&str>) -> bool {
    operation == Operation::Removed && principal == Some(TIME_TO_LIVE)
}

/// The error of a record without a known kind of change.
pub(super) fn unknown_operation(event_id: Option<String>, sequence_number: Option<String>) -> Error {
    let error = ReadError::value("INSERT, MODIFY or REMOVE", "the record has none of them").within_name("eventName");
    Error::DamagedRecord(Box::new(DamagedRecord { error, keys: AttributeMap::new(), sequence_number, event_id }))
}

impl TryFrom<SdkRecord> for Record {
    type Error = Error;

    fn try_from(record: SdkRecord) -> Result<Self> {
        let Some(stream) = record.dynamodb else { return Err(unknown_operation(record.event_id, None)) };
        let operation = match record.event_name {
            Some(OperationType::Insert) => Operation::Inserted,
            Some(OperationType::Modify) => Operation::Modified,
            Some(OperationType::Remove) => Operation::Removed,
            _ => return Err(unknown_operation(record.event_id, stream.sequence_number)),
        };
        let principal = record.user_identity.and_then(|identity| identity.principal_id);
        let map = |attributes: std::collections::HashMap<String, StreamValue>| -> AttributeMap {
            attributes.into_iter().map(|(name, value)| (name, of_sdk(value))).collect()
        };
        Ok(Self {
            operation,
            keys: stream.keys.map(map).unwrap_or_default(),
            old: stream.old_image.map(map).map(RawItem::Map),
            new: stream.new_image.map(map).map(RawItem::Map),
            sequence_number: stream.sequence_number,
            event_id: record.event_id,
            written_at: stream.approximate_creation_date_time.and_then(|at| SystemTime::try_from(at).ok()),
            is_expired: is_expired(operation, principal.as_deref()),
            table: None,
        })
    }
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
