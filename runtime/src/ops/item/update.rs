//! Changing parts of one item.

use super::refreshed::Refreshed;
use super::return_values::{New, Nothing, Old, ReturnValues, Returned, ReturnedItem, UpdatedNew, UpdatedOld};
use crate::codec::RawItem;
use crate::expr;
use crate::expr::{Condition, IntoUpdate, UpdateAction, Writer};
use crate::ground::AttributeMap;
use crate::ops::table::missing_table;
use crate::ops::transaction::{self, UniqueFields, commit_one};
use crate::ops::write::{
    IfMatches, Known, Presence, WriteCondition, all_actions, known_by_key, known_of_item, matched, write_key,
};
use crate::ops::{Error, Key, Model, Result, Running};
use crate::transport::{Client, Operation, Target, backoff, response_item, send_write};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValue;
use tracing::Instrument;

/// Changes parts of one item, and returns what `O` says; if nothing is said, the item as it is afterwards.
///
/// An update that calculates from what is stored (`add`, `n + 1`, `append`, an element by its index) is not sent again
/// where an earlier attempt may have been applied: it is an error then, of which it is not known whether it was done. In a
/// [transaction](crate::Client::transaction) it is sent again, and done once.
///
/// That there is no item is [`Error::NotFound`](crate::ops::Error::NotFound), unless [`upsert`](Self::upsert) is said. A field
/// with a default that an index key is made of is stored with that default where an action removes it.
#[must_use = "an operation runs when it is awaited"]
pub struct Update<M: Model, O = New> {
    client: Client,
    key: M::Key,
    update: expr::UpdateExpression<M>,
    /// What is known of the item, where its keys are made of fields; an error is told when it is sent.
    known: Result<Option<Known>>,
    guard: WriteCondition<M>,
    upsert: bool,
    output: O,
}

/// Changes parts of one item, and refreshes the struct that it was called on in the same round trip.
pub type UpdateAndRefresh<'a, M> = Update<M, Refreshed<'a, M>>;

impl<M: Model> Update<M> {
    /// Of the item with a key.
    pub(in crate::ops) fn new(client: &Client, key: M::Key, update: impl IntoUpdate<M>) -> Self {
        let known = known_by_key::<M>(&key);
        let guard = WriteCondition::new(Presence::Present);
        let (client, update) = (client.clone(), update.into_update());
        Self { client, key, update, known, guard, upsert: false, output: New }
    }
}

impl<'a, M: Model> UpdateAndRefresh<'a, M> {
    /// Of the item of a struct.
    pub(in crate::ops) fn refreshing(client: &Client, instance: &'a mut M, update: impl IntoUpdate<M>) -> Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        Update::of(client, instance, update, ()).returning(Refreshed(instance))
    }
}

impl<M: Model, O: Returned> Update<M, O> {
    /// Returns the item as it was before. Of an update of unique fields, which is a transaction, that is the item as it was
    /// read before it: other writers may have changed other fields since.
    pub fn return_old(self) -> Update<M, Old> {
        self.returning(Old)
    }

    /// Returns the attributes that changed, as they are afterwards.
    pub fn return_updated(self) -> Update<M, UpdatedNew> {
        self.returning(UpdatedNew)
    }

    /// Returns the attributes that changed, as they were before.
    pub fn return_updated_old(self) -> Update<M, UpdatedOld> {
        self.returning(UpdatedOld)
    }

    /// Returns nothing.
    pub fn return_nothing(self) -> Update<M, Nothing> {
        self.returning(Nothing)
    }
}

