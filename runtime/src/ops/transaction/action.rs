//! The actions of a transaction, without the type of their model.

use super::unique_fields::UniqueFields;
use super::upgrade::{self, MakeUpgrade};
use crate::codec::{AsStored, LIKELY_SIZE, RawItem, Upgrades, size};
use crate::description::Roles;
use crate::expr;
use crate::expr::{Defaults, Expressions, Node, Writer};
use crate::ground::{AttributeMap, Violations};
use crate::ops::model::ModelFacts;
use crate::ops::write::{
    Bounds, Counters, Deletion, Expectation, ItemKey, Presence, Structs, WriteCondition, are_encrypted,
    hash_conditions, is_unhashed, is_unsealed, key_of, seal_item, seal_update, write_key,
};
use crate::ops::{Error, Result, TableItem};
use crate::transport::{Client, Encoder, Target};
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use std::sync::Arc;

/// An action of a transaction, ready to be sent.
pub(in crate::ops) struct Action {
    pub(in crate::ops) target: Arc<Target>,
    /// The name of the operation: `put`, `insert`, and so on.
    pub(in crate::ops) kind: &'static str,
    pub(in crate::ops) identity: ItemKey,
    pub(in crate::ops) request: ActionKind,
    pub(in crate::ops) condition: Node,
    pub(in crate::ops) expectation: Expectation,
    /// The unique fields that it claims or releases.
    pub(in crate::ops) unique: Option<Box<UniqueFields>>,
    /// The values of it that differ from call to call, such as the present time.
    pub(in crate::ops) differs: Option<&'static str>,
    /// Makes the action that upgrades the stored item, if the model has upgrades.
    pub(super) upgrade: Option<MakeUpgrade>,
}

/// The request of an action, without its condition.
pub(in crate::ops) enum ActionKind {
    Put(RawItem),
    Update(AttributeMap, Vec<expr::UpdateAction>),
    Delete(AttributeMap),
    Check(AttributeMap),
}

impl ActionKind {
    /// The key attributes of the action's item.
    pub(in crate::ops) fn key(&self, names: &[&'static str]) -> AttributeMap {
        match self {
            ActionKind::Put(item) => item.attributes(names),
            ActionKind::Update(key, _) | ActionKind::Delete(key) | ActionKind::Check(key) => key_of(key, names),
        }
    }

    /// The size in bytes of the item, measured by `of_item`, or of its key.
    pub(in crate::ops) fn size(&self, of_item: fn(&RawItem) -> usize) -> usize {
        match self {
            ActionKind::Put(item) => of_item(item),
            ActionKind::Update(key, _) | ActionKind::Delete(key) | ActionKind::Check(key) => size(key),
        }
    }
}

impl Action {
    pub(in crate::ops) fn new<M: TableItem>(
        target: Target,
        kind: &'static str,
        request: ActionKind,
        guard: &WriteCondition,
        unique: Option<UniqueFields>,
    ) -> Self {
        let defaults_are_made = || Defaults::of::<M>().are_made();
        let action = Self::of_model(ModelFacts::of::<M>(), &defaults_are_made, (target, kind, request), guard, unique);
        let has_steps = M::model_upgrades().has_steps();
        Self { upgrade: has_steps.then_some(upgrade::action::<M> as MakeUpgrade), ..action }
    }

