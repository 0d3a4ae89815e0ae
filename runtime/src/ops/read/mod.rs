//! Queries and scans: plans, pages, cursors.

mod binding;
mod cursor;
mod items;
mod keyed_reads;
mod query;
mod read_builder;
mod reading;
mod scan;
mod search;
mod source;

pub use items::{Items, Page};
pub(in crate::ops) use items::{all, damaged};
pub(in crate::ops) use keyed_reads::{CHUNK, Keys, Wanted, batch_get};
pub use query::{OneHashKey, Query};
pub use read_builder::Read;
pub(in crate::ops) use reading::{ReadPlan, Reading};
pub use scan::{AllItems, ParallelScan, Scan, Segments};
pub use search::{FullSearch, Scored, Search, SearchSource};
pub use source::{ConsistentSource, Full, Index, Source};
