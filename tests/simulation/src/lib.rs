//! The simulator: it runs the runtime against a DynamoDB in memory, with faults and schedules that a seed chooses.

mod models {
    dyntastic::include_models!();
}

pub mod check;
pub mod claim;
pub mod faults;
pub mod names;
pub mod network;
pub mod operation;
pub mod parallel;
pub mod random;
pub mod run;
pub mod session;
pub mod setup;
pub mod shrink;
pub mod store;
mod story;
pub mod world;
