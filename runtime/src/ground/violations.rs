//! Constraints that values break.

use super::path::{Path, Segment, qualified};
use std::fmt;

/// All constraints that the values of a struct break.
///
/// With the feature `serde`, it serializes as a list of `{"path": …, "code": …, "message": …, "parameters": {…}}`, the
/// body of an API's response 422.
///
/// ```
/// use dyntastic::Violations;
///
/// let mut violations = Violations::new("User");
/// violations.custom("age", Err("too young"));
/// assert_eq!(violations.to_string(), "User.age: too young");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violations {
    model: &'static str,
    pub(crate) violations: Vec<Violation>,
}

/// A constraint that a value breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub(crate) path: Path,
    pub(crate) code: &'static str,
    message: String,
    parameters: Vec<(&'static str, String)>,
}

impl Violation {
    /// The place of the value in the item.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name of the constraint, such as `min_length`.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The rule of the constraint in words, without the value.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The parameters of the constraint by their names, such as `minimum` and `3`.
    pub fn parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.parameters.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

impl Violations {
    /// An empty list for a model.
    pub fn new(model: &'static str) -> Self {
        Self { model, violations: Vec::new() }
    }

    /// A list with one violation, by the value at a path.
    pub(crate) fn of_value(
        model: &'static str,
        path: Path,
        code: &'static str,
        message: String,
        parameters: Vec<(&'static str, String)>,
    ) -> Self {
        Self { model, violations: vec![Violation { path, code, message, parameters }] }
    }

    /// Adds that a field has no value.
    pub(crate) fn add_missing(&mut self, attribute: &'static str) {
        self.within(|| attribute.into(), |violations| violations.add("required", "it has no value", Vec::new()));
    }

    /// Adds the error that a function of the app has returned for the value of an attribute, with the code `custom`.
    pub fn custom<E: fmt::Display>(&mut self, attribute: &'static str, result: Result<(), E>) {
        if let Err(error) = result {
            self.within(|| attribute.into(), |violations| violations.add("custom", error.to_string(), Vec::new()));
        }
    }

    /// Checks a part of the struct. `place` is called only for violations, because it may allocate.
    pub(crate) fn within(&mut self, place: impl Fn() -> Segment, check: impl FnOnce(&mut Self)) {
        let before = self.violations.len();
        check(self);
        for violation in self.violations.iter_mut().skip(before) {
            violation.path.push_outer(place());
        }
    }

    /// Adds a violation by its code, its message and the parameters of the constraint.
    ///
    /// Its place is the value that is being checked, or the struct as a whole.
    pub fn add(&mut self, code: &'static str, message: impl Into<String>, parameters: Vec<(&'static str, String)>) {
        self.violations.push(Violation { path: Path::default(), code, message: message.into(), parameters });
    }

    pub(crate) fn and(mut self, other: Option<Self>) -> Self {
        self.violations.extend(other.into_iter().flat_map(|other| other.violations));
        self
    }

    pub(crate) fn of_model(mut self, model: &'static str) -> Self {
        self.model = model;
        self
    }

    /// Ends the checks.
    ///
    /// # Errors
    ///
    /// The violations, if there are any.
    pub fn finish(self) -> Result<(), Self> {
        if self.violations.is_empty() { Ok(()) } else { Err(self) }
    }

    /// The name of the model.
    pub fn model(&self) -> &'static str {
        self.model
    }

    /// Iterates over the violations.
    pub fn iter(&self) -> impl Iterator<Item = &Violation> {
        self.violations.iter()
    }
}

/// One line for each violation: `User.user_id: a hash key must not be empty`.
impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, violation) in self.violations.iter().enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}: {}", qualified(self.model, &violation.path), violation.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

/// A list of `{"path": …, "code": …, "message": …, "parameters": {…}}`, for the body of an API's response 422.
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
