//! Increments of counters.

use super::return_values::{ReturnValues, Returned, ReturnedItem};
use super::update::Update;
use crate::codec::{FromAttribute, ValueReader};
use crate::expr::{Attribute, Count, Counter, DocumentPath, Step, UpdateExpression};
use crate::ground::{ReadError, ReadErrorKind};
use crate::ops::model::UpdateParts;
use crate::ops::{Result, TableItem};
use crate::transport::Client;
use std::fmt;
use std::marker::PhantomData;

/// Adds to a counter of the item with a key, and returns its new value.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, product_id: dyntastic::uuid::Uuid) -> dyntastic::Result<()> {
/// let views: u64 = Product::increment_views(&db, product_id, 1).await?;
/// # Ok(())
/// # }
/// ```
///
/// It is an [`Update`] with its conditions, errors and options. If no item has the key, the error is
/// [`Error::NotFound`](crate::ops::Error::NotFound), unless [`upsert`](Update::upsert) is set. A negative number
/// subtracts. A value outside of the type or of the schema's bounds is
/// [`Error::OutOfBounds`](crate::ops::Error::OutOfBounds), and nothing is changed.
///
/// # Lost responses
///
/// An increment is sent again only if no earlier attempt can have been applied, so that one increment never counts twice.
/// After [`Error::MaybeApplied`](crate::ops::Error::MaybeApplied), it has counted once or not at all: the end value is
/// between the acknowledged increments, and these with the unknown ones. In a
/// [transaction](crate::Client::transaction), an increment is sent until its fate is known, and counts exactly once:
/// `db.transaction().update::<Product>(product_id, Product::A.views.increment(1)).await?`.
pub type Increment<M, T> = Update<M, Incremented<T>>;

/// The value of a counter after an increment.
pub struct Incremented<T> {
    counter: DocumentPath,
    value: PhantomData<fn() -> T>,
}

impl<M: UpdateParts, T: Count + Send> Increment<M, T> {
    #[doc(hidden)]
    pub fn of_counter(client: &Client, counter: Attribute<M, T, Counter>, key: M::Key, by: impl Step<T>) -> Self {
        Update::new(client, key, counter.increment(by)).returning(Incremented::new(counter.path()))
    }
}

impl<M: TableItem, T: Count> Attribute<M, T, Counter> {
    /// Adds to the counter. An absent one counts from its default, and a negative number subtracts.
    ///
    /// `Product::increment_views(&db, product_id, 1)` also returns the new value. A value outside of the type or of the
    /// schema's bounds is [`Error::OutOfBounds`](crate::ops::Error::OutOfBounds).
    pub fn increment(&self, by: impl Step<T>) -> UpdateExpression<M> {
        self.increment_from(M::model_roles().start(self.path().attribute()), &by.into_step())
    }
}

impl<T> Incremented<T> {
    pub(super) fn new(counter: &DocumentPath) -> Self {
        Self { counter: counter.clone(), value: PhantomData }
    }
}

impl<T: FromAttribute + Send + 'static> Returned for Incremented<T> {
    type Output<M: TableItem> = T;
    const VALUES: ReturnValues = ReturnValues::UpdatedNew;

    fn read<M: TableItem>(&self, item: ReturnedItem) -> Result<T> {
        let changed = item.into_attributes::<M>()?;
        let value = self.counter.find(&changed).cloned();
        let value = value.ok_or_else(|| ReadError::new(ReadErrorKind::Missing));
        let value = value.and_then(|value| T::read(ValueReader::new(value)));
        value.map_err(|error| error.within_name(self.counter.attribute()).of(M::model_name()).into())
    }
}

impl<T> fmt::Debug for Incremented<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Incremented").field(&self.counter.attribute()).finish()
    }
}
