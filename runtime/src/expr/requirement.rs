//! The requirements on the values that an update calculates: their types hold them, and they keep the schema's
//! constraints.
//!
//! A requirement becomes a condition if DynamoDB has one for it. If it has none, or only one that is too narrow, the
//! item is read, or DynamoDB returns it with the failed condition. The result of the update is then calculated here.
//! The update is applied if the values that it is calculated from are still the same.

use super::applied::{applied, value_at};
use super::attribute::Attribute;
use super::capability::NumberRange;
use super::condition::Node;
use super::document_path::DocumentPath;
use super::growth::Growth;
use super::patch::CheckWhole;
use super::struct_changes::StructChanges;
use super::update::UpdateAction;
use crate::codec::{FromAttribute, Item, ValueReader};
use crate::ground::{AttributeMap, Violations};
use aws_sdk_dynamodb::types::AttributeValue;
use std::fmt;
use std::sync::Arc;

/// Finds the violations of a value at a path.
pub(super) type Judge = Arc<dyn Fn(&DocumentPath, &AttributeValue) -> Option<Violations> + Send + Sync>;

/// A requirement on a value that an update leaves.
#[derive(Clone)]
pub(super) struct Requirement {
    pub(super) path: DocumentPath,
    pub(super) judge: Judge,
    pub(super) condition: RequirementCondition,
}

impl Requirement {
    /// The requirement on a struct as a whole.
    pub(super) fn of_whole<M, T, R>(at: &Attribute<M, T, R>, check: CheckWhole<T>) -> Self
    where
        T: Item + FromAttribute + 'static,
    {
        let judge = move |path: &DocumentPath, value: &AttributeValue| {
            let mut violations = Violations::new("");
            match <T as FromAttribute>::read(ValueReader::new(value.clone())) {
                Ok(whole) => violations.in_json(T::model_json_names(), |of| check(&whole.transformed(), of)),
                Err(_) => return Violations::of_type(path, &NumberRange::All),
            }
            violations.at(path)
        };
        Self { path: at.path.clone(), judge: Arc::new(judge), condition: RequirementCondition::Unknown }
    }

    /// The same requirement without a condition.
    pub(super) fn unknown(self) -> Self {
        Self { condition: RequirementCondition::Unknown, ..self }
    }
}

/// The condition for a requirement.
#[derive(Debug, Clone)]
pub(super) enum RequirementCondition {
    /// An exact condition: it holds if and only if the requirement does.
    Node(Node),
    /// A condition on the size of a collection.
    Growth(Growth),
    /// No condition exists.
    Unknown,
}

/// All requirements of an update.
#[derive(Clone, Default)]
pub(crate) struct Requirements {
    each: Vec<Requirement>,
    /// All actions of the update itself.
    actions: Vec<UpdateAction>,
    /// The structs that its patches change inside, and create where they are absent.
    structs: StructChanges,
}

impl Requirements {
    pub(super) fn new(each: Vec<Requirement>, actions: &[UpdateAction]) -> Self {
        let mut merged: Vec<Requirement> = Vec::new();
        for Requirement { path, judge, condition } in each {
            let earlier = merged.iter_mut().find(|earlier| earlier.path == path);
            match (earlier, condition) {
                (None, condition) => merged.push(Requirement { path, judge, condition }),
                (Some(earlier), RequirementCondition::Growth(growth)) => match &earlier.condition {
                    RequirementCondition::Growth(other) => {
                        earlier.condition = RequirementCondition::Growth(other.clone().and(growth))
                    }
                    _ => earlier.condition = RequirementCondition::Unknown,
                },
                (Some(earlier), _) => earlier.condition = RequirementCondition::Unknown,
            }
        }
        let actions = if merged.is_empty() { Vec::new() } else { actions.to_vec() };
        Self { each: merged, actions, structs: StructChanges::default() }
    }

    /// The same requirements of an update whose patches change these structs inside.
    pub(crate) fn inside(mut self, structs: &StructChanges) -> Self {
        if !self.is_empty() {
            self.structs.clone_from(structs);
        }
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    /// Whether patches change structs inside. A condition on a value in a struct does not hold if the struct is absent,
    /// also where the update creates it as the requirement says.
    pub(crate) fn have_structs(&self) -> bool {
        !self.structs.is_empty()
    }

    /// The conditions, and whether they are exact: a failure then means that the update must not be applied. `None`
    /// if a requirement has no condition.
    pub(crate) fn conditions(&self) -> Option<(Vec<Node>, bool)> {
        let mut nodes = Vec::new();
        let mut exact = true;
        for requirement in &self.each {
            match &requirement.condition {
                RequirementCondition::Node(node) => nodes.push(node.clone()),
                RequirementCondition::Growth(growth) => {
                    let (node, is_exact) = growth.condition();
                    nodes.push(node);
                    exact &= is_exact;
                }
                RequirementCondition::Unknown => return None,
            }
        }
        Some((nodes, exact))
    }

    /// The violations of the item after the update; `None` without violations, or if the update cannot be applied for
    /// another reason.
    pub(crate) fn violations(&self, item: &AttributeMap) -> Option<Violations> {
        let of_item = self.structs.of_item(&self.actions, Some(item)).ok()?;
        let after = applied(&of_item.actions, item)?;
        let found = self.each.iter().filter_map(|Requirement { path, judge, condition }| match after.value_at(path) {
            Some(value) => judge(path, value),
            // The update removes the last element of a set.
            None => match condition {
                RequirementCondition::Growth(growth) if !growth.taken.is_empty() => {
                    judge(path, &emptied(value_at(path, item)?)?)
                }
                _ => None,
            },
        });
        found.reduce(|earlier, later| earlier.and(Some(later)))
    }

    /// Whether DynamoDB would apply the update to an item that has all structs.
    pub(crate) fn can_be_applied(&self, item: &AttributeMap) -> bool {
        applied(&self.actions, item).is_some()
    }

    fn stored(&self) -> Vec<&DocumentPath> {
        let mut paths: Vec<&DocumentPath> = self.each.iter().map(|requirement| &requirement.path).collect();
        for action in &self.actions {
            if let UpdateAction::Set(_, term) = action {
                term.paths(&mut paths);
            }
        }
        paths
    }

    /// The conditions that all values that the update is calculated from are still those of an item.
    pub(crate) fn unchanged(&self, item: &AttributeMap) -> Vec<Node> {
        let paths = self.stored();
        let mut nodes = Vec::new();
        for (position, path) in paths.iter().enumerate() {
            if !paths.iter().take(position).any(|earlier| earlier == path) {
                nodes.push(Node::is_still(path, value_at(path, item)));
            }
        }
        nodes
    }
}

/// A set without elements. DynamoDB cannot store one.
fn emptied(set: &AttributeValue) -> Option<AttributeValue> {
    Some(match set {
        AttributeValue::Ss(_) => AttributeValue::Ss(Vec::new()),
        AttributeValue::Ns(_) => AttributeValue::Ns(Vec::new()),
        AttributeValue::Bs(_) => AttributeValue::Bs(Vec::new()),
        _ => return None,
    })
}

impl fmt::Debug for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.to_item_path())
    }
}

/// Leaves out the values: no text holds them.
impl fmt::Debug for Requirements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(&self.each).finish()
    }
}
