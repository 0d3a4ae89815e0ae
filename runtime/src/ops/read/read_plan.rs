//! The requests of a query or scan, page by page.

use super::cursor::Position;
use super::keyed_reads::full_items;
use crate::codec::{RawItems, ReadInPlace};
use crate::description::Discriminator;
use crate::ground::AttributeMap;
use crate::ops::{Result, Running};
use crate::transport::{Operation, Target, response_items, send};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Select};
use std::collections::HashMap;

/// A query or scan that is ready to be sent, page by page.
#[derive(Clone)]
pub(in crate::ops) struct ReadPlan {
    pub(super) target: Target,
    pub(super) index: Option<&'static str>,
    pub(super) key_names: Vec<&'static str>,
    /// The names of the table's keys, if items are fetched whole.
    pub(super) full: Option<Vec<&'static str>>,
    /// The attribute that makes the read leave out a whole item.
    pub(super) hidden_by: Option<&'static str>,
    /// The discriminator and its value for this model, if the reader must check it because no filter does.
    pub(super) checked: Option<Discriminator>,
    pub(super) key_condition: Option<String>,
    pub(super) filter: Option<String>,
    pub(super) projection: Option<String>,
    pub(super) names: Option<HashMap<String, String>>,
    pub(super) values: Option<HashMap<String, AttributeValue>>,
    pub(super) descending: bool,
    pub(super) consistent: bool,
    pub(super) limit: Option<usize>,
    pub(super) page_size: Option<i32>,
    /// The segment of a parallel scan, and the number of segments.
    pub(super) segment: Option<(u32, u32)>,
    /// The hash that cursors are bound to.
    pub(super) binding: u64,
    pub(super) start: Option<Position>,
    /// The attribute and the value of the hash key, if it is one of several shards.
    pub(super) shard: Option<(&'static str, AttributeValue)>,
}

/// One response of DynamoDB.
pub(in crate::ops) struct RawPage {
    pub(in crate::ops) items: RawItems,
    pub(in crate::ops) count: u64,
    pub(in crate::ops) scanned: u64,
    pub(in crate::ops) last: Option<AttributeMap>,
}

impl ReadPlan {
    /// Fetches one page from a key on, with items read in place if possible. `backwards` reverses the order of a
    /// query.
    pub(in crate::ops) fn fetch(
        &self,
        start: Option<AttributeMap>,
        backwards: bool,
        in_place: Option<ReadInPlace>,
    ) -> Running<'static, RawPage> {
        self.fetch_of(self.segment, start, backwards, in_place)
    }

    /// Fetches one page of a segment, as [`fetch`](Self::fetch) does.
    pub(super) fn fetch_of(
        &self,
        segment: Option<(u32, u32)>,
        start: Option<AttributeMap>,
        backwards: bool,
        in_place: Option<ReadInPlace>,
    ) -> Running<'static, RawPage> {
        let plan = Self { segment, ..self.clone() };
        Box::pin(async move {
            let in_place = in_place.filter(|_| plan.full.is_none()).map(|in_place| {
                // The items of a projection have the discriminator only if it is checked. The struct of an index does
                // not know that of its model.
                let is_part = plan.projection.is_some() || !in_place.is_of_model();
                if is_part { in_place.of_model(plan.checked) } else { in_place }
            });
            let mut page = match plan.key_condition {
                Some(_) => {
                    let request = plan.query(start, backwards);
                    query(&plan.target, request, in_place).await?
                }
                None => scan(&plan.target, plan.scan(start), in_place).await?,
            };
            if let Some(names) = &plan.full {
                let mut fetched = full_items(&plan.target, names, page.items.into_raw(), plan.consistent).await?;
                // The index may not know yet that an item was deleted.
                if let Some(by) = plan.hidden_by {
                    fetched.retain(|found| !found.item.is_hidden(by));
                }
                page.items = RawItems::Full(fetched);
            }
            page.items.retain_own(plan.checked);
            Ok(page)
        })
    }

    /// Fetches the count of one page.
    pub(in crate::ops) async fn fetch_count(&self, start: Option<AttributeMap>) -> Result<RawPage> {
        match self.key_condition {
            Some(_) => {
                let request = self.query(start, self.is_backwards()).select(Select::Count);
                query(&self.target, request, None).await
            }
            None => {
                let request = self.scan(start).select(Select::Count);
                scan(&self.target, request, None).await
            }
        }
    }

    pub(in crate::ops) fn query(&self, start: Option<AttributeMap>, backwards: bool) -> QueryFluentBuilder {
        let request =
            self.target.sdk.query().table_name(&self.target.table).scan_index_forward(self.descending == backwards);
        request
            .set_index_name(self.index.map(str::to_owned))
            .set_key_condition_expression(self.key_condition.clone())
            .set_filter_expression(self.filter.clone())
            .set_projection_expression(self.projection.clone())
            .set_expression_attribute_names(self.names.clone())
            .set_expression_attribute_values(self.values.clone())
            .set_consistent_read(self.consistent.then_some(true))
            .set_limit(self.page_size)
            .set_exclusive_start_key(start)
    }

    pub(in crate::ops) fn scan(&self, start: Option<AttributeMap>) -> ScanFluentBuilder {
        let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        let request = self.target.sdk.scan().table_name(&self.target.table);
        request
            .set_index_name(self.index.map(str::to_owned))
            .set_filter_expression(self.filter.clone())
            .set_projection_expression(self.projection.clone())
            .set_expression_attribute_names(self.names.clone())
            .set_expression_attribute_values(self.values.clone())
            .set_consistent_read(self.consistent.then_some(true))
            .set_limit(self.page_size)
            .set_segment(self.segment.map(|(segment, _)| number(segment)))
            .set_total_segments(self.segment.map(|(_, total)| number(total)))
            .set_exclusive_start_key(start)
    }

    /// Whether it is a query. A query has an order, which can be reversed.
    pub(in crate::ops) fn is_query(&self) -> bool {
        self.key_condition.is_some()
    }

    /// Whether it continues from the cursor of a previous page.
    pub(in crate::ops) fn is_backwards(&self) -> bool {
        self.start.as_ref().is_some_and(|start| start.backwards)
    }

    /// The key to continue from; `None` at the start.
    pub(in crate::ops) fn start_key(&self) -> Option<AttributeMap> {
        self.start.as_ref().map(|start| start.key.clone()).filter(|key| !key.is_empty())
    }
}

async fn query(target: &Target, request: QueryFluentBuilder, in_place: Option<ReadInPlace>) -> Result<RawPage> {
    let decoder = target.decoder_in_place(Operation::Query, in_place);
    let output = send!(target, request, &decoder).map_err(|error| target.error("Query", error))?;
    let items = response_items(target, decoder, output.items.into_iter().flatten()).await;
    Ok(raw_page(items, output.count, output.scanned_count, output.last_evaluated_key))
}

async fn scan(target: &Target, request: ScanFluentBuilder, in_place: Option<ReadInPlace>) -> Result<RawPage> {
    let decoder = target.decoder_in_place(Operation::Scan, in_place);
    let output = send!(target, request, &decoder).map_err(|error| target.error("Scan", error))?;
    let items = response_items(target, decoder, output.items.into_iter().flatten()).await;
    Ok(raw_page(items, output.count, output.scanned_count, output.last_evaluated_key))
}

fn raw_page(items: RawItems, count: i32, scanned: i32, last: Option<AttributeMap>) -> RawPage {
    RawPage {
        items,
        count: u64::try_from(count).unwrap_or_default(),
        scanned: u64::try_from(scanned).unwrap_or_default(),
        last: last.filter(|last| !last.is_empty()),
    }
}
