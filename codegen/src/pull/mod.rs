//! A schema for a table that exists, by its description and a sample of its items.
//!
//! The schema reads all items of the sample. What it says beyond the description is a guess, and a comment beside it has
//! its evidence as counts.

mod fields;
mod groups;
mod guess;
mod keys;
mod live;
mod models;
mod names;
mod settings;
mod shared;
mod sizes;
mod table;
mod texts;

pub use live::{LiveIndex, LiveItem, LiveKey, LiveTable, LiveValue};

use names::Names;
use std::fmt::Write;

/// The parts of a schema.
#[derive(Debug, Default)]
struct Parts {
    enums: String,
    types: String,
    tables: String,
    models: String,
    /// Whether a decimal has more than 28 digits.
    has_wide_decimals: bool,
    /// The names of models and types.
    type_names: Names,
    table_names: Names,
}

/// How many models a table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Those that an attribute or the keys tell apart.
    Models,
    /// One, with all attributes.
    One,
}

/// The schema of these tables.
pub(crate) fn schema<'t>(tables: impl IntoIterator<Item = (&'t LiveTable, Shape)>) -> String {
    let mut parts = Parts::default();
    for (table, shape) in tables {
        table::write(table, shape, &mut parts);
    }
    let Parts { enums, types, tables: shared, models, has_wide_decimals, .. } = parts;
    let mut schema = "dyntastic: 1\n".to_owned();
    if has_wide_decimals {
        schema.push_str("decimal: bigdecimal  # numbers have more than 28 digits\n");
    }
    for (name, part) in [("enums", enums), ("types", types), ("tables", shared), ("models", models)] {
        if !part.is_empty() {
            // Writing into a `String` has no errors.
            let _ = write!(schema, "\n{name}:\n{part}");
        }
    }
    schema.truncate(schema.trim_end().len());
    schema.push('\n');
    schema
}
