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

mod backoff;
mod batch_get;
mod batch_write;
mod batch_writer;
mod binding;
mod bounds;
mod commit;
mod create_table;
mod cursor;
mod delete;
mod delete_partition;
mod delete_table;
mod expectation;
mod get;
mod guard;
mod guard_item;
mod identity;
mod index_keys;
mod into_put;
mod items;
mod keyed_reads;
mod missing_table;
mod mixed_batch_get;
mod new_item;
mod pending_writes;
mod projected;
mod query;
mod reading;
mod refresh;
mod rekey;
mod returned;
mod same_value;
mod save;
mod scan;
mod side_by_side;
mod source;
mod table_exists;
mod transact_get;
mod transaction;
mod transaction_action;
mod transaction_actions;
mod transaction_canceled;
mod unchanged;
mod unfinished_batch;
mod unique;
mod update;
mod update_actions;
mod wait;

pub use batch_get::{BatchGet, BatchGetInOrder, BatchGetProjected, BatchItems};
pub use batch_write::BatchWrite;
pub use batch_writer::BatchWriter;
pub use create_table::CreateTable;
pub use delete::{Delete, DeleteReturning};
pub use delete_partition::DeletePartition;
pub use delete_table::DeleteTable;
pub use expectation::Cause;
pub use get::{Find, Get};
pub use guard::IfMatches;
pub use into_put::IntoPut;
pub use items::{Items, Page};
pub use mixed_batch_get::{Found, MixedBatchGet};
pub use projected::Projected;
pub use query::Query;
pub use refresh::Refresh;
pub use rekey::Rekey;
pub use returned::{Changed, New, Nothing, Old, ReturnValues, Returned, ReturnedItem, UpdatedNew, UpdatedOld};
pub use save::Save;
pub use scan::{ParallelScan, Scan, Segments};
pub use source::{ConsistentSource, Full, Index, Source};
pub use table_exists::TableExists;
pub use update::{Update, UpdateAndRefresh};

pub use transact_get::{TransactFound, TransactKey, TransactKeys};
pub use transaction::Transaction;
pub use transaction_actions::TransactionActions;
pub use transaction_canceled::{Reason, TransactionCanceled};
pub use unfinished_batch::{UnfinishedBatch, UnfinishedFlush};

use crate::Error;
use crate::ServiceError;
use crate::client::{Target, WriteError};
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
