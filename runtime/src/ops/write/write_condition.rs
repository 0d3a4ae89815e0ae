//! The condition of a write, and the error of its failure.

pub(in crate::ops) use super::expectation::Presence;

use super::bounds::Bounds;
use super::counters::Counters;
use super::expectation::{Deletion, Expectation, OtherForms};
use super::structs::Structs;
use super::unchanged::Unchanged;
use crate::codec::{AsStored, Upgrades};
use crate::expr::{Condition, Expressions, Node, Writer};
use crate::ground::defects::Defect;
use crate::ground::{AttributeMap, defects};
use crate::keys::Keys;
use crate::ops::model::ModelFacts;
use crate::ops::write::{as_stored, hash_conditions, unchanged};
use crate::ops::{Error, Result, TableItem};
use crate::transport::{Client, Target};
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;

/// The conditions that the stored item must meet before a write changes it.
pub(in crate::ops) struct WriteCondition {
    of: fn() -> ModelFacts,
    /// Finds other stored forms of the unchanged fields.
    other_forms: OtherForms,
    /// The keys of the model's encrypted attributes.
    keys: Option<Keys>,
    condition: Node,
    presence: Presence,
    /// The expected version; 0 if the item must have none.
    version: Option<u64>,
    /// The counters that must be as they were read.
    counters: Counters,
    deletion: Deletion,
    /// The fields that must be unchanged, so that the keys that are made of them stay correct.
    unchanged: Vec<Unchanged>,
    /// The bounds of the values that the write calculates.
    pub(in crate::ops) bounds: Bounds,
    /// The structs that the write changes inside.
    pub(in crate::ops) structs: Structs,
    /// Whether the write is an update, which raises the stored version.
    raises_version: bool,
    /// Whether the stored item may be of an earlier schema version, although there are conditions.
    in_any_form: bool,
    pub(in crate::ops) return_existing: bool,
}

impl WriteCondition {
    pub(in crate::ops) fn new<M: TableItem>(presence: Presence) -> Self {
        Self::of_model(ModelFacts::of::<M>, unchanged::in_other_forms::<M>, presence)
    }

    fn of_model(of: fn() -> ModelFacts, other_forms: OtherForms, presence: Presence) -> Self {
        Self {
            of,
            other_forms,
            keys: None,
            condition: Node::None,
            presence,
            version: None,
            counters: Counters::default(),
            deletion: Deletion::Any,
            unchanged: Vec::new(),
            bounds: Bounds::default(),
            structs: Structs::default(),
            raises_version: false,
            in_any_form: false,
            return_existing: false,
        }
    }

    /// The condition for deleting an item that was read. An item that is already deleted is no conflict.
    pub(in crate::ops) fn of_deleted<M: TableItem>(item: &M) -> Self {
        match item.version() {
            Some(version) => Self::new::<M>(Presence::PresentOrDeleted).version(Some(version)),
            None => Self::new::<M>(Presence::Own),
        }
    }

    pub(super) fn model(&self) -> ModelFacts {
        (self.of)()
    }

    /// Requires this version: no other writer has changed the item since it was read.
    pub(in crate::ops) fn version(mut self, version: Option<u64>) -> Self {
        self.version = version;
        self
    }

    /// Requires that no other writer has changed the version or a counter of an item since it was read.
    pub(in crate::ops) fn unchanged_since<M: TableItem>(mut self, item: &M) -> Self {
        self.version = item.version();
        // An increment raises the version.
        if self.version.is_none() {
            item.counters(&mut self.counters);
        }
        self.deletion_as_of(item)
    }

    /// Requires that the stored item is deleted by `soft_delete`, or that it is not.
    pub(in crate::ops) fn deletion(mut self, deletion: Deletion) -> Self {
        self.deletion = deletion;
        self
    }

    /// Requires that the stored item is deleted if this item is, and otherwise not.
    pub(in crate::ops) fn deletion_as_of<M: TableItem>(self, item: &M) -> Self {
        self.deletion(if item.is_deleted() { Deletion::Deleted } else { Deletion::Alive })
    }

    /// Requires the conditions of an update: unchanged fields, bounds, structs, and a version that can be raised.
    ///
    /// # Errors
    ///
    /// The version that was read cannot be raised.
    pub(in crate::ops) fn of_update(
        &mut self,
        unchanged: Vec<Unchanged>,
        bounds: Bounds,
        structs: Structs,
    ) -> Result<()> {
        self.model().check_can_rise(self.version.unwrap_or(0))?;
        self.unchanged = unchanged;
        self.bounds = bounds;
        self.structs = structs;
        self.raises_version = true;
        Ok(())
    }

