//! The simulator: it runs the runtime against a DynamoDB in memory, with faults and schedules that a seed chooses.

mod models {
    dyntastic::include_models!();
}

mod capacity;
pub mod check;
mod choice;
pub mod claim;
pub mod faults;
mod keys;
pub mod limit;
pub mod names;
pub mod network;
pub mod operation;
mod own_types;
pub mod parallel;
pub mod random;
pub mod run;
pub mod session;
pub mod setup;
pub mod shrink;
pub mod store;
mod story;
pub mod world;
