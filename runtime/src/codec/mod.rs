//! The mapping between items and structs: its traits, the readers, the writers and the two codecs.
//!
//! A [`Codec`] is a form of items: the JSON on the wire, or the SDK's attribute map. Emitted code reads and writes by
//! the types of this module, and does not know the codec. Readers and writers are concrete types and not traits, so
//! that a model's mapping is compiled once for both codecs.
//!
//! The schema names a type of your own by its path, `types: { Meters: { rust: crate::Meters, key: number } }`. The type
//! implements [`FromAttribute`] and [`ToAttribute`]:
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
//! Other traits allow more: [`SetElement`] makes it an element of sets, [`Ordered`](crate::expr::Ordered) allows
//! comparisons in conditions, and [`Number`](crate::expr::Number) allows additions in updates.

mod as_stored;
mod attribute_map;
mod collection_readers;
mod collection_writers;
mod computed;
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
mod sealed;
mod size;
mod stored_item;
mod stored_key;
mod types;
mod unknown;
mod upgrades;
mod value_reader;
mod wire;
mod writer;

pub use crate::description::ComputedFrom;
pub use crate::ground::{
    AttributeMap, JsonNames, Kind, Names, Path, ReadErrorKind, SealedCause, Segment, WriteErrorKind,
};
pub use as_stored::BeforeWrite;
pub use attribute_map::{read_model, write_model};
pub use collection_readers::{ListReader, MapReader, SetReader};
pub use collection_writers::{ListWriter, MapWriter, SetWriter};
pub use fields::{By, ReadStored, Slot, Through, UnlessEmpty};
pub use item::{FromAttribute, Item, SetElement, ToAttribute};
pub use reader::ItemReader;
pub use stored_item::StoredItem;
pub use stored_key::StoredKey;
pub use types::{Digits, Listed, Text, TextForm, ZeroOrOne};
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
pub use types::{EpochMillis, EpochSeconds, Nanos, Patterned, Pydantic, SortedPattern, StoredPattern};
pub use unknown::UnknownAttributes;
pub use upgrades::{Upgrade, Upgrades};
pub use value_reader::ValueReader;
pub use writer::{ItemWriter, ValueWriter};

pub(crate) use as_stored::{AsStored, RefusedChange};
#[cfg(feature = "streams")]
pub(crate) use attribute_map::has_key_of;
pub(crate) use attribute_map::{
    names_of, opened_as, read_as_stored, read_model_with, read_opened_model, write_as_it_is,
};
pub(crate) use in_place::{ReadInPlace, Reads};
pub(crate) use json::policy;
pub(crate) use raw_item::{LIKELY_SIZE, RawItem, unless_foreign};
pub(crate) use raw_items::{FullItem, RawItems, ReadItems};
pub(crate) use response::{Part, ResponseItems, split};
#[cfg(feature = "dynamic")]
pub(crate) use sealed::is_encrypted;
pub(crate) use sealed::prepare_reads;
pub(crate) use size::size_of_item as size;
pub(crate) use types::{Number, normal_number};
#[cfg(feature = "dynamic")]
pub(crate) use types::{check_numbers, read_by_pattern, write_by_pattern, write_digits, write_vector};
pub(crate) use upgrades::upgraded;
pub(crate) use writer::write_value;

/// The form in which the runtime reads items from responses and writes them to requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Codec {
    /// The JSON on the wire. Structs are read from it directly.
    #[default]
    Wire,
    /// The SDK's attribute map. Tests compare the other codec with it.
    Map,
}