    /// The expected version.
    pub(in crate::ops) fn expected_version(&self) -> Option<u64> {
        self.version
    }

    /// Requires the stored forms of the fields, if they read as the expected values and differ from the required
    /// forms. Returns whether they do.
    pub(in crate::ops) fn take_forms(&mut self, item: &AttributeMap) -> bool {
        match (self.other_forms)(&self.unchanged, item, self.keys.as_ref()) {
            Some(forms) => {
                self.unchanged = forms;
                true
            }
            None => false,
        }
    }

    /// The same condition of an operation of a client.
    pub(in crate::ops) fn on(mut self, client: &Client) -> Self {
        self.keys = client.keys();
        self
    }

    /// Takes an item of any schema version. The condition does not depend on the forms of its attributes.
    pub(in crate::ops) fn in_any_form(mut self) -> Self {
        self.in_any_form = true;
        self
    }

    /// The schema versions, if the write depends on the forms of the stored attributes.
    fn upgrades(&self) -> Upgrades {
        let by_deletion = self.deletion != Deletion::Any && self.model().roles().deleted_at.is_some();
        let depends = self.raises_version || self.is_conditioned() || !self.counters.is_empty() || by_deletion;
        match depends && !self.in_any_form && self.presence != Presence::Absent {
            true if !defects::has(Defect::UpdatesOfAnyForm) => self.model().upgrades(),
            _ => Upgrades::NONE,
        }
    }

    /// Whether a stored item has to be upgraded before the write.
    pub(in crate::ops) fn is_outdated(&self, item: &AttributeMap) -> bool {
        self.expectation().is_outdated(item)
    }

    /// Requires this condition too.
    pub(in crate::ops) fn and<M>(self, condition: Condition<M>) -> Self {
        self.and_node(condition.into_node())
    }

    pub(in crate::ops) fn and_node(mut self, condition: Node) -> Self {
        let condition = condition.of_hashes(&self.model().seals());
        self.condition = Node::all([self.condition, condition]);
        self
    }

    /// Makes the hashes that the condition compares.
    ///
    /// # Errors
    ///
    /// The client has no key, or its provider fails.
    pub(in crate::ops) async fn seal(&mut self, target: &Target) -> Result<()> {
        hash_conditions(target, [&mut self.condition]).await
    }

    /// Whether a stored item is deleted, which the write takes for missing.
    pub(in crate::ops) fn is_gone(&self, item: &AttributeMap) -> bool {
        self.deletion == Deletion::Alive && self.model().roles().is_deleted(item)
    }

    /// Whether the write requires that no item exists.
    pub(in crate::ops) fn is_new(&self) -> bool {
        self.presence == Presence::Absent
    }

    /// Whether the caller gave a condition.
    pub(in crate::ops) fn is_conditioned(&self) -> bool {
        self.condition != Node::None
    }

    /// Whether the write requires a version.
    pub(in crate::ops) fn is_versioned(&self) -> bool {
        self.version.is_some()
    }

    /// Requires no item, or an item of the model.
    pub(in crate::ops) fn or_none(mut self) -> Self {
        self.presence = Presence::Own;
        self
    }

    /// Whether the item may be missing.
    pub(in crate::ops) fn is_upsert(&self) -> bool {
        self.presence == Presence::Own
    }

