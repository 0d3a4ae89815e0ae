//! Everything that an operation may fail with.

use super::invalid_request::InvalidRequest;
use super::model::Model;
use crate::codec::read_model;
use crate::expr::{ExpressionError, UnwritableExpression};
use crate::ground::{AttributeMap, ReadError, Violations, WriteError};
use crate::ops::batch::{UnfinishedBatch, UnfinishedFlush};
use crate::ops::transaction::{Reason, TransactionCanceled};
use crate::ops::write::Cause;
use crate::transport::{ConfigError, ServiceError};
use std::fmt;
use std::time::Duration;

/// The result of an operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no item of the model with the key.
    #[error("{model}: {}", not_found(table, *other_model))]
    NotFound {
        /// The model.
        model: &'static str,
        /// The table, as DynamoDB knows it.
        table: String,
        /// Whether an item of another model has the key, in a table of several models.
        other_model: bool,
    },
    /// An item is not what the model says.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A value is one that DynamoDB cannot hold; nothing was sent.
    #[error(transparent)]
    Write(WriteError),
    /// Values break constraints; nothing was sent.
    #[error(transparent)]
    Invalid(#[from] Violations),
    /// The client's or a table's settings are wrong; nothing was sent.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A table was created or deleted, and waiting for it took longer than the limit.
    #[error("the table {table} is {status} after {} s", waited.as_secs())]
    TableNotReady {
        /// The table, as DynamoDB knows it.
        table: String,
        /// The last status that DynamoDB told.
        status: String,
        /// How long was waited.
        waited: Duration,
    },
    /// DynamoDB would refuse an expression; nothing was sent.
    #[error("{model}: {error}")]
    Expression {
        /// The model.
        model: &'static str,
        /// What it would refuse.
        error: ExpressionError,
    },
    /// The condition of a write does not hold; nothing was changed.
    #[error(transparent)]
    ConditionFailed(Box<ConditionFailed>),
    /// An update calculates from what is stored, and the result would be one that its type does not hold, or that breaks
    /// the schema's constraints; nothing was changed.
    #[error(transparent)]
    OutOfBounds(Box<Violations>),
    /// A write failed, and may have been applied all the same: the answer to it, or to an earlier attempt of it, was lost,
    /// damaged, or an error of DynamoDB's own. It holds the error of the last attempt, which may be a refusal: a condition that
    /// did not hold, say. Read the item to know what is stored. A write that fails with [`Error::Service`] was not applied.
    /// Batches say it in their own way: what they leave may have been written.
    #[error("{0}; the write may have been applied all the same")]
    MaybeApplied(#[source] Box<Error>),
    /// A write was applied, and what it was to return (the item after or before it) cannot be read.
    #[error("the write was applied, and the item that it returns cannot be read: {0}")]
    Unread(#[source] Box<Error>),
    /// Some chunks of a transaction were committed, and a later one was not
    /// ([`Transaction::in_chunks_of`](crate::ops::transaction::Transaction::in_chunks_of)).
    #[error("the first {done} actions were committed, and the chunk after them was not: {error}")]
    ChunksDone {
        /// How many actions were committed, from the first on.
        done: usize,
        /// The error of the chunk after them.
        #[source]
        error: Box<Error>,
    },
    /// An update of unique fields was applied, and another writer had deleted the item before it was read, to be returned.
    #[error("{model}: the update was applied, and another writer has deleted the item in the table {table} since")]
    DeletedSince {
        /// The model.
        model: &'static str,
        /// The table, as DynamoDB knows it.
        table: String,
    },
    /// An item was to be new, and there is one with its key; nothing was changed.
    #[error("{}: the table {} already has an item with this key", .0.model, .0.table)]
    AlreadyExists(#[source] Box<ConditionFailed>),
    /// Another writer has changed the item since it was read; nothing was changed. Read it again.
    #[error("{model}: the item in the table {table} is no longer of version {expected}: another writer came first")]
    VersionConflict {
        /// The model.
        model: &'static str,
        /// The table, as DynamoDB knows it.
        table: String,
        /// The version that the item was read with; 0 for one that is new.
        expected: u64,
        /// The version that it has; `None` where there is no item, or it has none.
        stored: Option<u64>,
    },
    /// The item has another value of a field than the one that an update would make an index key of; nothing was changed.
    /// Another writer came first, or the struct was changed and not saved: read the item again.
    #[error(
        "{model}: the index key {key} would be made of another {field} than the item in the table {table} has: read the \
         item again"
    )]
    StaleIndexKey {
        /// The model.
        model: &'static str,
        /// The table, as DynamoDB knows it.
        table: String,
        /// The attribute of the index key.
        key: &'static str,
        /// The attribute of the field.
        field: &'static str,
    },
    /// An upsert may make an item, and does not set all fields that every item has; nothing was sent.
    #[error("{model}: the upsert may make an item, and does not set {missing}, which every item has")]
    IncompleteUpsert {
        /// The model.
        model: &'static str,
        /// The attributes of the fields.
        missing: String,
    },
    /// The version of an item is the most that its type holds, so that no write can raise it; nothing was changed. A
    /// version of type u64 holds more than a u32 does.
    #[error("{model}: the item's version is {most}, the most that its type holds: no write can raise it")]
    VersionExhausted {
        /// The model.
        model: &'static str,
        /// The most that the type holds.
        most: u64,
    },
    /// The version of an item is stored as NULL, or as no number, and an update by key counts on from what is stored;
    /// nothing was changed. Read the item, where that is possible, and update or save what was read; or remove the attribute.
    #[error(
        "{model}: the {attribute} of the item in the table {table} is no number, so that an update by key cannot raise it: \
         update or save an item that was read, or remove the attribute"
    )]
    NoVersion {
        /// The model.
        model: &'static str,
        /// The table, as DynamoDB knows it.
        table: String,
        /// The attribute of the version.
        attribute: &'static str,
    },
    /// An update of a unique field, or of the time to live beside one, leaves the value to DynamoDB, and its guard has to
    /// know it; nothing was sent. Set it to a value.
    #[error("{model}: guards of unique fields depend on {field}: an update sets it to a value, or removes it")]
    UniqueField {
        /// The model.
        model: &'static str,
        /// The attribute of the field.
        field: &'static str,
    },
    /// The SDK's own builder was asked for a write that takes a transaction: it would leave unique fields without their
    /// guards. Await the operation itself, or use [`Client::transaction`](crate::transport::Client::transaction).
    #[error("{model}: a write of unique fields is a transaction with their guards, which {operation} alone is not")]
    NeedsTransaction {
        /// The model.
        model: &'static str,
        /// The SDK's operation, such as `PutItem`.
        operation: &'static str,
    },
    /// Another item has the same value of a unique field; nothing was changed.
    #[error("{model}: {field} is unique, and another item has this value")]
    NotUnique {
        /// The model.
        model: &'static str,
        /// The attribute of the field.
        field: &'static str,
    },
    /// An update changes a field that an index key is made of, or an upsert makes the key of defaults, and cannot tell what
    /// it is; nothing was changed.
    #[error("{model}: the update changes what the index key {key} is made of, and {why}")]
    IndexKey {
        /// The model.
        model: &'static str,
        /// The attribute of the index key.
        key: &'static str,
        /// Why the new key cannot be told, and how to mend that.
        why: String,
    },
    /// An item that a query or scan read is not what the model says.
    #[error(transparent)]
    Damaged(Box<DamagedItem>),
    /// The item of a stream's record is not what the model says.
    #[cfg(feature = "streams")]
    #[error(transparent)]
    DamagedRecord(Box<super::damaged_record::DamagedRecord>),
    /// A cursor belongs to another table, index or key, or was changed; nothing was sent.
    #[error("the cursor belongs to another query, or was changed: begin with the first page")]
    Cursor,
    /// DynamoDB left keys unprocessed until the attempts ended: it is throttled.
    #[error("BatchGetItem of {model} on the table {table}: {keys} keys were left unprocessed until the attempts ended")]
    Unprocessed {
        /// The model.
        model: &'static str,
        /// The table, as DynamoDB knows it.
        table: String,
        /// How many keys were left.
        keys: usize,
    },
    /// A batch of writes was not finished: it holds what is left, to send again.
    #[error(transparent)]
    UnfinishedBatch(Box<UnfinishedBatch>),
    /// A batch writer could not send all that it holds: the rest is pending in the writer, and its next flush sends it.
    #[error(transparent)]
    UnfinishedFlush(Box<UnfinishedFlush>),
    /// DynamoDB canceled a transaction; nothing was changed.
    #[error(transparent)]
    TransactionCanceled(Box<TransactionCanceled>),
    /// DynamoDB would refuse the request, or the SDK does not build it; nothing was sent.
    #[error(transparent)]
    InvalidRequest(#[from] InvalidRequest),
    /// More than one item was found where at most one was expected.
    #[error("{model}: more than one item was found")]
    NotOne {
        /// The model.
        model: &'static str,
    },
    /// DynamoDB refused the request, or could not be reached, after the SDK's own retries.
    #[error(transparent)]
    Service(Box<ServiceError>),
    /// The embedded DynamoDB could not be started.
    #[error("the embedded DynamoDB could not be started: {0}")]
    Local(String),
}

