//! Reading several items at one moment.

use crate::codec::{Item, RawItem, unless_foreign};
use crate::ground::AttributeMap;
use crate::ops::read::damaged;
use crate::ops::write::write_key;
use crate::ops::{Error, Key, Result, Running, TableItem};
use crate::transport::{Client, Operation, Target, response_items, send};
use aws_sdk_dynamodb::types::{Get, TransactGetItem};

/// The maximum of items in one request ("Constraints in Amazon DynamoDB", Transactions).
const MAX_ITEMS: usize = 100;

/// Keys to read at one moment: a tuple of up to eight keys of any models, or a `Vec` of up to 100 keys of one model.
pub trait TransactKeys: Send + 'static {
    /// The result: an `Option` for each key.
    type Items: Send;
    #[doc(hidden)]
    fn keys(&self, client: &Client) -> Result<Vec<TransactKey>>;
    #[doc(hidden)]
    fn read(&self, found: Vec<TransactFound>) -> Result<Self::Items>;
}

/// A key with its table.
#[doc(hidden)]
pub struct TransactKey {
    target: Target,
    key: AttributeMap,
}

/// The item of a key, if it exists.
#[doc(hidden)]
#[derive(Debug)]
pub struct TransactFound(Option<RawItem>);

impl TransactKey {
    fn of<K: Key>(client: &Client, key: &K) -> Result<Self> {
        Ok(Self { target: client.target::<K::Model>()?, key: write_key(key)? })
    }
}

fn read<K: Key>(key: &K, item: TransactFound) -> Result<Option<K::Model>> {
    let TransactFound(Some(item)) = item else { return Ok(None) };
    let key = write_key(key)?;
    let read = item.unless_hidden(K::Model::hidden_by()).and_then(RawItem::read::<K::Model>);
    unless_foreign(read).map_err(|error| damaged(error, key, K::Model::model_name()))
}

impl<K: Key> TransactKeys for Vec<K> {
    type Items = Vec<Option<K::Model>>;

    fn keys(&self, client: &Client) -> Result<Vec<TransactKey>> {
        self.iter().map(|key| TransactKey::of(client, key)).collect()
    }

    fn read(&self, found: Vec<TransactFound>) -> Result<Self::Items> {
        self.iter().zip(found).map(|(key, item)| read(key, item)).collect()
    }
}

macro_rules! tuples {
    ($(($($key:ident $at:tt),+))*) => {$(
        impl<$($key: Key),+> TransactKeys for ($($key,)+) {
            type Items = ($(Option<$key::Model>,)+);

            fn keys(&self, client: &Client) -> Result<Vec<TransactKey>> {
                Ok(vec![$(TransactKey::of(client, &self.$at)?),+])
            }

            fn read(&self, found: Vec<TransactFound>) -> Result<Self::Items> {
                let mut found = found.into_iter();
                Ok(($(read(&self.$at, found.next().unwrap_or(TransactFound(None)))?,)+))
            }
        }
    )*};
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}

impl Client {
    /// Reads the items of several keys at one moment (TransactGetItems). It costs twice as much as consistent reads.
    ///
    /// ```no_run
    /// # use dyntastic::Client;
    /// # use dyntastic::prelude::*;
    /// # use example_models::*;
    /// # async fn example(db: Client, at: dyntastic::chrono::DateTime<dyntastic::chrono::Utc>) -> dyntastic::Result<()> {
    /// let (user, event) = db.transact_get((User::key("u1"), Event::key(("e1", at)))).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The result has an `Option` for each key. Items that were deleted by
    /// [`soft_delete`](crate::model::SoftDelete::soft_delete) are missing.
    ///
    /// # Errors
    ///
    /// The tables are in several regions, or there are more than 100 keys.
    pub fn transact_get<K: TransactKeys>(&self, keys: K) -> Running<'static, K::Items> {
        let client = self.clone();
        Box::pin(async move {
            let requested = keys.keys(&client)?;
            let Some(first) = requested.first() else { return keys.read(Vec::new()) };
            if requested.len() > MAX_ITEMS {
                let why = format!("a transaction reads at most {MAX_ITEMS} items, this one reads {}", requested.len());
                return Err(Error::invalid("TransactGetItems", why));
            }
            if let Some(other) = requested.iter().find(|other| other.target.place != first.target.place) {
                let why = format!(
                    "{}: its table is in another region, or on another host, than the first table",
                    other.target.model
                );
                return Err(Error::invalid("TransactGetItems", why));
            }
            let mut items = Vec::with_capacity(requested.len());
            for TransactKey { target, key } in &requested {
                let get = Get::builder().table_name(&target.table).set_key(Some(key.clone())).build();
                let get =
                    get.map_err(|error| Error::invalid("TransactGetItems", format_args!("{}: {error}", target.model)))?;
                items.push(TransactGetItem::builder().get(get).build());
            }
            let target = first.target.clone();
            let decoder = target.decoder(Operation::TransactGetItems);
            let request = target.sdk.transact_get_items().set_transact_items(Some(items));
            let sent = send!(&target, request, &decoder);
            let output = sent.map_err(|error| target.error("TransactGetItems", error))?;
            let maps = output.responses.unwrap_or_default().into_iter();
            let maps = maps.map(|response| response.item.unwrap_or_default());
            let found = response_items(&target, decoder, maps).await.into_raw().into_iter();
            keys.read(found.map(|item| TransactFound(Some(item).filter(|item| !item.is_empty()))).collect())
        })
    }
}

impl std::fmt::Debug for TransactKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TransactKey").field("model", &self.target.model).finish_non_exhaustive()
    }
}
