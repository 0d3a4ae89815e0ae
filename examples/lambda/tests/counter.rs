//! The function `counter`, called with events of DynamoDB Streams.

use dyntastic::Client;
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Value, json};
use dyntastic::streams::Event;
use dyntastic::testing;
use dyntastic::ulid::Ulid;
use lambda_example::counter;
use lambda_example::models::{Product, TABLES};

const REVIEW: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

/// A table with one product.
async fn shop() -> (Client, Ulid) {
    let db = testing::start(TABLES).await.unwrap().client();
    let product = Product::builder().name("Tent").build().unwrap();
    product.insert(&db).await.unwrap();
    (db, product.product_id)
}

/// The image of a review in a record.
fn review(product: Ulid, stars: &str) -> Value {
    json!({
        "pk": { "S": format!("PRODUCT#{product}") },
        "sk": { "S": format!("REVIEW#{REVIEW}") },
        "kind": { "S": "Review" },
        "product_id": { "S": product },
        "review_id": { "S": REVIEW },
        "stars": { "N": stars },
    })
}

/// A record: its number in the stream, and the item before and after the change.
fn record(number: u32, name: &str, old: Option<Value>, new: Option<Value>) -> Value {
    let any = new.as_ref().or(old.as_ref()).unwrap();
    json!({
        "eventID": format!("event{number}"),
        "eventName": name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-1",
        "eventSourceARN": "arn:aws:dynamodb:eu-west-1:123456789012:table/reviews/stream/2026-03-12T00:00:00.000",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_773_342_238,
            "Keys": { "pk": any["pk"], "sk": any["sk"] },
            "OldImage": old,
            "NewImage": new,
            "SequenceNumber": format!("{number}"),
            "SizeBytes": 100,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    })
}

/// Calls the function, and returns the numbers of the records that Lambda is to repeat.
async fn call(db: &Client, records: &[Value]) -> Vec<String> {
    let event = json!({ "Records": records }).to_string();
    // As `lambda_runtime` deserializes an event.
    let event: Event = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(&event)).unwrap();
    let response = serde_json::to_value(counter::handler(db.clone()).handle(event).await).unwrap();
    let failures = response["batchItemFailures"].as_array().unwrap().iter();
    failures.map(|failure| failure["itemIdentifier"].as_str().unwrap().to_owned()).collect()
}

async fn counters(db: &Client, product: Ulid) -> (i32, i32) {
    let product = Product::get(db, product).await.unwrap();
    (product.reviews, product.stars)
}

#[tokio::test]
async fn reviews_are_counted_once() {
    let (db, product) = shop().await;
    let [one, five] = ["1", "5"].map(|stars| review(product, stars));
    let records = [
        record(1, "INSERT", None, Some(one.clone())),
        record(2, "MODIFY", Some(one), Some(five.clone())),
        record(3, "REMOVE", Some(five), None),
    ];
    for (number, expected) in [(1, (1, 1)), (2, (1, 5)), (3, (0, 0)), (3, (0, 0))] {
        // Lambda may send a record again, also with others.
        assert_eq!(call(&db, &records[..number]).await, [""; 0]);
        assert_eq!(counters(&db, product).await, expected);
    }
}

#[tokio::test]
async fn the_first_record_that_cannot_be_counted_is_where_lambda_goes_on() {
    let (db, product) = shop().await;
    let [good, bad] = ["4", "many"].map(|stars| review(product, stars));
    let records = [
        record(1, "INSERT", None, Some(good.clone())),
        record(2, "INSERT", None, Some(bad)),
        record(3, "INSERT", None, Some(good.clone())),
    ];
    assert_eq!(call(&db, &records).await, ["2"]);
    assert_eq!(counters(&db, product).await, (1, 4));

    // It goes on where it stopped, with a record that can be read now.
    let repaired = [record(2, "INSERT", None, Some(good)), records[2].clone()];
    assert_eq!(call(&db, &repaired).await, [""; 0]);
    assert_eq!(counters(&db, product).await, (3, 12));
}

#[tokio::test]
async fn what_is_not_about_a_review_of_a_product_is_left_out() {
    let (db, product) = shop().await;
    let mut other = review(product, "5");
    other["kind"] = json!({ "S": "Product" });
    let of_nothing = review(Ulid::from(1_u128), "5");
    let records = [record(1, "INSERT", None, Some(other)), record(2, "INSERT", None, Some(of_nothing))];
    assert_eq!(call(&db, &records).await, [""; 0]);
    assert_eq!(counters(&db, product).await, (0, 0));
}

#[tokio::test]
async fn a_table_that_cannot_be_reached_is_no_lost_record() {
    let (db, product) = shop().await;
    Product::delete_table(&db).await.unwrap();
    let new = Some(review(product, "4"));
    assert_eq!(call(&db, &[record(1, "INSERT", None, new)]).await, ["1"]);
}
