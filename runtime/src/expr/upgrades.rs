//! The condition on the schema version of an item.

use super::condition::Node;
use super::document_path::DocumentPath;
use super::term::Term;
use crate::codec::Upgrades;
use aws_sdk_dynamodb::types::AttributeValue;

impl Upgrades {
    /// The condition that a stored item is of the current version, so that its attributes have the current forms.
    pub(crate) fn is_current(&self) -> Node {
        let Some(attribute) = self.attribute else { return Node::None };
        let path = || Term::Path(DocumentPath::root(attribute));
        let current = Term::attribute_value(AttributeValue::N(self.current().to_string()));
        let is_current = Node::Compare(path(), "=", current);
        match self.current() {
            1 => Node::Or(vec![Node::Call("attribute_not_exists", vec![path()]), is_current]),
            _ => is_current,
        }
    }
}
