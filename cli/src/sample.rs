//! A sample of a table's items, from all parts of it, at a rate.

use super::Stop;
use super::live::failed;
use dyntastic::RateLimit;
use dyntastic::aws_sdk_dynamodb::Client;
use dyntastic::aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use dyntastic::observe::Access;
use std::collections::HashMap;
use tokio::task::JoinSet;

type Item = HashMap<String, AttributeValue>;

/// How much of a table is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    /// The number of items, at most.
    pub(super) items: usize,
    /// The number of read capacity units per second.
    pub(super) rate: u32,
}

/// The number of items for which a segment of its own is read.
const ITEMS_OF_A_SEGMENT: usize = 50;
const MOST_SEGMENTS: usize = 16;

/// A part of the table, and the key at which its next page begins.
struct Segment {
    number: usize,
    start: Option<Item>,
}

impl Sample {
    /// Reads the items: a page of each segment, and again of those that have more, until there are enough. `read` is told
    /// the number of items so far.
    pub(super) async fn items(self, db: &Client, table: &str, mut read: impl FnMut(usize)) -> Result<Vec<Item>, Stop> {
        let count = (self.items / ITEMS_OF_A_SEGMENT).clamp(1, MOST_SEGMENTS);
        let limit = RateLimit::reads(self.rate.into()).map_err(|error| error.to_string())?;
        let mut open: Vec<Segment> = (0..count).map(|number| Segment { number, start: None }).collect();
        let mut found: Vec<Item> = Vec::new();
        // The first page shows the cost of the others.
        let mut at_once = 1;
        while found.len() < self.items && !open.is_empty() {
            let page_size = (self.items - found.len()).div_ceil(open.len());
            let mut running = JoinSet::new();
            for segment in open.drain(..at_once.min(open.len())) {
                running.spawn(page(db.clone(), table.to_owned(), (segment, count), page_size, limit.clone()));
            }
            while let Some(done) = running.join_next().await {
                let (items, more) = done.map_err(|error| Stop::Other(format!("{table}: {error}")))??;
                found.extend(items);
                open.extend(more);
                read(found.len());
            }
            at_once = MOST_SEGMENTS;
        }
        found.truncate(self.items);
        Ok(found)
    }
}

/// Reads a page of a segment: its items, and the segment if it has more.
async fn page(
    db: Client,
    table: String,
    (segment, of): (Segment, usize),
    page_size: usize,
    limit: RateLimit,
) -> Result<(Vec<Item>, Option<Segment>), Stop> {
    let number = |of: usize| i32::try_from(of).unwrap_or(i32::MAX);
    let request = db.scan().table_name(&table).segment(number(segment.number)).total_segments(number(of));
    let request = request.limit(number(page_size)).set_exclusive_start_key(segment.start);
    let request = request.return_consumed_capacity(ReturnConsumedCapacity::Total);
    let permit = limit.acquire(Access::Read).await;
    let page = request.send().await.map_err(|error| failed(&table, "Scan", &error))?;
    if let Some(units) = page.consumed_capacity.and_then(|of| of.capacity_units) {
        permit.consumed(units);
    }
    let more = page.last_evaluated_key.map(|start| Segment { number: segment.number, start: Some(start) });
    Ok((page.items.unwrap_or_default(), more))
}
