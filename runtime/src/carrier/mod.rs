//! The forms that items travel in: the SDK's attribute map, and the JSON on the wire. Emitted code reads and writes
//! through these types alone, and does not know which.
//!
//! They are concrete types rather than traits, so that a model's mapping is compiled once whatever carries it.

mod answer;
mod arrived;
mod attribute_order;
mod collection_readers;
mod collection_writers;
mod encode;
mod in_place;
mod json;
mod json_plain;
mod json_text;
mod json_value;
mod raw;
mod reader;
mod sdk_answer;
mod sdk_operation;
mod sdk_request;
mod size;
mod stored_key;
mod value_reader;
mod wire;
mod writer;

pub(crate) use arrived::{Arrived, FullItem, ReadItems};
pub(crate) use in_place::{ReadInPlace, Reads};
pub(crate) use raw::{LIKELY_SIZE, RawItem};
pub(crate) use sdk_answer::{Answer, answered_item, answered_items, answered_items_of_tables};
pub(crate) use sdk_operation::Operation;
pub(crate) use sdk_request::Bodies;
pub(crate) use size::size_of_item as size;

pub use collection_readers::{ListReader, MapReader, SetReader};
pub use collection_writers::{ListWriter, MapWriter, SetWriter};
pub use reader::ItemReader;
pub use stored_key::StoredKey;
pub use value_reader::ValueReader;
pub(crate) use writer::write_value;
pub use writer::{ItemWriter, ValueWriter};

use crate::item::{ReadError, ReadErrorKind, WriteError};
use crate::model::Key;
use crate::{Item, Model};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// An item as the SDK gives and takes it.
pub type AttributeMap = HashMap<String, AttributeValue>;

/// The types of attribute values, by the names of the API ("AttributeValue", Amazon DynamoDB API Reference).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// `S`, text.
    String,
    /// `N`, a decimal number.
    Number,
    /// `B`, bytes.
    Binary,
    /// `BOOL`.
    Bool,
    /// `NULL`.
    Null,
    /// `L`, a list.
    List,
    /// `M`, a map.
    Map,
    /// `SS`, a set of strings.
    StringSet,
    /// `NS`, a set of numbers.
    NumberSet,
    /// `BS`, a set of binary values.
    BinarySet,
}

impl Kind {
    /// The name that the API gives the type.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::String => "S",
            Kind::Number => "N",
            Kind::Binary => "B",
            Kind::Bool => "BOOL",
            Kind::Null => "NULL",
            Kind::List => "L",
            Kind::Map => "M",
            Kind::StringSet => "SS",
            Kind::NumberSet => "NS",
            Kind::BinarySet => "BS",
        }
    }
}

/// Reads a model from the SDK's attribute map: for items that come by other ways than the operations here.
///
/// # Errors
///
/// The item is not what the model says, or in a table of several models it is of another one
/// ([`ReadErrorKind::OtherModel`]).
pub fn read_model<M: Model>(attributes: AttributeMap) -> Result<M, ReadError> {
    RawItem::Map(attributes).read_model()
}

/// What was read; an item of another model is none of this one's.
pub(crate) fn unless_foreign<T>(read: Result<T, ReadError>) -> Result<Option<T>, ReadError> {
    match read {
        Err(error) if *error.kind() == ReadErrorKind::OtherModel => Ok(None),
        read => read.map(Some),
    }
}

/// Writes a model as the SDK's attribute map, without checking its constraints.
///
/// # Errors
///
/// A value is one that DynamoDB cannot hold, or the item is larger than it takes.
pub fn write_model<M: Model>(model: &M) -> Result<AttributeMap, WriteError> {
    let mut attributes = AttributeMap::new();
    let written = ItemWriter::new(&mut attributes).written(|writer| writer.model(model));
    written.and_then(|()| size::check(&attributes)).map_err(|error| error.of(M::NAME))?;
    Ok(attributes)
}

/// Writes a key as the SDK's attribute map.
pub(crate) fn write_key<K: Key>(key: &K) -> Result<AttributeMap, WriteError> {
    let fields = write_key_fields(key)?;
    let key = match K::Model::LAYOUT.keys {
        [] => K::Model::TABLE.check_key(&fields).map(|()| fields),
        _ => K::Model::LAYOUT.key(&fields),
    };
    key.map_err(|error| error.of(K::Model::NAME))
}

/// Writes the fields that a key is, or is made of.
pub(crate) fn write_key_fields<K: Key>(key: &K) -> Result<AttributeMap, WriteError> {
    let mut attributes = AttributeMap::with_capacity(2);
    let written = ItemWriter::new(&mut attributes).written(|writer| key.write(writer));
    written.map_err(|error| error.of(K::Model::NAME))?;
    Ok(attributes)
}
