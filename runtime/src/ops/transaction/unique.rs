//! Unique fields, and unique combinations of fields. Each value has a guard: an item of its own in the same table,
//! which names its owner. One transaction writes or deletes a guard and its owner together. So a writer that crashes or
//! loses a race never frees or keeps a value of another item.
//!
//! A guard expires with its owner: both have the same time to live. An expired guard no longer protects its value.

use super::action::{Action, ActionKind};
use super::guard_item::{GuardKey, is_owner};
use super::planned::{Planned, plan_update, stored_items};
use super::unique_fields::UniqueFields;
use crate::codec::RawItem;
use crate::description::Discriminator;
use crate::expr;
use crate::expr::{DocumentPath, Node, Term};
use crate::ground::defects::Defect;
use crate::ground::{AttributeMap, Violations, defects, seconds_now};
use crate::ops::transaction::guard_item;
use crate::ops::write::is_same;
use crate::ops::{Error, Result};
use crate::transport::Client;
use aws_sdk_dynamodb::types::AttributeValue;

/// The error of an action whose value of a field or combination another item has.
pub(in crate::ops) fn not_unique(action: &Action, name: &'static str) -> Error {
    let model = action.target.model;
    let mut violations = Violations::new(model);
    if let Some(unique) = &action.unique {
        let fields = unique.values.iter().filter(|value| value.name == name).flat_map(|value| &value.fields);
        for (field, _) in fields {
            violations.within_attribute(field, |of| of.add("unique", "another item has this value", Vec::new()));
        }
        violations = violations.of_model(model, unique.json_names);
    }
    Error::NotUnique { model, field: name, violations: Box::new(violations) }
}

/// The items that a plan reads first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ops) enum Knowledge {
    /// The items that the actions replace. Their guards are assumed to be correct.
    Items,
    /// Also the guards that the actions release.
    ItemsAndGuards,
}

/// The guard writes and conditions that a transaction needs beside its own actions, for the stored items.
#[derive(Default)]
pub(in crate::ops) struct CommitPlan {
    actions: Vec<Planned>,
    /// The writes of guards.
    pub(in crate::ops) guards: Vec<GuardWrite>,
}

/// The write of one guard.
pub(in crate::ops) struct GuardWrite {
    pub(in crate::ops) purpose: Purpose,
    /// The name of the field or combination that the guard protects.
    pub(in crate::ops) field: &'static str,
    /// The position of the action that needs the guard.
    pub(in crate::ops) of: usize,
    pub(in crate::ops) action: Action,
}

/// The purpose of a guard write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ops) enum Purpose {
    Claim,
    Release,
    /// The guard belongs to another item and stays.
    Keep,
}

impl CommitPlan {
    /// The condition that the action at a position needs beside its own.
    pub(in crate::ops) fn condition(&self, position: usize) -> &Node {
        self.actions.get(position).map_or(&Node::None, |planned| &planned.condition)
    }

    /// The actions of the update at a position, if they are not its own.
    pub(in crate::ops) fn update(&self, position: usize) -> Option<&[expr::UpdateAction]> {
        self.actions.get(position)?.update.as_deref()
    }

    /// Whether the item differs from the item that its action was planned for.
    pub(in crate::ops) fn is_stale(&self, position: usize, now: Option<&AttributeMap>) -> bool {
        let Some(planned) = self.actions.get(position).filter(|planned| planned.condition != Node::None) else {
            return false;
        };
        match (&planned.item, now) {
            (None, None) => false,
            (Some(read), Some(now)) => {
                planned.condition.attributes().iter().any(|name| !are_same(read.get(*name), now.get(*name)))
            }
            _ => true,
        }
    }

    /// The items as they were read.
    pub(in crate::ops) fn into_items(self) -> Vec<Option<AttributeMap>> {
        self.actions.into_iter().map(|planned| planned.item).collect()
    }
}

