//! Reading many items of several models by their keys.

use super::batch_get::read_own;
use crate::codec::RawItem;
use crate::description::Discriminator;
use crate::ground::AttributeMap;
use crate::ops::concurrency::{CONCURRENCY, Concurrent};
use crate::ops::read::{CHUNK, Keys, Wanted, batch_get};
use crate::ops::write::{ItemKey, write_key};
use crate::ops::{Error, Result, Running, TableItem};
use crate::transport::{Client, Place, Target};
use std::collections::HashMap;
use std::fmt;

/// Reads the items of any number of keys of any models and tables (BatchGetItem). Each request has up to 100 keys of
/// all tables. Keys that DynamoDB leaves unprocessed are requested again.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let found = db.batch_get().keys::<User>(["u1", "u2"]).keys::<Customer>(["c1"]).await?;
/// let users = found.items::<User>()?;
/// # Ok(())
/// # }
/// ```
#[must_use = "an operation runs when it is awaited"]
pub struct MixedBatchGet {
    client: Client,
    requested: Vec<Requested>,
    consistent: bool,
    with_deleted: bool,
    mistake: Option<Error>,
}

/// The items that a [`MixedBatchGet`] found.
pub struct Found {
    /// The model and the place of each key, in the order of the calls.
    requested: Vec<(&'static str, ItemPlace)>,
    items: HashMap<ItemPlace, RawItem>,
    with_deleted: bool,
}

/// The identity of an item: region and host, table and key.
type ItemPlace = (Place, String, ItemKey);

/// The discriminator of an item's model, and the attribute that makes the read leave out the item.
type Wants = (Option<Discriminator>, Option<&'static str>);

struct Requested {
    target: Target,
    names: Vec<&'static str>,
    /// The discriminator of its model.
    discriminator: Option<Discriminator>,
    /// The attribute that makes the read leave out an item.
    hidden_by: Option<&'static str>,
    key: AttributeMap,
}

impl Requested {
    fn place(&self) -> ItemPlace {
        (self.target.place.clone(), self.target.table.clone(), ItemKey::of(&self.key, &self.names))
    }
}

impl Client {
    /// Starts reading items of several models by their keys.
    pub fn batch_get(&self) -> MixedBatchGet {
        MixedBatchGet {
            client: self.clone(),
            requested: Vec::new(),
            consistent: false,
            with_deleted: false,
            mistake: None,
        }
    }
}

impl MixedBatchGet {
    /// Adds the keys of items of a model.
    pub fn keys<M: TableItem>(mut self, keys: impl IntoIterator<Item = impl Into<M::Key>>) -> Self {
        for key in keys {
            let requested = self.client.target::<M>().and_then(|target| Ok((target, write_key(&key.into())?)));
            match requested {
                Ok((target, key)) => {
                    let (names, discriminator) = (M::model_table().key_names(), M::model_layout().discriminator);
                    let hidden_by = M::hidden_by();
                    self.requested.push(Requested { target, names, discriminator, hidden_by, key });
                }
                Err(error) => drop(self.mistake.get_or_insert(error)),
            }
        }
        self
    }

    /// Includes all writes that were acknowledged before the read, at twice the cost ("DynamoDB read consistency").
    pub fn consistent_read(mut self) -> Self {
        self.consistent = true;
        self
    }

    /// Includes the items that were deleted by [`soft_delete`](crate::model::SoftDelete::soft_delete). Without it, they are
    /// left out.
    pub fn with_deleted(mut self) -> Self {
        self.with_deleted = true;
        self
    }

    async fn run(self) -> Result<Found> {
        if let Some(mistake) = self.mistake {
            return Err(mistake);
        }
        let mut models: HashMap<ItemPlace, Vec<Wants>> = HashMap::new();
        for requested in &self.requested {
            models.entry(requested.place()).or_default().push((requested.discriminator, requested.hidden_by));
        }
        let requested = self.requested.iter().map(|requested| (requested.target.model, requested.place())).collect();
        let mut waiting = chunks(self.requested);
        let mut running = Concurrent::new();
        let mut items = HashMap::new();
        loop {
            while running.len() < CONCURRENCY
                && let Some(chunk) = waiting.pop()
            {
                running.push(fetch(chunk, Wanted { consistent: self.consistent, ..Wanted::default() }));
            }
            match running.next().await {
                Some(found) => items.extend(found?.into_iter().filter(|(place, item)| {
                    let mut requested = models.get(place).into_iter().flatten();
                    requested.any(|(discriminator, hidden_by)| {
                        let is_own = discriminator.is_none_or(|discriminator| item.is_of(discriminator));
                        is_own && (self.with_deleted || hidden_by.is_none_or(|by| !item.is_hidden(by)))
                    })
                })),
                None => return Ok(Found { requested, items, with_deleted: self.with_deleted }),
            }
        }
    }
}

/// The keys without repetitions, in chunks for one request of one SDK client.
fn chunks(requested: Vec<Requested>) -> Vec<Vec<Requested>> {
    let mut seen = std::collections::HashSet::new();
    let mut chunks: Vec<Vec<Requested>> = Vec::new();
    for requested in requested {
        if !seen.insert(requested.place()) {
            continue;
        }
        let fits = |chunk: &&mut Vec<Requested>| {
            chunk.len() < CHUNK && chunk.first().is_some_and(|first| first.target.place == requested.target.place)
        };
        match chunks.iter_mut().find(fits) {
            Some(chunk) => chunk.push(requested),
            None => chunks.push(vec![requested]),
        }
    }
    chunks
}

/// Fetches the items of one chunk.
async fn fetch(chunk: Vec<Requested>, wanted: Wanted) -> Result<Vec<(ItemPlace, RawItem)>> {
    let Some(target) = chunk.first().map(|first| first.target.clone()) else { return Ok(Vec::new()) };
    let mut names: HashMap<String, Vec<&'static str>> = HashMap::new();
    let mut keys = Keys::new();
    for requested in chunk {
        keys.entry(requested.target.table.clone()).or_default().push(requested.key);
        names.entry(requested.target.table).or_insert(requested.names);
    }
    let found = batch_get(&target, keys, &wanted).await?;
    let place = |(table, item): (String, RawItem)| {
        let identity = ItemKey::of_raw(&item, names.get(&table).map_or(&[], Vec::as_slice));
        ((target.place.clone(), table, identity), item)
    };
    Ok(found.into_iter().map(place).collect())
}

impl Found {
    /// The items of a model, in the order of their keys. Keys without an item of the model are left out.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`]: an item does not fit the model.
    pub fn items<M: TableItem>(&self) -> Result<Vec<M>> {
        let mut seen = std::collections::HashSet::new();
        let of_model = self.requested.iter().filter(|(model, place)| *model == M::model_name() && seen.insert(place));
        let found = of_model.filter_map(|(_, place)| self.items.get(place));
        found
            .filter_map(|item| read_own(item.clone(), M::hidden_by().filter(|_| !self.with_deleted)).transpose())
            .collect()
    }

    /// The number of items that were found.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether no items were found.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl IntoFuture for MixedBatchGet {
    type Output = Result<Found>;
    type IntoFuture = Running<'static, Found>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for MixedBatchGet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MixedBatchGet").field("keys", &self.requested.len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found").field("items", &self.items.len()).finish_non_exhaustive()
    }
}
