//! Models by a description at run time, for the `dyntastic` command, which has a schema and no emitted code.
//!
//! An item implements [`Model`](crate::Model) as emitted code does, so that reads, writes, checks, keys, versions and
//! guards are those of every other model. Constants become functions: those of the current model, which
//! [`DynamicModel::run`] sets.

mod attribute_json;
mod checks;
mod computed;
mod description;
mod json;
mod json_error;
mod json_value;
mod key_description;
mod layout;
mod leaked;
mod literals;
mod model;
mod own_parts;
mod queries;
mod readable;
mod scalar;
mod scalar_words;
mod schema;
mod sealed;
mod upgrades;
mod value;

use crate::ground::AttributeMap;
pub use json_error::JsonError;
pub use model::{DynamicIndex, DynamicItem, DynamicKey};
pub use queries::{Comparison, KeyFields};
pub use schema::{DynamicModel, DynamicSchema};

/// Stored attributes as DynamoDB's own JSON, on one line.
pub fn attributes_to_json(of: &AttributeMap) -> String {
    attribute_json::to_json(of)
}

/// Stored attributes of DynamoDB's own JSON.
///
/// # Errors
///
/// The text is something else.
pub fn attributes_of_json(json: &str) -> Result<AttributeMap, String> {
    let values = serde_json::from_str(json).map_err(|error| error.to_string())?;
    attribute_json::map(&values)
}