/// Whether an attribute is absent in both items, or equal.
pub(super) fn are_same(one: Option<&AttributeValue>, other: Option<&AttributeValue>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => is_same(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

/// A value that an action claims or releases.
struct Change<'a> {
    of: usize,
    action: &'a Action,
    /// The name of its field or combination.
    field: &'static str,
    key: GuardKey,
    owner: AttributeMap,
}

impl Change<'_> {
    fn is_of(&self, other: &Change<'_>) -> bool {
        let is_in_its_table = self.action.target.table == other.action.target.table;
        self.key == other.key && (is_in_its_table || defects::has(Defect::GuardsWithoutTables))
    }
}

/// Reads the items that the actions replace, and plans the writes of guards.
pub(in crate::ops) async fn plan(client: &Client, actions: &[Action], knowledge: Knowledge) -> Result<CommitPlan> {
    let mut plan = CommitPlan::default();
    let has_plan = |action: &Action| action.unique.is_some() || action.expectation.needs_read();
    if !actions.iter().any(has_plan) {
        return Ok(plan);
    }
    let (mut claims, mut releases) = (Vec::new(), Vec::new());
    let is_read = |action: &Action| match &action.unique {
        Some(unique) => !unique.is_new,
        None => has_plan(action),
    };
    let stored = stored_items(client, actions, is_read).await?;
    for (of, (action, item)) in actions.iter().zip(stored).enumerate() {
        let planned = match &action.unique {
            Some(unique) => plan_action(of, action, unique, item, (&mut claims, &mut releases))?,
            None => Planned { item, ..Planned::default() },
        };
        plan.actions.push(plan_update(action, planned)?);
    }
    let now = seconds_now();
    for (position, (claim, expiry)) in claims.iter().enumerate() {
        let of_value = || claims.iter().enumerate().filter(|(_, (other, _))| other.is_of(claim));
        let mut ended = of_value().map(|(other, (_, expiry))| (other, guard_item::has_ended(expiry.as_ref(), now)));
        if guard_item::has_ended(expiry.as_ref(), now) {
            // An expired item gives its value to an item that has not expired.
            if ended.any(|(other, has_ended)| !has_ended || other < position) {
                continue;
            }
        } else if ended.any(|(other, has_ended)| !has_ended && other < position) {
            return Err(not_unique(claim.action, claim.field));
        }
        // The guard changes its owner if one action claims a value that another action releases, or whose item
        // another action lets expire.
        let released = releases.iter().filter(|release| release.is_of(claim)).map(|release| &release.owner);
        let claimed = claims.iter().filter(|(other, _)| other.is_of(claim)).map(|(other, _)| &other.owner);
        plan.guards.push(write(claim, Purpose::Claim, released.chain(claimed), expiry.as_ref()));
    }
    for (position, release) in releases.iter().enumerate() {
        let is_planned = claims.iter().any(|(claim, _)| claim.is_of(release))
            || releases.iter().take(position).any(|earlier| earlier.is_of(release));
        let is_left = knowledge == Knowledge::ItemsAndGuards && defects::has(Defect::GuardsStay);
        if is_planned || is_left {
            continue;
        }
        let owners: Vec<&AttributeMap> =
            releases.iter().filter(|other| other.is_of(release)).map(|release| &release.owner).collect();
        let is_others = knowledge == Knowledge::ItemsAndGuards
            && guard_item::read(&release.action.target, &release.key)
                .await?
                .is_some_and(|guard| !owners.iter().any(|owner| guard_item::is_owned(&guard, owner)));
        let purpose = if is_others { Purpose::Keep } else { Purpose::Release };
        plan.guards.push(write(release, purpose, owners, None));
    }
    Ok(plan)
}

type Changes<'c, 'a> = (&'c mut Vec<(Change<'a>, Option<AttributeValue>)>, &'c mut Vec<Change<'a>>);

