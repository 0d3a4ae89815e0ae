//! The bounds of the values that an update calculates, and the conditions that check them.

use crate::expr::{Node, Requirements};
use crate::ground::defects::Defect;
use crate::ground::{AttributeMap, JsonNames, ReadError, Violations, defects};
use crate::ops::Error;
use std::sync::Arc;

/// The bounds of the values that an update calculates.
#[derive(Debug, Clone, Default)]
pub(in crate::ops) struct Bounds {
    /// Shared with the expectation of each attempt; `None` without bounds.
    requirements: Option<Arc<Requirements>>,
    /// The conditions for the next attempt.
    pub(in crate::ops) conditions: Arc<[Node]>,
    /// Whether a failure of the conditions always means that the update would break its bounds.
    is_exact: bool,
    /// The names of the model's fields in JSON.
    json_names: JsonNames,
}

impl Bounds {
    pub(in crate::ops) fn new(requirements: Requirements, json_names: JsonNames) -> Self {
        if requirements.is_empty() || defects::has(Defect::CalculatedWithoutBounds) {
            return Self::default();
        }
        let (conditions, is_exact) = requirements.conditions().unwrap_or_default();
        Self { requirements: Some(Arc::new(requirements)), conditions: conditions.into(), is_exact, json_names }
    }

    pub(in crate::ops) fn is_empty(&self) -> bool {
        self.requirements.is_none()
    }

    /// Whether the item must be read before the update. If a refused update can be sent again, too narrow conditions
    /// are fine: most updates then need no read.
    pub(in crate::ops) fn needs_item(&self, can_retry: bool) -> bool {
        !self.is_empty() && (self.conditions.is_empty() || !(self.is_exact_once() || can_retry))
    }

    /// The conditions in a transaction: a transaction has no second attempt, so that too narrow conditions are left
    /// out.
    pub(in crate::ops) fn conditions_once(&self) -> &[Node] {
        if self.is_exact_once() { &self.conditions } else { &[] }
    }

    /// Whether the conditions are exact for all items, and not only for those that have the structs.
    fn is_exact_once(&self) -> bool {
        self.is_exact && !self.requirements.as_ref().is_some_and(|requirements| requirements.have_structs())
    }

    /// The conditions for an update of an item that was read. `None` counts as an item without attributes.
    pub(in crate::ops) fn planned(&self, item: Option<&AttributeMap>) -> Vec<Node> {
        if defects::has(Defect::RulesOfReadStructs) {
            return Vec::new();
        }
        let requirements = self.requirements.as_ref();
        requirements.map(|of| of.unchanged(item.unwrap_or(&AttributeMap::new()))).unwrap_or_default()
    }

    /// Sets the conditions for an update of an item that was read.
    pub(in crate::ops) fn of_item(&mut self, item: Option<&AttributeMap>) {
        (self.conditions, self.is_exact) = (self.planned(item).into(), false);
    }

    /// Sets other conditions after a failure, if the update would leave this item within its bounds. Returns whether
    /// the conditions are new. DynamoDB itself reports an update that cannot be calculated.
    pub(in crate::ops) fn renew(&mut self, item: &AttributeMap) -> bool {
        let Some(requirements) = &self.requirements else { return false };
        let is_decided = self.is_exact && requirements.can_be_applied(item);
        if is_decided || !matches!(requirements.violations(item), Ok(None)) {
            return false;
        }
        let conditions = requirements.unchanged(item);
        let is_other = conditions != *self.conditions;
        (self.conditions, self.is_exact) = (conditions.into(), false);
        is_other
    }

    /// The error of an update that would leave an item out of its bounds. `None` counts as an item without
    /// attributes.
    pub(in crate::ops) fn error(&self, model: &'static str, item: Option<&AttributeMap>) -> Option<Error> {
        let violations = self.violations(item);
        violations.map(|violations| Error::OutOfBounds(Box::new(violations.of_model(model, self.json_names))))
    }

    /// Whether the update would leave an item out of its bounds.
    pub(in crate::ops) fn is_broken_by(&self, item: Option<&AttributeMap>) -> bool {
        self.violations(item).is_some()
    }

    /// The error of a stored value whose rules cannot be checked, since it cannot be read.
    pub(in crate::ops) fn unreadable(&self, item: Option<&AttributeMap>) -> Option<ReadError> {
        self.requirements.as_ref()?.violations(item?).err()
    }

    fn violations(&self, item: Option<&AttributeMap>) -> Option<Violations> {
        let none = AttributeMap::new();
        self.requirements.as_ref()?.violations(item.unwrap_or(&none)).ok().flatten()
    }
}
