//! What an update has to leave behind: values that their types hold, and that keep the schema's constraints.
//!
//! DynamoDB is asked by a condition where it has one. Where it has none, or one that is too narrow, the item is read, or
//! DynamoDB returns it with the failed condition; what the update makes of it is calculated here, and the update is done if
//! what it is calculated from is still the same.

use super::applied::{applied, value_at};
use super::condition::Node;
use super::document_path::DocumentPath;
use super::growth::Growth;
use super::term::Term;
use super::update::UpdateAction;
use crate::ground::{AttributeMap, Violations};
use aws_sdk_dynamodb::types::AttributeValue;
use std::fmt;
use std::sync::Arc;

/// Finds what is wrong with a value at a path.
pub(super) type Judge = Arc<dyn Fn(&DocumentPath, &AttributeValue) -> Option<Violations> + Send + Sync>;

/// A value that an update leaves, and that has to be sound.
#[derive(Clone)]
pub(super) struct Requirement {
    pub(super) path: DocumentPath,
    pub(super) judge: Judge,
    pub(super) asked: Asked,
}

impl Requirement {
    /// The same of a value that DynamoDB may calculate or not.
    pub(super) fn unknown(self) -> Self {
        Self { asked: Asked::Unknown, ..self }
    }
}

/// What DynamoDB is asked.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    /// What holds where the value will be sound, and nowhere else.
    Node(Node),
    /// The size of a collection.
    Growth(Growth),
    /// There is no condition for it.
    Unknown,
}

/// All that an update has to leave behind.
#[derive(Clone, Default)]
pub(crate) struct Requirements {
    each: Vec<Requirement>,
    /// All actions of the update's own.
    actions: Vec<UpdateAction>,
}

impl Requirements {
    pub(super) fn new(each: Vec<Requirement>, actions: &[UpdateAction]) -> Self {
        let mut merged: Vec<Requirement> = Vec::new();
        for Requirement { path, judge, asked } in each {
            let earlier = merged.iter_mut().find(|earlier| earlier.path == path);
            match (earlier, asked) {
                (None, asked) => merged.push(Requirement { path, judge, asked }),
                (Some(earlier), Asked::Growth(growth)) => match &earlier.asked {
                    Asked::Growth(other) => earlier.asked = Asked::Growth(other.clone().and(growth)),
                    _ => earlier.asked = Asked::Unknown,
                },
                (Some(earlier), _) => earlier.asked = Asked::Unknown,
            }
        }
        let actions = if merged.is_empty() { Vec::new() } else { actions.to_vec() };
        Self { each: merged, actions }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    /// The conditions, and whether they are exact: that they do not hold means that the update must not be. `None` if
    /// there is no condition for one of them.
    pub(crate) fn conditions(&self) -> Option<(Vec<Node>, bool)> {
        let mut nodes = Vec::new();
        let mut exact = true;
        for requirement in &self.each {
            match &requirement.asked {
                Asked::Node(node) => nodes.push(node.clone()),
                Asked::Growth(growth) => {
                    let (node, is_exact) = growth.condition();
                    nodes.push(node);
                    exact &= is_exact;
                }
                Asked::Unknown => return None,
            }
        }
        Some((nodes, exact))
    }

    /// What would be wrong with the item after the update; `None` if nothing is, or if DynamoDB would refuse the update
    /// for another reason.
    pub(crate) fn violations(&self, item: &AttributeMap) -> Option<Violations> {
        let after = applied(&self.actions, item)?;
        let found = self.each.iter().filter_map(|Requirement { path, judge, asked }| match after.value_at(path) {
            Some(value) => judge(path, value),
            // A set that is taken empty.
            None => match asked {
                Asked::Growth(growth) if !growth.taken.is_empty() => judge(path, &emptied(value_at(path, item)?)?),
                _ => None,
            },
        });
        found.reduce(|earlier, later| earlier.and(Some(later)))
    }

    /// Whether DynamoDB would do the update of an item.
    pub(crate) fn can_be_applied(&self, item: &AttributeMap) -> bool {
        applied(&self.actions, item).is_some()
    }

    /// The attributes that the update is calculated from, and those that it leaves.
    pub(crate) fn attributes(&self) -> Vec<&'static str> {
        self.stored().into_iter().map(DocumentPath::attribute).collect()
    }

    fn stored(&self) -> Vec<&DocumentPath> {
        let mut paths: Vec<&DocumentPath> = self.each.iter().map(|requirement| &requirement.path).collect();
        for action in &self.actions {
            if let UpdateAction::Set(_, term) = action {
                stored(term, &mut paths);
            }
        }
        paths
    }

    /// That all which the update is calculated from is as it is in an item.
    pub(crate) fn unchanged(&self, item: &AttributeMap) -> Vec<Node> {
        let paths = self.stored();
        let mut nodes = Vec::new();
        for (position, path) in paths.iter().enumerate() {
            if !paths.iter().take(position).any(|earlier| earlier == path) {
                nodes.push(is_still(path, value_at(path, item)));
            }
        }
        nodes
    }
}

/// A set without its elements, which DynamoDB does not have.
fn emptied(set: &AttributeValue) -> Option<AttributeValue> {
    Some(match set {
        AttributeValue::Ss(_) => AttributeValue::Ss(Vec::new()),
        AttributeValue::Ns(_) => AttributeValue::Ns(Vec::new()),
        AttributeValue::Bs(_) => AttributeValue::Bs(Vec::new()),
        _ => return None,
    })
}

/// The paths that a term is calculated from.
fn stored<'t>(term: &'t Term, paths: &mut Vec<&'t DocumentPath>) {
    match term {
        Term::Path(path) => paths.push(path),
        Term::Value(_) => {}
        Term::Call { arguments, .. } => arguments.iter().for_each(|argument| stored(argument, paths)),
        Term::Arithmetic { left, right, .. } => [left, right].into_iter().for_each(|side| stored(side, paths)),
    }
}

fn is_still(path: &DocumentPath, value: Option<&AttributeValue>) -> Node {
    let path = Term::Path(path.clone());
    match value {
        Some(value) => Node::Compare(path, "=", Term::attribute_value(value.clone())),
        None => Node::Call("attribute_not_exists", vec![path]),
    }
}

impl fmt::Debug for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.to_item_path())
    }
}

/// Without values, which stay out of every text.
impl fmt::Debug for Requirements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(&self.each).finish()
    }
}
