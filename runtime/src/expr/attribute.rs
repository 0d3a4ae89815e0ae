//! The attributes of a model.

use super::attribute_kind::{AttributeKind, Defaulted, Plain};
use super::document_path::DocumentPath;
use super::outer::Outer;
use super::role_capability::StoredRole;
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
    /// The functions of the app's own that the check has for a struct, or for the structs in a collection.
    pub(super) functions: Option<Check<T>>,
}

impl<T> Rules<T> {
    const NONE: Self = Self { check: None, transform: None, functions: None };
}

impl<T> Clone for Rules<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Rules<T> {}

impl<M, T, R> Attribute<M, T, R> {
    #[doc(hidden)]
    pub const fn new(name: &'static str) -> Self {
        Self { path: DocumentPath::root(name), rules: Rules::NONE, outer: Vec::new(), typed: PhantomData }
    }

    #[doc(hidden)]
    pub const fn checked(name: &'static str, check: Check<T>) -> Self {
        let rules = Rules { check: Some(check), ..Rules::NONE };
        Self { path: DocumentPath::root(name), rules, outer: Vec::new(), typed: PhantomData }
    }

    #[doc(hidden)]
    pub const fn transformed(mut self, change: Transforms<T>) -> Self {
        self.rules.transform = Some(change);
        self
    }

    /// Names the functions of the app's own in the check: patches of the structs must pass them.
    #[doc(hidden)]
    pub const fn with_functions(mut self, check: Check<T>) -> Self {
        self.rules.functions = Some(check);
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
        let outer = Outer::of_elements(&self.outer, &self.path, &self.rules);
        Attribute { path: self.path.then(segment), rules: Rules::NONE, outer, typed: PhantomData }
    }
}

impl<M, T: Validate, R: StoredRole> Attribute<M, T, R> {
    /// An attribute of this struct: `A.address.then(Address::A.city)`.
    pub fn then<U, S: AttributeKind>(&self, attribute: Attribute<T, U, S>) -> Attribute<M, U, S::Nested> {
        let outer = Outer::of_field(&self.outer, attribute.outer, &self.path, T::json_names());
        Attribute {
            path: self.path.join(attribute.path, T::json_names()),
            rules: attribute.rules,
            outer,
            typed: PhantomData,
        }
    }
}

impl<M, T: ToAttribute + FromAttribute + 'static, R: StoredRole> Attribute<M, Vec<T>, R> {
    /// The list element at an index, from 0.
    pub fn index(&self, index: usize) -> Attribute<M, T, Defaulted> {
        self.nested(Segment::Index(index))
    }
}

impl<M, T: ToAttribute + FromAttribute + 'static, R: StoredRole> Attribute<M, BTreeMap<String, T>, R> {
    /// The map entry with a name. The name may have any characters.
    pub fn key(&self, name: impl Into<String>) -> Attribute<M, T, Defaulted> {
        self.nested(Segment::Name(name.into()))
    }
}

#[cfg(feature = "json")]
impl<M, R: StoredRole> Attribute<M, serde_json::Value, R> {
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
