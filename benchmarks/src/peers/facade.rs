//! dynamodb-facade: its items name the attributes of their keys, and serde_dynamo maps the rest.

use crate::by_hand::{Flat, Product};
use crate::items::{ID, SORT};
use aws_sdk_dynamodb as sdk;
use dynamodb_facade::explicit_client::{DynamoDBItemOp, dynamodb_batch_write};
use dynamodb_facade::{
    Condition, DynamoDBItem, DynamoDBItemBatchOp, KeyCondition, KeyId, NumberAttribute, StringAttribute,
    TableDefinition, Update, attribute_definitions, dynamodb_item, table_definitions,
};
use sdk::operation::update_item::builders::UpdateItemFluentBuilder;
use serde::de::DeserializeOwned;

attribute_definitions! {
    Id { "id": StringAttribute }
    Sort { "sort": NumberAttribute }
}

table_definitions! {
    Products {
        type PartitionKey = Id;
        type SortKey = Sort;
        fn table_name() -> String { "products".to_owned() }
    }
    Flats {
        type PartitionKey = Id;
        type SortKey = Sort;
        fn table_name() -> String { "flats".to_owned() }
    }
}

macro_rules! item {
    ($of:ty, $table:ty) => {
        dynamodb_item! {
            #[table = $table]
            $of {
                #[partition_key]
                Id {
                    fn attribute_id(&self) -> &'id str { &self.id }
                    fn attribute_value(id) -> String { id.to_owned() }
                }
                #[sort_key]
                Sort {
                    fn attribute_id(&self) -> i64 { self.sort }
                    fn attribute_value(id) -> i64 { id }
                }
            }
        }
    };
}

item!(Product, Products);
item!(Flat, Flats);

pub async fn get(client: &sdk::Client) -> Product {
    let found = Product::get(client.clone(), KeyId::pk(ID).sk(SORT + 1)).await;
    found.expect("a response").expect("a product")
}

pub async fn page<T: TableDefinition, I: DynamoDBItem<T> + DeserializeOwned>(client: &sdk::Client) -> Vec<I> {
    I::query(client.clone(), KeyCondition::pk(ID.to_owned())).all().await.expect("a page")
}

pub async fn put(client: &sdk::Client, item: &Product) {
    item.put(client.clone()).await.expect("a put");
}

/// Builds the request of an update without sending it.
pub fn update(client: &sdk::Client) -> UpdateItemFluentBuilder {
    let update = Update::combine([
        Update::set("name", "rye"),
        Update::set("price", 3.5),
        Update::decrement("qty", 1),
        Update::remove("description"),
        Update::add("dims.w", 1),
    ]);
    let condition = Product::exists()
        & Condition::eq("active", true)
        & Condition::lt("price", 9.0)
        & (Condition::begins_with("name", "r") | Condition::size_gt("tags", 1));
    Product::update_by_id(client.clone(), KeyId::pk("a").sk(1), update).condition(condition).into_inner()
}

pub async fn batch_write(client: &sdk::Client, items: &[Product]) {
    let requests = items.iter().map(DynamoDBItemBatchOp::batch_put).collect();
    dynamodb_batch_write::<Products>(client.clone(), requests).await.expect("a batch");
}
