//! The errors of operations.

mod condition_failed;
mod conversions;
mod damaged_item;
#[cfg(feature = "streams")]
mod damaged_record;
mod invalid_request;
mod predicates;

pub use condition_failed::ConditionFailed;
pub use damaged_item::DamagedItem;
#[cfg(feature = "streams")]
pub use damaged_record::DamagedRecord;
pub use invalid_request::InvalidRequest;

use super::batch::{UnfinishedBatch, UnfinishedFlush};
use super::bulk::UnfinishedBulk;
use super::migrate::Migrated;
use super::tables::Change;
use super::transaction::TransactionCanceled;
use crate::expr::ExpressionError;
use crate::ground::{ReadError, Violations, WriteError};
use crate::transport::{ConfigError, ServiceError};
use std::sync::Arc;
use std::time::Duration;

/// The result of an operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation failed.
///
/// After any error of a single write or of a transaction except [`MaybeApplied`](Self::MaybeApplied),
/// [`Unread`](Self::Unread), [`DeletedSince`](Self::DeletedSince) and [`ChunksDone`](Self::ChunksDone), nothing was
/// changed.
///
/// ```no_run
/// # use dyntastic::{Client, Error};
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, alice: User) -> dyntastic::Result<u16> {
/// let status = match alice.insert(&db).await {
///     Ok(()) => 201,
///     Err(Error::AlreadyExists(_)) => 409, // this name is taken
///     Err(error) if error.is_retryable() => 503,
///     Err(error) => return Err(error),
/// };
/// # Ok(status)
/// # }
/// ```
///
/// | error | when | what to do |
/// |---|---|---|
/// | [`NotFound`](Self::NotFound) | no item of the model has the key | answer "not found", or use `find` |
/// | [`AlreadyExists`](Self::AlreadyExists) | `insert` found an item with the key | choose another key, or update the item |
/// | [`VersionConflict`](Self::VersionConflict), [`CounterConflict`](Self::CounterConflict), [`StaleIndexKey`](Self::StaleIndexKey) | another writer changed the item since it was read | read it again and repeat the change |
/// | [`Deleted`](Self::Deleted) | the item was deleted by `soft_delete` | answer "not found", or restore it |
/// | [`OtherContext`](Self::OtherContext) | an item was read or built for another context than the client's | use the client of the item's context |
/// | [`ConditionFailed`](Self::ConditionFailed) | the condition of a write does not hold | decide by the condition's meaning; `return_existing` returns the stored item |
/// | [`NotUnique`](Self::NotUnique) | another item has the value of a unique field | ask for another value |
/// | [`Invalid`](Self::Invalid), [`Write`](Self::Write) | a value breaks a constraint, or DynamoDB cannot hold it | report the violations to the caller |
/// | [`OutOfBounds`](Self::OutOfBounds) | an update would calculate a value outside of its bounds, or leave a struct that breaks its constraints | report it, or change by less |
/// | [`AbsentParent`](Self::AbsentParent) | an update changes a part of a value that the item does not have | set the whole value |
/// | [`IncompletePatch`](Self::IncompletePatch) | a patch changes fields of a struct that the item does not have, and does not give all its fields | give the missing fields |
/// | [`TransactionCanceled`](Self::TransactionCanceled) | an action of a transaction was refused | read its reasons; retry if [`is_retryable`](Self::is_retryable) |
/// | [`MaybeApplied`](Self::MaybeApplied) | no response says whether a write was applied | read the item before writing again |
/// | [`Unread`](Self::Unread), [`DeletedSince`](Self::DeletedSince) | a write was applied, and its item cannot be returned | do not repeat the write |
/// | [`ChunksDone`](Self::ChunksDone) | a later chunk of a transaction failed | repeat the actions after the committed ones |
/// | [`UnfinishedBatch`](Self::UnfinishedBatch), [`UnfinishedFlush`](Self::UnfinishedFlush), [`Unprocessed`](Self::Unprocessed) | DynamoDB left parts of a batch undone | send the rest later |
/// | [`UnfinishedBulk`](Self::UnfinishedBulk) | a bulk write left items | read the report; resume it, or repeat it for the items that failed |
/// | [`Service`](Self::Service) | DynamoDB refused the request, failed, or could not be reached | retry later if [`is_retryable`](Self::is_retryable) |
/// | [`TableNotReady`](Self::TableNotReady) | a table took longer than the limit to be created or deleted | wait longer |
/// | [`TablesDiffer`](Self::TablesDiffer) | a table cannot become what the schema says without a deletion | run `dyntastic plan`, or copy the items to a table of another name |
/// | [`Read`](Self::Read), [`Damaged`](Self::Damaged), [`DamagedRecord`](Self::DamagedRecord) | a stored item does not fit the model | repair the item, or change the schema |
/// | [`Unmigrated`](Self::Unmigrated) | a migration left items as they were | repair these items, and migrate them under another name |
/// | [`NotOne`](Self::NotOne) | `one` found several items | read them with `all` |
/// | [`Shared`](Self::Shared) | a request that several tasks waited for failed | as for the error in it |
/// | [`Cursor`](Self::Cursor) | the cursor is not one of this query | start at the first page |
/// | [`Resume`](Self::Resume) | the saved state is not one of this scan | start without it |
/// | [`VersionExhausted`](Self::VersionExhausted), [`NoVersion`](Self::NoVersion) | the stored version cannot be raised | see there |
/// | [`Config`](Self::Config), [`Local`](Self::Local) | the client or the embedded DynamoDB cannot start | fix the settings |
/// | [`Expression`](Self::Expression), [`InvalidRequest`](Self::InvalidRequest), [`IncompleteUpsert`](Self::IncompleteUpsert), [`IndexKey`](Self::IndexKey), [`UniqueField`](Self::UniqueField), [`NeedsTransaction`](Self::NeedsTransaction) | DynamoDB would refuse the request, or it would break what the model promises | fix the code |
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No item of the model has the key.
    #[error("{model}: {}", not_found(table, *other_model))]
    #[non_exhaustive]
    NotFound {
        /// The model.
        model: &'static str,
        /// The table's name in DynamoDB.
        table: String,
        /// Whether an item of another model has the key, in a shared table.
        other_model: bool,
    },
    /// A stored item does not fit the model.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// DynamoDB cannot hold a value. Nothing was sent.
    #[error(transparent)]
    Write(WriteError),
    /// Values break constraints. Nothing was sent.
    #[error(transparent)]
    Invalid(#[from] Violations),
    /// A setting of the client or of a table is wrong. Nothing was sent.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A table took longer than the limit to be created or deleted.
    #[error("the table {table} is {status} after {} s", waited.as_secs())]
    #[non_exhaustive]
    TableNotReady {
        /// The table's name in DynamoDB.
        table: String,
        /// Its last status, such as `CREATING`.
        status: String,
        /// The time that was waited.
        waited: Duration,
    },
    /// Tables cannot become what the schema says without a deletion, or something else that has to be allowed
    /// ([`tables`](crate::tables)). Nothing was changed, unless another process has changed a table in the meantime. Or
    /// DynamoDB could not create a replica, and it has to be deleted and created anew; what was done before it stays.
    #[error("{}", differing(changes))]
    #[non_exhaustive]
    TablesDiffer {
        /// The changes that were refused.
        changes: Vec<Change>,
    },
    /// DynamoDB would refuse an expression. Nothing was sent.
    #[error("{model}: {error}")]
    #[non_exhaustive]
    Expression {
        /// The model.
        model: &'static str,
        /// The mistake in the expression.
        error: ExpressionError,
    },
    /// The condition of a write does not hold. Nothing was changed.
    #[error(transparent)]
    ConditionFailed(Box<ConditionFailed>),
    /// An update would leave a value that its type does not hold, or that breaks the schema's constraints: a calculated
    /// value, or a struct that a patch changes in part or creates. Nothing was changed.
    #[error(transparent)]
    OutOfBounds(Box<Violations>),
    /// An update changes a part of a value, such as a field of an optional struct, and the item does not have that
    /// value. Nothing was changed. Set the whole value.
    #[error("{model}: the item in the table {table} has no value that {paths} is a part of: set the whole value")]
    #[non_exhaustive]
    AbsentParent {
        /// The model.
        model: &'static str,
        /// The table's name in DynamoDB.
        table: String,
        /// The paths of the parts that the update changes, separated by commas.
        paths: String,
    },
    /// A patch changes fields of a struct that the item does not have, and does not give the struct all its fields, so
    /// that it cannot create it. Nothing was changed. Give the patch the missing fields.
    #[error("{model}: the item in the table {table} has no {path}, and the patch does not make a whole one: {error}")]
    #[non_exhaustive]
    IncompletePatch {
        /// The model.
        model: &'static str,
        /// The table's name in DynamoDB.
        table: String,
        /// The path of the struct.
        path: String,
        /// The field that the patch does not give.
        error: Box<ReadError>,
        /// The same as a violation with the code `required`, which has the field's path in JSON too.
        violations: Box<Violations>,
    },
    /// A write failed, and it may have been applied. The response to it or to an earlier attempt was lost or damaged,
    /// or was an error of DynamoDB's own. The inner error is that of the last attempt, which may be a refusal, such
    /// as a failed condition.
    ///
    /// Read the item to find out whether the write was applied. A write that fails with [`Error::Service`] was not
    /// applied. Batches do not use this error: their unacknowledged writes may have been applied.
    #[error("{0}; the write may have been applied")]
    MaybeApplied(#[source] Box<Error>),
    /// A write was applied, and the item that it should return cannot be read.
    #[error("the write was applied, and the item that it returns cannot be read: {0}")]
    Unread(#[source] Box<Error>),
    /// Some chunks of a transaction were committed, and a later one failed
    /// ([`Transaction::in_chunks_of`](crate::ops::Transaction::in_chunks_of)).
    #[error("the first {done} actions were committed, and the chunk after them was not: {error}")]
    #[non_exhaustive]
    ChunksDone {
        /// The number of committed actions, from the first on.
        done: usize,
        /// The error of the chunk after them.
        #[source]
        error: Box<Error>,
    },
    /// An update of unique fields was applied, and another writer deleted the item before it was read to be returned.
    #[error("{model}: the update was applied, and another writer has deleted the item in the table {table} since")]
    #[non_exhaustive]
    DeletedSince {
        /// The model.
        model: &'static str,
        /// The table's name in DynamoDB.
        table: String,
    },
    /// The table already has an item with the key of a new item. Nothing was changed.
    #[error("{}: the table {} already has an item with this key", .0.model, .0.table)]
    AlreadyExists(#[source] Box<ConditionFailed>),
    /// Another writer changed the item after it was read. Nothing was changed. Read it again.
    #[error("{model}: the item in the table {table} is no longer of version {expected}: another writer came first")]
    #[non_exhaustive]
    VersionConflict {
        /// The model.
        model: &'static str,
        /// The table's name in DynamoDB.
        table: String,
        /// The version that the item was read with; 0 for a new item.
        expected: u64,
        /// The stored version; `None` without an item, or where the item has no version.
        stored: Option<u64>,
    },
    /// The item is deleted by [`soft_delete`](crate::model::SoftDelete::soft_delete), and reads leave it out. Nothing was
    /// changed. [`restore`](crate::model::SoftDelete::restore) it first, or `delete` it to write another one.
    #[error("{model}: the item in the table {table} is deleted: restore it first")]
    #[non_exhaustive]
    Deleted {
        /// The model.
        model: &'static str,
        /// The table's name in DynamoDB.
        table: String,
    },
    /// The item is not deleted, and so cannot be restored; or a struct that is deleted would be written in its place.
    /// Nothing was changed.
    #[error("{model}: the item in the table {table} is not deleted: `soft_delete` deletes it")]
    #[non_exhaustive]
    NotDeleted {
        /// The model.
        model: &'static str,
        /// The table's name in DynamoDB.
        table: String,
    },
    /// The item is of another context than the client, such as another tenant. Nothing was sent.
    #[error("{model}: the item is of another `{context}` than the client")]
    #[non_exhaustive]
    OtherContext {
        /// The model.
        model: &'static str,
        /// The context of the schema.
        context: &'static str,
    },
    /// A counter was changed after the item was read, so that a write of the whole item would undo increments. Nothing
    /// was changed. Read the item again, or change it by an update.
    #[error("{model}: the counter {counter} of the item in the table {table} was changed since the item was read")]
    #[non_exhaustive]
    CounterConflict {
        /// The model.
        model: &'static str,
        /// The table's name in DynamoDB.
        table: String,
        /// The attribute of the counter.
        counter: &'static str,
    },
    /// An update would make an index key or a computed field of a value that differs from the stored field. Nothing was
    /// changed. Another writer came first, or the struct was changed and not saved. Read the item again.
    #[error(
        "{model}: {key} would be made of a {field} that differs from the item in the table {table}: \
         read the item again"
    )]
    #[non_exhaustive]
    StaleIndexKey {
        /// The model.
        model: &'static str,
        /// The table's name in DynamoDB.
        table: String,
        /// The attribute of the index key, or of the computed field.
        key: &'static str,
        /// The attribute of the field.
        field: &'static str,
    },
    /// An upsert may create an item, and does not set every required field. Nothing was sent.
    #[error("{model}: the upsert may create an item, and does not set {missing}, which every item has")]
    #[non_exhaustive]
    IncompleteUpsert {
        /// The model.
        model: &'static str,
        /// The attributes of the missing fields, separated by commas.
        missing: String,
    },
    /// The version of an item is the maximum of its type, so that no write can raise it. Nothing was changed. A
    /// version of type `u64` has a larger maximum than a `u32`.
    #[error("{model}: the item's version is {max}, the maximum of its type: no write can raise it")]
    #[non_exhaustive]
    VersionExhausted {
        /// The model.
        model: &'static str,
        /// The maximum of the type.
        max: u64,
    },
    /// The stored version is NULL or no number, and an update by key can only add to a number. Nothing was changed.
    /// Update or save an item that was read, or remove the attribute.
    #[error(
        "{model}: the {attribute} of the item in the table {table} is no number, so that an update by key cannot raise it: \
         update or save an item that was read, or remove the attribute"
    )]
    #[non_exhaustive]
    NoVersion {
        /// The model.
        model: &'static str,
        /// The table's name in DynamoDB.
        table: String,
        /// The attribute of the version.
        attribute: &'static str,
    },
    /// An update lets DynamoDB calculate a unique field, or the time to live of an item with unique fields. The guard
    /// needs the value. Nothing was sent. Set the field to a value.
    #[error("{model}: guards of unique fields depend on {field}: set it to a value, or remove it")]
    #[non_exhaustive]
    UniqueField {
        /// The model.
        model: &'static str,
        /// The attribute of the field.
        field: &'static str,
    },
    /// `into_inner` cannot return a write of unique fields: it is a transaction with their guards. Await the
    /// operation itself, or use [`Client::transaction`](crate::Client::transaction).
    #[error("{model}: {operation} alone cannot write unique fields: await the operation, or use a transaction")]
    #[non_exhaustive]
    NeedsTransaction {
        /// The model.
        model: &'static str,
        /// The operation of DynamoDB's API, such as `PutItem`.
        operation: &'static str,
    },
    /// Another item has the same value of a unique field, or the same values of a unique combination of fields. Nothing
    /// was changed.
    #[error("{model}: {field} is unique, and another item has this value")]
    #[non_exhaustive]
    NotUnique {
        /// The model.
        model: &'static str,
        /// The attribute of the field, or the attributes of the combination: `(tenant, email)`.
        field: &'static str,
        /// The same as violations with the code `unique`: one for the field, or one for each field of the combination.
        violations: Box<Violations>,
    },
    /// The new index key or computed field is unknown: an update changes one of its fields, or an upsert makes it of
    /// defaults. Nothing was changed.
    #[error("{model}: the update changes a field of {key}, and {why}")]
    #[non_exhaustive]
    IndexKey {
        /// The model.
        model: &'static str,
        /// The attribute of the index key, or of the computed field.
        key: &'static str,
        /// Why the new value cannot be known, and how to fix that.
        why: String,
    },
    /// An item that a query or scan read does not fit the model.
    #[error(transparent)]
    Damaged(Box<DamagedItem>),
    /// The item of a stream's record does not fit the model.
    #[cfg(feature = "streams")]
    #[error(transparent)]
    DamagedRecord(Box<DamagedRecord>),
    /// A cursor belongs to another table, index or key, or was changed. Nothing was sent.
    #[error("the cursor belongs to another query, or was changed: begin with the first page")]
    Cursor,
    /// The saved state of a parallel scan, or of a bulk write, is of another one, or was changed
    /// ([`ParallelScan::resume`](crate::ops::ParallelScan::resume)). Nothing was sent.
    #[error("{model}: {why}")]
    #[non_exhaustive]
    Resume {
        /// The model.
        model: &'static str,
        /// What is wrong with the state.
        why: String,
    },
    /// DynamoDB left keys of BatchGetItem unprocessed until the attempts ended: it throttles.
    #[error("BatchGetItem of {model} on the table {table}: {keys} keys were left unprocessed until the attempts ended")]
    #[non_exhaustive]
    Unprocessed {
        /// The model.
        model: &'static str,
        /// The table's name in DynamoDB.
        table: String,
        /// The number of keys that are left.
        keys: usize,
    },
    /// A batch of writes was not finished. It holds the rest, to send again.
    #[error(transparent)]
    UnfinishedBatch(Box<UnfinishedBatch>),
    /// A batch writer could not send all of its writes. The rest is pending in the writer, and its next flush sends it.
    #[error(transparent)]
    UnfinishedFlush(Box<UnfinishedFlush>),
    /// A bulk write left items: it ended early, or the writes of some items failed. It holds the report.
    #[error(transparent)]
    UnfinishedBulk(Box<UnfinishedBulk>),
    /// DynamoDB canceled a transaction. Nothing was changed.
    #[error(transparent)]
    TransactionCanceled(Box<TransactionCanceled>),
    /// DynamoDB would refuse the request, or the SDK does not build it. Nothing was sent.
    #[error(transparent)]
    InvalidRequest(#[from] InvalidRequest),
    /// A migration is finished, and left items as they were, each for a reason.
    #[error("{0}")]
    Unmigrated(Box<Migrated>),
    /// Several items were found where at most one was expected.
    #[error("{model}: more than one item was found")]
    #[non_exhaustive]
    NotOne {
        /// The model.
        model: &'static str,
    },
    /// DynamoDB refused the request, failed, or could not be reached, after the SDK's own retries.
    #[error(transparent)]
    Service(Box<ServiceError>),
    /// A request that several tasks waited for failed: that for the next numbers of a [`Sequence`](crate::ops::Sequence). Each
    /// of the tasks gets the same error. Or it ended a bulk write, whose report has it for its item too.
    #[error(transparent)]
    Shared(Arc<Error>),
    /// The embedded DynamoDB could not be started.
    #[error("the embedded DynamoDB could not be started: {0}")]
    Local(String),
}

fn differing(changes: &[Change]) -> String {
    let changes: Vec<String> = changes.iter().map(|change| format!("{}: {change}", change.table())).collect();
    format!("tables differ from the schema, and this was not allowed: {}", changes.join("; "))
}

fn not_found(table: &str, other_model: bool) -> String {
    match other_model {
        false => format!("the table {table} has no item with this key"),
        true => format!("the item with this key in the table {table} is of another model"),
    }
}
