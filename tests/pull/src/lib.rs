//! The models that `dyntastic pull` makes of the tables in `tables.json`.

use dyntastic::Model;
use dyntastic::codec::{AttributeMap, read_model, write_model};

#[allow(clippy::all)]
pub mod models {
    include!(concat!(env!("OUT_DIR"), "/models/models.rs"));
}

/// Reads an item as a model, and writes it again; the error says why it cannot be read.
pub type Read = fn(AttributeMap) -> Result<AttributeMap, String>;

/// The name of each table with a reader of one of its models.
pub const READERS: &[(&str, Read)] = include!(concat!(env!("OUT_DIR"), "/readers.rs"));

fn read<M: Model>(item: AttributeMap) -> Result<AttributeMap, String> {
    let model = read_model::<M>(item).map_err(|error| error.to_string())?;
    write_model(&model).map_err(|error| error.to_string())
}
