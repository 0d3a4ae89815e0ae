//! The write of one item.

use crate::expr::{Condition, Node, UpdateExpression};
use crate::ground::{AttributeMap, WriteErrorKind};
use crate::ops::item::{Delete, Find, Nothing, Update};
use crate::ops::transaction::check_upgrade;
use crate::ops::write::{stored_item, write_key};
use crate::ops::{Error, Result, TableItem};
use crate::transport::{Client, Target, backoff};

/// The maximum of attempts to write an item that other writers change, or that DynamoDB throttles.
const ATTEMPTS: u32 = 6;

/// What became of an item.
#[derive(Debug)]
pub(super) enum Outcome {
    Written,
    /// The condition no longer holds.
    Skipped,
    Failed(AttributeMap, Error),
}

/// Makes the update of an item that was read.
pub(super) type MakeUpdate<M> = fn(&Client, &M, UpdateExpression<M>) -> Update<M, Nothing>;

/// Updates an item if it fulfils a condition.
///
/// # Errors
///
/// Those that do not concern this item alone.
pub(super) async fn update<M: TableItem>(
    client: Client,
    mut item: M,
    key: M::Key,
    update: (UpdateExpression<M>, MakeUpdate<M>),
    condition: Node,
) -> Result<Outcome> {
    let (update, make) = update;
    let failed = |error| Ok(Outcome::Failed(write_key(&key)?, error));
    let mut attempt = 0;
    // The error of an attempt that may have been applied.
    let mut in_doubt: Option<Error> = None;
    loop {
        let update = make(&client, &item, update.clone()).condition(Condition::from_node(condition.clone()));
        let error = match update.await {
            Ok(()) => return Ok(Outcome::Written),
            Err(error) => error,
        };
        attempt += 1;
        match (verdict(error, attempt), in_doubt.take()) {
            (Verdict::Stop(error), None) => return Err(error),
            // Only a version rules out that it is applied twice.
            (Verdict::InDoubt(error), _) if item.version().is_none() => return failed(error),
            (Verdict::InDoubt(error), _) => in_doubt = Some(error),
            // The earlier attempt may be the reason. What stops all writes stops the next one too.
            (_, Some(error)) | (Verdict::Failed(error), None) => return failed(error),
            (Verdict::Skip, None) => return Ok(Outcome::Skipped),
            (Verdict::Again, None) => {}
        }
        tokio::time::sleep(backoff::delay(attempt)).await;
        // The condition says whether a deleted item is one of those to update.
        let found = Find::<M>::optional(&client, key.clone()).with_hidden().consistent_read().await;
        match (found, in_doubt.take()) {
            (Ok(Some(found)), None) => item = found,
            (Ok(None), None) => return Ok(Outcome::Skipped),
            (Ok(Some(found)), Some(error)) if found.version() == item.version() => in_doubt = Some(error),
            (_, Some(error)) => return failed(error),
            // The next attempt is for the item as it was read before.
            (Err(error), None) if error.is_retryable() && attempt < ATTEMPTS => {}
            (Err(error @ Error::Read(_)), None) => return failed(error),
            (Err(error), None) => return Err(error),
        }
    }
}

