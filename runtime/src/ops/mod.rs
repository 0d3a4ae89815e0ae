//! The operations that emitted models offer. Each is a builder: set what should differ, and await it.
//!
//! Whatever these builders do not offer, the SDK's own builder does: `.into_inner()` gives it, filled.

/// The debug text of an operation: its name and its model. Keys, items and values stay out of every text.
macro_rules! debug_without_values {
    ([$($generics:tt)*] $operation:ty, $name:literal, $model:ty) => {
        impl<$($generics)*> ::std::fmt::Debug for $operation {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct($name).field("model", &<$model as $crate::Item>::NAME).finish_non_exhaustive()
            }
        }
    };
}

mod batch;
mod error;
mod item;
pub mod model;
mod read;
mod table;
mod transaction;
mod write;

pub use batch::{
    BatchGet, BatchGetInOrder, BatchGetProjected, BatchItems, BatchWrite, BatchWriter, DeletePartition, Found,
    MixedBatchGet, UnfinishedBatch, UnfinishedFlush,
};
pub use item::{
    Changed, Delete, DeleteReturning, Find, Get, New, Nothing, Old, Optional, Refresh, Refreshed, Rekey, Required,
    ReturnValues, Returned, ReturnedItem, Save, Update, UpdateAndRefresh, UpdatedNew, UpdatedOld,
};
pub use read::{
    AllItems, ConsistentSource, Full, Index, Items, OneHashKey, Page, ParallelScan, Query, Read, Scan, Segments, Source,
};
pub use table::{CreateTable, DeleteTable, TableExists};
pub use transaction::{
    Reason, TransactFound, TransactKey, TransactKeys, Transaction, TransactionActions, TransactionCanceled,
};
pub use write::{Cause, IfMatches, IntoPut};

#[cfg(feature = "streams")]
pub use error::DamagedRecord;
pub use error::{ConditionFailed, DamagedItem, Error, InvalidRequest, Result};
pub use model::{Key, Model};

use crate::transport::{ServiceError, Target, WriteError};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use std::pin::Pin;
use tracing::Span;

/// An operation under way.
pub type Running<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

impl Target {
    /// The SDK's error of an operation on this target.
    fn error<E>(&self, operation: &'static str, error: SdkError<E, HttpResponse>) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        Error::Service(Box::new(ServiceError::new(operation, self.model, &self.table, error)))
    }

    /// The SDK's error of a write. It says so where the write may have been applied.
    fn write_error<E>(&self, operation: &'static str, error: WriteError<E>) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let WriteError { sdk, may_be_applied } = error;
        let error = self.error(operation, sdk);
        if may_be_applied { Error::MaybeApplied(Box::new(error)) } else { error }
    }

    /// The span of an operation on this target: its name and table, never keys or values.
    fn span(&self, operation: &'static str) -> Span {
        tracing::info_span!("dyntastic", operation, model = self.model, table = self.table)
    }
}
