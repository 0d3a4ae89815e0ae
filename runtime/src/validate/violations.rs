//! What a value's constraints found.

use super::checked::Checked;
use super::{Check, Validate};
use crate::expr::{DocumentPath, NumberRange};
use crate::item::{Path, Segment, WriteErrorKind};
use crate::layout::Limit;
use std::fmt;

/// Every constraint that a struct's values break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violations {
    model: &'static str,
    violations: Vec<Violation>,
}

/// A constraint that a value breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    path: Path,
    code: &'static str,
    message: String,
    parameters: Vec<(&'static str, String)>,
}

impl Violation {
    /// Where the value stands.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The constraint, such as `min_length`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What the constraint asks for, without the value.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The constraint's own values by their names, such as `minimum` and `3`.
    pub fn parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.parameters.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

impl Violations {
    /// None yet.
    pub fn new(model: &'static str) -> Self {
        Self { model, violations: Vec::new() }
    }

    /// One violation, of the value at a path.
    pub(crate) fn of_value(
        model: &'static str,
        path: Path,
        code: &'static str,
        message: String,
        parameters: Vec<(&'static str, String)>,
    ) -> Self {
        Self { model, violations: vec![Violation { path, code, message, parameters }] }
    }

    /// Checks a struct.
    ///
    /// # Errors
    ///
    /// Every violation of its values.
    pub fn of<T: Validate>(model: &'static str, value: &T) -> Result<(), Self> {
        let mut violations = Self::new(model);
        value.check(&mut violations);
        violations.finish()
    }

    /// The field has no value.
    pub(crate) fn add_missing(&mut self, attribute: &'static str) {
        self.within(|| attribute.into(), |violations| violations.add("required", "it has no value", Vec::new()));
    }

    /// Checks the value of an attribute.
    pub fn value<T>(&mut self, attribute: &'static str, value: &T, check: Check<T>) {
        self.within(|| attribute.into(), |violations| check(Checked::new(value, violations)));
    }

    /// Checks the value of an optional attribute, if there is one.
    pub fn optional<T>(&mut self, attribute: &'static str, value: &Option<T>, check: Check<T>) {
        if let Some(value) = value {
            self.value(attribute, value, check);
        }
    }

    /// Checks that a hash key that is made of fields, of at least so many bytes, is not too long.
    pub fn hash_key(&mut self, attribute: &'static str, length: usize) {
        self.key(attribute, Limit::HASH, length);
    }

    /// Checks that a range key that is made of fields, of at least so many bytes, is not too long.
    pub fn range_key(&mut self, attribute: &'static str, length: usize) {
        self.key(attribute, Limit::RANGE, length);
    }

    fn key(&mut self, attribute: &'static str, limit: Limit, length: usize) {
        // That a part is empty is the part's own violation.
        self.within(|| attribute.into(), |violations| violations.add_refusal(limit.refusal(length.max(1))));
    }

    /// Adds why a key cannot be, if it cannot.
    pub(super) fn add_refusal(&mut self, refusal: Option<WriteErrorKind>) {
        if let Some(refusal) = refusal
            && let Some((code, parameters)) = refusal.as_violation()
        {
            self.add(code, refusal.to_string(), parameters);
        }
    }

    /// Adds what a function of the app's own has found wrong with the value of an attribute.
    pub fn custom<E: fmt::Display>(&mut self, attribute: &'static str, result: Result<(), E>) {
        if let Err(error) = result {
            self.within(|| attribute.into(), |violations| violations.add("custom", error.to_string(), Vec::new()));
        }
    }

    /// Checks what stands in a part of the struct. Its place is asked for where something is wrong.
    pub(super) fn within(&mut self, place: impl Fn() -> Segment, check: impl FnOnce(&mut Self)) {
        let before = self.violations.len();
        check(self);
        for violation in self.violations.iter_mut().skip(before) {
            violation.path.push_outer(place());
        }
    }

    /// Adds a violation: its code, what the constraint asks for, and the constraint's own values by their names.
    /// It is of the value that is checked at the moment, or of the struct as a whole.
    pub fn add(&mut self, code: &'static str, message: impl Into<String>, parameters: Vec<(&'static str, String)>) {
        self.violations.push(Violation { path: Path::default(), code, message: message.into(), parameters });
    }

