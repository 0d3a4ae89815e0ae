//! Keys as the SDK's attribute map.

use crate::codec::{Item, ItemWriter};
use crate::ground::{AttributeMap, WriteError};
use crate::ops::{Key, TableItem};

/// Writes a key as the SDK's attribute map.
pub(crate) fn write_key<K: Key>(key: &K) -> Result<AttributeMap, WriteError> {
    let fields = write_key_fields(key)?;
    let key = match K::Model::model_layout().keys {
        [] => K::Model::model_table().check_key(&fields).map(|()| fields),
        _ => K::Model::model_layout().key(&fields),
    };
    key.map_err(|error| error.of_model::<K::Model>())
}

/// Writes the fields of a key: the key attributes, or the fields that they are made of.
pub(crate) fn write_key_fields<K: Key>(key: &K) -> Result<AttributeMap, WriteError> {
    let mut attributes = AttributeMap::with_capacity(2);
    let written = ItemWriter::new(&mut attributes).written(|writer| key.write(writer));
    written.map_err(|error| error.of_model::<K::Model>())?;
    Ok(attributes)
}
