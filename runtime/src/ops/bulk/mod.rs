//! Updating and deleting the items of a query or a scan.

mod bulk_write;
mod progress;
mod run;
mod where_methods;
mod write;

pub use bulk_write::BulkWrite;
pub use progress::{BulkCounts, BulkProgress, BulkReport, FailedItem, UnfinishedBulk};
