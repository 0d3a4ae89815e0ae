//! The violations of values that updates set.

use super::capability::NumberRange;
use super::document_path::DocumentPath;
use crate::ground::{Violation, Violations};
use crate::validate::{Check, Checked};

impl Violations {
    /// The violations of a value that an update sets at a path; `None` without violations.
    pub(crate) fn of_update<T>(path: &DocumentPath, value: &T, check: Check<T>) -> Option<Self> {
        let mut violations = Self::new("");
        check(Checked::new(value, &mut violations));
        violations.at(path)
    }

    /// The violation of a calculated value that its type does not hold.
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

    /// The violation of a value that DynamoDB calculates, and that the schema's transforms would change.
    pub(crate) fn of_transform(path: &DocumentPath) -> Option<Self> {
        let mut violations = Self::new("");
        violations.add("transform", "the field's transforms would change it", Vec::new());
        violations.at(path)
    }

    /// The same violations at a path; `None` without violations.
    pub(super) fn at(self, path: &DocumentPath) -> Option<Self> {
        (!self.violations.is_empty()).then(|| self.inside(&path.to_item_path(), &path.to_json_path()))
    }

    /// All violations, each once; `None` without violations.
    pub(super) fn joined(all: impl IntoIterator<Item = Option<Self>>) -> Option<Self> {
        let mut joined = Self::new("");
        for violation in all.into_iter().flatten().flat_map(|of| of.violations) {
            if !joined.violations.contains(&violation) {
                joined.violations.push(violation);
            }
        }
        (!joined.violations.is_empty()).then_some(joined)
    }

    /// The violations of the added elements, at a path of the collection. Violations of the whole collection are left
    /// out, because it may have other elements. Violations inside the elements stay, and so do those that no other
    /// elements can repair.
    pub(crate) fn of_added(mut self, path: &DocumentPath) -> Option<Self> {
        let depth = path.rest().len() + 1;
        let is_final = |violation: &Violation| ["max_items", "unique_items"].contains(&violation.code);
        self.violations.retain(|violation| violation.path().segments().count() > depth || is_final(violation));
        (!self.violations.is_empty()).then_some(self)
    }

    /// The violations of the only element of a collection, at the path of that element.
    pub(crate) fn of_element(mut self, collection: &DocumentPath, element: &DocumentPath) -> Option<Self> {
        let depth = collection.rest().len() + 1;
        self.violations.retain(|violation| violation.path().segments().count() > depth);
        let (path, json_path) = (element.to_item_path(), element.to_json_path());
        for violation in &mut self.violations {
            violation.move_to(depth + 1, &path, &json_path);
        }
        (!self.violations.is_empty()).then_some(self)
    }
}