/// Finds the values that an action on a stored item claims and releases.
fn plan_action<'a>(
    of: usize,
    action: &'a Action,
    unique: &UniqueFields,
    item: Option<AttributeMap>,
    (claims, releases): Changes<'_, 'a>,
) -> Result<Planned> {
    let mut condition = Vec::new();
    let mut read = Vec::new();
    let before = |name: &str| item.as_ref().and_then(|item| item.get(name));
    // `insert` has this condition already.
    if item.is_none() && !unique.is_new {
        let hash_key = Term::Path(DocumentPath::root(action.target.description.hash_key.name));
        condition.push(Node::Call("attribute_not_exists", vec![hash_key]));
    }
    let expiry = unique.expiry.as_ref().and_then(|(name, after)| after.of(before(name)));
    let is_prolonged = unique.expiry.as_ref().is_some_and(|(name, _)| !are_same(before(name), expiry));
    let is_deleted = |value: Option<&AttributeValue>| value.is_some_and(|value| !value.is_null());
    let deletion =
        unique.deletion.as_ref().map(|(name, after)| (is_deleted(before(name)), is_deleted(after.of(before(name)))));
    let (was_deleted, is_deleted) = deletion.unwrap_or_default();
    let is_deleted = is_deleted && !defects::has(Defect::GuardsOfDeletedStay);
    let is_decided = is_prolonged || was_deleted != is_deleted;
    for value in unique.values.iter().filter(|value| is_decided || value.is_touched()) {
        let fields = value.fields.iter();
        let (earlier, later): (Vec<_>, Vec<_>) =
            fields.map(|(field, after)| ((*field, before(field)), (*field, after.of(before(field))))).unzip();
        for (field, _) in &value.fields {
            if !read.contains(field) {
                read.push(*field);
            }
        }
        let is_changed = was_deleted != is_deleted
            || earlier.iter().zip(&later).any(|((_, earlier), (_, later))| !are_same(*earlier, *later));
        let change = |values: &[_]| Change::new(of, action, unique.discriminator, value.name, values);
        if is_changed
            && !was_deleted
            && let Some(release) = change(&earlier)
        {
            releases.push(release);
        }
        if !is_deleted
            && (is_changed || is_prolonged || unique.claims_all || item.is_none())
            && let Some(claim) = change(&later)
        {
            claim.key.check(action.target.model, value.name)?;
            claims.push((claim, expiry.filter(|value| value.is_n()).cloned()));
        }
    }
    if (!read.is_empty() || unique.is_expiry_touched())
        && let Some((name, _)) = &unique.expiry
        && !read.contains(name)
    {
        read.push(*name);
    }
    if let Some((name, _)) = &unique.deletion
        && (!read.is_empty() || unique.is_deletion_touched())
        && !read.contains(name)
    {
        read.push(*name);
    }
    if item.is_some() {
        condition.extend(read.iter().map(|name| Node::is_still(&DocumentPath::root(name), before(name))));
    }
    Ok(Planned { item, condition: Node::None.and(condition), update: None })
}

impl<'a> Change<'a> {
    fn new(
        of: usize,
        action: &'a Action,
        discriminator: Discriminator,
        field: &'static str,
        values: &[(&'static str, Option<&AttributeValue>)],
    ) -> Option<Self> {
        let key = GuardKey::new(&discriminator.text(), values)?;
        Some(Self { of, action, field, key, owner: guard_item::owner(action) })
    }
}

/// The write of a guard. The guard must be absent or belong to one of the owners.
fn write<'o>(
    change: &Change<'_>,
    purpose: Purpose,
    owners: impl IntoIterator<Item = &'o AttributeMap>,
    expiry: Option<&AttributeValue>,
) -> GuardWrite {
    let target = &change.action.target;
    let key = change.key.attributes(&target.description);
    let mut allowed = vec![guard_item::is_absent(&target.description)];
    let is_owned = owners.into_iter().map(is_owner);
    let (kind, request) = match purpose {
        Purpose::Claim => {
            allowed.extend(is_owned);
            allowed.extend(guard_item::has_expired(&target.description));
            let discriminator = change.action.unique.as_ref().map(|unique| unique.discriminator.first.0);
            ("put", ActionKind::Put(RawItem::Map(change.key.item(target, &change.owner, discriminator, expiry))))
        }
        Purpose::Release => {
            allowed.extend(is_owned);
            ("delete", ActionKind::Delete(key))
        }
        Purpose::Keep => {
            allowed.push(Node::Not(Box::new(Node::Or(is_owned.collect()))));
            ("check", ActionKind::Check(key))
        }
    };
    let action = Action::of_guard(target.clone(), kind, request, Node::Or(allowed));
    GuardWrite { purpose, field: change.field, of: change.of, action }
}
