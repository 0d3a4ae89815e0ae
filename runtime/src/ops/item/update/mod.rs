//! Changing parts of one item.

mod attempts;

use super::refreshed::Refreshed;
use super::return_values::{New, Nothing, Old, ReturnValues, Returned, ReturnedItem, UpdatedNew, UpdatedOld};
use crate::codec::RawItem;
use crate::expr;
use crate::expr::{Condition, IntoUpdate, UpdateAction, Writer};
use crate::ops::model::{ModelFacts, UpdateParts};
use crate::ops::transaction::UniqueFields;
use crate::ops::write::{
    Deletion, IfMatches, Known, Presence, WriteCondition, all_actions, at_once, known_by_key, known_of_item, matched,
    sealed_update, stored_item, write_key,
};
use crate::ops::{Error, Result, Running, TableItem};
use crate::transport::{Client, Target};
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use std::time::SystemTime;

/// Changes parts of one item, and returns the result `O`: by default the item after the update.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let alice = User::update_by_key(&db, "user123", User::A.age.add(1)).await?;
/// let before = User::update_by_key(&db, "user123", User::A.nickname.set("Al")).return_old().await?;
/// # Ok(())
/// # }
/// ```
///
/// If no item has the key, the error is [`Error::NotFound`](crate::ops::Error::NotFound), unless
/// [`upsert`](Self::upsert) is set. If an action removes a defaulted field that an index key is made of, the update
/// stores the default.
///
/// A patch that changes nothing is no write and no error: the item of a struct stays as it is, without a request, and
/// the item with a key is read. With a [`condition`](Self::condition), DynamoDB checks the condition and changes
/// nothing. An [`upsert`](Self::upsert) still creates a missing item.
///
/// Some updates calculate from stored values (`add`, `n + 1`, `append`, an element by its index). They are not sent
/// again if an earlier attempt may have been applied. The error is then
/// [`Error::MaybeApplied`](crate::ops::Error::MaybeApplied). In a [transaction](crate::Client::transaction), they are
/// sent again and applied once.
#[must_use = "an operation runs when it is awaited"]
pub struct Update<M: TableItem, O = New> {
    client: Client,
    key: M::Key,
    update: expr::UpdateExpression<M>,
    /// The known attributes of the item, if its keys are made of fields. An error is reported when the update is
    /// sent.
    known: Result<Option<Known>>,
    guard: WriteCondition,
    /// Whether it deletes or restores an item, which must exist.
    changes_deletion: bool,
    output: O,
}

/// Changes parts of one item, and brings its struct up to date in the same request.
pub type UpdateAndRefresh<'a, M> = Update<M, Refreshed<'a, M>>;

impl<M: UpdateParts> Update<M> {
    /// Updates the item with a key.
    pub(in crate::ops) fn new(client: &Client, key: M::Key, update: impl IntoUpdate<M>) -> Self {
        Self::of_key(client, key, update.into_update(), Deletion::Alive)
    }

    fn of_key(client: &Client, key: M::Key, update: expr::UpdateExpression<M>, deletion: Deletion) -> Self {
        let known = known_by_key::<M>(&key);
        let guard = WriteCondition::new::<M>(Presence::Present).on(client).deletion(deletion);
        Self { client: client.clone(), key, update, known, guard, changes_deletion: false, output: New }
    }

    /// Deletes the item with a key, which stays in the table.
    pub(in crate::ops) fn soft_delete(client: &Client, key: M::Key) -> Self {
        Self { changes_deletion: true, ..Self::of_key(client, key, deletion::<M>(true), Deletion::Alive) }
    }

    /// Restores the deleted item with a key.
    pub(in crate::ops) fn restore(client: &Client, key: M::Key) -> Self {
        Self { changes_deletion: true, ..Self::of_key(client, key, deletion::<M>(false), Deletion::Deleted) }
    }
}

impl<'a, M: UpdateParts> UpdateAndRefresh<'a, M> {
    /// Updates the item of a struct.
    pub(in crate::ops) fn refreshing(client: &Client, instance: &'a mut M, update: impl IntoUpdate<M>) -> Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        Update::of(client, instance, update, ()).returning(Refreshed(instance))
    }

    /// Deletes the item of a struct, which stays in the table.
    pub(in crate::ops) fn soft_deleting(client: &Client, instance: &'a mut M) -> Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        let update = Update::of(client, instance, deletion::<M>(true), ()).returning(Refreshed(instance));
        Self { guard: update.guard.deletion(Deletion::Alive), changes_deletion: true, ..update }
    }
}

