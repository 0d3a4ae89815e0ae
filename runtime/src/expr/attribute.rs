//! The attributes of a model.

use super::bounds::Outer;
use super::condition::{Comparison, Condition};
use super::document_path::DocumentPath;
use super::range::{Equal, RangeCondition, Within};
use crate::codec::{FromAttribute, ToAttribute};
use crate::ground::{Segment, Violations};
use crate::validate::{Check, Transforms, Validate};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// An attribute of the model `M` with values of type `T`, or a value inside an attribute. Its role `R` decides which
/// expressions compile.
///
/// Emitted models have their attributes as `Model::A`:
///
/// ```
/// # use example_models::{Address, User};
/// let condition = User::A.age.ge(18);
/// let update = User::A.name.set("Alice");
/// let of_a_value_inside = User::A.address.then(Address::A.city).eq("Berlin");
/// ```
pub struct Attribute<M, T, R = Plain> {
    pub(super) path: DocumentPath,
    pub(super) rules: Rules<T>,
    /// The collections that hold the attribute, the innermost last.
    pub(super) outer: Vec<Outer>,
    typed: PhantomData<Typed<M, T, R>>,
}

type Typed<M, T, R> = fn() -> (M, T, R);

/// The schema's constraints and transformations of an attribute's values.
pub(super) struct Rules<T> {
    pub(super) check: Option<Check<T>>,
    pub(super) transform: Option<Transforms<T>>,
}

impl<T> Rules<T> {
    const NONE: Self = Self { check: None, transform: None };
}

impl<T> Rules<T> {
    pub(super) fn exist(&self) -> bool {
        self.check.is_some() || self.transform.is_some()
    }
}

impl<T> Clone for Rules<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Rules<T> {}

/// The role of a table's hash key. No update can change it.
#[derive(Debug, Clone, Copy)]
pub enum HashKey {}

/// The role of the range key of `S`, a table or an index. Comparisons with it can be the range condition of a query,
/// and no update can change it. If the range key has several attributes, this is the role of the last one, and `N` is
/// its position.
#[derive(Debug)]
pub struct RangeKey<S, const N: usize = 0>(PhantomData<fn() -> S>);

/// The role of an attribute of a range key that is not the last one; `N` is its position. If it is compared with
/// `eq`, the next attribute can be compared as well.
#[derive(Debug)]
pub struct LeadingRangeKey<S, const N: usize = 0>(PhantomData<fn() -> S>);

/// The role of a field that only the table's key has (`stored: false`), as the part of the key that `R` says. Items have
/// no attribute of it: it has a value in the range condition of a query, but not in other conditions and expressions.
#[derive(Debug)]
pub struct KeyOnly<R>(PhantomData<fn() -> R>);

/// The role of the field that counts the writes of an item. Each write raises it, and no update can set it.
#[derive(Debug, Clone, Copy)]
pub enum Version {}

/// The role of a required field.
#[derive(Debug, Clone, Copy)]
pub enum Plain {}

/// The role of a field with a default, or of an element of a collection. An update can remove it.
#[derive(Debug, Clone, Copy)]
pub enum Defaulted {}

/// The role of a required field of a nested struct. The struct itself may be absent.
#[derive(Debug, Clone, Copy)]
pub enum Inner {}

/// The role of an optional field. An update can remove it, and set it from an `Option`.
#[derive(Debug, Clone, Copy)]
pub enum Optional {}

/// The role of an attribute, which decides the types of its expressions.
pub trait AttributeKind {
    /// The result of a comparison: a condition, or for a range key a value that can also be the range condition of a
    /// query.
    type Comparison<M>: From<Comparison>;
    /// The result of a comparison with `eq`.
    type Equality<M>: From<Comparison>;
    /// The type of a projected value of type `T`: an `Option` if the value may be absent.
    type Projected<T>;
    /// The role of the same attribute in a nested struct.
    type Nested: AttributeKind;
    #[doc(hidden)]
    fn project<T>(value: Option<T>) -> Option<Self::Projected<T>>;
}

