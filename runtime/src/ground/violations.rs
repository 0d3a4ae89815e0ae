//! Constraints that values break.

use super::json_names::JsonNames;
use super::path::{Path, Segment, qualified};
use std::fmt;

/// All constraints that the values of a struct break.
///
/// With the feature `serde`, it serializes as a list of `{"path": …, "code": …, "message": …, "parameters": {…}}`, the
/// body of an API's response 422. Its paths have the names of the model's JSON, see [`Violation::json_path`].
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
    /// The names in JSON of the fields of the struct that is being checked.
    json_names: JsonNames,
    pub(crate) violations: Vec<Violation>,
}

/// A constraint that a value breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    path: Path,
    json_path: Path,
    pub(crate) code: &'static str,
    message: String,
    parameters: Vec<(&'static str, String)>,
    /// The name in JSON of the field that the value is compared with.
    compared_in_json: Option<String>,
}

impl Violation {
    /// The place of the value in the item, with the names of the attributes.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The place of the value in the model's JSON, with the names that serde gives the fields.
    ///
    /// It is empty, the place of the whole model, for a key that is made of fields.
    pub fn json_path(&self) -> &Path {
        &self.json_path
    }

    fn push_outer(&mut self, segment: Segment, json_segment: Segment) {
        self.path.push_outer(segment);
        self.json_path.push_outer(json_segment);
    }

    /// Replaces the outermost `from` steps of the paths.
    pub(crate) fn move_to(&mut self, from: usize, path: &Path, json_path: &Path) {
        self.path.move_to(from, path);
        self.json_path.move_to(from, json_path);
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
        Self { model, json_names: JsonNames::SAME, violations: Vec::new() }
    }

    /// Adds that a field has no value.
    pub(crate) fn add_missing(&mut self, attribute: &'static str) {
        self.within_attribute(attribute, |violations| violations.add("required", "it has no value", Vec::new()));
    }

    /// Adds the error that a function of the app has returned for the value of an attribute, with the code `custom`.
    pub fn custom<E: fmt::Display>(&mut self, attribute: &'static str, result: Result<(), E>) {
        if let Err(error) = result {
            self.within_attribute(attribute, |of| of.add("custom", error.to_string(), Vec::new()));
        }
    }

    /// Checks an element. `place` is called only for violations, because it may allocate.
    pub(crate) fn within(&mut self, place: impl Fn() -> Segment, check: impl FnOnce(&mut Self)) {
        let before = self.violations.len();
        check(self);
        for violation in self.violations.iter_mut().skip(before) {
            violation.push_outer(place(), place());
        }
    }

    /// Checks the value of an attribute.
    pub(crate) fn within_attribute(&mut self, attribute: &'static str, check: impl FnOnce(&mut Self)) {
        let before = self.violations.len();
        check(self);
        for violation in self.violations.iter_mut().skip(before) {
            violation.push_outer(attribute.into(), self.json_names.of(attribute).as_ref().into());
        }
    }

    /// Checks a key that is made of fields. In JSON, where it does not exist, its place is the whole struct.
    pub(crate) fn within_key(&mut self, attribute: &'static str, check: impl FnOnce(&mut Self)) {
        let before = self.violations.len();
        check(self);
        for violation in self.violations.iter_mut().skip(before) {
            violation.path.push_outer(attribute.into());
        }
    }

    /// Checks a struct whose fields have these names in JSON.
    pub(crate) fn in_json(&mut self, names: JsonNames, check: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.json_names, names);
        check(self);
        self.json_names = outer;
    }

    /// Adds a violation by its code, its message and the parameters of the constraint.
    ///
    /// Its place is the value that is being checked, or the struct as a whole.
    pub fn add(&mut self, code: &'static str, message: impl Into<String>, parameters: Vec<(&'static str, String)>) {
        let (path, json_path) = (Path::default(), Path::default());
        let message = message.into();
        self.violations.push(Violation { path, json_path, code, message, parameters, compared_in_json: None });
    }

    /// Adds a violation of a comparison with the attribute `other` of the same struct.
    pub(crate) fn add_compared(&mut self, code: &'static str, other: &'static str) {
        self.add(code, compared(code, other), vec![("attribute", other.to_owned())]);
        if let Some(added) = self.violations.last_mut() {
            added.compared_in_json = Some(self.json_names.of(other).into_owned());
        }
    }

    /// The same violations inside the value at a path.
    pub(crate) fn inside(mut self, path: &Path, json_path: &Path) -> Self {
        for violation in &mut self.violations {
            violation.path.push_outer_path(path);
            violation.json_path.push_outer_path(json_path);
        }
        self
    }

    pub(crate) fn and(mut self, other: Option<Self>) -> Self {
        self.violations.extend(other.into_iter().flat_map(|other| other.violations));
        self
    }

    /// The same violations of a model's values: their paths begin with attributes of the model.
    pub(crate) fn of_model(mut self, model: &'static str, json_names: JsonNames) -> Self {
        self.model = model;
        for violation in &mut self.violations {
            violation.json_path.rename_outermost(|attribute| json_names.of(attribute));
        }
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

fn compared(code: &str, other: &str) -> String {
    format!("{code} `{other}`")
}

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
            let mut message = self.message.clone();
            let mut parameters: BTreeMap<_, _> = self.parameters().collect();
            if let Some(other) = &self.compared_in_json {
                message = super::compared(self.code, other);
                parameters.insert("attribute", other);
            }
            violation.serialize_field("path", &self.json_path.to_string())?;
            violation.serialize_field("code", self.code)?;
            violation.serialize_field("message", &message)?;
            violation.serialize_field("parameters", &parameters)?;
            violation.end()
        }
    }
}
