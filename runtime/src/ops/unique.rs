//! Unique fields: each value has a guard, an item of its own in the same table that names its owner. It is written and
//! deleted in one transaction with the owner, so that a writer that crashes, or comes second, never frees or keeps a
//! value that is somebody else's.

use super::index_keys::{Left, is_still, left};
use super::transaction_action::{Action, Request};
use crate::carrier::{AttributeMap, RawItem};
use crate::client::Target;
use crate::expr::{self, DocumentPath, Node, Term};
use crate::item::normal_number;
use crate::{Error, Model, Result};
use aws_sdk_dynamodb::types::AttributeValue;
use std::sync::Arc;

/// What the discriminator of a guard says, and what its key begins with.
pub(crate) const GUARD: &str = "UNIQUE";
/// The attributes of a guard that hold its owner's hash key, and range key.
const OWNER: [&str; 2] = ["unique_owner", "unique_owner_range"];

/// The unique fields that an action sets or gives up.
#[derive(Debug, Clone)]
pub(super) struct UniqueFields {
    /// The attributes, and what the action leaves in each.
    fields: Vec<(&'static str, Option<AttributeValue>)>,
    /// Whether there is no item before.
    is_new: bool,
    /// The attribute that tells models apart, and what it says for this one.
    discriminator: (&'static str, &'static str),
}

impl UniqueFields {
    /// Those of an item that is put.
    pub(super) fn put<M: Model>(item: &RawItem, is_new: bool) -> Option<Self> {
        let mut values = item.attributes(M::LAYOUT.unique);
        let fields = M::LAYOUT.unique.iter().map(|name| (*name, values.remove(*name)));
        Self::some::<M>(fields.collect(), is_new)
    }

    /// Those of an item that is deleted.
    pub(super) fn delete<M: Model>() -> Option<Self> {
        Self::some::<M>(M::LAYOUT.unique.iter().map(|name| (*name, None)).collect(), false)
    }

    /// Those that an update changes.
    pub(super) fn update<M: Model>(actions: &[expr::Action]) -> Result<Option<Self>> {
        let mut fields = Vec::new();
        for name in M::LAYOUT.unique {
            match left(name, actions) {
                Left::Untouched => {}
                Left::Set(value) => fields.push((*name, Some(value.clone()))),
                Left::Removed => fields.push((*name, None)),
                Left::Calculated => {
                    let why = format!("{}: {name} is unique: an update sets it to a value", M::NAME);
                    return Err(Error::InvalidTransaction(why));
                }
            }
        }
        Ok(Self::some::<M>(fields, false))
    }

