//! Predicates of errors.

use super::{Error, InvalidRequest};
use crate::ground::{ReadError, ReadErrorKind, SealedCause, WriteErrorKind};
use crate::observe::Throttling;
use crate::ops::transaction::{Reason, TransactionCanceled};
use crate::ops::write::Cause;
use std::fmt;
use std::sync::Arc;

impl Error {
    /// The error of a request that is not sent.
    pub(crate) fn invalid(operation: &'static str, reason: impl fmt::Display) -> Self {
        InvalidRequest::new(operation, reason).into()
    }

    /// Whether the item or its table does not exist. For a transaction, this holds if it is the reason of every
    /// refused action.
    pub fn is_not_found(&self) -> bool {
        let of_canceled = |canceled: &TransactionCanceled| {
            let causes: Vec<Cause> = canceled.reasons().iter().map(Reason::cause).collect();
            !causes.is_empty() && causes.iter().all(|cause| matches!(cause, Cause::NotFound | Cause::Deleted))
        };
        match self {
            Error::NotFound { .. } | Error::Deleted { .. } | Error::DeletedSince { .. } => true,
            Error::TransactionCanceled(canceled) => of_canceled(canceled),
            Error::Shared(error) => error.is_not_found(),
            Error::MaybeApplied(error) | Error::ChunksDone { error, .. } => error.is_not_found(),
            _ => self.is_missing_table(),
        }
    }

    /// Whether the values of the request are at fault, and not the stored data or DynamoDB: they break constraints, cannot
    /// be stored or make a whole struct, or the cursor is of another query. For a client of an API, this is a bad request.
    pub fn is_bad_request(&self) -> bool {
        match self {
            Error::Invalid(_) | Error::Write(_) | Error::OutOfBounds(_) | Error::Cursor => true,
            Error::IncompletePatch { .. } => true,
            Error::Shared(error) => error.is_bad_request(),
            Error::ChunksDone { error, .. } => error.is_bad_request(),
            _ => false,
        }
    }

