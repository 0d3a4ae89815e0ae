//! The counters of an item that is written as a whole: the write undoes no increment.

use crate::codec::{ToAttribute, write_value};
use crate::expr::{DocumentPath, Node, Term};
use crate::ground::AttributeMap;
use crate::ground::defects::{self, Defect};
use crate::ops::write::is_same;
use aws_sdk_dynamodb::types::AttributeValue;

/// The values of an item's counters, as they were read.
#[doc(hidden)]
#[derive(Debug, Clone, Default)]
pub struct Counters(Vec<(&'static str, AttributeValue)>);

impl Counters {
    /// Adds the value of a counter.
    pub fn value<T: ToAttribute>(&mut self, attribute: &'static str, value: &T) {
        // A value that cannot be written is reported when the item is written.
        self.0.extend(write_value(value).ok().map(|value| (attribute, value)));
    }

    pub(in crate::ops) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first counter that has another value in another item.
    pub(in crate::ops) fn first_other(&self, other: &Self) -> Option<&'static str> {
        let others = self.0.iter().zip(&other.0).find(|(one, other)| one != other);
        others.map(|((name, _), _)| *name)
    }

    pub(in crate::ops) fn attributes(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(attribute, _)| *attribute)
    }

    /// The condition that nothing has changed them. An absent counter has no increments to undo, and other writers may
    /// store NULL for it.
    pub(in crate::ops) fn are_unchanged(&self) -> Node {
        if defects::has(Defect::SavesUndoIncrements) {
            return Node::None;
        }
        let is_unchanged = |(attribute, value): &(&'static str, AttributeValue)| {
            let path = DocumentPath::root(attribute);
            let absent = Node::Call("attribute_not_exists", vec![Term::Path(path.clone())]);
            let values = [value.clone(), AttributeValue::Null(true)].map(Term::attribute_value);
            Node::Or(vec![absent, Node::In(path, values.into())])
        };
        Node::all(self.0.iter().map(is_unchanged))
    }

    /// The first counter that has another value in a stored item.
    pub(in crate::ops) fn changed_in(&self, item: &AttributeMap) -> Option<&'static str> {
        let is_other = |stored: &AttributeValue, value| !stored.is_null() && !is_same(stored, value);
        let changed = self.0.iter().find(|(name, value)| item.get(*name).is_some_and(|stored| is_other(stored, value)));
        changed.map(|(name, _)| *name)
    }
}