impl<M: TableItem, O: Returned> Update<M, O> {
    /// Returns the item before the update. An update of unique fields is a transaction and reads the item before it:
    /// other writers may have changed other fields in the meantime.
    pub fn return_old(self) -> Update<M, Old> {
        self.returning(Old)
    }

    /// Returns the changed attributes after the update.
    pub fn return_updated(self) -> Update<M, UpdatedNew> {
        self.returning(UpdatedNew)
    }

    /// Returns the changed attributes before the update.
    pub fn return_updated_old(self) -> Update<M, UpdatedOld> {
        self.returning(UpdatedOld)
    }

    /// Returns nothing.
    pub fn return_nothing(self) -> Update<M, Nothing> {
        self.returning(Nothing)
    }
}

impl<M: TableItem, O> Update<M, O> {
    /// Updates an item that was read.
    pub(in crate::ops) fn of(client: &Client, item: &M, update: impl IntoUpdate<M>, output: O) -> Self
    where
        M: UpdateParts,
        M::Key: for<'m> From<&'m M>,
    {
        let key = M::Key::from(item);
        let known = known_of_item(item, &key);
        let guard = WriteCondition::new::<M>(Presence::Present).on(client).version(item.version()).deletion_as_of(item);
        let (client, update) = (client.clone(), update.into_update());
        Self { client, key, update, known, guard, changes_deletion: false, output }
    }

    pub(super) fn returning<P>(self, output: P) -> Update<M, P> {
        let Self { client, key, update, known, guard, changes_deletion, output: _ } = self;
        Update { client, key, update, known, guard, changes_deletion, output }
    }

    /// Updates the item only if it fulfils this condition. Otherwise the error is
    /// [`Error::ConditionFailed`](crate::ops::Error::ConditionFailed).
    pub fn condition(mut self, condition: impl Into<Condition<M>>) -> Self {
        self.guard = self.guard.and::<M>(condition.into());
        self
    }

    /// Creates the item if it is missing, from its key, the values that the update sets, and the defaults of the
    /// other fields. An item that exists stays as it is if the update is a patch that changes nothing. An update that
    /// leaves a required field without a value is [`Error::IncompleteUpsert`](crate::ops::Error::IncompleteUpsert).
    pub fn upsert(mut self) -> Self {
        if self.changes_deletion {
            let why = "an item is deleted or restored only if it exists: leave out `upsert`";
            self.known = Err(Error::invalid("UpdateItem", format_args!("{}: {why}", M::model_name())));
            return self;
        }
        self.guard = self.guard.or_none();
        self
    }

    /// Adds the stored item to [`Error::ConditionFailed`](crate::ops::Error::ConditionFailed) (see
    /// [`ConditionFailed::existing`](crate::ops::ConditionFailed::existing)).
    pub fn return_existing(mut self) -> Self {
        self.guard.return_existing = true;
        self
    }

    /// Returns `None` if the condition fails. A failed condition is then no error.
    pub fn if_matches(self) -> IfMatches<Self> {
        IfMatches(self)
    }

    /// The SDK's builder of UpdateItem, filled.
    ///
    /// It does not read the item. If only a read could check the bounds of a calculated value
    /// ([`expr::UpdateExpression`](crate::expr::UpdateExpression)) or the rules of a patched struct, the builder does
    /// not check them. A struct that a patch changes inside must exist.
    ///
    /// # Errors
    ///
    /// The table's settings are wrong, the key or an expression cannot be written, or the update changes unique
    /// fields ([`Error::NeedsTransaction`]).
    pub fn into_inner(mut self) -> Result<UpdateItemFluentBuilder> {
        let actions = self.actions()?;
        if UniqueFields::update(ModelFacts::of::<M>(), &actions)?.is_some() {
            return Err(Error::NeedsTransaction { model: M::model_name(), operation: "UpdateItem" });
        }
        let target = self.client.target::<M>()?;
        let actions = at_once(sealed_update(&target, || write_key(&self.key), actions))?;
        at_once(self.guard.seal(&target))?;
        self.request(&target, &actions)
    }

    /// All actions of the update.
    fn actions(&mut self) -> Result<Vec<UpdateAction>> {
        let known = std::mem::replace(&mut self.known, Ok(None))?;
        let update = std::mem::replace(&mut self.update, Vec::new().into_update());
        all_actions(update, known.as_ref(), &mut self.guard)
    }