    /// The violations of a value that an update sets at a path.
    pub(crate) fn of_update<T>(path: &DocumentPath, value: &T, check: Check<T>) -> Option<Self> {
        let mut violations = Self::new("");
        check(Checked::new(value, &mut violations));
        violations.at(path)
    }

    /// That an update would leave a value at a path that its type does not hold.
    pub(crate) fn of_type(path: &DocumentPath, range: &NumberRange) -> Option<Self> {
        let mut violations = Self::new("");
        let (message, parameters) = match range {
            NumberRange::Between(minimum, maximum) => (
                format!("its type holds {minimum} to {maximum}"),
                vec![("minimum", minimum.clone()), ("maximum", maximum.clone())],
            ),
            _ => ("its type does not hold the value".to_owned(), Vec::new()),
        };
        violations.add("range", message, parameters);
        violations.at(path)
    }

    /// Those of the value at a path; `None` if there are none.
    fn at(mut self, path: &DocumentPath) -> Option<Self> {
        for violation in &mut self.violations {
            for segment in path.rest().iter().rev() {
                violation.path.push_outer(segment.clone());
            }
            violation.path.push_outer(path.attribute().into());
        }
        (!self.violations.is_empty()).then_some(self)
    }

    /// Those of the elements that an update adds to a collection at a path, not of the collection that it has not seen:
    /// what is deeper, and what no other elements can make good.
    pub(crate) fn of_added(mut self, path: &DocumentPath) -> Option<Self> {
        let depth = path.rest().len() + 1;
        let is_final = |violation: &Violation| ["max_items", "unique_items"].contains(&violation.code);
        self.violations.retain(|violation| violation.path.segments().count() > depth || is_final(violation));
        (!self.violations.is_empty()).then_some(self)
    }

    /// Those of the only element of a collection, which will be at another place.
    pub(crate) fn of_element(mut self, collection: &DocumentPath, element: &DocumentPath) -> Option<Self> {
        let depth = collection.rest().len() + 1;
        self.violations.retain(|violation| violation.path.segments().count() > depth);
        for violation in &mut self.violations {
            violation.path = violation.path.moved(depth + 1, element.to_item_path());
        }
        (!self.violations.is_empty()).then_some(self)
    }

    pub(crate) fn and(mut self, other: Option<Self>) -> Self {
        self.violations.extend(other.into_iter().flat_map(|other| other.violations));
        self
    }

    pub(crate) fn of_model(mut self, model: &'static str) -> Self {
        self.model = model;
        self
    }

    /// An error if there are any.
    ///
    /// # Errors
    ///
    /// The violations themselves.
    pub fn finish(self) -> Result<(), Self> {
        if self.violations.is_empty() { Ok(()) } else { Err(self) }
    }

    /// The model.
    pub fn model(&self) -> &'static str {
        self.model
    }

    /// The violations one by one.
    pub fn iter(&self) -> impl Iterator<Item = &Violation> {
        self.violations.iter()
    }
}

/// One line a violation: `User.user_id: a hash key must not be empty`.
impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, violation) in self.violations.iter().enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}: {}", crate::item::qualified(self.model, &violation.path), violation.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

/// A list of `{"path": …, "code": …, "message": …, "parameters": {…}}`, as an API's answer 422 wants it.
#[cfg(feature = "serde")]
mod json {
    use super::{Violation, Violations};
    use serde::ser::{Serialize, SerializeStruct, Serializer};
    use std::collections::BTreeMap;

    impl Serialize for Violations {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(self.iter())
        }
    }

    impl Serialize for Violation {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut violation = serializer.serialize_struct("Violation", 4)?;
            violation.serialize_field("path", &self.path.to_string())?;
            violation.serialize_field("code", self.code)?;
            violation.serialize_field("message", &self.message)?;
            violation.serialize_field("parameters", &self.parameters().collect::<BTreeMap<_, _>>())?;
            violation.end()
        }
    }
}
