//! The upgrade of a stored item to the current schema version, before a write that depends on the forms of its
//! attributes.

use super::action::{Action, ActionKind};
use super::commit::commit_one;
use super::put_alone::put_alone;
use super::unique_fields::UniqueFields;
use crate::codec::upgraded;
use crate::ground::{AttributeMap, seconds_now};
use crate::ops::model::ModelFacts;
use crate::ops::transaction::guard_item;
use crate::ops::write::{Presence, WriteCondition, is_as_read, names_of_items};
use crate::ops::{Error, Result, Running, TableItem};
use crate::transport::{Client, Target};
use aws_sdk_dynamodb::types::AttributeValue;

/// Makes the action that upgrades a stored item.
pub(super) type MakeUpgrade = fn(&Target, &AttributeMap) -> Result<Action>;

/// The action that writes a stored item of the model `M` in its current form, if it is as it was read.
pub(super) fn action<M: TableItem>(target: &Target, stored: &AttributeMap) -> Result<Action> {
    let item = upgraded::<M>(stored, target.keys.as_ref()).map_err(|error| error.of(M::model_name()))?;
    let expiry = M::model_table().ttl.and_then(|name| item.values(&[name]).pop().flatten());
    let has_guards = !has_long_ended::<M>(stored, expiry.as_ref());
    let is_as_read = is_as_read(&M::model_roles(), stored, &names_of_items::<M>());
    let guard = WriteCondition::new::<M>(Presence::Any).and_node(is_as_read).in_any_form();
    let unique =
        UniqueFields::put(ModelFacts::of::<M>(), &item, false).filter(|_| has_guards).map(UniqueFields::claiming_all);
    Ok(Action::new::<M>(target.clone(), "upgrade", ActionKind::Put(item), &guard, unique))
}

/// Whether a stored item has expired, and will have with this time to live. Its guards expire with it, and may be those of
/// other items by now.
pub(in crate::ops) fn has_long_ended<M: TableItem>(stored: &AttributeMap, written: Option<&AttributeValue>) -> bool {
    let Some(attribute) = M::model_table().ttl else { return false };
    let mut stored = stored.clone();
    // An item of an earlier version may have it under another name. One that cannot be upgraded is not written.
    let is_current = M::model_upgrades().apply(&mut stored).is_ok();
    let now = seconds_now();
    is_current && guard_item::has_ended(stored.get(attribute), now) && guard_item::has_ended(written, now)
}

/// Writes a stored item of the model `M` in its current form, unless another writer has changed it since.
pub(in crate::ops) async fn upgrade_stored<M: TableItem>(
    client: &Client,
    target: &Target,
    stored: &AttributeMap,
) -> Result<()> {
    target.prepare_read(stored).await;
    run(client, &mut action::<M>(target, stored)?).await
}

/// Checks that a stored item of the model `M` is of the current schema version, or can be upgraded.
pub(in crate::ops) async fn check_upgrade<M: TableItem>(target: &Target, stored: &AttributeMap) -> Result<()> {
    match M::model_upgrades().check_current(stored) {
        Ok(()) => Ok(()),
        Err(_) => {
            target.prepare_read(stored).await;
            action::<M>(target, stored).map(drop)
        }
    }
}

/// Runs the upgrade of an item, unless another writer has changed the item since.
///
/// If the fate of the write is unknown, the write that follows meets the item in one of its forms.
pub(super) fn run<'a>(client: &'a Client, upgrade: &'a mut Action) -> Running<'a, ()> {
    Box::pin(async move {
        let done = match upgrade.unique {
            None => put_alone(upgrade).await,
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
pub(super) async fn read_current(client: &Client, action: &Action) -> Result<Option<AttributeMap>> {
    let read = || guard_item::read_owner(action);
    let item = read().await?;
    match (&item, action.upgrade) {
        (Some(stored), Some(upgrade)) if action.expectation.is_outdated(stored) => {
            action.target.prepare_read(stored).await;
            run(client, &mut upgrade(&action.target, stored)?).await?;
            read().await
        }
        _ => Ok(item),
    }
}
