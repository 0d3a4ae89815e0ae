//! A sample of a table's items, from all parts of it, at a rate.

use super::Stop;
use super::live::failed;
use dyntastic::aws_sdk_dynamodb::Client;
use dyntastic::aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

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
        let pace = Arc::new(Pace::new(self.rate));
        let mut open: Vec<Segment> = (0..count).map(|number| Segment { number, start: None }).collect();
        let mut found: Vec<Item> = Vec::new();
        // The first page shows the cost of the others.
        let mut at_once = 1;
        while found.len() < self.items && !open.is_empty() {
            let limit = (self.items - found.len()).div_ceil(open.len());
            let mut running = JoinSet::new();
            for segment in open.drain(..at_once.min(open.len())) {
                running.spawn(page(db.clone(), table.to_owned(), (segment, count), limit, Arc::clone(&pace)));
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
    limit: usize,
    pace: Arc<Pace>,
) -> Result<(Vec<Item>, Option<Segment>), Stop> {
    let number = |of: usize| i32::try_from(of).unwrap_or(i32::MAX);
    let request = db.scan().table_name(&table).segment(number(segment.number)).total_segments(number(of));
    let request = request.limit(number(limit)).set_exclusive_start_key(segment.start);
    let request = request.return_consumed_capacity(ReturnConsumedCapacity::Total);
    let expected = pace.wait().await;
    let page = request.send().await.map_err(|error| failed(&table, "Scan", &error))?;
    pace.spent(expected, page.consumed_capacity.and_then(|of| of.capacity_units).unwrap_or_default()).await;
    let more = page.last_evaluated_key.map(|start| Segment { number: segment.number, start: Some(start) });
    Ok((page.items.unwrap_or_default(), more))
}

/// The rate of all requests together.
struct Pace {
    /// In capacity units per second.
    rate: f64,
    state: Mutex<State>,
}

struct State {
    /// When the units of all requests so far are paid.
    due: Instant,
    /// The units of the last page.
    expected: f64,
}

impl Pace {
    fn new(rate: u32) -> Self {
        Self { rate: f64::from(rate), state: Mutex::new(State { due: Instant::now(), expected: 0.0 }) }
    }

    /// Waits until the next request may be sent, and gives the units that it is expected to use.
    async fn wait(&self) -> f64 {
        let mut state = self.state.lock().await;
        sleep_until(state.due).await;
        state.due = state.due.max(Instant::now()) + self.time(state.expected);
        state.expected
    }

    /// Counts the units of a request.
    async fn spent(&self, expected: f64, units: f64) {
        let mut state = self.state.lock().await;
        state.due += self.time(units - expected);
        state.expected = units;
    }

    /// The time of so many units; none of fewer than expected.
    fn time(&self, units: f64) -> Duration {
        Duration::try_from_secs_f64(units / self.rate).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn requests_wait_until_those_before_are_paid() {
        let (pace, began) = (Pace::new(1_000), Instant::now());
        let expected = pace.wait().await;
        pace.spent(expected, 20.0).await;
        // Requests at once are expected to use as much as the last one.
        for _ in 0..4 {
            pace.wait().await;
        }
        assert!(began.elapsed() >= Duration::from_millis(80), "{:?}", began.elapsed());
    }
}
