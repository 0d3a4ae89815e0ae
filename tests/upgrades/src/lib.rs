//! The proof of what `dyntastic diff` says: items that one schema's models write are read with the other's, and the
//! verdict of the diff must agree with what happens.

pub mod items;
pub mod pairs;

mod edits;
mod types;

use dyntastic::Item;
use dyntastic::codec::{AttributeMap, read_model, write_model};
use dyntastic::serde::Serialize;
use serde_json::Value;

/// The models before the edits.
#[allow(dead_code, missing_docs)]
mod old {
    include!(concat!(env!("OUT_DIR"), "/old/models.rs"));
}

/// The models after the edits.
#[allow(dead_code, missing_docs)]
mod new {
    include!(concat!(env!("OUT_DIR"), "/new/models.rs"));
}

/// An item that a model has read.
pub struct Copied {
    /// The item as the model writes it.
    pub item: AttributeMap,
    /// The values as JSON, by the names of the fields.
    pub values: Value,
    /// Whether the model would write it: its constraints hold.
    pub is_valid: bool,
}

/// A function that reads an item with a model, and writes it again. The error is the reason why it cannot be read.
pub type Copying = fn(AttributeMap) -> Result<Copied, String>;

/// The number of pairs with random types.
pub const OF_RANDOM_TYPES: usize = include!(concat!(env!("OUT_DIR"), "/of_random_types.rs"));

/// For each pair, the functions of its model before and after.
pub const COPYING: &[(Copying, Copying)] = include!(concat!(env!("OUT_DIR"), "/copying.rs"));

fn copy<M: Item + Serialize>(item: AttributeMap) -> Result<Copied, String> {
    let model: M = read_model(item).map_err(|error| error.to_string())?;
    let is_valid = model.validate().is_ok();
    let item = write_model(&model).map_err(|error| error.to_string())?;
    // Through text, in which a float has its own digits.
    let text = serde_json::to_string(&model).map_err(|error| error.to_string())?;
    let values = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    Ok(Copied { item, values, is_valid })
}
