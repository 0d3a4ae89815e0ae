//! Moving an item to another key.

use super::save::{Held, Writable, WritableItem};
use crate::ground::defects;
use crate::ground::defects::Defect;
#[cfg(doc)]
use crate::ops::Error;
use crate::ops::transaction::{Action, Settings, commit};
use crate::ops::write::{Presence, WriteCondition, as_stored, check_can_rise, write_key};
use crate::ops::{Result, Running, TableItem};
use crate::transport::Client;

/// Moves an item from an earlier key to the key that it has now, in one transaction. An update cannot change the
/// fields that a key is made of.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, mut order: Order, now: dyntastic::chrono::DateTime<dyntastic::chrono::Utc>) -> dyntastic::Result<()> {
/// let from = OrderKey::from(&order);
/// order.placed_at = now;
/// Order::rekey(&db, from, &order).await?;
/// # Ok(())
/// # }
/// ```
///
/// The version is that of the item at the earlier key, raised by one; the creation time stays. The struct is brought
/// up to date after the write.
///
/// # Errors
///
/// - [`Error::NotFound`]: no item has the earlier key.
/// - [`Error::VersionConflict`], [`Error::CounterConflict`]: another writer has changed the item since it was read.
/// - [`Error::AlreadyExists`]: an item has the new key already.
#[must_use = "an operation runs when it is awaited"]
pub struct Rekey<'a, M: TableItem> {
    client: Client,
    from: M::Key,
    item: Held<'a, M>,
}

impl<'a, M: TableItem> Rekey<'a, M> {
    #[doc(hidden)]
    pub fn new(client: &Client, from: M::Key, item: impl Writable<'a, M>) -> Self {
        let WritableItem(item) = item.held();
        Self { client: client.clone(), from, item }
    }

    async fn run(self) -> Result<()>
    where
        M::Key: for<'m> From<&'m M>,
    {
        let target = self.client.target::<M>()?;
        let item = self.item.item();
        check_can_rise::<M>(item.version().unwrap_or(0))?;
        let stored = as_stored(item, false)?;
        let there = WriteCondition::new::<M>(Presence::Present);
        let there = if defects::has(Defect::MoveWithoutVersion) { there } else { there.unchanged_since(item) };
        let absent = WriteCondition::new::<M>(Presence::Absent);
        let from = Action::delete::<M>(&self.client, write_key(&self.from)?, &there)?;
        let to = Action::put(&self.client, "insert", &stored, &absent)?;
        if from.identity == to.identity {
            let again = Action::put(&self.client, "replace", &stored, &there)?;
            let settings = Settings { return_existing: true, ..Settings::default() };
            let done = commit(&self.client, &mut [again], settings).await;
            done.map_err(|error| there.transaction_error(&target, 0, error))?;
        } else {
            let settings = Settings { return_existing: true, ..Settings::default() };
            let done = commit(&self.client, &mut [from, to], settings).await;
            done.map_err(|error| absent.transaction_error(&target, 1, there.transaction_error(&target, 0, error)))?;
        }
        let written = stored.into_changed();
        self.item.become_written(written);
        Ok(())
    }
}

impl<'a, M: TableItem> IntoFuture for Rekey<'a, M>
where
    M::Key: for<'m> From<&'m M>,
{
    type Output = Result<()>;
    type IntoFuture = Running<'a, ()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

debug_without_values!([M: TableItem] Rekey<'_, M>, "Rekey", M);