    /// Whether another writer came first. The item already exists or has another version, a condition failed, or a value is
    /// not unique. It also holds while a transaction changes the item, and while the table is being created or deleted.
    /// For a transaction, it holds if it holds for one of its actions.
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
            let is_stale = matches!(cause, Cause::VersionConflict { .. } | Cause::StaleIndexKey { .. });
            is_condition || is_stale || matches!(cause, Cause::CounterConflict { .. } | Cause::NotDeleted)
        };
        match self {
            Error::ConditionFailed(_) | Error::AlreadyExists(_) | Error::NotUnique { .. } => true,
            Error::VersionConflict { .. } | Error::CounterConflict { .. } | Error::StaleIndexKey { .. } => true,
            Error::NotDeleted { .. } => true,
            Error::TransactionCanceled(canceled) => canceled.reasons().iter().any(is_conflict),
            Error::Shared(error) => error.is_conflict(),
            Error::MaybeApplied(error) | Error::ChunksDone { error, .. } => error.is_conflict(),
            _ => self.code().is_some_and(|code| CONFLICTS.contains(&code)),
        }
    }

    /// Whether the same request may succeed later. DynamoDB throttled it, had an error of its own, or could not be
    /// reached in time, and the SDK has retried it already; or a vector index is still being built.
    ///
    /// A retryable write may have been applied: a write that is [`Error::MaybeApplied`], or whose response was lost,
    /// may then be applied twice.
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::Service(error) => error.retryable,
            Error::Shared(error) => error.is_retryable(),
            Error::MaybeApplied(error) => error.is_retryable(),
            Error::Unprocessed { .. } => true,
            Error::Write(error) => matches!(error.kind(), WriteErrorKind::NotEncrypted { retryable: true, .. }),
            Error::Read(error) => is_key_unavailable(error),
            Error::Damaged(item) => is_key_unavailable(item.error()),
            Error::TransactionCanceled(canceled) => canceled.is_conflict(),
            Error::UnfinishedBatch(batch) => batch.cause().is_none_or(Error::is_retryable),
            Error::UnfinishedFlush(flush) => flush.cause().is_none_or(Error::is_retryable),
            Error::UnfinishedBulk(bulk) => bulk.cause().is_some_and(Error::is_retryable),
            _ => false,
        }
    }

    /// Whether DynamoDB throttled the request, because it would exceed the capacity of the table or of an index. Such an
    /// error is also retryable. [`throttling`](Self::throttling) says which limit it is.
    pub fn is_throttled(&self) -> bool {
        const THROTTLED: [&str; 3] =
            ["ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"];
        let is_throttled = |reason: &Reason| reason.cause() == Cause::Throttled;
        match self {
            Error::Unprocessed { .. } => true,
            Error::TransactionCanceled(canceled) => canceled.reasons().iter().any(is_throttled),
            Error::UnfinishedBatch(batch) => batch.cause().is_none_or(Error::is_throttled),
            Error::UnfinishedFlush(flush) => flush.cause().is_none_or(Error::is_throttled),
            Error::UnfinishedBulk(bulk) => bulk.cause().is_some_and(Error::is_throttled),
            Error::Shared(error) => error.is_throttled(),
            Error::MaybeApplied(error) | Error::ChunksDone { error, .. } => error.is_throttled(),
            _ => self.code().is_some_and(|code| THROTTLED.contains(&code)),
        }
    }

    /// Why DynamoDB throttled the request: the table or the index, and which of its limits. It is empty if the request was not
    /// throttled. Unprocessed parts of a batch, and canceled actions of a transaction, come without a reason.
    ///
    /// ```no_run
    /// # use dyntastic::Client;
    /// # use dyntastic::prelude::*;
    /// # use example_models::*;
    /// # async fn example(db: Client, alice: User) {
    /// if let Err(error) = alice.save(&db).await {
    ///     let reasons: Vec<String> = error.throttling().iter().map(ToString::to_string).collect();
    ///     eprintln!("throttled: {}", reasons.join("; "));
    /// }
    /// # }
    /// ```
    pub fn throttling(&self) -> &[Throttling] {
        match self {
            Error::Service(error) => error.throttling(),
            Error::UnfinishedBatch(batch) => batch.cause().map_or(&[], Error::throttling),
            Error::UnfinishedFlush(flush) => flush.cause().map_or(&[], Error::throttling),
            Error::UnfinishedBulk(bulk) => bulk.cause().map_or(&[], Error::throttling),
            Error::Shared(error) => error.throttling(),
            Error::MaybeApplied(error) | Error::Unread(error) | Error::ChunksDone { error, .. } => error.throttling(),
            _ => &[],
        }
    }

    /// The code of DynamoDB's error, such as `ThrottlingException`.
    pub fn code(&self) -> Option<&str> {
        match self {
            Error::Service(error) => error.code(),
            Error::TransactionCanceled(_) => Some("TransactionCanceledException"),
            Error::Shared(error) => error.code(),
            Error::MaybeApplied(error) | Error::Unread(error) | Error::ChunksDone { error, .. } => error.code(),
            _ => None,
        }
    }

    /// The error of a request that several tasks wait for. Errors that the app is likely to tell apart are copied.
    pub(in crate::ops) fn of_shared(error: Arc<Error>) -> Self {
        match &*error {
            Error::NotFound { model, table, other_model } => {
                Error::NotFound { model, table: table.clone(), other_model: *other_model }
            }
            Error::OutOfBounds(violations) => Error::OutOfBounds(violations.clone()),
            _ => Error::Shared(error),
        }
    }

    /// The error of a later attempt of the same request, after this one.
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

/// Whether an encrypted value could not be read because the provider of its key failed for now.
fn is_key_unavailable(error: &ReadError) -> bool {
    matches!(error.kind(), ReadErrorKind::Sealed { cause: SealedCause::KeyUnavailable, .. })
}
