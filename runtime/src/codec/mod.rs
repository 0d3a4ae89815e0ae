//! Items to structs and back: the mapping traits, readers, writers, and the two forms that items travel in, the SDK's attribute
//! map and the JSON on the wire. Emitted code reads and writes through these types alone, and does not know which.
//!
//! Readers and writers are concrete types rather than traits, so that a model's mapping is compiled once for both forms.
//!
//! A type of your own is named in the schema by its path, `types: { Meters: { rust: crate::Meters, key: number } }`, and
//! implements them:
//!
//! ```
//! use dyntastic::codec::{FromAttribute, ToAttribute, ValueReader, ValueWriter};
//! use dyntastic::{ReadError, WriteError};
//!
//! /// A length, stored as a number of millimetres.
//! #[derive(Debug, Clone, PartialEq)]
//! struct Meters {
//!     millimeters: u64,
//! }
//!
//! impl FromAttribute for Meters {
//!     fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
//!         u64::read(reader).map(|millimeters| Self { millimeters })
//!     }
//! }
//!
//! impl ToAttribute for Meters {
//!     fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
//!         self.millimeters.write(writer)
//!     }
//! }
//! ```
//!
//! With [`SetElement`] it can be an element of a set, with [`Ordered`](crate::expr::Ordered) it is compared in
//! conditions, with [`Number`](crate::expr::Number) it is added to.

mod attribute_map;
mod collection_readers;
mod collection_writers;
mod encode;
mod fields;
#[cfg(feature = "serde")]
pub mod in_json;
mod in_place;
mod item;
mod json;
mod raw_item;
mod raw_items;
mod reader;
mod response;
mod sdk_item;
mod size;
mod stored_key;
mod types;
mod unknown;
mod value_reader;
mod wire;
mod writer;

pub use attribute_map::{read_model, write_model};
pub use collection_readers::{ListReader, MapReader, SetReader};
pub use collection_writers::{ListWriter, MapWriter, SetWriter};
pub use fields::{By, ReadStored, Slot, Through};
pub use item::{FromAttribute, Item, SetElement, ToAttribute};
pub use reader::ItemReader;
pub use stored_key::StoredKey;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
pub use types::{EpochMillis, EpochSeconds, Pydantic};
pub use unknown::UnknownAttributes;
pub use value_reader::ValueReader;
pub use writer::{ItemWriter, ValueWriter};

pub(crate) use in_place::{ReadInPlace, Reads};
pub(crate) use raw_item::{LIKELY_SIZE, RawItem, unless_foreign};
pub(crate) use raw_items::{FullItem, RawItems, ReadItems};
pub(crate) use response::{Part, ResponseItems, split};
pub(crate) use size::size_of_item as size;
pub(crate) use types::{Number, normal_number};
pub(crate) use writer::write_value;

/// The form that items are taken from responses in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Codec {
    /// The JSON on the wire: structs are read from it with nothing between.
    #[default]
    Wire,
    /// The SDK's attribute map: the reference that the other is held to.
    Map,
}
