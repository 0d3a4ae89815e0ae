//! Giving an item another key.

use super::Running;
use crate::{Client, Error, Model, Result};

/// Writes an item, and deletes the one with its earlier key, in one transaction: fields that a key is made of cannot be
/// updated. That there is none with the earlier key is [`Error::NotFound`]; one that has the new key already is
/// [`Error::TransactionCanceled`].
#[must_use = "an operation runs when it is awaited"]
pub struct Rekey<'a, M: Model> {
    client: Client,
    from: M::Key,
    item: &'a M,
}

impl<'a, M: Model> Rekey<'a, M> {
    #[doc(hidden)]
    pub fn new(client: &Client, from: M::Key, item: &'a M) -> Self {
        Self { client: client.clone(), from, item }
    }

    async fn run(self) -> Result<()> {
        let mut transaction = self.client.transaction();
        transaction.remove::<M>(&self.from).insert(self.item);
        match transaction.await {
            Err(Error::TransactionCanceled(canceled)) if canceled.is_condition_of(0) => {
                Err(Error::NotFound { model: M::NAME, table: self.client.target::<M>()?.table, other_model: false })
            }
            done => done,
        }
    }
}

impl<'a, M: Model> IntoFuture for Rekey<'a, M> {
    type Output = Result<()>;
    type IntoFuture = Running<'a, ()>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

debug_without_values!([M: Model] Rekey<'_, M>, "Rekey", M);