    fn of_model(
        model: ModelFacts,
        defaults_are_made: &dyn Fn() -> bool,
        (target, kind, request): (Target, &'static str, ActionKind),
        guard: &WriteCondition,
        unique: Option<UniqueFields>,
    ) -> Self {
        let identity = identity(&target, &request);
        let times = "times that writes keep, or defaults that a factory makes";
        let encrypted = "encrypted values";
        let differs = match &request {
            ActionKind::Put(_) if model.roles().keep_times() => Some(times),
            ActionKind::Put(_) => model.seals().are_encrypted().then_some(encrypted),
            ActionKind::Update(..) if model.roles().keep_times() || guard.is_upsert() && defaults_are_made() => {
                Some(times)
            }
            ActionKind::Update(_, actions) => are_encrypted(actions).then_some(encrypted),
            ActionKind::Delete(_) | ActionKind::Check(_) => None,
        };
        let (condition, upgrade) = (guard.node(), None);
        let expectation = Expectation { keys: target.keys.clone(), ..guard.expectation() };
        let (target, unique) = (Arc::new(target), unique.map(Box::new));
        Self { target, kind, identity, request, condition, expectation, unique, differs, upgrade }
    }

    /// Whether it has values that are sealed before it is sent.
    pub(super) fn is_unsealed(&self) -> bool {
        let has_values = match &self.request {
            ActionKind::Put(item) => matches!(item, RawItem::Unsealed(..)),
            ActionKind::Update(_, actions) => is_unsealed(actions),
            ActionKind::Delete(_) | ActionKind::Check(_) => false,
        };
        has_values || is_unhashed(&self.condition)
    }

    /// Seals these values.
    pub(super) async fn seal(&mut self) -> Result<()> {
        hash_conditions(&self.target, [&mut self.condition]).await?;
        match &mut self.request {
            ActionKind::Put(item) => seal_item(&self.target, item).await,
            ActionKind::Update(key, actions) => seal_update(&self.target, key, actions).await,
            ActionKind::Delete(_) | ActionKind::Check(_) => Ok(()),
        }
    }

    /// Whether it can create an item, and so also a missing table.
    pub(in crate::ops) fn makes_item(&self) -> bool {
        match self.request {
            ActionKind::Put(_) => true,
            ActionKind::Update(..) => self.expectation.presence == Presence::Own,
            ActionKind::Delete(_) | ActionKind::Check(_) => false,
        }
    }

    /// The action that puts an item.
    pub(in crate::ops) fn put<M: TableItem>(
        client: &Client,
        kind: &'static str,
        item: &AsStored<'_, M>,
        guard: &WriteCondition,
    ) -> Result<Self> {
        Violations::of(M::model_name(), &**item)?;
        let target = client.target::<M>()?;
        let item = RawItem::write(item, target.codec, LIKELY_SIZE)?;
        let unique = UniqueFields::put(ModelFacts::of::<M>(), &item, guard.is_new());
        Ok(Self::new::<M>(target, kind, ActionKind::Put(item), guard, unique))
    }

    /// The action that runs all actions of an update, or checks its conditions if there are none.
    pub(in crate::ops) fn update<M: TableItem>(
        client: &Client,
        kind: &'static str,
        key: &M::Key,
        actions: Vec<expr::UpdateAction>,
        guard: &WriteCondition,
    ) -> Result<Self> {
        let unique = UniqueFields::update(ModelFacts::of::<M>(), &actions)?;
        let key = write_key(key)?;
        let request = match actions.is_empty() && guard.structs.are_none() {
            true => ActionKind::Check(key),
            false => ActionKind::Update(key, actions),
        };
        Ok(Self::new::<M>(client.target::<M>()?, kind, request, guard, unique))
    }

    /// The action that deletes the item with a key.
    pub(in crate::ops) fn delete<M: TableItem>(
        client: &Client,
        key: AttributeMap,
        guard: &WriteCondition,
    ) -> Result<Self> {
        let request = ActionKind::Delete(key);
        Ok(Self::new::<M>(client.target::<M>()?, "delete", request, guard, UniqueFields::delete(ModelFacts::of::<M>())))
    }

    /// The action that writes a guard.
    pub(in crate::ops) fn of_guard(
        target: Arc<Target>,
        kind: &'static str,
        request: ActionKind,
        condition: Node,
    ) -> Self {
        let identity = identity(&target, &request);
        let expectation = Expectation {
            presence: Presence::Any,
            discriminator: None,
            version: None,
            counters: Counters::default(),
            deletion: Deletion::Any,
            roles: Roles::NONE,
            raises_version: false,
            unchanged: Vec::new(),
            other_forms: |_, _, _| None,
            keys: None,
            bounds: Bounds::default(),
            structs: Structs::default(),
            is_conditioned: true,
            upgrades: Upgrades::NONE,
        };
        Self { target, kind, identity, request, condition, expectation, unique: None, differs: None, upgrade: None }
    }

    /// The action in the SDK's form, with the conditions `beside` added to its own, and with the actions of its update
    /// as they were planned. An item that goes past the SDK is replaced by its mark.
    pub(in crate::ops) fn to_sdk<'n>(
        &'n self,
        beside: impl IntoIterator<Item = &'n Node>,
        planned: Option<&[expr::UpdateAction]>,
        returns_item: bool,
        encoder: Option<&mut Encoder>,
    ) -> Result<TransactWriteItem> {
        let mut writer = Writer::new(self.target.model);
        let update = match &self.request {
            ActionKind::Update(_, actions) => Some(planned.unwrap_or(actions)).filter(|actions| !actions.is_empty()),
            _ => None,
        };
        let update = update.map(|actions| writer.update(actions)).transpose()?;
        let condition = writer.conditions(beside.into_iter().chain([&self.condition]))?;
        if matches!(self.request, ActionKind::Check(_)) && condition.is_none() {
            let why = format!("{}: a check without a condition", self.target.model);
            return Err(Error::invalid("TransactWriteItems", why));
        }
        let table = self.target.table.clone();
        let Expressions { names, values } = writer.finish();
        let returns_item = returns_item || self.expectation.needs_item();
        let on_failure = returns_item.then_some(ReturnValuesOnConditionCheckFailure::AllOld);
        let item = TransactWriteItem::builder();
        let built: Result<_, BuildError> = match &self.request {
            ActionKind::Put(put) => Put::builder()
                .table_name(table)
                .set_item(Some(put.marked(encoder).map_err(|error| error.of(self.target.model))?))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .set_return_values_on_condition_check_failure(on_failure)
                .build()
                .map(|put| item.put(put)),
            ActionKind::Update(key, _) if update.is_some() => Update::builder()
                .table_name(table)
                .set_key(Some(key.clone()))
                .set_update_expression(update)
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .set_return_values_on_condition_check_failure(on_failure)
                .build()
                .map(|update| item.update(update)),
            ActionKind::Delete(key) => Delete::builder()
                .table_name(table)
                .set_key(Some(key.clone()))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .set_return_values_on_condition_check_failure(on_failure)
                .build()
                .map(|delete| item.delete(delete)),
            // A patch without changes inside of a struct that the item has.
            ActionKind::Update(key, _) | ActionKind::Check(key) => ConditionCheck::builder()
                .table_name(table)
                .set_key(Some(key.clone()))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .set_return_values_on_condition_check_failure(on_failure)
                .build()
                .map(|check| item.condition_check(check)),
        };
        let failed = |error| Error::invalid("TransactWriteItems", format_args!("{}: {error}", self.target.model));
        Ok(built.map_err(failed)?.build())
    }
}

fn identity(target: &Target, request: &ActionKind) -> ItemKey {
    let names = target.description.key_names();
    match request {
        ActionKind::Put(item) => ItemKey::of_written(item, &names),
        ActionKind::Update(key, _) | ActionKind::Delete(key) | ActionKind::Check(key) => ItemKey::of(key, &names),
    }
}
