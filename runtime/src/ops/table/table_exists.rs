//! Checking whether a table exists.

use crate::ops::table::wait;
use crate::ops::{Result, Running, TableItem};
use crate::transport::Client;
use aws_sdk_dynamodb::operation::describe_table::builders::DescribeTableFluentBuilder;
use std::marker::PhantomData;
use tracing::Instrument;

/// Returns whether a model's table exists. A table that is being deleted does not.
#[derive(Debug)]
#[must_use = "an operation runs when it is awaited"]
pub struct TableExists<M: TableItem> {
    client: Client,
    model: PhantomData<fn() -> M>,
}

impl<M: TableItem> TableExists<M> {
    #[doc(hidden)]
    pub fn new(client: &Client) -> Self {
        Self { client: client.clone(), model: PhantomData }
    }

    /// The SDK's builder of DescribeTable, filled.
    ///
    /// # Errors
    ///
    /// The table's settings are wrong.
    pub fn into_inner(self) -> Result<DescribeTableFluentBuilder> {
        let target = self.client.target::<M>()?;
        Ok(target.sdk.describe_table().table_name(target.table))
    }
}

impl<M: TableItem> IntoFuture for TableExists<M> {
    type Output = Result<bool>;
    type IntoFuture = Running<'static, bool>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.client.target::<M>()?;
            let status = wait::status(&target).instrument(target.span("DescribeTable")).await?;
            Ok(status.is_some_and(|status| status != "DELETING"))
        })
    }
}