    fn some<M: Model>(fields: Vec<(&'static str, Option<AttributeValue>)>, is_new: bool) -> Option<Self> {
        let discriminator = M::LAYOUT.discriminator?;
        (!fields.is_empty()).then_some(Self { fields, is_new, discriminator })
    }
}

/// What a transaction does beside its own actions, by the items as they are.
#[derive(Default)]
pub(super) struct Plan {
    /// The items before, where an action has unique fields and they may have values.
    pub(super) before: Vec<Option<AttributeMap>>,
    /// What has to hold for each action.
    pub(super) conditions: Vec<Node>,
    /// The writes of guards.
    pub(super) guards: Vec<Guard>,
}

/// The write of one guard.
pub(super) struct Guard {
    pub(super) model: &'static str,
    pub(super) field: &'static str,
    /// Whether it is written, rather than deleted.
    pub(super) is_claim: bool,
    pub(super) action: Action,
}

/// A guard that an action claims or gives up.
struct Change {
    key: AttributeMap,
    owner: AttributeMap,
    model: &'static str,
    field: &'static str,
    discriminator: &'static str,
    target: Arc<Target>,
}

/// Reads the items that actions replace, and plans the guards.
pub(super) async fn plan(actions: &[Action]) -> Result<Plan> {
    let mut plan = Plan::default();
    let (mut claims, mut releases) = (Vec::new(), Vec::new());
    for action in actions {
        let Some(unique) = &action.unique else {
            plan.before.push(None);
            plan.conditions.push(Node::None);
            continue;
        };
        let before = if unique.is_new { None } else { read(action).await? };
        let hash_key = action.target.description.hash_key.name;
        let mut condition = Vec::new();
        match &before {
            // `insert` asks for that itself.
            None if !unique.is_new => {
                let path = Term::Path(DocumentPath::root(hash_key));
                condition.push(Node::Call("attribute_not_exists", vec![path]));
            }
            _ => {}
        }
        for (field, after) in &unique.fields {
            let earlier = before.as_ref().and_then(|item| item.get(*field));
            if before.is_some() {
                condition.push(is_still(field, earlier));
            }
            if earlier == after.as_ref() {
                continue;
            }
            releases.extend(earlier.and_then(|value| change(action, unique.discriminator, field, value)));
            claims.extend(after.as_ref().and_then(|value| change(action, unique.discriminator, field, value)));
        }
        plan.conditions.push(Node::And(condition));
        plan.before.push(before);
    }
    for claim in &claims {
        let taken = claims.iter().filter(|other| other.key == claim.key && other.target.table == claim.target.table);
        if taken.count() > 1 {
            return Err(Error::NotUnique { model: claim.model, field: claim.field });
        }
    }
    // A value that one action gives up and another claims changes its owner.
    for claim in &claims {
        let from = releases.iter().find(|release| release.key == claim.key).map(|release| &release.owner);
        plan.guards.push(claim.claim(from));
    }
    for release in releases.iter().filter(|release| !claims.iter().any(|claim| claim.key == release.key)) {
        plan.guards.push(release.release());
    }
    for condition in &mut plan.conditions {
        if let Node::And(nodes) = condition
            && nodes.len() < 2
        {
            *condition = nodes.pop().unwrap_or(Node::None);
        }
    }
    Ok(plan)
}

/// The item that an action replaces, changes or deletes.
async fn read(action: &Action) -> Result<Option<AttributeMap>> {
    let target = &action.target;
    let key = action.request.key(&target.description.key_names());
    let request = target.sdk.get_item().table_name(&target.table).set_key(Some(key)).consistent_read(true);
    match request.send().await.map_err(|error| target.error("GetItem", error)) {
        Ok(output) => Ok(output.item),
        // The write that follows makes it.
        Err(error) if error.is_missing_table() => Ok(None),
        Err(error) => Err(error),
    }
}

fn change(
    action: &Action,
    (discriminator, kind): (&'static str, &'static str),
    field: &'static str,
    value: &AttributeValue,
) -> Option<Change> {
    let target = &action.target;
    let table = &target.description;
    let text = match value {
        AttributeValue::S(text) => text.clone(),
        AttributeValue::N(text) => normal_number(text),
        _ => return None,
    };
    let hash = AttributeValue::S(format!("{GUARD}#{kind}#{field}#{text}"));
    let mut key = AttributeMap::from([(table.hash_key.name.to_owned(), hash)]);
    if let Some(range_key) = table.range_key {
        key.insert(range_key.name.to_owned(), AttributeValue::S(GUARD.to_owned()));
    }
    let names = table.key_names();
    let mut own = action.request.key(&names);
    let values = names.iter().filter_map(|name| own.remove(*name));
    let owner = OWNER.iter().zip(values).map(|(name, value)| ((*name).to_owned(), value));
    let owner = owner.collect();
    Some(Change { key, owner, model: target.model, field, discriminator, target: target.clone() })
}

impl Change {
    fn claim(&self, from: Option<&AttributeMap>) -> Guard {
        let mut item: AttributeMap = self.key.clone();
        item.extend(self.owner.clone());
        item.insert(self.discriminator.to_owned(), AttributeValue::S(GUARD.to_owned()));
        self.guard(true, Request::Put(RawItem::Map(item)), from)
    }

    fn release(&self) -> Guard {
        self.guard(false, Request::Delete(self.key.clone()), None)
    }

    /// The write of the guard, if it is nobody's, the owner's own, or the one's who gives it up.
    fn guard(&self, is_claim: bool, request: Request, from: Option<&AttributeMap>) -> Guard {
        let names = self.target.description.key_names();
        let hash_key = Term::Path(DocumentPath::root(self.target.description.hash_key.name));
        let is_owner = |owner: &AttributeMap| {
            let parts = OWNER.iter().filter_map(|name| Some(is_still(name, Some(owner.get(*name)?))));
            Node::And(parts.collect())
        };
        let mut allowed = vec![Node::Call("attribute_not_exists", vec![hash_key]), is_owner(&self.owner)];
        allowed.extend(from.map(is_owner));
        let identity = super::identity::Identity::of(&self.key, &names);
        let (target, kind) = (self.target.clone(), if is_claim { "put" } else { "delete" });
        let action = Action { target, kind, identity, request, condition: Node::Or(allowed), unique: None };
        Guard { model: self.model, field: self.field, is_claim, action }
    }
}
