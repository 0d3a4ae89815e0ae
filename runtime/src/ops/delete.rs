//! Deleting one item.

use super::Running;
use crate::carrier::write_key;
use crate::client::Target;
use crate::{Client, Model, Result};
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use tracing::Instrument;

/// Deletes one item; that there is none is no error.
#[derive(Debug)]
#[must_use = "an operation runs when it is awaited"]
pub struct Delete<M: Model> {
    client: Client,
    key: M::Key,
}

impl<M: Model> Delete<M> {
    #[doc(hidden)]
    pub fn new(client: &Client, key: M::Key) -> Self {
        Self { client: client.clone(), key }
    }

    /// The SDK's builder of DeleteItem, filled.
    ///
    /// # Errors
    ///
    /// The table's settings are wrong, or the key cannot be written.
    pub fn into_inner(self) -> Result<DeleteItemFluentBuilder> {
        let target = self.client.target::<M>()?;
        self.request(&target)
    }

    fn request(&self, target: &Target) -> Result<DeleteItemFluentBuilder> {
        let key = write_key(&self.key)?;
        Ok(target.sdk.delete_item().table_name(&target.table).set_key(Some(key)))
    }
}

async fn send(target: &Target, request: DeleteItemFluentBuilder) -> Result<()> {
    let sent = request.send().await;
    sent.map(drop).map_err(|error| target.error("DeleteItem", error))
}

impl<M: Model> IntoFuture for Delete<M> {
    type Output = Result<()>;
    type IntoFuture = Running<'static, ()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.client.target::<M>()?;
            let request = self.request(&target)?;
            send(&target, request).instrument(target.span("DeleteItem")).await
        })
    }
}
