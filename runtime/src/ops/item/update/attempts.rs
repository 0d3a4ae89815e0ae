//! The requests of an update, until its outcome is known.

use super::super::return_values::ReturnValues;
use super::Update;
use crate::codec::RawItem;
use crate::expr::UpdateAction;
use crate::ground::AttributeMap;
use crate::ops::model::ModelFacts;
use crate::ops::table::missing_table;
use crate::ops::transaction::{self, UniqueFields, commit_one, upgrade_stored};
use crate::ops::write::{Cause, as_absent_parent, inside, sealed_update, stored_item, write_key};
use crate::ops::{Error, Key, Result, TableItem};
use crate::transport::{Operation, Target, backoff, response_item, send_write};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::ReturnValue;

impl<M: TableItem, O> Update<M, O> {
    /// Runs the update: in one request if the item is as most are, or else as the item needs it.
    pub(super) async fn run(
        &mut self,
        target: &Target,
        actions: Vec<UpdateAction>,
        values: ReturnValues,
    ) -> Result<Option<RawItem>> {
        self.guard.seal(target).await?;
        if UniqueFields::update(ModelFacts::of::<M>(), &actions)?.is_some() {
            return match self.transact(target, actions, values).await? {
                Some(item) => Ok(Some(target.raw_item(item).await)),
                None => Ok(None),
            };
        }
        let actions = sealed_update(target, || write_key(&self.key), actions).await?;
        let before = missing_table::before_write(&self.client, std::iter::once(target)).await;
        match self.send(target, &actions, values).await {
            // Only an upsert creates a missing table: without it, the item must exist.
            Err(error) if self.guard.is_upsert() => {
                let earlier = missing_table::create_after(&self.client, target, before, error).await?;
                self.send(target, &actions, values).await.map_err(|error| earlier.of_next(error))
            }
            sent => sent,
        }
    }

    async fn send(
        &mut self,
        target: &Target,
        actions: &[UpdateAction],
        values: ReturnValues,
    ) -> Result<Option<RawItem>> {
        let values = match values {
            ReturnValues::None => ReturnValue::None,
            ReturnValues::AllNew => ReturnValue::AllNew,
            ReturnValues::AllOld => ReturnValue::AllOld,
            ReturnValues::UpdatedNew => ReturnValue::UpdatedNew,
            ReturnValues::UpdatedOld => ReturnValue::UpdatedOld,
        };
        let is_condition =
            |error: &UpdateItemError| matches!(error, UpdateItemError::ConditionalCheckFailedException(_));
        let existing = |error: &UpdateItemError| match error {
            UpdateItemError::ConditionalCheckFailedException(failed) => failed.item.clone(),
            _ => None,
        };
        self.read_for_bounds(target, actions).await?;
        let mut took_forms = false;
        let mut attempt = 0;
        loop {
            let decoder = target.decoder(Operation::UpdateItem).filter(|_| values != ReturnValue::None);
            let sent = self.guard.structs.actions.as_deref().unwrap_or(actions);
            let request = self.request(target, sent)?.return_values(values.clone());
            let error = match send_write!(target, request, &decoder) {
                Ok(output) => return Ok(response_item(target, decoder, output.attributes).await),
                Err(error) => error,
            };
            target.prepare_read_of(&error, existing).await;
            // A write that may have been applied is not sent in another form.
            let item = error.refused_by(existing);
            let is_refused = !error.may_be_applied && error.sdk.as_service_error().is_some_and(is_condition);
            attempt += 1;
            let outdated = item.as_ref().filter(|item| attempt < backoff::ATTEMPTS && self.guard.is_outdated(item));
            if let Some(item) = outdated {
                upgrade_stored::<M>(&self.client, target, item).await?;
                continue;
            }
            took_forms = !took_forms && item.as_ref().is_some_and(|item| self.guard.take_forms(item));
            let is_another = is_refused && self.takes_other(target, actions, item.as_ref())?;
            if is_another && attempt >= backoff::ATTEMPTS {
                // The item was another one each time. No condition of the caller is known to have failed.
                return Err(target.write_error("UpdateItem", error));
            }
            if !took_forms && !is_another {
                let error = self.guard.error(target, "UpdateItem", error, existing);
                return Err(as_absent_parent(error, target, &|| inside(actions)));
            }
            if attempt > 1 {
                tokio::time::sleep(backoff::delay(attempt)).await;
            }
        }
    }

    /// Whether an item has refused the update because it has other structs than the last attempt was for, or other
    /// values that the update is calculated from. The next attempt is for these.
    fn takes_other(&mut self, target: &Target, actions: &[UpdateAction], item: Option<&AttributeMap>) -> Result<bool> {
        if self.guard.expectation().cause(item) != Cause::ConditionFailed {
            return Ok(false);
        }
        let has_other_structs = self.guard.structs.renew(target, actions, item)?;
        let has_new_conditions = item.is_some_and(|item| self.guard.bounds.renew(item));
        Ok(has_other_structs || has_new_conditions)
    }

    /// Reads the item if no condition can check the bounds of calculated values or the rules of patched structs.
    async fn read_for_bounds(&mut self, target: &Target, actions: &[UpdateAction]) -> Result<()> {
        if !self.guard.bounds.needs_item(true) {
            return Ok(());
        }
        let read = || async { stored_item(target, write_key(&self.key)?).await };
        let mut found = read().await;
        if let Ok(Some(item)) = &found
            && self.guard.is_outdated(item)
        {
            upgrade_stored::<M>(&self.client, target, item).await?;
            found = read().await;
        }
        let item = match found {
            // The write that follows creates the table.
            Err(error) if self.guard.is_upsert() && error.is_missing_table() => None,
            found => found?,
        };
        if let Some(error) = self.guard.refusal(target, item.as_ref()) {
            return Err(error);
        }
        self.guard.bounds.of_item(item.as_ref());
        self.guard.structs.renew(target, actions, item.as_ref())?;
        Ok(())
    }

    /// Changes unique fields in one transaction with their guards. A transaction returns no items, so that the result
    /// is read before or after it.
    async fn transact(
        &mut self,
        target: &Target,
        actions: Vec<UpdateAction>,
        values: ReturnValues,
    ) -> Result<Option<AttributeMap>> {
        let mut changed: Vec<&'static str> = actions.iter().map(|action| action.path().attribute()).collect();
        let inside = inside(&actions);
        let mut action = transaction::Action::update::<M>(&self.client, "update", &self.key, actions, &self.guard)?;
        let before = commit_one(&self.client, &mut action).await;
        let before = before.map_err(|error| {
            as_absent_parent(self.guard.transaction_error(target, 0, error), target, &|| inside.clone())
        })?;
        changed.extend(self.guard.structs.absent_in(before.as_ref().unwrap_or(&AttributeMap::new())));
        let only_changed = |mut item: AttributeMap| {
            item.retain(|name, _| changed.contains(&name.as_str()));
            item
        };
        Ok(match values {
            ReturnValues::None => None,
            ReturnValues::AllOld => before,
            ReturnValues::UpdatedOld => before.map(only_changed),
            ReturnValues::AllNew => Some(read_after(target, &self.key).await?),
            ReturnValues::UpdatedNew => Some(only_changed(read_after(target, &self.key).await?)),
        })
    }
}

/// Reads the item with a key after its update.
async fn read_after<K: Key>(target: &Target, key: &K) -> Result<AttributeMap> {
    let found = stored_item(target, write_key(key)?).await.map_err(|error| Error::Unread(Box::new(error)))?;
    found.ok_or_else(|| Error::DeletedSince { model: target.model, table: target.table.clone() })
}
