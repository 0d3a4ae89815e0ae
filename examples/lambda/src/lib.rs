//! Lambda functions: an HTTP API, and a table's stream that keeps counters.

pub mod api;
pub mod counter;

/// The models, which `build.rs` generates from `models.yaml`.
pub mod models {
    dyntastic::include_models!();
}
