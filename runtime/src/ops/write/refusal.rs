//! The error of a write that its condition refused.

use super::expectation::{Cause, Expectation};
use super::write_condition::WriteCondition;
use crate::ground::AttributeMap;
use crate::ops::{ConditionFailed, Error};
use crate::transport::{Target, WriteError};
use aws_sdk_dynamodb::error::ProvideErrorMetadata;

impl WriteCondition {
    /// The error of a failed write; `item` takes the stored item out of the SDK's error.
    pub(in crate::ops) fn error<E>(
        &self,
        target: &Target,
        operation: &'static str,
        error: WriteError<E>,
        item: impl FnOnce(&E) -> Option<AttributeMap>,
    ) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        if error.sdk.code() != Some("ConditionalCheckFailedException") {
            return target.write_error(operation, error);
        }
        let WriteError { sdk: error, may_be_applied } = error;
        let item = error.as_service_error().and_then(item);
        let failed = self.failed(target, operation, item, Box::new(error));
        if may_be_applied { Error::MaybeApplied(Box::new(failed)) } else { failed }
    }

    /// The error of this write in a transaction: its own if its action at `position` was refused, or else the error
    /// of the transaction.
    pub(in crate::ops) fn transaction_error(&self, target: &Target, position: usize, error: Error) -> Error {
        match error {
            Error::TransactionCanceled(canceled) if canceled.is_condition_of(position) => {
                let item = canceled.item_of(position).cloned();
                self.failed(target, "TransactWriteItems", item, canceled)
            }
            other => other,
        }
    }

    fn failed(
        &self,
        target: &Target,
        operation: &'static str,
        item: Option<AttributeMap>,
        source: Box<dyn std::error::Error + Send + Sync>,
    ) -> Error {
        let expectation = self.expectation();
        let cause = expectation.cause(item.as_ref());
        if let Some(error) = self.refusal_for(cause, &expectation, target, item.as_ref()) {
            return error;
        }
        let is_there = cause == Cause::AlreadyExists;
        let item = item.filter(|_| self.return_existing);
        let (model, table) = (target.model, target.table.clone());
        let failed = Box::new(ConditionFailed { operation, model, table, item, keys: target.keys.clone(), source });
        if is_there { Error::AlreadyExists(failed) } else { Error::ConditionFailed(failed) }
    }

    /// The error of a write for the stored item alone, whatever the condition of the caller is; `None` if the write
    /// may be applied.
    pub(in crate::ops) fn refusal(&self, target: &Target, item: Option<&AttributeMap>) -> Option<Error> {
        let expectation = self.expectation();
        self.refusal_for(expectation.cause(item), &expectation, target, item)
    }

    fn refusal_for(
        &self,
        cause: Cause,
        expectation: &Expectation,
        target: &Target,
        item: Option<&AttributeMap>,
    ) -> Option<Error> {
        let (model, table) = (target.model, target.table.clone());
        Some(match cause {
            Cause::OutOfBounds => return self.bounds.error(model, item),
            Cause::OtherSchemaVersion => Error::Read(self.model().upgrades().unknown_version(item?)?.of(model)),
            Cause::NotFound => {
                let other_model = item.is_some_and(|item| expectation.is_of_other_model(item));
                Error::NotFound { model, table, other_model }
            }
            Cause::VersionConflict { expected, stored } => Error::VersionConflict { model, table, expected, stored },
            Cause::Deleted => Error::Deleted { model, table },
            Cause::NotDeleted => Error::NotDeleted { model, table },
            Cause::CounterConflict { counter } => Error::CounterConflict { model, table, counter },
            Cause::NoVersion { attribute } => Error::NoVersion { model, table, attribute },
            Cause::VersionExhausted { max } => Error::VersionExhausted { model, max },
            Cause::StaleIndexKey { key, field } => Error::StaleIndexKey { model, table, key, field },
            Cause::UnknownIndexKey { key, .. } => Error::IndexKey { model, key, why: cause.to_string() },
            Cause::ConditionFailed => Error::Read(self.bounds.unreadable(item)?.of(model)),
            _ => return None,
        })
    }
}