impl<M: Model, O> Update<M, O> {
    /// Of an item that was read.
    pub(in crate::ops) fn of(client: &Client, item: &M, update: impl IntoUpdate<M>, output: O) -> Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        let key = M::Key::from(item);
        let known = known_of_item(item, &key);
        let guard = WriteCondition::new(Presence::Present).version(item.version());
        let (client, update) = (client.clone(), update.into_update());
        Self { client, key, update, known, guard, upsert: false, output }
    }

    fn returning<P>(self, output: P) -> Update<M, P> {
        let Self { client, key, update, known, guard, upsert, output: _ } = self;
        Update { client, key, update, known, guard, upsert, output }
    }

    /// Updates only if the item fulfils this; else the error is
    /// [`Error::ConditionFailed`](crate::ops::Error::ConditionFailed).
    pub fn condition(mut self, condition: impl Into<Condition<M>>) -> Self {
        self.guard = self.guard.and(condition.into());
        self
    }

    /// Makes the item, of its key, what the update sets and the defaults of the other fields, where there is none. An
    /// update that leaves a required field without a value is
    /// [`Error::IncompleteUpsert`](crate::ops::Error::IncompleteUpsert).
    pub fn upsert(mut self) -> Self {
        self.guard = self.guard.or_none();
        self.upsert = true;
        self
    }

    /// Has [`Error::ConditionFailed`](crate::ops::Error::ConditionFailed) hold the item as it is
    /// ([`ConditionFailed::existing`](crate::ops::ConditionFailed::existing)).
    pub fn return_existing(mut self) -> Self {
        self.guard.return_existing = true;
        self
    }

    /// Returns `None` where the condition does not hold, rather than an error.
    pub fn if_matches(self) -> IfMatches<Self> {
        IfMatches(self)
    }

    /// The SDK's builder of UpdateItem, filled.
    ///
    /// It reads nothing: where there is no condition that keeps what the update calculates within its bounds
    /// ([`expr::UpdateExpression`](crate::expr::UpdateExpression)), the builder has none.
    ///
    /// # Errors
    ///
    /// The table's settings are wrong, or the key or an expression cannot be written; or it changes unique fields
    /// ([`Error::NeedsTransaction`]).
    pub fn into_inner(mut self) -> Result<UpdateItemFluentBuilder> {
        let actions = self.actions()?;
        if UniqueFields::update::<M>(&actions)?.is_some() {
            return Err(Error::NeedsTransaction { model: M::NAME, operation: "UpdateItem" });
        }
        self.request(&self.client.target::<M>()?, &actions)
    }

    /// All that it does.
    fn actions(&mut self) -> Result<Vec<UpdateAction>> {
        let known = std::mem::replace(&mut self.known, Ok(None))?;
        let update = std::mem::replace(&mut self.update, Vec::new().into_update());
        all_actions(update, known.as_ref(), &mut self.guard)
    }

    fn request(&self, target: &Target, actions: &[UpdateAction]) -> Result<UpdateItemFluentBuilder> {
        let mut writer = Writer::new(M::NAME);
        let update = writer.update(actions)?;
        let condition = self.guard.write(&mut writer)?;
        let expressions = writer.finish();
        Ok(target
            .sdk
            .update_item()
            .table_name(&target.table)
            .set_key(Some(write_key(&self.key)?))
            .update_expression(update)
            .set_condition_expression(condition)
            .set_expression_attribute_names(expressions.names)
            .set_expression_attribute_values(expressions.values)
            .set_return_values_on_condition_check_failure(self.guard.on_failure()))
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
        let existing = |error: &UpdateItemError| match error {
            UpdateItemError::ConditionalCheckFailedException(failed) => failed.item.clone(),
            _ => None,
        };
        self.read_for_bounds(target).await?;
        let mut took_forms = false;
        let mut attempt = 0;
        loop {
            let decoder = target.decoder(Operation::UpdateItem).filter(|_| values != ReturnValue::None);
            let request = self.request(target, actions)?.return_values(values.clone());
            let error = match send_write!(request, &decoder) {
                Ok(output) => return Ok(response_item(decoder, output.attributes)),
                Err(error) => error,
            };
            // What may have been applied is not sent in another form.
            let item = error.sdk.as_service_error().and_then(existing).filter(|_| !error.may_be_applied);
            attempt += 1;
            took_forms = !took_forms && item.as_ref().is_some_and(|item| self.guard.take_forms(item));
            // What the update is calculated from may have changed since the attempt before.
            let has_more_to_ask =
                attempt < backoff::ATTEMPTS && item.is_some_and(|item| self.guard.bounds.ask_again(&item));
            if !took_forms && !has_more_to_ask {
                return Err(self.guard.error(target, "UpdateItem", error, existing));
            }
            if attempt > 1 {
                tokio::time::sleep(backoff::delay(attempt)).await;
            }
        }
    }

    /// Reads the item, where there is no condition for what the update has to leave behind.
    async fn read_for_bounds(&mut self, target: &Target) -> Result<()> {
        if !self.guard.bounds.needs_item(true) {
            return Ok(());
        }
        let upsert = self.guard.is_upsert();
        match read(target, &self.key).await {
            Ok(None) if !upsert => {
                Err(Error::NotFound { model: M::NAME, table: target.table.clone(), other_model: false })
            }
            // The condition says that it is none of the model's.
            Ok(Some(item)) if self.guard.expectation().is_of_other_model(&item) => Ok(()),
            Ok(item) => self.guard.bounds.of_item(M::NAME, &item.unwrap_or_default()),
            // The write that follows makes it.
            Err(error) if upsert && error.is_missing_table() => {
                self.guard.bounds.of_item(M::NAME, &AttributeMap::new())
            }
            Err(error) => Err(error),
        }
    }

    async fn run(&mut self, target: &Target, values: ReturnValues) -> Result<Option<RawItem>> {
        let actions = self.actions()?;
        if UniqueFields::update::<M>(&actions)?.is_some() {
            return Ok(self.transact(target, actions, values).await?.map(RawItem::Map));
        }
        let before = missing_table::before_write(&self.client, std::iter::once(target)).await;
        match self.send(target, &actions, values).await {
            // An item that has to be there cannot be in a table that is not.
            Err(error) if self.upsert => {
                let earlier = missing_table::create_after(&self.client, target, before, error).await?;
                self.send(target, &actions, values).await.map_err(|error| earlier.of_next(error))
            }
            sent => sent,
        }
    }
}

