//! One page of the items of a query or scan.

use super::cursor::Position;
use super::items::damaged;
use super::read_plan::ReadPlan;
use super::sharded::Plan;
use crate::codec::{RawItems, ReadInPlace, ReadItems, Reads};
use crate::ground::defects::Defect;
use crate::ground::{AttributeMap, defects};
use crate::ops::Result;

/// One page of the items of a query or scan, with cursors to the next and the previous page.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let first = Order::query(&db, "customer7").limit(20).page().await?;
/// if let Some(cursor) = first.next {
///     let second = Order::query(&db, "customer7").limit(20).cursor(cursor).page().await?;
/// }
/// # Ok(())
/// # }
/// ```
///
/// With the feature `serde`, it serializes as `{"items": […], "next": …, "previous": …}`, the body of an API's response.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Page<T> {
    /// The items, in the order of the query.
    pub items: Vec<T>,
    /// The number of items that DynamoDB read for the page. It includes the items that the filter left out.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub scanned: u64,
    /// The cursor of the next page; `None` on the last page. If all items of a page were deleted after its cursor was
    /// made, the empty page still has cursors to both sides.
    pub next: Option<String>,
    /// The cursor of the previous page; `None` on the first page, and for scans.
    pub previous: Option<String>,
}

impl<T> Page<T> {
    /// Whether a next page exists. Without a limit, the next page may be empty, because DynamoDB ends a page before it
    /// knows whether more items follow.
    pub fn has_more(&self) -> bool {
        self.next.is_some()
    }
}

/// Reads one page: the items of one response, or with a limit exactly that many items, if there are enough.
pub(in crate::ops) async fn page<T>(plan: Plan, model: &'static str, reads: Reads<T>) -> Result<Page<T>> {
    let Page { items: pages, scanned, next, previous } = match &plan {
        Plan::One(plan) => raw_page(plan, reads.in_place()).await?,
        Plan::Sharded(plan) => plan.page().await?,
    };
    let mut items = Vec::new();
    for page in pages {
        let mut page = page.read(&reads);
        if let (true, ReadItems::Read(page)) = (items.is_empty(), &mut page) {
            items = std::mem::take(page).collect();
        }
        while let Some(item) = page.next(&reads, plan.key_names()) {
            items.push(item.map_err(|(error, key)| damaged(error, key, model))?);
        }
    }
    if plan.is_backwards() {
        items.reverse();
    }
    Ok(Page { items, scanned, next, previous })
}

/// Reads the responses of one page, in the order of reading.
async fn raw_page(plan: &ReadPlan, in_place: Option<ReadInPlace>) -> Result<Page<RawItems>> {
    let backwards = plan.is_backwards();
    let mut start = plan.start_key();
    let began = start.is_some() && plan.limit != Some(0);
    let mut items: Vec<RawItems> = Vec::new();
    let (mut found, mut scanned) = (0, 0);
    // The key to continue from in the direction of reading. Without attributes, it is the start of reading.
    let last = loop {
        if plan.limit == Some(0) {
            break Some(start.unwrap_or_default());
        }
        let page = plan.fetch(start, backwards, in_place).await?;
        scanned += page.scanned;
        found += page.items.len();
        items.push(page.items);
        match plan.limit {
            Some(limit) if found > limit => {
                if let Some(page) = items.last_mut() {
                    page.truncate(page.len().saturating_sub(found - limit));
                }
                break key_at(&items, limit - 1, &plan.key_names);
            }
            Some(_) if page.last.is_some() => start = page.last,
            _ => break page.last,
        }
    };
    // The key to go back from: the first item of the page. An empty page uses the key that it continues from, or the
    // end.
    let first = || key_at(&items, 0, &plan.key_names).or(last.clone()).unwrap_or_default();
    let is_emptied = found == 0 && defects::has(Defect::EmptiedPageIsTheEnd);
    let back = (began && !is_emptied).then(first);
    let cursor = |backwards: bool, key: AttributeMap| Position { backwards, key }.encode(&plan.key_names, plan.binding);
    let (next, previous) = if backwards { (back, last) } else { (last, back) };
    let next = next.map(|key| cursor(false, key));
    let previous = previous.filter(|_| plan.is_query()).map(|key| cursor(true, key));
    Ok(Page { items, scanned, next, previous })
}

/// The key of the item at an index, to continue from.
fn key_at(pages: &[RawItems], index: usize, names: &[&'static str]) -> Option<AttributeMap> {
    let mut index = index;
    for page in pages {
        match index.checked_sub(page.len()) {
            Some(further) => index = further,
            None => return Some(page.attributes(index, names)),
        }
    }
    None
}
