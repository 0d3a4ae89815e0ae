//! The store is a DynamoDB: it answers random requests as the engines do.

mod engine;
mod outcome;
mod random_requests;
mod request;

use dyntastic::aws_sdk_dynamodb as sdk;
use dyntastic_simulation::faults::Faults;
use dyntastic_simulation::network::Network;
use dyntastic_simulation::world::World;
use engine::Running;
use random_requests::Requests;
use request::TABLE;
use sdk::error::ProvideErrorMetadata;
use sdk::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType,
};
use std::time::Duration;

/// How many requests of one seed follow each other.
const REQUESTS: usize = 300;

async fn create(client: &sdk::Client) {
    let definition =
        |name: &str, kind| AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build();
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    let index = GlobalSecondaryIndex::builder().index_name("by_b");
    let index = index.key_schema(key("b", KeyType::Hash)).key_schema(key("a", KeyType::Range));
    let index = index.projection(Projection::builder().projection_type(ProjectionType::All).build());
    let create = client.create_table().table_name(TABLE).billing_mode(BillingMode::PayPerRequest);
    let create = create.key_schema(key("pk", KeyType::Hash)).key_schema(key("sk", KeyType::Range));
    let create = create
        .attribute_definitions(definition("pk", ScalarAttributeType::S).unwrap())
        .attribute_definitions(definition("sk", ScalarAttributeType::N).unwrap())
        .attribute_definitions(definition("a", ScalarAttributeType::N).unwrap())
        .attribute_definitions(definition("b", ScalarAttributeType::S).unwrap());
    let create = create.global_secondary_indexes(index.build().unwrap());
    // The table of the seed before is still being deleted.
    while let Err(error) = create.clone().send().await {
        assert_eq!(error.code(), Some("ResourceInUseException"));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    loop {
        let table = client.describe_table().table_name(TABLE).send().await.unwrap().table.unwrap();
        if table.table_status == Some(sdk::types::TableStatus::Active) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn the_store_answers_as_the_engine_does() {
    let running = Running::start().await;
    let client = sdk::Client::from_conf(running.config.clone());
    let seed: u64 = std::env::var("DYNTASTIC_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let seeds: u64 = std::env::var("DYNTASTIC_TEST_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(3);
    let mut differences = Vec::new();
    for seed in seed..seed + seeds {
        // A table that another run left.
        let _ = client.delete_table().table_name(TABLE).send().await;
        create(&client).await;
        let world = World::new(Faults::new(0));
        let store = Network(world.clone()).client();
        create(store.sdk()).await;
        let mut requests = Requests::new(seed);
        for number in 0..REQUESTS {
            let request = requests.next();
            if !running.engine.takes(&request) {
                continue;
            }
            let (expected, found) = (request.send(&client).await, request.send(store.sdk()).await);
            if expected != found && !running.engine.is_wrong(&request, &expected, &found) {
                differences.push(format!(
                    "seed {seed}, request {number}: {request:?}\n  {:?}: {expected:?}\n  the store: {found:?}\n",
                    running.engine
                ));
            }
            // Where one has done what the other has not, they differ from there on.
            if expected.is_ok() != found.is_ok() {
                break;
            }
        }
    }
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}
