//! The mapping traits: what emitted code implements for models, and this crate for the types of attributes.

use super::reader::ItemReader;
use super::value_reader::ValueReader;
use super::writer::{ItemWriter, ValueWriter};
use crate::description::Layout;
use crate::ground::{ReadError, Violations, WriteError};
use crate::validate::Validate;

/// A struct that is stored as named attributes: an item, or a nested value of type M.
///
/// Emitted code implements it once, for every [`Codec`](super::Codec).
pub trait Item: Sized {
    /// The struct's name, as errors and spans show it.
    const NAME: &'static str;

    /// How a model's items are laid out in a table that it shares with other models.
    const LAYOUT: Layout = Layout::OWN;

    /// Reads the struct from its attributes.
    ///
    /// # Errors
    ///
    /// An attribute is missing and has no default, or its value is of another type than the field's.
    fn read(reader: &mut ItemReader<'_>) -> Result<Self, ReadError>;

    /// Writes the struct's attributes. The writer keeps the error of a value that DynamoDB cannot hold, such as a number of
    /// more than 38 digits.
    fn write(&self, writer: &mut ItemWriter<'_>);

    /// Adds every violation of what DynamoDB and the schema ask of the values.
    fn check(&self, violations: &mut Violations) {
        let _ = violations;
    }

    /// Checks what DynamoDB and the schema ask of the values.
    ///
    /// # Errors
    ///
    /// Every violation.
    fn validate(&self) -> Result<(), Violations> {
        Violations::of(Self::NAME, self)
    }
}

impl<T: Item> Validate for T {
    fn check(&self, violations: &mut Violations) {
        Item::check(self, violations);
    }
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