    fn request(&self, target: &Target, actions: &[UpdateAction]) -> Result<UpdateItemFluentBuilder> {
        let mut writer = Writer::new(M::model_name());
        let update = if actions.is_empty() { None } else { Some(writer.update(actions)?) };
        let condition = self.guard.write(&mut writer)?;
        let expressions = writer.finish();
        Ok(target
            .sdk
            .update_item()
            .table_name(&target.table)
            .set_key(Some(write_key(&self.key)?))
            .set_update_expression(update)
            .set_condition_expression(condition)
            .set_expression_attribute_names(expressions.names)
            .set_expression_attribute_values(expressions.values)
            .set_return_values_on_condition_check_failure(self.guard.on_failure()))
    }

    /// Whether the update is a patch that changes nothing, and no condition has to be checked.
    fn changes_nothing(&self, actions: &[UpdateAction]) -> bool {
        actions.is_empty() && self.guard.structs.are_none() && !self.guard.is_conditioned()
    }

    /// Reads the item instead of an upsert that changes nothing; `None` if the upsert has to create it.
    async fn existing(&mut self, target: &Target, values: ReturnValues) -> Result<Option<ReturnedItem>> {
        match self.unchanged(target, values).await {
            Err(Error::NotFound { other_model: false, .. }) => Ok(None),
            Err(error) if error.is_missing_table() => Ok(None),
            read => read.map(Some),
        }
    }

    /// Reads the item instead of an update that changes nothing.
    async fn unchanged(&mut self, target: &Target, values: ReturnValues) -> Result<ReturnedItem> {
        let found = stored_item(target, write_key(&self.key)?).await?;
        let other_model = found.as_ref().is_some_and(|item| self.guard.expectation().is_of_other_model(item));
        match found.filter(|_| !other_model) {
            None => Err(Error::NotFound { model: M::model_name(), table: target.table.clone(), other_model }),
            Some(item) if self.guard.is_gone(&item) => {
                Err(Error::Deleted { model: M::model_name(), table: target.table.clone() })
            }
            Some(item) => {
                let is_whole = matches!(values, ReturnValues::AllNew | ReturnValues::AllOld);
                Ok(ReturnedItem(if is_whole { Some(target.raw_item(item).await) } else { None }))
            }
        }
    }
}

/// The update that deletes an item now, or restores it.
pub(in crate::ops) fn deletion<M: TableItem>(deletes: bool) -> expr::UpdateExpression<M> {
    let at = deletes.then(SystemTime::now);
    expr::UpdateExpression::from(expr::UpdateParts::of_actions(M::model_roles().deletion(at)))
}

/// Reads the result of an applied update.
fn read_returned<M: TableItem, O: Returned>(output: &O, returned: Option<RawItem>) -> Result<O::Output<M>> {
    output.read::<M>(ReturnedItem(returned)).map_err(|error| Error::Unread(Box::new(error)))
}

impl<M: TableItem, O: Returned> IntoFuture for Update<M, O> {
    type Output = Result<O::Output<M>>;
    type IntoFuture = Running<'static, O::Output<M>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.client.target::<M>()?;
            if self.guard.is_upsert()
                && self.changes_nothing(&[])
                && self.update.is_nothing()
                && let Some(item) = self.existing(&target, O::VALUES).await?
            {
                return self.output.read::<M>(item);
            }
            let actions = self.actions()?;
            if self.changes_nothing(&actions) {
                let unchanged = self.unchanged(&target, O::VALUES).await?;
                return self.output.read::<M>(unchanged);
            }
            let returned = self.run(&target, actions, O::VALUES).await?;
            read_returned::<M, O>(&self.output, returned)
        })
    }
}

impl<M: TableItem, O: Returned> IntoFuture for IfMatches<Update<M, O>> {
    type Output = Result<Option<O::Output<M>>>;
    type IntoFuture = Running<'static, Option<O::Output<M>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { matched(self.0.await) })
    }
}

impl<'a, M: TableItem> IntoFuture for UpdateAndRefresh<'a, M> {
    type Output = Result<()>;
    type IntoFuture = Running<'a, ()>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.client.target::<M>()?;
            let actions = self.actions()?;
            if self.changes_nothing(&actions) {
                return Ok(());
            }
            let returned = self.run(&target, actions, New::VALUES).await?;
            *self.output.0 = read_returned::<M, New>(&New, returned)?;
            Ok(())
        })
    }
}

impl<'a, M: TableItem> IntoFuture for IfMatches<UpdateAndRefresh<'a, M>> {
    type Output = Result<bool>;
    type IntoFuture = Running<'a, bool>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(matched(self.0.await)?.is_some()) })
    }
}

debug_without_values!([M: TableItem, O] Update<M, O>, "Update", M);
