//! The upgrade of a stored item to the current schema version, before a write that depends on the forms of its
//! attributes.

use super::action::{Action, ActionKind};
use super::commit::commit_one;
use super::unique::UniqueFields;
use crate::codec::{RawItem, names_of, upgraded};
use crate::expr::Condition;
use crate::ground::{AttributeMap, seconds_now};
use crate::ops::transaction::guard_item;
use crate::ops::write::{Consumed, Presence, WriteCondition, is_as_read};
use crate::ops::{Error, Model, Result, Running};
use crate::transport::{Client, Encoder, Target, send_write};

/// Makes the action that upgrades a stored item.
pub(super) type MakeUpgrade = fn(&Target, &AttributeMap) -> Result<Action>;

/// The action that writes a stored item of the model `M` in its current form, if it is as it was read.
pub(super) fn action<M: Model>(target: &Target, stored: &AttributeMap) -> Result<Action> {
    let item = upgraded::<M>(stored).map_err(|error| error.of(M::NAME))?;
    // The guards of an expired item expire with it, and may be those of other items by now.
    let has_guards = !guard_item::has_ended(M::TABLE.ttl.and_then(|name| item.get(name)), seconds_now());
    let item = RawItem::Map(item);
    let keys = M::LAYOUT.keys.iter().chain(M::LAYOUT.index_keys).map(|template| template.attribute);
    let names = names_of::<M>().iter().copied().chain(keys).chain(M::UPGRADES.attribute);
    let guard = WriteCondition::<M>::new(Presence::Any).and(Condition::from_node(is_as_read::<M>(stored, names)));
    let guard = guard.in_any_form();
    let unique = UniqueFields::put::<M>(&item, false).filter(|_| has_guards).map(UniqueFields::claiming_all);
    Ok(Action::new(target.clone(), "upgrade", ActionKind::Put(item), &guard, unique))
}

/// Writes a stored item of the model `M` in its current form, unless another writer has changed it since.
pub(in crate::ops) async fn upgrade_stored<M: Model>(
    client: &Client,
    target: &Target,
    stored: &AttributeMap,
) -> Result<()> {
    run(client, &action::<M>(target, stored)?).await
}

/// Runs the upgrade of an item, unless another writer has changed the item since.
///
/// If the fate of the write is unknown, the write that follows meets the item in one of its forms.
pub(super) fn run<'a>(client: &'a Client, upgrade: &'a Action) -> Running<'a, ()> {
    Box::pin(async move {
        let done = match upgrade.unique {
            None => put(upgrade).await,
            Some(_) => commit_one(client, upgrade).await.map(drop),
        };
        match done {
            Err(Error::TransactionCanceled(canceled)) if canceled.is_condition_of(0) => Ok(()),
            Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(()),
            Err(Error::MaybeApplied(_)) => Ok(()),
            done => done,
        }
    })
}

/// Reads the stored item of an action. If the action needs it in its current form, it is upgraded first.
pub(super) async fn read_current(
    client: &Client,
    action: &Action,
    consumed: Option<&Consumed>,
) -> Result<Option<AttributeMap>> {
    let read = || guard_item::read_owner(action, consumed);
    let item = read().await?;
    match (&item, action.upgrade) {
        (Some(stored), Some(upgrade)) if action.expectation.is_outdated(stored) => {
            run(client, &upgrade(&action.target, stored)?).await?;
            read().await
        }
        _ => Ok(item),
    }
}

async fn put(upgrade: &Action) -> Result<()> {
    let Target { sdk, table, .. } = &*upgrade.target;
    let mut writer = crate::expr::Writer::new(upgrade.target.model);
    let condition = writer.condition(&upgrade.condition)?;
    let expressions = writer.finish();
    let ActionKind::Put(item) = &upgrade.request else { return Ok(()) };
    let item = item.clone().into_map().map_err(|error| error.of(upgrade.target.model))?;
    let request = sdk
        .put_item()
        .table_name(table)
        .set_item(Some(item))
        .set_condition_expression(condition)
        .set_expression_attribute_names(expressions.names)
        .set_expression_attribute_values(expressions.values);
    let output = send_write!(request, &None::<Encoder>);
    output.map(drop).map_err(|error| upgrade.target.write_error("PutItem", error))
}
