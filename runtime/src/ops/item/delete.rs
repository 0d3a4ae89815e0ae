//! Deleting one item.

use crate::codec::RawItem;
use crate::expr::Condition;
use crate::ops::transaction::{Action, commit_one};
use crate::ops::write::{IfMatches, Presence, WriteCondition, matched, write_key};
use crate::ops::{Error, Model, Result, Running};
use crate::transport::{Client, Operation, Target, response_item, send_write};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValue;
use tracing::Instrument;

/// Deletes one item; that there is none is no error. In a table that models share, another model's item with the key
/// stays, and counts as none.
#[must_use = "an operation runs when it is awaited"]
pub struct Delete<M: Model> {
    client: Client,
    key: M::Key,
    guard: WriteCondition<M>,
}

/// Deletes one item, and returns it as it was.
#[derive(Debug)]
#[must_use = "an operation runs when it is awaited"]
pub struct DeleteReturning<M: Model>(Delete<M>);

impl<M: Model> Delete<M> {
    #[doc(hidden)]
    pub fn new(client: &Client, key: M::Key) -> Self {
        Self { client: client.clone(), key, guard: WriteCondition::new(Presence::Own) }
    }

    /// Of an item that was read.
    #[doc(hidden)]
    pub fn of(client: &Client, item: &M) -> Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        Self { client: client.clone(), key: M::Key::from(item), guard: WriteCondition::of_deleted(item) }
    }

    /// Deletes only if the item fulfils this; else the error is
    /// [`Error::ConditionFailed`](crate::ops::Error::ConditionFailed).
    pub fn condition(mut self, condition: impl Into<Condition<M>>) -> Self {
        self.guard = self.guard.and(condition.into());
        self
    }

    /// Has [`Error::ConditionFailed`](crate::ops::Error::ConditionFailed) hold the item as it is
    /// ([`ConditionFailed::existing`](crate::ops::ConditionFailed::existing)).
    pub fn return_existing(mut self) -> Self {
        self.guard.return_existing = true;
        self
    }

    /// Returns whether the condition held, rather than an error where it does not.
    pub fn if_matches(self) -> IfMatches<Self> {
        IfMatches(self)
    }

    /// Returns the item as it was; `None` where there was none. Of a model with unique fields, whose delete is a transaction,
    /// that is the item as it was read before it: other writers may have changed other fields since.
    pub fn return_old(self) -> DeleteReturning<M> {
        DeleteReturning(self)
    }

    /// The SDK's builder of DeleteItem, filled.
    ///
    /// # Errors
    ///
    /// The table's settings are wrong, or the key or the condition cannot be written; or the model has unique fields
    /// ([`Error::NeedsTransaction`]).
    pub fn into_inner(self) -> Result<DeleteItemFluentBuilder> {
        if !M::LAYOUT.unique.is_empty() {
            return Err(Error::NeedsTransaction { model: M::NAME, operation: "DeleteItem" });
        }
        self.request(&self.client.target::<M>()?)
    }

    fn request(&self, target: &Target) -> Result<DeleteItemFluentBuilder> {
        let (condition, expressions) = self.guard.expressions()?;
        Ok(target
            .sdk
            .delete_item()
            .table_name(&target.table)
            .set_key(Some(write_key(&self.key)?))
            .set_condition_expression(condition)
            .set_expression_attribute_names(expressions.names)
            .set_expression_attribute_values(expressions.values)
            .set_return_values_on_condition_check_failure(self.guard.on_failure()))
    }

    async fn send(&self, target: &Target, returned: ReturnValue) -> Result<Option<RawItem>> {
        match self.send_once(target, returned).await {
            // Another model's item stays, and counts as none.
            Err(Error::NotFound { other_model: true, .. }) if !self.guard.is_conditioned() => Ok(None),
            sent => sent,
        }
    }

    async fn send_once(&self, target: &Target, returned: ReturnValue) -> Result<Option<RawItem>> {
        if !M::LAYOUT.unique.is_empty() {
            let action = Action::delete(&self.client, &self.key, &self.guard)?;
            let before = commit_one(&self.client, &action).await;
            let before = before.map_err(|error| self.guard.transaction_error(target, 0, error))?;
            return Ok(before.filter(|_| returned == ReturnValue::AllOld).map(RawItem::Map));
        }
        let decoder = target.decoder(Operation::DeleteItem).filter(|_| returned != ReturnValue::None);
        let request = self.request(target)?.return_values(returned);
        let sent = send_write!(request, &decoder);
        sent.map(|output| response_item(decoder, output.attributes)).map_err(|error| {
            self.guard.error(target, "DeleteItem", error, |error| match error {
                DeleteItemError::ConditionalCheckFailedException(failed) => failed.item.clone(),
                _ => None,
            })
        })
    }
}

impl<M: Model> IntoFuture for Delete<M> {
    type Output = Result<()>;
    type IntoFuture = Running<'static, ()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.client.target::<M>()?;
            self.send(&target, ReturnValue::None).instrument(target.span("DeleteItem")).await.map(drop)
        })
    }
}

impl<M: Model> IntoFuture for DeleteReturning<M> {
    type Output = Result<Option<M>>;
    type IntoFuture = Running<'static, Option<M>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.0.client.target::<M>()?;
            let old = self.0.send(&target, ReturnValue::AllOld).instrument(target.span("DeleteItem")).await?;
            old.map(RawItem::read_model).transpose().map_err(|error| Error::Unread(Box::new(error.into())))
        })
    }
}

impl<M: Model> IntoFuture for IfMatches<Delete<M>> {
    type Output = Result<bool>;
    type IntoFuture = Running<'static, bool>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(matched(self.0.await)?.is_some()) })
    }
}

debug_without_values!([M: Model] Delete<M>, "Delete", M);