/// Deletes the item with a key if it fulfils a condition.
///
/// # Errors
///
/// Those that do not concern this item alone.
pub(super) async fn delete<M: TableItem>(
    client: Client,
    target: Target,
    key: AttributeMap,
    condition: Node,
) -> Result<Outcome> {
    let mut attempt = 0;
    // The error of an attempt that may have been applied.
    let mut in_doubt: Option<Error> = None;
    loop {
        let delete = Delete::<M>::of_attributes(&client, key.clone());
        let error = match delete.condition(Condition::from_node(condition.clone())).await {
            Ok(()) => return Ok(Outcome::Written),
            Err(error) => error,
        };
        attempt += 1;
        let verdict = verdict(error, attempt);
        let is_skipped = matches!(verdict, Verdict::Skip);
        match (verdict, in_doubt.take()) {
            (Verdict::Skip, None) => return Ok(Outcome::Skipped),
            (Verdict::Stop(error), None) => return Err(error),
            (Verdict::Failed(error), None) | (Verdict::Stop(_) | Verdict::Failed(_), Some(error)) => {
                return Ok(Outcome::Failed(key, error));
            }
            (Verdict::InDoubt(error), _) | (Verdict::Skip | Verdict::Again, Some(error)) => in_doubt = Some(error),
            (Verdict::Again, None) => {}
        }
        tokio::time::sleep(backoff::delay(attempt)).await;
        let Some(error) = in_doubt.take() else { continue };
        // A deletion may be repeated.
        match stored_item(&target, key.clone()).await {
            Ok(None) => return Ok(Outcome::Written),
            Ok(Some(_)) if is_skipped => return Ok(Outcome::Skipped),
            Ok(Some(_)) if attempt < ATTEMPTS => in_doubt = Some(error),
            _ => return Ok(Outcome::Failed(key, error)),
        }
    }
}

/// What [`delete`] would do, but for the condition: the item of another schema version must be one that is upgraded first.
pub(super) async fn check_delete<M: TableItem>(
    target: Target,
    item: AttributeMap,
    key: AttributeMap,
) -> Result<Outcome> {
    if M::model_upgrades().check_current(&item).is_ok() {
        return Ok(Outcome::Written);
    }
    let Some(stored) = stored_item(&target, key.clone()).await? else { return Ok(Outcome::Skipped) };
    match check_upgrade::<M>(&target, &stored).await {
        Ok(()) => Ok(Outcome::Written),
        Err(error) if is_of_item(&error) => Ok(Outcome::Failed(key, error)),
        Err(error) => Err(error),
    }
}

/// What follows from the error of a write.
enum Verdict {
    /// The condition does not hold, or the item is gone.
    Skip,
    /// Another writer came first, or the request may succeed later.
    Again,
    /// The write may have been applied.
    InDoubt(Error),
    /// The item cannot be written.
    Failed(Error),
    /// No item can be written.
    Stop(Error),
}

fn verdict(error: Error, attempt: u32) -> Verdict {
    let again = |or: fn(Error) -> Verdict, error| if attempt < ATTEMPTS { Verdict::Again } else { or(error) };
    match error {
        Error::ConditionFailed(_) | Error::NotFound { .. } => Verdict::Skip,
        Error::Deleted { .. } | Error::NotDeleted { .. } => Verdict::Skip,
        Error::MaybeApplied(_) if attempt < ATTEMPTS => Verdict::InDoubt(error),
        Error::MaybeApplied(_) => Verdict::Failed(error),
        // Other writers came first.
        Error::VersionConflict { .. } | Error::CounterConflict { .. } | Error::StaleIndexKey { .. } => {
            again(Verdict::Failed, error)
        }
        error if matches!(error.code(), Some("TransactionConflictException" | "ReplicatedWriteConflictException")) => {
            again(Verdict::Failed, error)
        }
        Error::TransactionCanceled(_) if error.is_retryable() => again(Verdict::Failed, error),
        error if error.is_retryable() => again(Verdict::Stop, error),
        error if is_of_item(&error) => Verdict::Failed(error),
        error => Verdict::Stop(error),
    }
}

/// Whether an error concerns one item.
fn is_of_item(error: &Error) -> bool {
    match error {
        Error::Write(error) => !matches!(error.kind(), WriteErrorKind::NotEncrypted { .. }),
        Error::NotUnique { .. } | Error::Invalid(_) | Error::OutOfBounds(_) | Error::Read(_) => true,
        Error::AbsentParent { .. } | Error::IncompletePatch { .. } | Error::IndexKey { .. } => true,
        Error::VersionExhausted { .. } | Error::NoVersion { .. } | Error::TransactionCanceled(_) => true,
        _ => matches!(error.code(), Some("ValidationException" | "ItemCollectionSizeLimitExceededException")),
    }
}
