//! The requirements on the values that an update calculates and on the structs that it patches: their types hold them,
//! and they keep the schema's constraints.
//!
//! A requirement becomes a condition if DynamoDB has one for it. If it has none, or only one that is too narrow, the
//! item is read, or DynamoDB returns it with the failed condition. The result of the update is then calculated here.
//! The update is applied if the values that it is calculated from are still the same.

use super::applied::{Applied, applied, value_at};
use super::attribute::Attribute;
use super::condition::Node;
use super::document_path::DocumentPath;
use super::growth::Growth;
use super::outer::Outer;
use super::patch::CheckWhole;
use super::struct_changes::StructChanges;
use super::update_parts::UpdateAction;
use crate::codec::{FromAttribute, Item, ValueReader};
use crate::ground::{AttributeMap, ReadError, Violations};
use crate::validate::Checked;
use aws_sdk_dynamodb::types::AttributeValue;
use std::fmt;
use std::sync::Arc;

/// Finds the violations of a value at a path. A stored value that cannot be read is an error.
pub(super) type Judge = Arc<dyn Fn(&DocumentPath, &AttributeValue) -> Judgement + Send + Sync>;

pub(super) type Judgement = Result<Option<Violations>, ReadError>;

/// A requirement on a value that an update leaves.
#[derive(Clone)]
pub(super) struct Requirement {
    pub(super) path: DocumentPath,
    pub(super) judge: Judge,
    pub(super) scope: Scope,
    pub(super) condition: RequirementCondition,
}

/// What a requirement judges of its value. A later one includes the earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    /// The functions of the app's own that the schema names for a struct, or for the structs in a collection.
    Functions,
    /// All constraints.
    All,
}

impl Requirement {
    /// The requirement on a struct as a whole, by the functions for its type and by those for the attribute and for the
    /// collection that holds it; `None` if there are none.
    pub(super) fn of_whole<M, T, R>(at: &Attribute<M, T, R>, of_type: Option<CheckWhole<T>>) -> Option<Self>
    where
        T: Item + FromAttribute + 'static,
    {
        let (own, outer) = (at.rules.functions, Outer::functions_of_element(&at.outer));
        if of_type.is_none() && own.is_none() && outer.is_none() {
            return None;
        }
        let judge = move |path: &DocumentPath, value: &AttributeValue| {
            let whole = <T as FromAttribute>::read(ValueReader::new(value.clone()))
                .map_err(|error| error.inside(&path.to_item_path()))?;
            let whole = whole.transformed();
            let mut violations = Violations::new("");
            if let Some(check) = of_type {
                violations.in_json(T::model_json_names(), |of| check(&whole, of));
            }
            if let Some(check) = own {
                check(Checked::new(&whole, &mut violations));
            }
            let of_element = outer.as_ref().map_or(Ok(None), |outer| outer(path, value))?;
            Ok(Violations::joined([violations.at(path), of_element]))
        };
        let condition = RequirementCondition::Unknown;
        Some(Self { path: at.path.clone(), judge: Arc::new(judge), scope: Scope::Functions, condition })
    }

    /// The judgement of an item after the update.
    fn judged(&self, item: &AttributeMap, after: &Applied) -> Judgement {
        match (after.value_at(&self.path), &self.condition) {
            (Some(value), _) => (self.judge)(&self.path, value),
            // The update removes the last element of a set.
            (None, RequirementCondition::Growth(growth)) if !growth.taken.is_empty() => {
                let emptied = value_at(&self.path, item).and_then(emptied);
                emptied.map_or(Ok(None), |emptied| (self.judge)(&self.path, &emptied))
            }
            (None, _) => Ok(None),
        }
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
        for Requirement { path, judge, scope, condition } in each {
            let mut earlier = merged.iter_mut().find(|earlier| earlier.path == path);
            if let Some(earlier) = earlier.as_mut().filter(|earlier| earlier.scope < scope) {
                (earlier.judge, earlier.scope) = (judge.clone(), scope);
            }
            match (earlier, condition) {
                (None, condition) => merged.push(Requirement { path, judge, scope, condition }),
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

    /// The violations of the item after the update, each once; `None` without violations, or if the update cannot be
    /// applied for another reason.
    ///
    /// # Errors
    ///
    /// There are no violations, but a value whose rules have to be checked cannot be read.
    pub(crate) fn violations(&self, item: &AttributeMap) -> Judgement {
        if self.each.is_empty() {
            return Ok(None);
        }
        let Some(after) = self.after(item) else { return Ok(None) };
        let mut unreadable = None;
        let mut found = Vec::new();
        for requirement in &self.each {
            match requirement.judged(item, &after) {
                Ok(violations) => found.push(violations),
                Err(error) => unreadable = unreadable.or(Some(error)),
            }
        }
        match (Violations::joined(found), unreadable) {
            (None, Some(error)) => Err(error),
            (violations, _) => Ok(violations),
        }
    }

    fn after(&self, item: &AttributeMap) -> Option<Applied> {
        applied(&self.structs.of_item(&self.actions, Some(item)).ok()?.actions, item)
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
