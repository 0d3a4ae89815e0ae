//! Deleting a table.

use crate::ops::table::wait;
use crate::ops::{Result, Running, TableItem};
use crate::transport::{Client, Target};
use aws_sdk_dynamodb::operation::delete_table::builders::DeleteTableFluentBuilder;
use std::marker::PhantomData;
use std::time::Duration;
use tracing::Instrument;

/// Deletes a model's table with all its items, and waits until it is gone. If the table does not exist,
/// [`Error::is_not_found`](crate::ops::Error::is_not_found) holds for the error.
#[derive(Debug)]
#[must_use = "an operation runs when it is awaited"]
pub struct DeleteTable<M: TableItem> {
    client: Client,
    limit: Option<Duration>,
    model: PhantomData<fn() -> M>,
}

impl<M: TableItem> DeleteTable<M> {
    #[doc(hidden)]
    pub fn new(client: &Client) -> Self {
        Self { client: client.clone(), limit: Some(wait::MAX_WAIT), model: PhantomData }
    }

    /// Returns as soon as DynamoDB has begun to delete the table.
    pub fn no_wait(mut self) -> Self {
        self.limit = None;
        self
    }

    /// Waits at most this long, and then returns [`Error::TableNotReady`](crate::ops::Error::TableNotReady). The
    /// default is 5 minutes.
    pub fn wait_limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The SDK's builder of DeleteTable, filled.
    ///
    /// # Errors
    ///
    /// The table's settings are wrong.
    pub fn into_inner(self) -> Result<DeleteTableFluentBuilder> {
        Ok(request(&self.client.target::<M>()?))
    }
}

impl<M: TableItem> IntoFuture for DeleteTable<M> {
    type Output = Result<()>;
    type IntoFuture = Running<'static, ()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.client.target::<M>()?;
            send(&target, self.limit).instrument(target.span("DeleteTable")).await
        })
    }
}

fn request(target: &Target) -> DeleteTableFluentBuilder {
    target.sdk.delete_table().table_name(&target.table)
}

async fn send(target: &Target, limit: Option<Duration>) -> Result<()> {
    request(target).send().await.map_err(|error| target.error("DeleteTable", error))?;
    match limit {
        Some(limit) => wait::until(target, None, limit).await,
        None => Ok(()),
    }
}
