//! Patches: updates in which a value may be absent, as clients send them or as the difference of two values.

use super::attribute::Attribute;
use super::outer::{Change, Outer};
use super::requirement::Requirement;
use super::role_capability::{Removable, Settable, Updatable};
use super::struct_changes::StructChange;
use super::update::UpdateExpression;
use crate::codec::{FromAttribute, Item, ToAttribute};
use crate::ground::{IntoField, Violations};

/// The change of one field in a patch.
///
/// In JSON, an absent field is [`Leave`](Self::Leave), null is [`Remove`](Self::Remove), and any other value is
/// [`Set`](Self::Set).
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # use dyntastic::Patch;
/// # async fn example(db: Client, mut alice: User) -> dyntastic::Result<()> {
/// let patch = UserPatch { nickname: Patch::Remove, age: Patch::Set(31), ..UserPatch::default() };
/// alice.update(&db, patch).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Patch<T> {
    /// The field stays as it is.
    #[default]
    Leave,
    /// The field gets this value.
    Set(T),
    /// The field has no value afterwards, or its default.
    Remove,
}

impl<T> Patch<T> {
    /// The same change with another value to set.
    pub fn map<U>(self, value: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Patch::Leave => Patch::Leave,
            Patch::Set(of) => Patch::Set(value(of)),
            Patch::Remove => Patch::Remove,
        }
    }

    /// Whether the field stays as it is.
    pub fn is_leave(&self) -> bool {
        matches!(self, Patch::Leave)
    }
}

/// A model or a struct with a patch (`inputs: { patch: … }`, `patch: …`): two of its values have a difference.
pub trait Patched {
    /// The patch.
    type Patch;

    /// The patch that makes the item of this value that of another one. It sets and removes the fields that differ,
    /// and leaves the others, so that an update with it keeps the changes that other writers made to them. Fields that
    /// the patch does not have, such as keys, versions and times of writes, are not compared, and neither are
    /// `unknown` attributes.
    ///
    /// ```no_run
    /// # use dyntastic::Client;
    /// use dyntastic::prelude::*;
    /// # use example_models::*;
    /// # async fn example(db: Client, mut alice: User) -> dyntastic::Result<()> {
    /// let mut changed = alice.clone();
    /// changed.name = "Alice B.".to_owned();
    /// changed.nickname = None;
    /// let patch = alice.changes_to(&changed);
    /// alice.update(&db, patch).await?;
    /// # Ok(())
    /// # }
    /// ```
    fn changes_to(&self, after: &Self) -> Self::Patch;
}

/// The change of a field in a patch: a [`Patch`], or an `Option` if the field cannot be removed. Its default changes
/// nothing.
#[doc(hidden)]
pub trait FieldChange<V>: Default {
    /// The change that leaves this value.
    fn to(after: &V) -> Self;
}

impl<T: Clone> FieldChange<T> for Option<T> {
    fn to(after: &T) -> Self {
        Some(after.clone())
    }
}

impl<T: Clone> FieldChange<T> for Patch<T> {
    fn to(after: &T) -> Self {
        Patch::Set(after.clone())
    }
}

impl<T: Clone> FieldChange<Option<T>> for Patch<T> {
    fn to(after: &Option<T>) -> Self {
        after.clone().map_or(Patch::Remove, Patch::Set)
    }
}

/// The change of a field from one value to another.
#[doc(hidden)]
pub fn change<V: PartialEq, C: FieldChange<V>>(before: &V, after: &V) -> C {
    if before == after { C::default() } else { C::to(after) }
}

/// Checks a struct as a whole, without its single fields.
#[doc(hidden)]
pub type CheckWhole<T> = fn(&T, &mut Violations);

/// A patch of the struct `Of` (`patch:` of a type), which changes single fields of a struct in an item.
pub trait StructPatch: Default + PartialEq {
    /// The struct.
    type Of: Patched<Patch = Self> + Item + ToAttribute + FromAttribute + 'static;

    /// Checks what the schema requires of the struct as a whole; `None` if it requires nothing.
    #[doc(hidden)]
    const CHECK_WHOLE: Option<CheckWhole<Self::Of>> = None;

    /// The patch that sets all fields, so that it also makes a struct that was absent.
    #[doc(hidden)]
    fn whole(of: &Self::Of) -> Self;

    /// The update of the struct at an attribute.
    #[doc(hidden)]
    fn update_inside<M, R: Updatable>(self, at: &Attribute<M, Self::Of, R>) -> UpdateExpression<M>;
}

/// The change of a struct from one value to another, as a patch of the struct that is `None` if the values are equal.
#[doc(hidden)]
pub fn change_inside<P: StructPatch>(before: &P::Of, after: &P::Of) -> Option<P> {
    Some(before.changes_to(after)).filter(|patch| *patch != P::default())
}

