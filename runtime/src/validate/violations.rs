//! Checks of the fields of a struct.

use super::{Check, Checked, Validate};
use crate::description::Limit;
use crate::ground::{Violations, WriteErrorKind};

impl Violations {
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
}
