//! The violations of values that updates set.

use super::capability::NumberRange;
use super::document_path::DocumentPath;
use crate::ground::{Violation, Violations};
use crate::validate::{Check, Checked};

impl Violations {
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
}