    /// The item that the write stores.
    ///
    /// # Errors
    ///
    /// The item's version cannot be raised, or the model's `before_write` has changed the key or the version.
    pub(in crate::ops) fn as_stored<'m, M: TableItem>(&self, item: &'m M) -> Result<AsStored<'m, M>> {
        check_can_rise::<M>(item.version().unwrap_or(0))?;
        as_stored(item, self.is_new() || item.version() == Some(0))
    }

    /// The text of the condition, with placeholders shared with the request's other expressions.
    pub(in crate::ops) fn write(&self, writer: &mut Writer) -> Result<Option<String>> {
        if self.presence == Presence::PresentOrDeleted {
            return Ok(writer.condition(&self.node())?);
        }
        let own = self.own();
        let unchanged: Vec<Node> = self.unchanged.iter().map(Unchanged::node).collect();
        let of_values = unchanged.iter().chain(self.bounds.conditions.iter()).chain(self.structs.conditions.iter());
        Ok(writer.conditions(own.iter().chain(of_values).chain([&self.condition]))?)
    }

    /// All conditions in a transaction but the unchanged fields, whose stored forms may still change.
    pub(in crate::ops) fn node(&self) -> Node {
        let own = self.own().into_iter().chain(self.bounds.conditions_once().iter().cloned());
        let all = Node::all(own.chain([self.condition.clone()]));
        match self.presence {
            Presence::PresentOrDeleted => Node::any([Node::presence(self.model().table().hash_key.name, false), all]),
            _ => all,
        }
    }

    /// The conditions on presence, model, version, counters, schema version and deletion. Most writes have none or one.
    fn own(&self) -> Vec<Node> {
        let model = self.model();
        let presence = |present| Node::presence(model.table().hash_key.name, present);
        let is_own = model.layout().discriminator.map(Node::is_of);
        let form = match (self.upgrades().is_current(), self.presence) {
            (Node::None, _) => Node::None,
            (is_current, Presence::Present | Presence::PresentOrDeleted) => is_current,
            (is_current, _) => {
                let is_foreign = is_own.clone().map(|is_own| Node::Not(Box::new(is_own)));
                Node::Or([presence(false)].into_iter().chain(is_foreign).chain([is_current]).collect())
            }
        };
        let presence = match self.presence {
            Presence::Any => Node::None,
            Presence::Own => is_own.map_or(Node::None, |is_own| Node::Or(vec![presence(false), is_own])),
            Presence::Absent => presence(false),
            Presence::Present | Presence::PresentOrDeleted => is_own.unwrap_or_else(|| presence(true)),
        };
        let version = match self.version {
            Some(version) => model.roles().is_version(version),
            None if self.raises_version => model.roles().can_rise(),
            None => Node::None,
        };
        let deletion = match (self.deletion, self.presence) {
            _ if defects::has(Defect::WritesOfDeleted) => Node::None,
            (Deletion::Any, _) | (_, Presence::Absent) => Node::None,
            (Deletion::Alive, _) => model.roles().has_deletion(false),
            (Deletion::Deleted, Presence::Any) if model.roles().deleted_at.is_some() => {
                Node::Or(vec![Node::presence(model.table().hash_key.name, false), model.roles().has_deletion(true)])
            }
            (Deletion::Deleted, _) => model.roles().has_deletion(true),
        };
        let mut own = Vec::new();
        let mut add = |node: Node| {
            if !matches!(node, Node::None) {
                own.push(node);
            }
        };
        add(presence);
        add(version);
        add(self.counters.are_unchanged());
        add(form);
        add(deletion);
        own
    }

    /// The expressions of a request without other expressions.
    pub(in crate::ops) fn expressions(&self) -> Result<(Option<String>, Expressions)> {
        let mut writer = Writer::new(self.model().name());
        let text = self.write(&mut writer)?;
        Ok((text, writer.finish()))
    }

    /// The conditions that the answer is compared with; a transaction keeps them with its action.
    pub(in crate::ops) fn expectation(&self) -> Expectation {
        let model = self.model();
        let is_conditioned = self.is_conditioned();
        let (presence, version, unchanged) = (self.presence, self.version, self.unchanged.clone());
        Expectation {
            presence,
            discriminator: model.layout().discriminator,
            version,
            counters: self.counters.clone(),
            deletion: self.deletion,
            roles: model.roles(),
            raises_version: self.raises_version,
            unchanged,
            other_forms: self.other_forms,
            keys: self.keys.clone(),
            bounds: self.bounds.clone(),
            structs: self.structs.clone(),
            is_conditioned,
            upgrades: self.upgrades(),
        }
    }

    /// The value of ReturnValuesOnConditionCheckFailure. Without the stored item, the cause of a failure may be
    /// unknown.
    pub(in crate::ops) fn on_failure(&self) -> Option<ReturnValuesOnConditionCheckFailure> {
        let wanted = self.return_existing || self.expectation().needs_item();
        wanted.then_some(ReturnValuesOnConditionCheckFailure::AllOld)
    }
}

/// Checks that a write can raise the version of an item that was read.
///
/// # Errors
///
/// The version is the maximum of its type.
pub(in crate::ops) fn check_can_rise<M: TableItem>(version: u64) -> Result<()> {
    ModelFacts::of::<M>().check_can_rise(version)
}

impl ModelFacts {
    fn check_can_rise(self, version: u64) -> Result<()> {
        match self.roles().cannot_rise(version) {
            Some(max) => Err(Error::VersionExhausted { model: self.name(), max }),
            None => Ok(()),
        }
    }
}
