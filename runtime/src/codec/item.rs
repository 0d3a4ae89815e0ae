//! The mapping traits. Emitted code implements them for models, and this crate for the types of attributes.

use super::as_stored::BeforeWrite;
use super::reader::ItemReader;
use super::upgrades::Upgrades;
use super::value_reader::ValueReader;
use super::writer::{ItemWriter, ValueWriter};
use crate::description::{Layout, Seals};
use crate::ground::{JsonNames, ReadError, Violations, WriteError};
use crate::validate::{Transform, Transforms, Validate};
use std::borrow::Cow;

/// A struct that is stored as named attributes: an item, or a nested value of type M.
///
/// Emitted code implements it once, for every [`Codec`](super::Codec). Operations take its constants from the hidden
/// functions, which a model that is known only at run time has in their place.
pub trait Item: Clone {
    /// The name of the struct in errors and spans.
    const NAME: &'static str;

    /// The names of the fields in JSON.
    const JSON_NAMES: JsonNames = JsonNames::SAME;

    /// The layout of the model's items, if the model is in a shared table.
    const LAYOUT: Layout = Layout::OWN;

    /// The schema versions of the model's items, and the upgrades between them.
    const UPGRADES: Upgrades = Upgrades::NONE;

    /// The attributes that are stored compressed or encrypted.
    const SEALS: Seals = Seals::NONE;

    /// Changes the texts that the schema transforms, also in nested structs; `None` if it transforms none.
    const TRANSFORM: Option<Transforms<Self>> = None;

    /// The model's `before_write`: the function that changes each item before it is written.
    const BEFORE_WRITE: Option<BeforeWrite<Self>> = None;

    #[doc(hidden)]
    fn model_name() -> &'static str {
        Self::NAME
    }

    #[doc(hidden)]
    fn model_json_names() -> JsonNames {
        Self::JSON_NAMES
    }

    #[doc(hidden)]
    fn model_layout() -> Layout {
        Self::LAYOUT
    }

    #[doc(hidden)]
    fn model_upgrades() -> Upgrades {
        Self::UPGRADES
    }

    #[doc(hidden)]
    fn model_seals() -> Seals {
        Self::SEALS
    }

    #[doc(hidden)]
    fn model_transforms() -> Option<Transforms<Self>> {
        Self::TRANSFORM
    }

    #[doc(hidden)]
    fn model_before_write() -> Option<BeforeWrite<Self>> {
        Self::BEFORE_WRITE
    }

    /// Reads the struct from its attributes.
    ///
    /// # Errors
    ///
    /// An attribute is missing and has no default, or the field's type has no such value.
    fn read(reader: &mut ItemReader<'_>) -> Result<Self, ReadError>;

    /// Writes the struct's attributes. The writer keeps the error of a value that DynamoDB cannot store, such as a
    /// number with more than 38 digits.
    fn write(&self, writer: &mut ItemWriter<'_>);

    /// Adds all violations of the constraints of DynamoDB and of the schema.
    fn check(&self, violations: &mut Violations) {
        let _ = violations;
    }

    /// The struct with the schema's transforms, as a write stores it if the model has no `before_write`.
    fn transformed(&self) -> Cow<'_, Self> {
        let mut item = Cow::Borrowed(self);
        if let Some(change) = Self::model_transforms() {
            change(item.to_mut());
        }
        item
    }

    /// Checks the values, with the schema's transforms, against the constraints of DynamoDB and of the schema.
    ///
    /// ```no_run
    /// # use dyntastic::prelude::*;
    /// # use example_models::*;
    /// # async fn example(mut user: User) -> dyntastic::Result<()> {
    /// user.age = 200;
    /// assert_eq!(user.validate().unwrap_err().to_string(), "User.age: at most 150");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// All violations.
    fn validate(&self) -> Result<(), Violations> {
        Violations::of(Self::model_name(), self.transformed().as_ref())
    }
}

impl<T: Item> Validate for T {
    const JSON_NAMES: JsonNames = T::JSON_NAMES;

    fn json_names() -> JsonNames {
        T::model_json_names()
    }

    fn check(&self, violations: &mut Violations) {
        Item::check(self, violations);
    }
}

impl WriteError {
    pub(crate) fn of_model<M: Item>(self) -> Self {
        self.of(M::model_name()).named(M::model_json_names())
    }
}

impl<T: Item> Transform for T {
    fn transform(&mut self) {
        if let Some(change) = T::model_transforms() {
            change(self);
        }
    }
}

/// A type that can be read from an attribute's value. The [module](crate::codec) has an example.
pub trait FromAttribute: Sized {
    /// Reads the value.
    ///
    /// # Errors
    ///
    /// The attribute type of the value is wrong, or this type has no such value.
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError>;

    /// The value of NULL; `None` if NULL counts as an absent attribute, as for most types.
    fn from_null() -> Option<Self> {
        None
    }
}

/// A type that can be written as an attribute's value. The [module](crate::codec) has an example.
pub trait ToAttribute {
    /// Writes the value.
    ///
    /// # Errors
    ///
    /// DynamoDB cannot store the value.
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError>;

    /// Whether the value is stored without an attribute, like `None` and an empty set. In a list or a map, which need
    /// an element or an entry, it is stored as NULL.
    fn is_absent(&self) -> bool {
        false
    }
}

/// A type whose values can be elements of a set: it is stored as S, N or B, and has an order.
pub trait SetElement: ToAttribute + FromAttribute + Ord {}

impl<T: ToAttribute + ?Sized> ToAttribute for &T {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        (**self).write(writer)
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}
