//! Reading an item again.

use super::get::Get;
use crate::ops::{Model, Result, Running};
use crate::transport::Client;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;

/// Reads the item of a struct again, into the struct; that there is none is
/// [`Error::NotFound`](crate::ops::Error::NotFound).
#[must_use = "an operation runs when it is awaited"]
pub struct Refresh<'a, M: Model> {
    get: Get<M>,
    instance: &'a mut M,
}

impl<'a, M: Model> Refresh<'a, M> {
    #[doc(hidden)]
    pub fn new(client: &Client, instance: &'a mut M) -> Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        Self { get: Get::new(client, M::Key::from(&*instance)), instance }
    }

    /// Reads what every write before has left, at twice the cost; without it, a write of the last moment may
    /// be missed ("DynamoDB read consistency").
    pub fn consistent_read(mut self) -> Self {
        self.get = self.get.consistent_read();
        self
    }

    /// The SDK's builder of GetItem, filled; the struct is left as it is.
    ///
    /// # Errors
    ///
    /// The table's settings are wrong, or the key cannot be written.
    pub fn into_inner(self) -> Result<GetItemFluentBuilder> {
        self.get.into_inner()
    }
}

impl<'a, M: Model> IntoFuture for Refresh<'a, M> {
    type Output = Result<()>;
    type IntoFuture = Running<'a, ()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            *self.instance = self.get.await?;
            Ok(())
        })
    }
}

debug_without_values!([M: Model] Refresh<'_, M>, "Refresh", M);