impl<M: Model, O> Update<M, O> {
    /// Changes unique fields, in one transaction with their guards. A transaction returns nothing, so that the values to
    /// return are read before or after.
    async fn transact(
        &mut self,
        target: &Target,
        actions: Vec<UpdateAction>,
        values: ReturnValues,
    ) -> Result<Option<AttributeMap>> {
        let changed: Vec<&'static str> = actions.iter().map(|action| action.path().attribute()).collect();
        let action = transaction::Action::update(&self.client, "update", &self.key, actions, &self.guard)?;
        let before = commit_one(&self.client, &action).await;
        let before = before.map_err(|error| self.guard.transaction_error(target, 0, error))?;
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

/// What an applied update returned, read.
fn read_returned<M: Model, O: Returned>(returned: Option<RawItem>) -> Result<O::Output<M>> {
    O::read::<M>(ReturnedItem(returned)).map_err(|error| Error::Unread(Box::new(error)))
}

/// The item with a key, after its update was applied.
async fn read_after<K: Key>(target: &Target, key: &K) -> Result<AttributeMap> {
    let found = read(target, key).await.map_err(|error| Error::Unread(Box::new(error)))?;
    found.ok_or_else(|| Error::DeletedSince { model: target.model, table: target.table.clone() })
}

/// The item with a key, as it is.
async fn read<K: Key>(target: &Target, key: &K) -> Result<Option<AttributeMap>> {
    let request = target.sdk.get_item().table_name(&target.table).set_key(Some(write_key(key)?)).consistent_read(true);
    let output = request.send().await.map_err(|error| target.error("GetItem", error))?;
    Ok(output.item)
}

impl<M: Model, O: Returned> IntoFuture for Update<M, O> {
    type Output = Result<O::Output<M>>;
    type IntoFuture = Running<'static, O::Output<M>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.client.target::<M>()?;
            let returned = self.run(&target, O::VALUES).instrument(target.span("UpdateItem")).await?;
            read_returned::<M, O>(returned)
        })
    }
}

impl<M: Model, O: Returned> IntoFuture for IfMatches<Update<M, O>> {
    type Output = Result<Option<O::Output<M>>>;
    type IntoFuture = Running<'static, Option<O::Output<M>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { matched(self.0.await) })
    }
}

impl<'a, M: Model> IntoFuture for UpdateAndRefresh<'a, M> {
    type Output = Result<()>;
    type IntoFuture = Running<'a, ()>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.client.target::<M>()?;
            let returned = self.run(&target, New::VALUES).instrument(target.span("UpdateItem")).await?;
            *self.output.0 = read_returned::<M, New>(returned)?;
            Ok(())
        })
    }
}

impl<'a, M: Model> IntoFuture for IfMatches<UpdateAndRefresh<'a, M>> {
    type Output = Result<bool>;
    type IntoFuture = Running<'a, bool>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(matched(self.0.await)?.is_some()) })
    }
}

debug_without_values!([M: Model, O] Update<M, O>, "Update", M);