impl Error {
    /// A request that is not sent.
    pub(super) fn invalid(operation: &'static str, reason: impl fmt::Display) -> Self {
        InvalidRequest::new(operation, reason).into()
    }

    /// Whether what was asked for is not there: the item, or its table. A transaction may ask for several: one of them is
    /// not there, and no other action has another reason.
    pub fn is_not_found(&self) -> bool {
        let of_canceled = |canceled: &TransactionCanceled| {
            let causes: Vec<Cause> = canceled.reasons().iter().map(Reason::cause).collect();
            !causes.is_empty() && causes.iter().all(|cause| *cause == Cause::NotFound)
        };
        match self {
            Error::NotFound { .. } | Error::DeletedSince { .. } => true,
            Error::TransactionCanceled(canceled) => of_canceled(canceled),
            Error::MaybeApplied(error) | Error::ChunksDone { error, .. } => error.is_not_found(),
            _ => self.is_missing_table(),
        }
    }

    /// Whether another writer came first: a condition failed, the item is there already or is of another version, a value
    /// is not unique, a transaction runs on the item, or the table is being made or deleted. It holds for a transaction
    /// if it holds for one of its actions.
    pub fn is_conflict(&self) -> bool {
        const CONFLICTS: [&str; 4] = [
            "ConditionalCheckFailedException",
            "ReplicatedWriteConflictException",
            "ResourceInUseException",
            "TransactionConflictException",
        ];
        let is_conflict = |reason: &Reason| {
            let cause = reason.cause();
            let is_condition = matches!(cause, Cause::AlreadyExists | Cause::ConditionFailed | Cause::Conflict);
            is_condition || matches!(cause, Cause::VersionConflict { .. } | Cause::StaleIndexKey { .. })
        };
        match self {
            Error::ConditionFailed(_) | Error::AlreadyExists(_) | Error::NotUnique { .. } => true,
            Error::VersionConflict { .. } | Error::StaleIndexKey { .. } => true,
            Error::TransactionCanceled(canceled) => canceled.reasons().iter().any(is_conflict),
            Error::MaybeApplied(error) | Error::ChunksDone { error, .. } => error.is_conflict(),
            _ => self.code().is_some_and(|code| CONFLICTS.contains(&code)),
        }
    }

