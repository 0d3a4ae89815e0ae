//! Migrations: every item of a model is written again, by any number of workers.

mod migration;
mod progress;
mod progress_table;
mod rewrite;
mod segment;
mod segment_state;
mod stored_item;
mod workers;

pub use migration::{Migration, migrate};
pub use progress::{Counts, Migrated, Progress, UnmigratedItem, WhyUnmigrated};
