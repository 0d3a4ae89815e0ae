//! Reading, writing and deleting items in batches.

mod batch_get;
mod batch_write;
mod batch_writer;
mod delete_partition;
mod mixed_batch_get;
mod pending_writes;
mod unfinished;

pub use batch_get::{BatchGet, BatchGetInOrder, BatchGetProjected, BatchItems};
pub use batch_write::BatchWrite;
pub use batch_writer::BatchWriter;
pub use delete_partition::DeletePartition;
pub use mixed_batch_get::{Found, MixedBatchGet};
pub use unfinished::{UnfinishedBatch, UnfinishedFlush};
