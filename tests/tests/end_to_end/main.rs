//! The end-to-end suite. It knows an endpoint, not an engine: see `engine`.

mod aliases;
mod auto_create;
mod batches;
mod client;
mod conditions;
mod constraints;
mod engine;
mod errors;
mod expressions;
mod indexes;
mod items;
mod keys;
mod nested;
mod pages;
mod queries;
mod random;
mod reading;
mod round_trip;
mod scalars;
mod scans;
mod tables;
mod tracing_spans;
mod types;
mod updates;
mod web;
mod writing;
