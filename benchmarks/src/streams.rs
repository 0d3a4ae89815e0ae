//! The cases that read the changes of a stream: of a Lambda event, and of the SDK's records.

use crate::by_hand;
use crate::items;
use crate::models::Product;
use crate::run::{Case, case, contender};
use crate::server::Server;
use dyntastic::aws_lambda_events::event::dynamodb::Event as LambdaEvent;
use dyntastic::aws_sdk_dynamodbstreams as sdk;
use dyntastic::streams::{Change, Event, Failure, Handler, Record, handler};
use serde_dynamo::Item;
use serde_json::{Value, json};
use std::hint::black_box;

/// The function that handles a change, for all contenders.
async fn handle<T>(old: T, new: T) -> Result<(), Failure> {
    drop(black_box((old, new)));
    Ok(())
}

/// Changes of the quantity, each of another item.
fn changes(records: usize) -> impl Iterator<Item = Value> {
    (0..records).map(|number| {
        let old = items::nested(number);
        let mut new = old.clone();
        new["qty"] = json!({ "N": "1" });
        json!({
            "ApproximateCreationDateTime": 1_790_000_000, "Keys": { "id": old["id"], "sort": old["sort"] },
            "OldImage": old, "NewImage": new, "SequenceNumber": format!("{number:021}"), "SizeBytes": 800,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        })
    })
}

fn record(number: usize, change: Value) -> Value {
    json!({
        "eventID": format!("{number:032x}"), "eventName": "MODIFY", "eventVersion": "1.1",
        "eventSource": "aws:dynamodb", "awsRegion": "eu-west-1", "dynamodb": change,
        "eventSourceARN": "arn:aws:dynamodb:eu-west-1:123456789012:table/products/stream/2026-01-01T00:00:00.000",
    })
}

async fn handle_all(handler: &Handler, event: impl Into<Event>) {
    assert!(handler.handle(event).await.batch_item_failures.is_empty());
}

/// The case that handles the event of a Lambda function.
pub async fn event(name: &'static str, records: usize, operations: u32) -> Case {
    let records: Vec<_> = changes(records).enumerate().map(|(number, change)| record(number, change)).collect();
    let body = json!({ "Records": records }).to_string();
    let parsed = || serde_json::from_str::<LambdaEvent>(black_box(&body)).expect("an event");
    let ours = || serde_json::from_str::<Event>(black_box(&body)).expect("an event");
    let on_change = |change, _| async {
        match change {
            Change::Modified { old, new } => handle(old, new).await,
            Change::Inserted(_) | Change::Removed(_) => unreachable!("all items are modified"),
        }
    };
    let of_changes = handler().on::<Product>(on_change);
    let with_letters = handler().on::<Product>(on_change).dead_letter(|letter| async { Err(letter.failure) });
    let contenders = vec![
        contender("SDK untyped", || async { drop(black_box(parsed())) }),
        contender("SDK + serde_dynamo", || async {
            let product = |image: Item| serde_dynamo::from_item::<_, by_hand::Product>(image).expect("a product");
            for record in parsed().records {
                handle(product(record.change.old_image), product(record.change.new_image)).await.expect("handled");
            }
        }),
        contender("dyntastic", || handle_all(&of_changes, ours())),
        contender("dyntastic with dead letters", || handle_all(&with_letters, ours())),
        contender("dyntastic by aws_lambda_events", || handle_all(&of_changes, parsed())),
    ];
    case(name, operations, contenders).await
}

/// The case that reads a page of records, as a poller does.
pub async fn records(name: &'static str, records: usize, operations: u32) -> Case {
    let records: Vec<_> = changes(records).enumerate().map(|(number, change)| record(number, change)).collect();
    let server = Server::new(json!({ "Records": records }).to_string());
    let config = server.environment().await;
    let client = sdk::Client::new(&config);
    let page = || async {
        client.get_records().shard_iterator("place").send().await.expect("a page").records.unwrap_or_default()
    };
    let contenders = vec![
        contender("SDK untyped", || async { drop(black_box(page().await)) }),
        contender("SDK + serde_dynamo", || async {
            let product = |image| serde_dynamo::from_item::<_, by_hand::Product>(image).expect("a product");
            for record in page().await {
                let content = record.dynamodb.expect("a change");
                let old = product(content.old_image.unwrap_or_default());
                handle(old, product(content.new_image.unwrap_or_default())).await.expect("handled");
            }
        }),
        contender("dyntastic", || async {
            for record in page().await {
                match Record::try_from(record).and_then(Record::change::<Product>).expect("a change") {
                    Some(Change::Modified { old, new }) => handle(old, new).await.expect("handled"),
                    _ => unreachable!("all items are modified"),
                }
            }
        }),
    ];
    case(name, operations, contenders).await
}
