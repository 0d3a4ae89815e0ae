//! Checks of the fields of a struct.

use super::{Check, Checked, Validate};
use crate::description::Limit;
use crate::ground::{Violations, WriteErrorKind};

impl Violations {
    /// Checks a struct.
    ///
    /// # Errors
    ///
    /// All violations of its values.
    pub fn of<T: Validate>(model: &'static str, value: &T) -> Result<(), Self> {
        let mut violations = Self::new(model);
        violations.nested(value);
        violations.finish()
    }

    /// Checks a struct whose fields are the fields of the value that is being checked.
    pub fn nested<T: Validate>(&mut self, value: &T) {
        self.in_json(T::json_names(), |violations| value.check(violations));
    }

    /// Checks the value of an attribute.
    pub fn value<T>(&mut self, attribute: &'static str, value: &T, check: Check<T>) {
        self.within_attribute(attribute, |violations| check(Checked::new(value, violations)));
    }

    /// Checks the value of an optional attribute, if there is one.
    pub fn optional<T>(&mut self, attribute: &'static str, value: &Option<T>, check: Check<T>) {
        if let Some(value) = value {
            self.value(attribute, value, check);
        }
    }

    /// Checks that a hash key that is made of fields has at most 2,048 bytes. `length` is a lower bound of its bytes.
    pub fn hash_key(&mut self, attribute: &'static str, length: usize) {
        self.key(attribute, Limit::HASH, length);
    }

    /// Checks that a range key that is made of fields has at most 1,024 bytes. `length` is a lower bound of its bytes.
    pub fn range_key(&mut self, attribute: &'static str, length: usize) {
        self.key(attribute, Limit::RANGE, length);
    }

    fn key(&mut self, attribute: &'static str, limit: Limit, length: usize) {
        // An empty part is the part's own violation.
        self.within_key(attribute, |violations| violations.add_refusal(limit.refusal(length.max(1))));
    }

    /// Adds the reason why DynamoDB refuses a key, if there is one.
    pub(super) fn add_refusal(&mut self, refusal: Option<WriteErrorKind>) {
        if let Some(refusal) = refusal
            && let Some((code, parameters)) = refusal.as_violation()
        {
            self.add(code, refusal.to_string(), parameters);
        }
    }
}
