//! Writing one item.

use crate::codec::{AsStored, Codec, LIKELY_SIZE, RawItem};
use crate::expr::Condition;
use crate::ground::{AttributeMap, Violations};
use crate::ops::table::missing_table;
use crate::ops::transaction::{Action, commit_one, upgrade_stored};
use crate::ops::write::{IfMatches, Presence, WriteCondition, at_once, is_same, matched, seal_item};
use crate::ops::{Error, Result, Running, TableItem};
use crate::transport::{Client, Operation, Target, WriteError, backoff, send_write};
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;

/// Writes one item, in place of the item with the same key.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, alice: User, bob: User) -> dyntastic::Result<()> {
/// alice.save(&db).await?;
/// bob.insert(&db).if_matches().await?;          // whether no item had the key
/// # Ok(())
/// # }
/// ```
///
/// The first write to a missing table creates it, unless the table's schema or the client turns this off.
///
/// A save of a model with counters (`role: counter`) undoes no increment: if a counter was changed since the item was read, the
/// error is [`Error::CounterConflict`](crate::ops::Error::CounterConflict).
///
/// If the response to a save is lost, the SDK sends the save again. A save of a model with a version may then meet
/// its own write. That is no conflict: the stored item is compared with the written one. So two writers may both
/// succeed if they write equal items from one version and one response is lost. A field with the role `updated_at`
/// distinguishes their items.
#[must_use = "an operation runs when it is awaited"]
pub struct Save<'a, M: TableItem> {
    client: Client,
    item: Held<'a, M>,
    guard: WriteCondition,
}

/// An item to write.
pub(in crate::ops) enum Held<'a, M> {
    AsItIs(&'a M),
    /// An item with a version or times, which is brought up to date.
    Stamped(&'a mut M),
}

impl<M> Held<'_, M> {
    pub(in crate::ops) fn item(&self) -> &M {
        match self {
            Held::AsItIs(item) => item,
            Held::Stamped(item) => item,
        }
    }

    /// Brings the struct up to date with the written item.
    pub(in crate::ops) fn become_written(self, stored: Option<M>) {
        if let (Held::Stamped(item), Some(stored)) = (self, stored) {
            *item = stored;
        }
    }
}

/// A reference to an item to write: shared, or mutable if writes change fields of the item.
#[doc(hidden)]
pub trait Writable<'a, M> {
    #[doc(hidden)]
    fn held(self) -> WritableItem<'a, M>;
}

/// An item to write, shared or mutable.
#[doc(hidden)]
#[expect(missing_debug_implementations, reason = "it is an item")]
pub struct WritableItem<'a, M>(pub(in crate::ops) Held<'a, M>);

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

impl<'a, M: TableItem> Save<'a, M> {
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
        let guard = WriteCondition::new::<M>(presence).on(client);
        // A missing item has no version and no counters.
        let guard = if presence == Presence::Absent { guard } else { guard.unchanged_since(item.item()) };
        Self { client: client.clone(), item, guard }
    }

    /// Writes the item only if the stored item fulfils this condition. Otherwise the error is
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

    /// Returns whether the item was written. A failed condition is then no error.
    pub fn if_matches(self) -> IfMatches<Self> {
        IfMatches(self)
    }

    /// The SDK's builder of PutItem, filled. It calls the model's `before_write`, and does not create a missing table.
    ///
    /// # Errors
    ///
    /// The item breaks a constraint or cannot be written, the table's settings are wrong, or the model has unique
    /// fields ([`Error::NeedsTransaction`]).
    pub fn into_inner(mut self) -> Result<PutItemFluentBuilder> {
        if M::model_layout().is_unique() {
            return Err(Error::NeedsTransaction { model: M::model_name(), operation: "PutItem" });
        }
        let stored = self.guard.as_stored(self.item.item())?;
        Violations::of(M::model_name(), &*stored)?;
        let target = self.client.target::<M>()?;
        let mut item = RawItem::write(&stored, Codec::Map, LIKELY_SIZE)?;
        at_once(seal_item(&target, &mut item))?;
        at_once(self.guard.seal(&target))?;
        self.request(item.into_map()?, &target)
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

    async fn run(mut self, target: &Target) -> Result<()> {
        self.guard.seal(target).await?;
        let stored = self.guard.as_stored(self.item.item())?;
        Violations::of(M::model_name(), &*stored)?;
        if !M::model_layout().is_unique() {
            let before = missing_table::before_write(&self.client, std::iter::once(target)).await;
            if let Err(error) = self.send(&stored, target).await {
                let earlier = missing_table::create_after(&self.client, target, before, error).await?;
                self.send(&stored, target).await.map_err(|error| earlier.of_next(error))?;
            }
        } else {
            let mut action = Action::put(&self.client, "put", &stored, &self.guard)?;
            commit_one(&self.client, &mut action)
                .await
                .map_err(|error| self.guard.transaction_error(target, 0, error))?;
        }
        let written = stored.into_changed();
        self.item.become_written(written);
        Ok(())
    }

    async fn send(&self, item: &AsStored<'_, M>, target: &Target) -> Result<()> {
        let existing = |error: &PutItemError| match error {
            PutItemError::ConditionalCheckFailedException(failed) => failed.item.clone(),
            _ => None,
        };
        let mut attempt = 0;
        loop {
            let mut encoder = target.encoder(Operation::PutItem);
            let mut raw = RawItem::write(item, target.codec, LIKELY_SIZE)?;
            seal_item(target, &mut raw).await?;
            let marked = raw.marked(encoder.as_mut()).map_err(|error| error.of(M::model_name()))?;
            let Err(error) = send_write!(target, self.request(marked, target)?, &encoder) else { return Ok(()) };
            attempt += 1;
            target.prepare_read_of(&error, existing).await;
            match error.refused_by(existing).filter(|stored| self.guard.is_outdated(stored)) {
                Some(stored) if attempt < backoff::ATTEMPTS => {
                    upgrade_stored::<M>(&self.client, target, &stored).await?
                }
                _ if self.guard.is_versioned() && is_own_write(&error, raw) => return Ok(()),
                _ => return Err(self.guard.error(target, "PutItem", error, existing)),
            }
        }
    }
}

/// Whether a version conflict comes from an earlier attempt of the same save, whose response was lost. The stored
/// item then equals the written one, version included.
fn is_own_write(error: &WriteError<PutItemError>, written: RawItem) -> bool {
    let failed = error.sdk.as_service_error().filter(|_| error.may_be_applied);
    let Some(PutItemError::ConditionalCheckFailedException(failed)) = failed else { return false };
    let Some(stored) = &failed.item else { return false };
    written.into_map().is_ok_and(|written| is_same(&AttributeValue::M(written), &AttributeValue::M(stored.clone())))
}

impl<'a, M: TableItem> IntoFuture for Save<'a, M> {
    type Output = Result<()>;
    type IntoFuture = Running<'a, ()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.client.target::<M>()?;
            self.run(&target).await
        })
    }
}

impl<'a, M: TableItem> IntoFuture for IfMatches<Save<'a, M>> {
    type Output = Result<bool>;
    type IntoFuture = Running<'a, bool>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(matched(self.0.await)?.is_some()) })
    }
}

debug_without_values!([M: TableItem] Save<'_, M>, "Save", M);
