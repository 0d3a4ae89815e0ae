//! The end-to-end suite. It knows an endpoint, not an engine: see `engine`.

mod aliases;
mod auto_create;
mod client;
mod engine;
mod errors;
mod items;
mod keys;
mod reading;
mod tables;
mod tracing_spans;
mod types;
mod writing;
