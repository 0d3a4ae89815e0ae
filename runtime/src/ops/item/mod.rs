//! Operations on one item.

mod delete;
mod get;
mod increment;
mod refreshed;
mod rekey;
mod return_values;
mod save;
mod sequence;
mod update;

pub use delete::{Delete, DeleteReturning};
pub use get::{Find, Get, Optional, Refresh, Required};
pub use increment::{Increment, Incremented};
pub use refreshed::Refreshed;
pub use rekey::Rekey;
pub use return_values::{Changed, New, Nothing, Old, ReturnValues, Returned, ReturnedItem, UpdatedNew, UpdatedOld};
pub use save::Save;
pub use sequence::{Sequence, SequenceNumber};
pub(in crate::ops) use update::deletion;
pub use update::{Update, UpdateAndRefresh};