    /// Whether the same request may well succeed later: it was throttled, DynamoDB had an error of its own,
    /// or could not be reached in time. The SDK has retried it already. It does not say that nothing was applied: a write that
    /// is [`Error::MaybeApplied`], or whose answer was lost, may be done twice.
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::Service(error) => error.retryable,
            Error::MaybeApplied(error) => error.is_retryable(),
            Error::Unprocessed { .. } => true,
            Error::TransactionCanceled(canceled) => canceled.is_conflict(),
            Error::UnfinishedBatch(batch) => batch.cause().is_none_or(Error::is_retryable),
            Error::UnfinishedFlush(flush) => flush.cause().is_none_or(Error::is_retryable),
            _ => false,
        }
    }

    /// The code of DynamoDB's error, such as `ThrottlingException`.
    pub fn code(&self) -> Option<&str> {
        match self {
            Error::Service(error) => error.code(),
            Error::TransactionCanceled(_) => Some("TransactionCanceledException"),
            Error::MaybeApplied(error) | Error::Unread(error) | Error::ChunksDone { error, .. } => error.code(),
            _ => None,
        }
    }

    /// The error of a request that was sent again after this one.
    pub(crate) fn of_next(&self, next: Error) -> Error {
        match (self, next) {
            (_, next @ Error::MaybeApplied(_)) => next,
            (Error::MaybeApplied(_), next) => Error::MaybeApplied(Box::new(next)),
            (_, next) => next,
        }
    }

    pub(crate) fn is_missing_table(&self) -> bool {
        self.code() == Some("ResourceNotFoundException")
    }
}

