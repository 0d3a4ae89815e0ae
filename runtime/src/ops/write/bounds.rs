//! What an update has to leave behind, and how DynamoDB is asked for that.

use crate::expr::{Node, Requirements};
use crate::ground::defects::Defect;
use crate::ground::{AttributeMap, Violations, defects};
use crate::ops::Error;

/// What an update has to leave behind of what it calculates.
#[derive(Debug, Clone, Default)]
pub(in crate::ops) struct Bounds {
    requirements: Requirements,
    /// What DynamoDB is asked, in each attempt.
    pub(in crate::ops) asked: Vec<Node>,
    /// Whether the update must not be where that does not hold.
    is_exact: bool,
}

impl Bounds {
    pub(in crate::ops) fn new(requirements: Requirements) -> Self {
        if defects::has(Defect::CalculatedWithoutBounds) {
            return Self::default();
        }
        let (asked, is_exact) = requirements.conditions().unwrap_or_default();
        Self { requirements, asked, is_exact }
    }

    pub(in crate::ops) fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Whether the item has to be read before the update. One that can be asked again is done by a condition that is too
    /// narrow, in most cases.
    pub(in crate::ops) fn needs_item(&self, can_ask_again: bool) -> bool {
        !self.is_empty() && (self.asked.is_empty() || !(self.is_exact || can_ask_again))
    }

    /// What DynamoDB is asked in a transaction, where a condition that is too narrow has no second attempt.
    pub(in crate::ops) fn asked_once(&self) -> &[Node] {
        if self.is_exact { &self.asked } else { &[] }
    }

    /// What has to hold for an update of an item that was read, in a transaction, and the attributes that it is about; an
    /// error, if the update would leave the item out of bounds. No item is one without attributes.
    pub(in crate::ops) fn planned(
        &self,
        model: &'static str,
        item: Option<&AttributeMap>,
    ) -> Result<(Vec<Node>, Vec<&'static str>), Error> {
        match self.error(model, item) {
            Some(error) => Err(error),
            None => {
                let none = AttributeMap::new();
                Ok((self.requirements.unchanged(item.unwrap_or(&none)), self.requirements.attributes()))
            }
        }
    }

    /// The same for an item that was read; an error, if the update would leave it out of bounds. No item is one without
    /// attributes.
    pub(in crate::ops) fn of_item(&mut self, model: &'static str, item: &AttributeMap) -> Result<(), Error> {
        if let Some(error) = self.error(model, Some(item)) {
            return Err(error);
        }
        (self.asked, self.is_exact) = (self.requirements.unchanged(item), false);
        Ok(())
    }

    /// Asks again where the condition failed for an item that the update would leave within its bounds; whether there is
    /// something else to ask. That the update cannot be calculated is DynamoDB's to say.
    pub(in crate::ops) fn ask_again(&mut self, item: &AttributeMap) -> bool {
        let is_decided = self.is_exact && self.requirements.can_be_applied(item);
        if self.is_empty() || is_decided || self.requirements.violations(item).is_some() {
            return false;
        }
        let asked = self.requirements.unchanged(item);
        let is_other = asked != self.asked;
        (self.asked, self.is_exact) = (asked, false);
        is_other
    }

    /// The error of an update that would leave an item out of its bounds. No item is one without attributes.
    pub(in crate::ops) fn error(&self, model: &'static str, item: Option<&AttributeMap>) -> Option<Error> {
        let violations = self.violations(item);
        violations.map(|violations| Error::OutOfBounds(Box::new(violations.of_model(model))))
    }

    /// Whether the update would leave an item out of its bounds.
    pub(in crate::ops) fn is_broken_by(&self, item: Option<&AttributeMap>) -> bool {
        self.violations(item).is_some()
    }

    fn violations(&self, item: Option<&AttributeMap>) -> Option<Violations> {
        let none = AttributeMap::new();
        self.requirements.violations(item.unwrap_or(&none))
    }
}
