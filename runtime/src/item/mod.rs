//! The mapping traits: what emitted code implements for models, and this crate for the types of attributes.
//!
//! A type of your own is named in the schema by its path, `types: { Meters: { rust: crate::Meters, key: number } }`, and
//! implements them:
//!
//! ```
//! use dyntastic::carrier::{ValueReader, ValueWriter};
//! use dyntastic::item::{FromAttribute, ToAttribute};
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

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod civil;
mod collections;
mod decimal;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod duration;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod epoch;
mod error;
mod fields;
mod identifiers;
mod json;
mod net;
mod number;
mod path;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod pydantic;
mod scalars;
#[cfg(feature = "serde")]
pub mod text;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod times;
mod unknown;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod wrapper;

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
pub use epoch::{EpochMillis, EpochSeconds};
pub use error::{ReadError, ReadErrorKind, WriteError, WriteErrorKind};
pub use path::{Path, Segment};
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
pub use pydantic::Pydantic;
pub use unknown::UnknownAttributes;

pub(crate) use number::{Number, normal_number};
pub(crate) use path::qualified;

use crate::carrier::{ItemReader, ItemWriter, ValueReader, ValueWriter};
use crate::{Defaults, Layout, Roles, Table, Validate};
use std::fmt::Debug;

/// A struct that is stored as named attributes: an item, or a nested value of type M.
///
/// Emitted code implements it once; every carrier (the SDK's attribute map) serves it.
pub trait Item: Sized {
    /// Reads the struct from its attributes.
    ///
    /// # Errors
    ///
    /// An attribute is missing and has no default, or its value is of another type than the field's.
    fn read(reader: &mut ItemReader<'_>) -> Result<Self, ReadError>;

    /// Writes the struct's attributes.
    ///
    /// # Errors
    ///
    /// A value is one that DynamoDB cannot hold, such as a number of more than 38 digits.
    fn write(&self, writer: &mut ItemWriter<'_>) -> Result<(), WriteError>;
}

/// A model: an [`Item`] with a table of its own and a key.
pub trait Model: Item + Validate + Send + Sync + 'static {
    /// The key that tells one item of the table from the others.
    type Key: Key<Model = Self>;

    /// The model's name, as errors and spans show it.
    const NAME: &'static str;

    /// The table that the model's items are in.
    const TABLE: Table;

    /// How its items are laid out in a table that it shares with other models.
    const LAYOUT: Layout = Layout::OWN;

    /// The fields that writes keep.
    const ROLES: Roles = Roles::NONE;

    /// Names the fields that are not optional and no keys, with their defaults: what an absent attribute reads as, and what
    /// an item has that an upsert makes.
    fn defaults(defaults: &mut Defaults) {
        let _ = defaults;
    }

    /// The version that the item was read with, or 0; `None` where the model has none.
    fn version(&self) -> Option<u64> {
        None
    }

    /// A copy in which the fields that writes keep are those of a write now, of an item that is new or not; `None` where
    /// there are no such fields.
    fn stamped(&self, is_new: bool) -> Option<Self> {
        let _ = is_new;
        None
    }
}

/// A model without a version and without times that writes keep: a write leaves the struct as it is, so that it can be
/// borrowed shared.
#[diagnostic::on_unimplemented(
    message = "a write changes the version or the times of `{Self}`, so that it cannot be borrowed shared",
    label = "pass `&mut item`: it becomes what was written"
)]
pub trait Unstamped: Model {}

/// A model whose items can be written in a batch, where there are no conditions: it has no version and no unique
/// fields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written in a batch",
    label = "it has a version or unique fields, which a batch cannot keep",
    note = "batches have no conditions: save the items one by one, or in a transaction"
)]
pub trait BatchPut: Model {}

/// A model whose items can be deleted in a batch, where there are no conditions: it has no unique fields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be deleted in a batch",
    label = "it has unique fields, which a batch cannot keep",
    note = "batches have no conditions: delete the items one by one, or in a transaction"
)]
pub trait BatchDelete: Model {}

/// A key that reads itself from the fields that it is made of: of tables whose streams hold keys.
pub trait ReadKey: Key {
    /// Reads the key.
    ///
    /// # Errors
    ///
    /// A field is missing, or of another type.
    fn read(reader: &mut ItemReader<'_>) -> Result<Self, ReadError>;
}

/// A model whose table has a stream.
#[diagnostic::on_unimplemented(
    message = "the table of `{Self}` has no stream",
    note = "say `stream: new_and_old_images` under `create:` in its schema"
)]
pub trait Streamed: Model {
    /// What the stream holds of a change.
    type View;
}

/// A stream that holds items as they are before and after a change.
#[derive(Debug, Clone, Copy)]
pub enum StreamedNewAndOld {}

/// A stream that holds items as they are after a change.
#[derive(Debug, Clone, Copy)]
pub enum StreamedNew {}

/// A stream that holds items as they were before a change.
#[derive(Debug, Clone, Copy)]
pub enum StreamedOld {}

/// A stream that holds the keys of items alone.
#[derive(Debug, Clone, Copy)]
pub enum StreamedKeysOnly {}

/// Items of several models that have one hash key, read by one query.
pub trait Collection: crate::ops::Source + Default + Send {
    /// Adds an item.
    fn add(&mut self, item: Self::Item);

    /// Whether no model of the schema claims an item.
    fn is_unknown(item: &Self::Item) -> bool;
}

/// A model whose items expire: its table has a time to live.
#[diagnostic::on_unimplemented(message = "the items of `{Self}` do not expire", label = "no field has the role `ttl`")]
pub trait Expiring: Model {}

/// A struct with some of a model's attributes, which reads can ask for
/// ([`Query::project_into`](crate::ops::Query::project_into)).
pub trait PartialItem: Item + Send + 'static {
    /// The model that it is a part of.
    type Model: Model;

    /// Its attributes.
    const ATTRIBUTES: &'static [&'static str];
}

/// The key of one item: its hash key, and its range key where the table has one.
pub trait Key: Clone + Debug + Send + Sync + 'static {
    /// The model whose items have this key.
    type Model: Model<Key = Self>;

    /// Writes the key's attributes.
    ///
    /// # Errors
    ///
    /// A value is one that DynamoDB cannot hold.
    fn write(&self, writer: &mut ItemWriter<'_>) -> Result<(), WriteError>;
}

/// A type that reads itself from an attribute's value.
pub trait FromAttribute: Sized {
    /// Reads the value.
    ///
    /// # Errors
    ///
    /// The value is of another type, or does not stand for a value of this one.
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError>;

    /// What NULL stands for; `None`, as for most types, if it counts as an absent attribute.
    fn from_null() -> Option<Self> {
        None
    }
}

/// A type that writes itself as an attribute's value.
pub trait ToAttribute {
    /// Writes the value.
    ///
    /// # Errors
    ///
    /// The value is one that DynamoDB cannot hold.
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError>;

    /// Whether the value is stored as no attribute at all, like `None` and an empty set. In a list or a map,
    /// where something has to stand, it is stored as NULL.
    fn is_absent(&self) -> bool {
        false
    }
}

/// A type whose values can be the elements of a set: it is stored as S, N or B, and has an order.
pub trait SetElement: ToAttribute + FromAttribute + Ord {}

impl<T: ToAttribute + ?Sized> ToAttribute for &T {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        (**self).write(writer)
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}
