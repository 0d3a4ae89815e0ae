//! Queries and scans: plans, pages, cursors.

mod binding;
mod count;
mod cursor;
mod items;
mod keyed_reads;
mod merge;
mod page;
mod query;
mod read_builder;
mod read_plan;
mod read_state;
mod reading;
mod scan;
mod search;
mod segments;
mod sharded;
mod side_by_side;
mod source;

pub use items::Items;
pub(in crate::ops) use items::{all, damaged};
pub(in crate::ops) use keyed_reads::{CHUNK, Keys, Wanted, batch_get};
pub use page::Page;
pub use query::{OneHashKey, Query};
pub use read_builder::Read;
pub(in crate::ops) use read_plan::ReadPlan;
pub(in crate::ops) use reading::Reading;
pub use scan::{AllItems, ParallelScan, Scan};
pub use search::{FullSearch, Scored, Search, SearchSource};
pub use segments::{SegmentPage, SegmentPages, Segments};
pub(in crate::ops) use side_by_side::{PartPage, SideBySide};
pub use source::{ConsistentSource, Full, Index, Source};