fn not_found(table: &str, other_model: bool) -> String {
    match other_model {
        false => format!("the table {table} has no item with this key"),
        true => format!("the item with this key in the table {table} is of another model"),
    }
}

/// A value that no key may hold is the same violation wherever it is found.
impl From<WriteError> for Error {
    fn from(error: WriteError) -> Self {
        match error.as_violations() {
            Some(violations) => Error::Invalid(violations),
            None => Error::Write(error),
        }
    }
}

impl From<UnwritableExpression> for Error {
    fn from(error: UnwritableExpression) -> Self {
        match error {
            UnwritableExpression::Refused { model, error } => Error::Expression { model, error },
            UnwritableExpression::Value(error) => error.into(),
        }
    }
}

/// An item that a query or scan read, and that is not what the model says.
#[derive(thiserror::Error)]
#[error("{error}")]
pub struct DamagedItem {
    pub(crate) error: ReadError,
    pub(crate) key: AttributeMap,
}

impl DamagedItem {
    /// What is wrong with it.
    pub fn error(&self) -> &ReadError {
        &self.error
    }

    /// The attributes of its key, by which it can be mended or deleted.
    pub fn key(&self) -> &AttributeMap {
        &self.key
    }
}

/// Without the key, which stays out of every text.
impl fmt::Debug for DamagedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DamagedItem").field("error", &self.error).finish_non_exhaustive()
    }
}

/// A write whose condition does not hold.
#[derive(thiserror::Error)]
#[error("{operation} of {model} on the table {table}: the condition does not hold")]
pub struct ConditionFailed {
    pub(crate) operation: &'static str,
    pub(crate) model: &'static str,
    pub(crate) table: String,
    pub(crate) item: Option<AttributeMap>,
    pub(crate) source: Box<dyn std::error::Error + Send + Sync>,
}

impl ConditionFailed {
    /// The item as it is, where the operation asked for it with `return_existing` and there is one.
    ///
    /// # Errors
    ///
    /// The item is not what the model says.
    pub fn existing<M: Model>(&self) -> Result<Option<M>, ReadError> {
        self.item.clone().map(read_model).transpose()
    }
}

/// Without the item, which stays out of every text.
impl fmt::Debug for ConditionFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConditionFailed")
            .field("operation", &self.operation)
            .field("model", &self.model)
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}
