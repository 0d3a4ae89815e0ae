//! The operations on models. Each operation is a builder: set the options that should differ from the default, and
//! await it.
//!
//! ```no_run
//! # use dyntastic::Client;
//! # use dyntastic::prelude::*;
//! # use example_models::*;
//! # async fn example(db: Client) -> dyntastic::Result<()> {
//! let alice = User::get(&db, "user123").consistent_read().await?;
//! let orders = Order::query(&db, "customer7").descending().limit(20).all().await?;
//! # Ok(())
//! # }
//! ```
//!
//! For options that a builder does not have, `.into_inner()` returns the SDK's own builder, filled with the request.

/// The debug text of an operation: its name and its model. No text holds keys, items or values.
macro_rules! debug_without_values {
    ([$($generics:tt)*] $operation:ty, $name:literal, $model:ty) => {
        impl<$($generics)*> ::std::fmt::Debug for $operation {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct($name).field("model", &<$model as $crate::Item>::model_name()).finish_non_exhaustive()
            }
        }
    };
}

mod batch;
mod bulk;
mod concurrency;
mod error;
mod hooks;
mod item;
pub(crate) mod lease;
mod migrate;
pub mod model;
mod read;
mod table;
pub mod tables;
mod transaction;
mod write;

pub use batch::{
    BatchGet, BatchGetInOrder, BatchGetProjected, BatchItems, BatchWrite, BatchWriter, DeletePartition, Found,
    MixedBatchGet, UnfinishedBatch, UnfinishedFlush,
};
pub use bulk::{BulkCounts, BulkProgress, BulkReport, BulkWrite, FailedItem, UnfinishedBulk};
pub use item::{
    Changed, Delete, DeleteReturning, Find, Get, Increment, Incremented, New, Nothing, Old, Optional, Refresh,
    Refreshed, Rekey, Required, ReturnValues, Returned, ReturnedItem, Save, Sequence, SequenceNumber, Update,
    UpdateAndRefresh, UpdatedNew, UpdatedOld,
};
pub use migrate::{Counts, Migrated, Migration, Progress, UnmigratedItem, WhyUnmigrated, migrate};
pub use read::{
    AllItems, ConsistentSource, Full, FullSearch, Index, Items, OneHashKey, Page, ParallelScan, Query, Read, Scan,
    Scored, Search, SearchSource, SegmentPage, SegmentPages, Segments, Source,
};
pub use table::{CreateTable, DeleteTable, TableExists};
pub use transaction::{
    Reason, TransactFound, TransactKey, TransactKeys, Transaction, TransactionActions, TransactionCanceled,
};
#[cfg(feature = "streams")]
pub(crate) use write::write_key;
pub use write::{Cause, IfMatches, IntoPut};
#[cfg(feature = "testing")]
pub(crate) use write::{ItemIdentity, insert_identity};

#[cfg(feature = "streams")]
pub use error::DamagedRecord;
pub use error::{ConditionFailed, DamagedItem, Error, InvalidRequest, Result};
pub use model::{Key, Model, TableItem};

use crate::transport::{ServiceError, Target, WriteError};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use std::pin::Pin;

/// A running operation.
pub type Running<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

impl Target {
    /// The error of an operation on this target.
    pub(crate) fn error<E>(&self, operation: &'static str, error: SdkError<E, HttpResponse>) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        Error::Service(Box::new(ServiceError::new(operation, self.model, &self.table, error)))
    }

    /// The error of a write on this target, which says if the write may have been applied.
    fn write_error<E>(&self, operation: &'static str, error: WriteError<E>) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let WriteError { sdk, may_be_applied } = error;
        let error = self.error(operation, sdk);
        if may_be_applied { Error::MaybeApplied(Box::new(error)) } else { error }
    }
}