/// The change of a struct that may be absent.
#[doc(hidden)]
pub fn change_inside_of<'v, P: StructPatch>(
    before: impl Into<Option<&'v P::Of>>,
    after: impl Into<Option<&'v P::Of>>,
) -> Patch<P> {
    match (before.into(), after.into()) {
        (Some(before), Some(after)) => change_inside(before, after).map_or(Patch::Leave, Patch::Set),
        (None, after @ Some(_)) => whole(after),
        (Some(_), None) => Patch::Remove,
        (None, None) => Patch::Leave,
    }
}

/// The change to a struct that may be absent, whatever was there.
#[doc(hidden)]
pub fn whole<'v, P: StructPatch>(of: impl Into<Option<&'v P::Of>>) -> Patch<P> {
    of.into().map_or(Patch::Remove, |of| Patch::Set(P::whole(of)))
}

impl<M, T: ToAttribute + FromAttribute + 'static, R: Updatable> Attribute<M, T, R> {
    /// Changes the fields of the struct that a patch changes. Without a patch, nothing changes.
    ///
    /// If the item does not have the struct, the update creates it from its default and the patch, as a whole, also if
    /// the patch changes no field. If this leaves a required field of it without a value, the error is
    /// [`Error::IncompletePatch`](crate::ops::Error::IncompletePatch), and nothing is changed. A struct that breaks its
    /// constraints after the update is [`Error::OutOfBounds`](crate::ops::Error::OutOfBounds): those of its type, and
    /// those of the field or the collection that holds it. Functions for a struct further out, which holds this one,
    /// are not run: patch that struct for them.
    pub fn merge_some(&self, patch: Option<impl StructPatch<Of = T>>) -> UpdateExpression<M> {
        patch.map_or_else(UpdateExpression::nothing, |patch| merged(self, patch))
    }

    /// Changes the fields of the struct that a patch changes, as [`merge_some`](Self::merge_some) does, or removes the
    /// struct.
    pub fn merge(&self, change: Patch<impl StructPatch<Of = T>>) -> UpdateExpression<M>
    where
        R: Removable,
    {
        match change {
            Patch::Leave => UpdateExpression::nothing(),
            Patch::Set(patch) => self.merge_some(Some(patch)),
            Patch::Remove => self.remove(),
        }
    }
}

impl<M, T: ToAttribute + FromAttribute + 'static, R: Settable> Attribute<M, T, R> {
    /// Sets the value if there is one. Without a value, nothing changes, and an update that changes nothing is no
    /// error.
    pub fn set_some(&self, value: Option<impl IntoField<T>>) -> UpdateExpression<M> {
        value.map_or_else(UpdateExpression::nothing, |value| self.set(value))
    }

    /// Sets or removes the value, or leaves it as it is. An update that changes nothing is no error.
    pub fn patch(&self, change: Patch<impl IntoField<T>>) -> UpdateExpression<M>
    where
        R: Removable,
    {
        match change {
            Patch::Leave => UpdateExpression::nothing(),
            Patch::Set(value) => self.set(value),
            Patch::Remove => self.remove(),
        }
    }
}

/// The update of a struct by its patch.
fn merged<M, P: StructPatch, R: Updatable>(at: &Attribute<M, P::Of, R>, patch: P) -> UpdateExpression<M> {
    let of_whole = if patch == P::default() { None } else { Requirement::of_whole(at, P::CHECK_WHOLE) };
    let requirements = of_whole.into_iter().chain(Outer::requirements(&at.outer, &at.path, Change::Patch));
    patch.update_inside(at).inside(StructChange::of(at), requirements)
}

#[cfg(feature = "serde")]
mod json {
    use super::Patch;
    use crate::codec::in_json::InJson;
    use serde::de::{Deserialize, Deserializer};
    use serde::ser::{Serialize, Serializer};

    impl<T> Patch<T> {
        /// The value to set; null stands for the others.
        fn value(&self) -> Option<&T> {
            match self {
                Patch::Set(value) => Some(value),
                Patch::Leave | Patch::Remove => None,
            }
        }

        fn read(value: Option<T>) -> Self {
            value.map_or(Patch::Remove, Patch::Set)
        }
    }

    impl<T: Serialize> Serialize for Patch<T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.value().serialize(serializer)
        }
    }

    impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            <Option<T> as Deserialize>::deserialize(deserializer).map(Self::read)
        }
    }

    impl<T: InJson> InJson for Patch<T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self.value() {
                Some(value) => value.serialize(serializer),
                None => serializer.serialize_none(),
            }
        }

        fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            <Option<T> as InJson>::deserialize(deserializer).map(Self::read)
        }
    }

    /// Reads a field that a patch cannot remove: null is an error.
    ///
    /// # Errors
    ///
    /// The type has no such value.
    pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        T::deserialize(deserializer).map(Some)
    }
}

#[cfg(feature = "serde")]
pub use json::present;

/// The schema of the value, or null.
#[cfg(feature = "schemars")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Patch<T> {
    fn inline_schema() -> bool {
        Option::<T>::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        Option::<T>::schema_id()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Option::<T>::json_schema(generator)
    }
}

/// Makes every field of a patch optional in its JSON Schema.
#[cfg(feature = "schemars")]
pub fn nothing_required(schema: &mut schemars::Schema) {
    schema.remove("required");
}
