//! Writing one item.

use super::guard::{Guard, IfMatches, Presence, matched};
use super::{Running, missing_table};
use crate::carrier::write_model;
use crate::client::Target;
use crate::expr::Condition;
use crate::{Client, Model, Result, Violations};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use tracing::Instrument;

/// Writes one item, in place of the one with the same key.
///
/// The first write to a missing table creates it, unless the table's schema or the client says no.
#[derive(Debug)]
#[must_use = "an operation runs when it is awaited"]
pub struct Save<'a, M: Model> {
    client: Client,
    model: &'a M,
    guard: Guard<M>,
}

impl<'a, M: Model> Save<'a, M> {
    #[doc(hidden)]
    pub fn new(client: &Client, model: &'a M) -> Self {
        Self { client: client.clone(), model, guard: Guard::new(Presence::Any) }
    }

    #[doc(hidden)]
    pub fn insert(client: &Client, model: &'a M) -> Self {
        Self { client: client.clone(), model, guard: Guard::new(Presence::Absent) }
    }

    #[doc(hidden)]
    pub fn replace(client: &Client, model: &'a M) -> Self {
        Self { client: client.clone(), model, guard: Guard::new(Presence::Present) }
    }

    /// Writes only if the item in the table fulfils this; else the error is [`Error::ConditionFailed`](crate::Error::ConditionFailed).
    pub fn condition(mut self, condition: impl Into<Condition<M>>) -> Self {
        self.guard = self.guard.and(condition.into());
        self
    }

    /// Has [`Error::ConditionFailed`](crate::Error::ConditionFailed) hold the item as it is
    /// ([`ConditionFailed::existing`](crate::ConditionFailed::existing)).
    pub fn return_existing(mut self) -> Self {
        self.guard.return_existing = true;
        self
    }

    /// Returns whether the item was written, rather than an error where the condition does not hold.
    pub fn if_matches(self) -> IfMatches<Self> {
        IfMatches(self)
    }

    /// The SDK's builder of PutItem, filled. It does not create a missing table.
    ///
    /// # Errors
    ///
    /// The item breaks a constraint or cannot be written, or the table's settings are wrong.
    pub fn into_inner(self) -> Result<PutItemFluentBuilder> {
        Violations::of(M::NAME, self.model)?;
        self.request(&self.client.target::<M>()?)
    }

    fn request(&self, target: &Target) -> Result<PutItemFluentBuilder> {
        let (condition, expressions) = self.guard.expressions()?;
        Ok(target
            .sdk
            .put_item()
            .table_name(&target.table)
            .set_item(Some(write_model(self.model)?))
            .set_condition_expression(condition)
            .set_expression_attribute_names(expressions.names)
            .set_expression_attribute_values(expressions.values)
            .set_return_values_on_condition_check_failure(self.guard.on_failure()))
    }

    async fn run(&self, target: &Target) -> Result<()> {
        Violations::of(M::NAME, self.model)?;
        let before = self.client.creations();
        match self.send(target).await {
            Err(error) => {
                missing_table::create_after(&self.client, target, before, error).await?;
                self.send(target).await
            }
            sent => sent,
        }
    }

    async fn send(&self, target: &Target) -> Result<()> {
        let sent = self.request(target)?.send().await;
        sent.map(drop).map_err(|error| {
            self.guard.error(target, "PutItem", error, |error| match error {
                PutItemError::ConditionalCheckFailedException(failed) => failed.item.clone(),
                _ => None,
            })
        })
    }
}

impl<'a, M: Model> IntoFuture for Save<'a, M> {
    type Output = Result<()>;
    type IntoFuture = Running<'a, ()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.client.target::<M>()?;
            self.run(&target).instrument(target.span("PutItem")).await
        })
    }
}

impl<'a, M: Model> IntoFuture for IfMatches<Save<'a, M>> {
    type Output = Result<bool>;
    type IntoFuture = Running<'a, bool>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(matched(self.0.await)?.is_some()) })
    }
}