impl AttributeKind for HashKey {
    type Comparison<M> = Condition<M>;
    type Equality<M> = Condition<M>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

impl<S, const N: usize> AttributeKind for RangeKey<S, N> {
    type Comparison<M> = RangeCondition<S, M, N>;
    type Equality<M> = RangeCondition<S, M, N>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

impl<S, const N: usize> AttributeKind for LeadingRangeKey<S, N> {
    type Comparison<M> = RangeCondition<S, M, N>;
    type Equality<M> = RangeCondition<S, M, N, Equal>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

impl AttributeKind for Plain {
    type Comparison<M> = Condition<M>;
    type Equality<M> = Condition<M>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

impl AttributeKind for Defaulted {
    type Comparison<M> = Condition<M>;
    type Equality<M> = Condition<M>;
    type Projected<T> = Option<T>;
    type Nested = Defaulted;

    fn project<T>(value: Option<T>) -> Option<Option<T>> {
        Some(value)
    }
}

impl AttributeKind for Version {
    type Comparison<M> = Condition<M>;
    type Equality<M> = Condition<M>;
    type Projected<T> = Option<T>;
    type Nested = Defaulted;

    fn project<T>(value: Option<T>) -> Option<Option<T>> {
        Some(value)
    }
}

impl AttributeKind for Inner {
    type Comparison<M> = Condition<M>;
    type Equality<M> = Condition<M>;
    type Projected<T> = Option<T>;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<Option<T>> {
        Some(value)
    }
}

impl AttributeKind for Optional {
    type Comparison<M> = Condition<M>;
    type Equality<M> = Condition<M>;
    type Projected<T> = Option<T>;
    type Nested = Optional;

    fn project<T>(value: Option<T>) -> Option<Option<T>> {
        Some(value)
    }
}

/// Its comparisons are no range condition of any query.
impl AttributeKind for KeyOnly<HashKey> {
    type Comparison<M> = RangeCondition<HashKey, M, 0, KeyOnly<Within>>;
    type Equality<M> = RangeCondition<HashKey, M, 0, KeyOnly<Within>>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

impl<S, const N: usize> AttributeKind for KeyOnly<RangeKey<S, N>> {
    type Comparison<M> = RangeCondition<S, M, N, KeyOnly<Within>>;
    type Equality<M> = RangeCondition<S, M, N, KeyOnly<Within>>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

impl<S, const N: usize> AttributeKind for KeyOnly<LeadingRangeKey<S, N>> {
    type Comparison<M> = RangeCondition<S, M, N, KeyOnly<Within>>;
    type Equality<M> = RangeCondition<S, M, N, KeyOnly<Equal>>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

/// The roles of attributes that items store.
#[diagnostic::on_unimplemented(
    message = "items do not store this field: only their key has it (`stored: false`)",
    label = "`{Self}`",
    note = "a query finds it by its key; a condition, a filter, a projection or an update needs the attribute"
)]
pub trait StoredRole {}

impl StoredRole for Plain {}
impl StoredRole for Inner {}
impl StoredRole for Defaulted {}
impl StoredRole for Optional {}
impl StoredRole for Version {}
impl StoredRole for HashKey {}
impl<S, const N: usize> StoredRole for RangeKey<S, N> {}
impl<S, const N: usize> StoredRole for LeadingRangeKey<S, N> {}

/// The roles that an update can change.
#[diagnostic::on_unimplemented(
    message = "this attribute cannot be updated",
    label = "a key, a part of a key, or a version",
    note = "an item with another key is another item: write it, and delete this one (`rekey` does both, in a shared table)",
    note = "every write raises the version itself"
)]
pub trait Updatable {}

/// The roles that an update can remove.
#[diagnostic::on_unimplemented(
    message = "a required attribute cannot be removed: the item could not be read again",
    note = "make the field optional, or give it a default"
)]
pub trait Removable: Updatable {}

impl Updatable for Plain {}
impl Updatable for Inner {}
impl Updatable for Defaulted {}
impl Updatable for Optional {}
impl Removable for Defaulted {}
impl Removable for Optional {}

impl<M, T, R> Attribute<M, T, R> {
    #[doc(hidden)]
    pub const fn new(name: &'static str) -> Self {
        Self { path: DocumentPath::root(name), rules: Rules::NONE, outer: Vec::new(), typed: PhantomData }
    }

