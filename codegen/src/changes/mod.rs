//! The changes between two schemas: what they do to stored items, tables and code.

mod api;
mod change;
mod code;
mod compare;
mod computed;
mod constraints;
mod contexts;
mod definitions;
mod explain;
mod extras;
mod field_values;
mod fields;
mod hooks;
mod indexes;
mod json;
mod keys;
mod markdown;
mod models;
mod render;
mod report;
mod seals;
mod shards;
mod side;
mod stored;
mod tables;
mod unique;
mod vector_indexes;
mod versions;

pub use change::Change;
pub use code::{ChangeCode, Level};
pub use report::Changes;
pub(crate) use side::Side;
