//! modyne: its entities have a name, attributes and keys, and serde_dynamo reads items into them.

use crate::by_hand::{Flat, Product};
use crate::items::{ID, SORT};
use aws_sdk_dynamodb as sdk;
use modyne::expr::KeyCondition;
use modyne::keys::{FullKey, Key, KeyDefinition, PrimaryKey, PrimaryKeyDefinition};
use modyne::model::BatchWrite;
use modyne::{Entity, EntityDef, EntityExt, EntityTypeNameRef, Projection, ProjectionExt, QueryInput, QueryInputExt};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// One table, and the client for it.
pub struct Database {
    pub client: sdk::Client,
    pub table: &'static str,
}

impl modyne::Table for Database {
    type PrimaryKey = PrimaryOf;
    type IndexKeys = ();

    fn table_name(&self) -> &str {
        self.table
    }

    fn client(&self) -> &sdk::Client {
        &self.client
    }
}

#[derive(Debug, Serialize)]
pub struct PrimaryOf {
    id: String,
    sort: i64,
}

impl PrimaryKey for PrimaryOf {
    const PRIMARY_KEY_DEFINITION: PrimaryKeyDefinition =
        PrimaryKeyDefinition { hash_key: "id", range_key: Some("sort") };
}

impl Key for PrimaryOf {
    const DEFINITION: KeyDefinition = Self::PRIMARY_KEY_DEFINITION.into_key_definition();
}

macro_rules! entity {
    ($of:ty, $name:literal, [$($attribute:literal),*]) => {
        impl EntityDef for $of {
            const ENTITY_TYPE: &'static EntityTypeNameRef = EntityTypeNameRef::from_static($name);
            const PROJECTED_ATTRIBUTES: &'static [&'static str] = &[$($attribute),*];
        }

        impl Entity for $of {
            type KeyInput<'a> = (&'a str, i64);
            type Table = Database;
            type IndexKeys = ();

            fn primary_key((id, sort): Self::KeyInput<'_>) -> PrimaryOf {
                PrimaryOf { id: id.to_owned(), sort }
            }

            fn full_key(&self) -> FullKey<PrimaryOf, ()> {
                Self::primary_key((&self.id, self.sort)).into()
            }
        }
    };
}

entity!(Product, "product", ["id", "sort", "name", "description", "price", "qty", "active", "tags", "dims"]);
entity!(Flat, "flat", ["id", "sort", "name", "description", "price", "qty", "active"]);

struct InPartition<E>(PhantomData<E>);

impl<E: Projection + DeserializeOwned + 'static> QueryInput for InPartition<E> {
    type Index = PrimaryOf;
    type Aggregate = Vec<E>;

    fn key_condition(&self) -> KeyCondition<PrimaryOf> {
        KeyCondition::in_partition(ID)
    }
}

pub async fn get(db: &Database) -> Product {
    let response = Product::get((ID, SORT + 1)).execute(db).await.expect("an item");
    Product::from_item(response.item.expect("an item")).expect("a product")
}

/// Reads a page item by item, because `Aggregate::reduce` needs an attribute `entity_type`, which the items do not
/// have.
pub async fn page<E: Projection + DeserializeOwned + 'static>(db: &Database) -> Vec<E> {
    let response = InPartition::<E>(PhantomData).query().execute(db).await.expect("a page");
    response.items.expect("items").into_iter().map(|item| E::from_item(item).expect("an entity")).collect()
}

/// Puts an item. modyne takes it by value.
pub async fn put(db: &Database, item: &Product) {
    item.clone().put().execute(db).await.expect("a put");
}

/// Writes at most 25 items. modyne takes them by value, and leaves unprocessed items to the caller.
pub async fn batch_write(db: &Database, items: &[Product]) {
    let batch = items.iter().fold(BatchWrite::new(), |batch, item| batch.operation(item.clone().put()));
    batch.execute(db).await.expect("a batch");
}