    #[doc(hidden)]
    pub const fn checked(name: &'static str, check: Check<T>) -> Self {
        let rules = Rules { check: Some(check), transform: None };
        Self { path: DocumentPath::root(name), rules, outer: Vec::new(), typed: PhantomData }
    }

    #[doc(hidden)]
    pub const fn transformed(mut self, change: Transforms<T>) -> Self {
        self.rules.transform = Some(change);
        self
    }

    /// A value as the schema's transforms change it.
    pub(crate) fn transform(&self, mut value: T) -> T {
        if let Some(change) = self.rules.transform {
            change(&mut value);
        }
        value
    }

    pub(super) fn violations(&self, value: &T) -> Option<Violations> {
        Violations::of_update(&self.path, value, self.rules.check?)
    }

    /// The violations of elements that are added to a collection.
    pub(super) fn violations_of_elements(&self, elements: &T) -> Option<Violations> {
        self.violations(elements)?.of_added(&self.path)
    }

    /// The document path of the attribute.
    pub fn path(&self) -> &DocumentPath {
        &self.path
    }

    /// A value inside this collection.
    fn nested<U>(&self, segment: Segment) -> Attribute<M, U, Defaulted>
    where
        T: ToAttribute + FromAttribute + 'static,
    {
        let outer = self.outer.iter().map(Outer::further_out).chain(Outer::of(self));
        let outer = outer.collect();
        Attribute { path: self.path.then(segment), rules: Rules::NONE, outer, typed: PhantomData }
    }
}

impl<M, T: Validate, R> Attribute<M, T, R> {
    /// An attribute of this struct: `A.address.then(Address::A.city)`.
    pub fn then<U, S: AttributeKind>(&self, attribute: Attribute<T, U, S>) -> Attribute<M, U, S::Nested> {
        let own = self.outer.iter().map(Outer::further_out);
        let outer =
            own.chain(attribute.outer.into_iter().map(|outer| outer.inside(&self.path, T::JSON_NAMES))).collect();
        Attribute {
            path: self.path.join(attribute.path, T::JSON_NAMES),
            rules: attribute.rules,
            outer,
            typed: PhantomData,
        }
    }
}

impl<M, T: ToAttribute + FromAttribute + 'static, R> Attribute<M, Vec<T>, R> {
    /// The list element at an index, from 0.
    pub fn index(&self, index: usize) -> Attribute<M, T, Defaulted> {
        self.nested(Segment::Index(index))
    }
}

impl<M, T: ToAttribute + FromAttribute + 'static, R> Attribute<M, BTreeMap<String, T>, R> {
    /// The map entry with a name. The name may have any characters.
    pub fn key(&self, name: impl Into<String>) -> Attribute<M, T, Defaulted> {
        self.nested(Segment::Name(name.into()))
    }
}

#[cfg(feature = "json")]
impl<M, R> Attribute<M, serde_json::Value, R> {
    /// The element of a JSON array at an index, from 0.
    pub fn index(&self, index: usize) -> Attribute<M, serde_json::Value, Defaulted> {
        self.nested(Segment::Index(index))
    }

    /// The member of a JSON object with a name. The name may have any characters.
    pub fn key(&self, name: impl Into<String>) -> Attribute<M, serde_json::Value, Defaulted> {
        self.nested(Segment::Name(name.into()))
    }
}

impl<M, T, R> Clone for Attribute<M, T, R> {
    fn clone(&self) -> Self {
        Self { path: self.path.clone(), rules: self.rules, outer: self.outer.clone(), typed: PhantomData }
    }
}

impl<M, T, R> fmt::Debug for Attribute<M, T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.to_item_path())
    }
}
