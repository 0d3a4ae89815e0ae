//! The function `counter`: keeps the counters of products, from the table's stream.

use crate::models::{Counted, Product, Review};
use dyntastic::chrono::{Duration, Utc};
use dyntastic::ops::{Cause, Reason};
use dyntastic::streams::{self, Change, Handler, RecordInfo};
use dyntastic::{Client, Error, Result};

/// The functions for the changes of the table. Lambda repeats the records from the one on that could not be counted.
pub fn handler(db: Client) -> Handler {
    streams::handler().on::<Review>(move |change, record| count(db.clone(), change, record))
}

/// Counts a change, once for any number of calls.
async fn count(db: Client, change: Change<Review>, record: RecordInfo) -> Result<()> {
    let (product, reviews, stars) = match change {
        Change::Inserted(review) => (review.product_id, 1, review.stars),
        Change::Modified { old, new } => (new.product_id, 0, new.stars - old.stars),
        Change::Removed(review) => (review.product_id, -1, -review.stars),
    };
    let event_id = record.event_id.unwrap_or_default();
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
