//! The function `counter`: keeps the counters of products, from the table's stream.

use crate::models::{Counted, Product, Review};
use aws_lambda_events::dynamodb::{Event, EventRecord};
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use dyntastic::chrono::{Duration, Utc};
use dyntastic::ops::{Cause, Reason};
use dyntastic::streams::{Change, Record};
use dyntastic::{Client, Error, Result};

/// Counts the records of an event. Lambda repeats them from the one on that could not be counted.
pub async fn handle(db: &Client, event: Event) -> DynamoDbEventResponse {
    let mut response = DynamoDbEventResponse::default();
    for record in event.records {
        let item_identifier = record.change.sequence_number.clone();
        if let Err(error) = count(db, record).await {
            eprintln!("a record is not counted: {error}");
            let mut failure = DynamoDbBatchItemFailure::default();
            failure.item_identifier = item_identifier;
            response.batch_item_failures.push(failure);
            break;
        }
    }
    response
}

/// Counts a record, once for any number of calls.
async fn count(db: &Client, record: EventRecord) -> Result<()> {
    let record = Record::try_from(record)?;
    let event_id = record.event_id().unwrap_or_default().to_owned();
    let (product, reviews, stars) = match record.change::<Review>()? {
        Some(Change::Inserted(review)) => (review.product_id, 1, review.stars),
        Some(Change::Modified { old, new }) => (new.product_id, 0, new.stars - old.stars),
        Some(Change::Removed(review)) => (review.product_id, -1, -review.stars),
        None => return Ok(()),
    };
    let counted = Counted::builder().event_id(event_id).ends_at(Utc::now() + Duration::days(2)).build()?;
    let counters = (Product::A.reviews.add(reviews), Product::A.stars.add(stars));
    match db.transaction().insert(&counted).update::<Product>(product, counters).await {
        Err(Error::TransactionCanceled(canceled)) if canceled.reasons().iter().any(is_done) => Ok(()),
        result => result,
    }
}

/// Whether the record is counted already, or its product is gone.
fn is_done(reason: &Reason) -> bool {
    matches!(reason.cause(), Cause::AlreadyExists | Cause::NotFound)
}
