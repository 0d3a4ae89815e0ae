//! The methods of queries and scans that write what they read.

use super::bulk_write::{BulkWrite, Kind};
use crate::expr::{Condition, IntoUpdate};
use crate::ops::TableItem;
use crate::ops::item::{Nothing, Update};
use crate::ops::model::UpdateParts;
use crate::ops::read::{ParallelScan, Read, Reading, Source};

impl<S: Source, K: 'static> Read<S, K> {
    /// Updates each item that fulfils a condition. The condition is a filter, and a condition of each write
    /// ([`BulkWrite`]). The items must be whole: those of an index that holds parts of them need [`full`](Self::full).
    ///
    /// ```no_run
    /// # use dyntastic::Client;
    /// # use dyntastic::prelude::*;
    /// # use example_models::*;
    /// # async fn example(db: Client) -> dyntastic::Result<()> {
    /// let report = User::scan(&db).update_where(User::A.age.ge(18), User::A.nickname.remove()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_where(
        self,
        condition: impl Into<Condition<S::Model>>,
        update: impl IntoUpdate<S::Model>,
    ) -> BulkWrite<S::Model>
    where
        S: Source<Item = <S as Source>::Model>,
        S::Model: UpdateParts,
        <S::Model as TableItem>::Key: for<'m> From<&'m S::Model>,
    {
        updates(self.reading, None, condition.into(), update)
    }

    /// Deletes each item that fulfils a condition. The condition is a filter, and a condition of each write
    /// ([`BulkWrite`]). It reads keys alone, so that it takes any index that holds what the condition compares, and items that
    /// cannot be read, unless they are of another schema version.
    ///
    /// ```no_run
    /// # use dyntastic::Client;
    /// # use dyntastic::prelude::*;
    /// # use example_models::*;
    /// # async fn example(db: Client) -> dyntastic::Result<()> {
    /// let report = User::scan(&db).delete_where(User::A.nickname.not_exists()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete_where(self, condition: impl Into<Condition<S::Model>>) -> BulkWrite<S::Model>
    where
        <S::Model as TableItem>::Key: for<'m> From<&'m S::Model>,
    {
        deletions(self.reading, None, condition.into())
    }
}

impl<S: Source> ParallelScan<S> {
    /// Updates each item that fulfils a condition, as [`Read::update_where`] does.
    pub fn update_where(
        self,
        condition: impl Into<Condition<S::Model>>,
        update: impl IntoUpdate<S::Model>,
    ) -> BulkWrite<S::Model>
    where
        S: Source<Item = <S as Source>::Model>,
        S::Model: UpdateParts,
        <S::Model as TableItem>::Key: for<'m> From<&'m S::Model>,
    {
        updates(self.reading, Some(self.segments), condition.into(), update).resume(self.state)
    }

    /// Deletes each item that fulfils a condition, as [`Read::delete_where`] does.
    pub fn delete_where(self, condition: impl Into<Condition<S::Model>>) -> BulkWrite<S::Model>
    where
        <S::Model as TableItem>::Key: for<'m> From<&'m S::Model>,
    {
        deletions(self.reading, Some(self.segments), condition.into()).resume(self.state)
    }
}

fn updates<M: UpdateParts>(
    mut reading: Reading,
    segments: Option<u32>,
    condition: Condition<M>,
    update: impl IntoUpdate<M>,
) -> BulkWrite<M>
where
    M::Key: for<'m> From<&'m M>,
{
    reading.filter(condition.into_node());
    let kind = Kind::Update {
        update: update.into_update(),
        make: |client, item, update| Update::of(client, item, update, Nothing),
        key: |item| M::Key::from(item),
    };
    BulkWrite::new(reading, segments, kind)
}

fn deletions<M: TableItem>(mut reading: Reading, segments: Option<u32>, condition: Condition<M>) -> BulkWrite<M> {
    reading.filter(condition.into_node());
    BulkWrite::new(reading, segments, Kind::Delete)
}
