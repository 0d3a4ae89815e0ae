//! Writing one item.

use super::commit::commit_one;
use super::guard::{Guard, IfMatches, Presence, matched};
use super::{Running, missing_table, transaction};
use crate::carrier::{AttributeMap, LIKELY_SIZE, Operation, RawItem, write_model};
use crate::client::{self, Target};
use crate::expr::Condition;
use crate::{Client, Model, Result, Violations};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use tracing::Instrument;

/// Writes one item, in place of the one with the same key.
///
/// The first write to a missing table creates it, unless the table's schema or the client says no.
#[must_use = "an operation runs when it is awaited"]
pub struct Save<'a, M: Model> {
    client: Client,
    item: Held<'a, M>,
    guard: Guard<M>,
}

/// An item to write.
enum Held<'a, M> {
    AsItIs(&'a M),
    /// One with fields that writes keep: it becomes what was written.
    Stamped(&'a mut M),
}

impl<M> Held<'_, M> {
    fn item(&self) -> &M {
        match self {
            Held::AsItIs(item) => item,
            Held::Stamped(item) => item,
        }
    }
}

/// An item to write: shared, or, where writes change fields of it, to be changed.
#[doc(hidden)]
pub trait Writable<'a, M> {
    #[doc(hidden)]
    fn held(self) -> WritableItem<'a, M>;
}

/// An item to write, whichever it is.
#[doc(hidden)]
#[expect(missing_debug_implementations, reason = "it is an item")]
pub struct WritableItem<'a, M>(Held<'a, M>);

impl<'a, M> Writable<'a, M> for &'a M {
    fn held(self) -> WritableItem<'a, M> {
        WritableItem(Held::AsItIs(self))
    }
}

impl<'a, M> Writable<'a, M> for &'a mut M {
    fn held(self) -> WritableItem<'a, M> {
        WritableItem(Held::Stamped(self))
    }
}

impl<'a, M: Model> Save<'a, M> {
    #[doc(hidden)]
    pub fn new(client: &Client, item: impl Writable<'a, M>) -> Self {
        Self::guarded(client, item, Presence::Any)
    }

    #[doc(hidden)]
    pub fn insert(client: &Client, item: impl Writable<'a, M>) -> Self {
        Self::guarded(client, item, Presence::Absent)
    }

    #[doc(hidden)]
    pub fn replace(client: &Client, item: impl Writable<'a, M>) -> Self {
        Self::guarded(client, item, Presence::Present)
    }

    fn guarded(client: &Client, item: impl Writable<'a, M>, presence: Presence) -> Self {
        let WritableItem(item) = item.held();
        // What is not there has no version.
        let version = item.item().version().filter(|_| presence != Presence::Absent);
        Self { client: client.clone(), item, guard: Guard::new(presence).version(version) }
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
        let stamped = self.guard.stamped(self.item.item())?;
        let item = stamped.as_ref().unwrap_or(self.item.item());
        Violations::of(M::NAME, item)?;
        self.request(write_model(item)?, &self.client.target::<M>()?)
    }

    fn request(&self, item: AttributeMap, target: &Target) -> Result<PutItemFluentBuilder> {
        let (condition, expressions) = self.guard.expressions()?;
        Ok(target
            .sdk
            .put_item()
            .table_name(&target.table)
            .set_item(Some(item))
            .set_condition_expression(condition)
            .set_expression_attribute_names(expressions.names)
            .set_expression_attribute_values(expressions.values)
            .set_return_values_on_condition_check_failure(self.guard.on_failure()))
    }

    async fn run(self, target: &Target) -> Result<()> {
        let stamped = self.guard.stamped(self.item.item())?;
        let item = stamped.as_ref().unwrap_or(self.item.item());
        Violations::of(M::NAME, item)?;
        if M::LAYOUT.unique.is_empty() {
            let before = self.client.creations();
            if let Err(error) = self.send(item, target).await {
                missing_table::create_after(&self.client, target, before, error).await?;
                self.send(item, target).await?;
            }
        } else {
            let action = transaction::put(&self.client, "put", item, &self.guard)?;
            commit_one(&self.client, &action).await.map_err(|error| self.guard.transaction_error(target, error))?;
        }
        if let (Held::Stamped(item), Some(stamped)) = (self.item, stamped) {
            *item = stamped;
        }
        Ok(())
    }

    async fn send(&self, item: &M, target: &Target) -> Result<()> {
        let mut bodies = target.bodies(Operation::PutItem);
        let item = RawItem::write(item, target.carrier, LIKELY_SIZE)?;
        let item = item.marked(bodies.as_mut()).map_err(|error| error.of(M::NAME))?;
        let sent = client::send!(self.request(item, target)?, &bodies);
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
            let span = target.span("PutItem");
            self.run(&target).instrument(span).await
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

debug_without_values!([M: Model] Save<'_, M>, "Save", M);
