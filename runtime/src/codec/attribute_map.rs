//! Models from and to the SDK's attribute map.

use super::item::Item;
use super::raw_item::RawItem;
use super::size;
use super::writer::ItemWriter;
use crate::ground::{AttributeMap, ReadError, WriteError};

/// Reads a model from the SDK's attribute map: for items that come by other ways than the operations here.
///
/// # Errors
///
/// The item is not what the model says, or in a table of several models it is of another one
/// ([`ReadErrorKind::OtherModel`](crate::ReadErrorKind::OtherModel)).
pub fn read_model<M: Item>(attributes: AttributeMap) -> Result<M, ReadError> {
    RawItem::Map(attributes).read_model()
}

/// Writes a model as the SDK's attribute map, without checking its constraints.
///
/// # Errors
///
/// A value is one that DynamoDB cannot hold, or the item is larger than it takes.
pub fn write_model<M: Item>(model: &M) -> Result<AttributeMap, WriteError> {
    let mut attributes = AttributeMap::new();
    let written = ItemWriter::new(&mut attributes).written(|writer| writer.model(model));
    written.and_then(|()| size::check(&attributes)).map_err(|error| error.of(M::NAME))?;
    Ok(attributes)
}
