//! Deleting one item.

use crate::codec::RawItem;
use crate::expr::Condition;
use crate::ground::AttributeMap;
use crate::ops::transaction::{Action, commit_one, upgrade_stored};
use crate::ops::write::{IfMatches, Presence, WriteCondition, at_once, matched, write_key};
use crate::ops::{Error, Result, Running, TableItem};
use crate::transport::{Client, Operation, Target, backoff, response_item, send_write};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValue;

/// Deletes one item. A missing item is no error. In a shared table, an item of another model with the same key stays,
/// and counts as missing.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, mut alice: User) -> dyntastic::Result<()> {
/// alice.delete(&db).condition(User::A.age.lt(5)).await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "an operation runs when it is awaited"]
pub struct Delete<M: TableItem> {
    client: Client,
    key: KeyOf<M>,
    guard: WriteCondition,
}

/// The key of an item: its fields, or its attributes.
enum KeyOf<M: TableItem> {
    Fields(M::Key),
    Attributes(AttributeMap),
}

impl<M: TableItem> KeyOf<M> {
    fn write(&self) -> Result<AttributeMap> {
        match self {
            KeyOf::Fields(key) => Ok(write_key(key)?),
            KeyOf::Attributes(key) => Ok(key.clone()),
        }
    }
}

/// Deletes one item, and returns it.
#[derive(Debug)]
#[must_use = "an operation runs when it is awaited"]
pub struct DeleteReturning<M: TableItem>(Delete<M>);

impl<M: TableItem> Delete<M> {
    #[doc(hidden)]
    pub fn new(client: &Client, key: M::Key) -> Self {
        let guard = WriteCondition::new::<M>(Presence::Own).on(client);
        Self { client: client.clone(), key: KeyOf::Fields(key), guard }
    }

    /// Deletes an item that was read.
    #[doc(hidden)]
    pub fn of(client: &Client, item: &M) -> Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        let key = KeyOf::Fields(M::Key::from(item));
        Self { client: client.clone(), key, guard: WriteCondition::of_deleted(item) }
    }

    /// Deletes the item with these key attributes, which must exist.
    pub(in crate::ops) fn of_attributes(client: &Client, key: AttributeMap) -> Self {
        let guard = WriteCondition::new::<M>(Presence::Present).on(client);
        Self { client: client.clone(), key: KeyOf::Attributes(key), guard }
    }

    /// Deletes the item only if it fulfils this condition. Otherwise the error is
    /// [`Error::ConditionFailed`](crate::ops::Error::ConditionFailed).
    pub fn condition(mut self, condition: impl Into<Condition<M>>) -> Self {
        self.guard = self.guard.and::<M>(condition.into());
        self
    }

    /// Adds the stored item to [`Error::ConditionFailed`](crate::ops::Error::ConditionFailed) (see
    /// [`ConditionFailed::existing`](crate::ops::ConditionFailed::existing)).
    pub fn return_existing(mut self) -> Self {
        self.guard.return_existing = true;
        self
    }

    /// Returns whether the condition held. A failed condition is then no error.
    pub fn if_matches(self) -> IfMatches<Self> {
        IfMatches(self)
    }

    /// Returns the deleted item; `None` if it was missing. A model with unique fields deletes in a transaction and
    /// reads the item before it: other writers may have changed other fields in the meantime.
    pub fn return_old(self) -> DeleteReturning<M> {
        DeleteReturning(self)
    }

    /// The SDK's builder of DeleteItem, filled.
    ///
    /// # Errors
    ///
    /// The table's settings are wrong, the key or the condition cannot be written, or the model has unique fields
    /// ([`Error::NeedsTransaction`]).
    pub fn into_inner(mut self) -> Result<DeleteItemFluentBuilder> {
        if M::model_layout().is_unique() {
            return Err(Error::NeedsTransaction { model: M::model_name(), operation: "DeleteItem" });
        }
        let target = self.client.target::<M>()?;
        at_once(self.guard.seal(&target))?;
        self.request(&target)
    }

    fn request(&self, target: &Target) -> Result<DeleteItemFluentBuilder> {
        let (condition, expressions) = self.guard.expressions()?;
        Ok(target
            .sdk
            .delete_item()
            .table_name(&target.table)
            .set_key(Some(self.key.write()?))
            .set_condition_expression(condition)
            .set_expression_attribute_names(expressions.names)
            .set_expression_attribute_values(expressions.values)
            .set_return_values_on_condition_check_failure(self.guard.on_failure()))
    }

    async fn send(&mut self, target: &Target, returned: ReturnValue) -> Result<Option<RawItem>> {
        self.guard.seal(target).await?;
        match self.send_once(target, returned).await {
            // An item of another model stays, and counts as missing.
            Err(Error::NotFound { other_model: true, .. }) if !self.guard.is_conditioned() => Ok(None),
            sent => sent,
        }
    }

    async fn send_once(&self, target: &Target, returned: ReturnValue) -> Result<Option<RawItem>> {
        if M::model_layout().is_unique() {
            let mut action = Action::delete::<M>(&self.client, self.key.write()?, &self.guard)?;
            let before = commit_one(&self.client, &mut action).await;
            let before = before.map_err(|error| self.guard.transaction_error(target, 0, error))?;
            return match before.filter(|_| returned == ReturnValue::AllOld) {
                Some(item) => Ok(Some(target.raw_item(item).await)),
                None => Ok(None),
            };
        }
        let existing = |error: &DeleteItemError| match error {
            DeleteItemError::ConditionalCheckFailedException(failed) => failed.item.clone(),
            _ => None,
        };
        let mut attempt = 0;
        loop {
            let decoder = target.decoder(Operation::DeleteItem).filter(|_| returned != ReturnValue::None);
            let request = self.request(target)?.return_values(returned.clone());
            let error = match send_write!(target, request, &decoder) {
                Ok(output) => return Ok(response_item(target, decoder, output.attributes).await),
                Err(error) => error,
            };
            attempt += 1;
            target.prepare_read_of(&error, existing).await;
            match error.refused_by(existing).filter(|stored| self.guard.is_outdated(stored)) {
                Some(stored) if attempt < backoff::ATTEMPTS => {
                    upgrade_stored::<M>(&self.client, target, &stored).await?
                }
                _ => return Err(self.guard.error(target, "DeleteItem", error, existing)),
            }
        }
    }
}

impl<M: TableItem> IntoFuture for Delete<M> {
    type Output = Result<()>;
    type IntoFuture = Running<'static, ()>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.client.target::<M>()?;
            self.send(&target, ReturnValue::None).await.map(drop)
        })
    }
}

impl<M: TableItem> IntoFuture for DeleteReturning<M> {
    type Output = Result<Option<M>>;
    type IntoFuture = Running<'static, Option<M>>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.0.client.target::<M>()?;
            let old = self.0.send(&target, ReturnValue::AllOld).await?;
            old.map(RawItem::read_model).transpose().map_err(|error| Error::Unread(Box::new(error.into())))
        })
    }
}

impl<M: TableItem> IntoFuture for IfMatches<Delete<M>> {
    type Output = Result<bool>;
    type IntoFuture = Running<'static, bool>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(matched(self.0.await)?.is_some()) })
    }
}

debug_without_values!([M: TableItem] Delete<M>, "Delete", M);
