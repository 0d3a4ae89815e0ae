//! Writing one item.

use super::{Running, missing_table};
use crate::carrier::{AttributeMap, write_model};
use crate::client::Target;
use crate::{Client, Model, Result};
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use tracing::Instrument;

/// Writes one item, in place of the one with the same key.
///
/// The first write to a missing table creates it, unless the table's schema or the client says no.
#[derive(Debug)]
#[must_use = "an operation runs when it is awaited"]
pub struct Save<'a, M: Model> {
    client: Client,
    model: &'a M,
}

impl<'a, M: Model> Save<'a, M> {
    #[doc(hidden)]
    pub fn new(client: &Client, model: &'a M) -> Self {
        Self { client: client.clone(), model }
    }

    /// The SDK's builder of PutItem, filled. It does not create a missing table.
    ///
    /// # Errors
    ///
    /// The item breaks a constraint or cannot be written, or the table's settings are wrong.
    pub fn into_inner(self) -> Result<PutItemFluentBuilder> {
        self.model.validate()?;
        let target = self.client.target::<M>()?;
        Ok(request(&target, write_model(self.model)?))
    }

    async fn run(&self, target: &Target) -> Result<()> {
        self.model.validate()?;
        let before = self.client.creations();
        match send(target, write_model(self.model)?).await {
            Err(error) if error.is_missing_table() && self.client.creates(target) => {
                self.client.create_once(target, before, missing_table::create(target)).await?;
                send(target, write_model(self.model)?).await
            }
            result => result,
        }
    }
}

fn request(target: &Target, item: AttributeMap) -> PutItemFluentBuilder {
    target.sdk.put_item().table_name(&target.table).set_item(Some(item))
}

async fn send(target: &Target, item: AttributeMap) -> Result<()> {
    let sent = request(target, item).send().await;
    sent.map(drop).map_err(|error| target.error("PutItem", error))
}

impl<'a, M: Model> IntoFuture for Save<'a, M> {
    type Output = Result<()>;
    type IntoFuture = Running<'a, ()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.client.target::<M>()?;
            self.run(&target).instrument(target.span("PutItem")).await
        })
    }
}
