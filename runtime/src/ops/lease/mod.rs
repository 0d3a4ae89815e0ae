//! Work in parts that processes share: the progress of each part is an item, and at most one worker has its lease.

#[allow(clippy::module_inception)]
mod lease;
mod lease_table;
mod state;

pub(crate) use lease::{Lease, Seen};
pub(crate) use lease_table::{LeaseTable, Purpose};
#[cfg(feature = "streams")]
pub(crate) use state::TURN;
pub(crate) use state::{State, Work};
