//! Items that are deleted and stay in the table.

use super::{ClientOf, Model, TableItem, UpdateParts};
use crate::ops;

/// A model whose deleted items stay in the table, and which reads leave out: a field has the role `deleted_at`, or a
/// field of a model of a shared table.
#[diagnostic::on_unimplemented(
    message = "no item of `{Self}` is deleted and stays",
    label = "no field has the role `deleted_at`"
)]
pub trait HidesDeleted: TableItem {}

/// A model with a field of the role `deleted_at`: its items can be deleted, and restored.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, mut customer: Customer) -> dyntastic::Result<()> {
/// customer.soft_delete(&db).await?;
/// assert!(Customer::find(&db, "c1").await?.is_none());
/// let deleted = Customer::get(&db, "c1").with_deleted().await?;
/// let customer = Customer::restore(&db, "c1").await?;
/// # Ok(())
/// # }
/// ```
///
/// The item gets the time in that field. Reads leave it out then, unless they say `with_deleted()`; updates and writes
/// of a struct that is not deleted refuse it ([`Error::Deleted`](crate::ops::Error::Deleted)), and its unique values are
/// free. [`delete`](Model::delete) removes an item from the table, deleted or not.
#[diagnostic::on_unimplemented(
    message = "the items of `{Self}` cannot be deleted and restored",
    label = "no field has the role `deleted_at`",
    note = "`delete` removes an item from the table"
)]
pub trait SoftDelete: HidesDeleted + UpdateParts {
    /// Deletes this item, which stays in the table, and brings the struct up to date. An item that is deleted already is
    /// [`Error::Deleted`](crate::ops::Error::Deleted).
    fn soft_delete<'a, C: ClientOf<Self>>(&'a mut self, client: &C) -> ops::UpdateAndRefresh<'a, Self>
    where
        Self: Model<C>,
        Self::Key: for<'m> From<&'m Self>,
    {
        ops::UpdateAndRefresh::soft_deleting(&client.client_of(self), self)
    }

    /// Deletes the item with a key, which stays in the table, and returns it.
    fn soft_delete_by_key<C: ClientOf<Self>>(client: &C, key: impl Into<C::Key>) -> ops::Update<Self>
    where
        Self: Model<C>,
    {
        ops::Update::soft_delete(client.client(), client.whole_key(key.into()))
    }

    /// Restores a deleted item, and returns it. Unique values that another item has taken since are
    /// [`Error::NotUnique`](crate::ops::Error::NotUnique), and an item that is not deleted is
    /// [`Error::NotDeleted`](crate::ops::Error::NotDeleted).
    fn restore<C: ClientOf<Self>>(client: &C, key: impl Into<C::Key>) -> ops::Update<Self>
    where
        Self: Model<C>,
    {
        ops::Update::restore(client.client(), client.whole_key(key.into()))
    }
}
