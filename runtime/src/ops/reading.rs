//! Fetching the pages of a query or scan, whatever they hold.

use super::Running;
use super::cursor::Position;
use super::keyed_reads::full_items;
use super::source::{Full, Source, key_names, table_key_names};
use crate::carrier::AttributeMap;
use crate::client::Target;
use crate::expr::{Condition, DocumentPath, Expressions, Node, Writer};
use crate::{Client, Error, Result};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ConsumedCapacity, ReturnConsumedCapacity, Select};
use std::collections::HashMap;
use std::hash::Hasher;
use std::marker::PhantomData;
use tracing::Instrument;

/// What a query or a scan asks for, before it is written.
#[derive(Debug)]
pub(super) struct Reading<S: Source> {
    pub(super) client: Client,
    /// The key condition of a query; a scan has none.
    pub(super) key_condition: Option<KeyCondition>,
    filter: Node,
    pub(super) descending: bool,
    pub(super) consistent: bool,
    pub(super) limit: Option<usize>,
    pub(super) page_size: Option<u32>,
    pub(super) cursor: Option<String>,
    source: PhantomData<fn() -> S>,
}

/// What a query asks of the key attributes.
#[derive(Debug, Clone, Default)]
pub(super) struct KeyCondition {
    /// That each attribute of the hash key has its value.
    pub(super) hash: Vec<Node>,
    /// What is asked of the range key's attributes.
    pub(super) range: Vec<Node>,
}

impl KeyCondition {
    fn node(&self) -> Node {
        match (self.hash.as_slice(), self.range.as_slice()) {
            ([only], []) => only.clone(),
            (hash, range) => Node::And(hash.iter().chain(range).cloned().collect()),
        }
    }
}

/// A query or scan that is ready to be sent, page by page.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    target: Target,
    index: Option<&'static str>,
    pub(super) key_names: Vec<&'static str>,
    /// The table's own key names, where items are fetched whole.
    full: Option<Vec<&'static str>>,
    key_condition: Option<String>,
    filter: Option<String>,
    projection: Option<String>,
    names: Option<HashMap<String, String>>,
    values: Option<HashMap<String, AttributeValue>>,
    descending: bool,
    consistent: bool,
    pub(super) limit: Option<usize>,
    page_size: Option<i32>,
    /// The segment of a parallel scan, and how many there are.
    segment: Option<(u32, u32)>,
    /// Stands for table, index and key condition, for cursors to be bound to.
    pub(super) binding: u64,
    pub(super) start: Option<Position>,
}

/// One answer of DynamoDB.
#[derive(Debug)]
pub(super) struct RawPage {
    pub(super) items: Vec<AttributeMap>,
    pub(super) count: u64,
    pub(super) scanned: u64,
    pub(super) capacity: Option<f64>,
    pub(super) last: Option<AttributeMap>,
}

impl<S: Source> Reading<S> {
    pub(super) fn new(client: &Client, key_condition: Option<KeyCondition>) -> Self {
        Self {
            client: client.clone(),
            key_condition,
            filter: Node::None,
            descending: false,
            consistent: false,
            limit: None,
            page_size: None,
            cursor: None,
            source: PhantomData,
        }
    }

    /// The same reading with whole items.
    pub(super) fn full(self) -> Reading<Full<S>> {
        let Self { client, key_condition, filter, descending, consistent, limit, page_size, cursor, source: _ } = self;
        Reading { client, key_condition, filter, descending, consistent, limit, page_size, cursor, source: PhantomData }
    }

    pub(super) fn filter(&mut self, filter: Condition<S::Model>) {
        let earlier = Condition::from_node(std::mem::replace(&mut self.filter, Node::None));
        self.filter = earlier.and(filter).into_node();
    }

    pub(super) fn plan_segment(&self, segment: (u32, u32)) -> Result<Plan> {
        Ok(Plan { segment: Some(segment), ..self.plan()? })
    }

    /// For one page of exactly `limit` items: one more is looked at, to know whether there is a next page.
    pub(super) fn plan_page(&self, projection: Option<&[DocumentPath]>) -> Result<Plan> {
        Ok(Plan { page_size: self.page_size(1)?, ..self.plan_projected(projection)? })
    }

    pub(super) fn plan(&self) -> Result<Plan> {
        self.plan_projected(None)
    }

    /// With a projection, each item has these values, and its keys.
    pub(super) fn plan_projected(&self, projection: Option<&[DocumentPath]>) -> Result<Plan> {
        let target = self.client.target::<S::Model>()?;
        let mut writer = Writer::new(target.model);
        let asked = self.key_condition.as_ref().map(KeyCondition::node);
        let key_condition = match &asked {
            Some(node) => writer.condition(node)?,
            None => None,
        };
        let filter = writer.condition(&self.filter)?;
        let key_names = key_names::<S>();
        let projection = projection.map(|paths| writer.projection(paths, &key_names)).transpose()?;
        let Expressions { names, values } = writer.finish();
        let index = S::INDEX.map(|index| index.name);
        let binding = binding(&target.table, index, asked.as_ref());
        let start = self.cursor.as_deref().map(|text| Position::decode(text, &key_names, binding)).transpose()?;
        Ok(Plan {
            page_size: self.page_size(0)?,
            target,
            index,
            key_names,
            full: S::FULL.then(table_key_names::<S>),
            key_condition,
            filter,
            projection,
            names,
            values,
            descending: self.descending,
            consistent: self.consistent,
            limit: self.limit,
            segment: None,
            binding,
            start,
        })
    }

    /// How many items DynamoDB looks at for one page. Without a filter, no more than are wanted.
    fn page_size(&self, ahead: usize) -> Result<Option<i32>> {
        if self.page_size == Some(0) {
            return Err(Error::Config("page_size is at least 1".to_owned()));
        }
        let wanted = self.limit.filter(|_| self.filter == Node::None).map(|limit| limit.saturating_add(ahead).max(1));
        let wanted = wanted.map(|wanted| u32::try_from(wanted).unwrap_or(u32::MAX));
        let size = match (self.page_size, wanted) {
            (Some(size), Some(wanted)) => Some(size.min(wanted)),
            (size, wanted) => size.or(wanted),
        };
        Ok(size.map(|size| i32::try_from(size).unwrap_or(i32::MAX)))
    }
}

fn binding(table: &str, index: Option<&str>, key_condition: Option<&Node>) -> u64 {
    let mut hasher = fnv::FnvHasher::default();
    for part in [table, index.unwrap_or_default()] {
        hasher.write(part.as_bytes());
        hasher.write_u8(0);
    }
    // The condition's own text form, which holds its attributes and values.
    hasher.write(format!("{key_condition:?}").as_bytes());
    hasher.finish()
}

impl Plan {
    /// One page from a key on; `backwards` turns the order of a query around.
    pub(super) fn fetch(&self, start: Option<AttributeMap>, backwards: bool) -> Running<'static, RawPage> {
        let plan = self.clone();
        Box::pin(async move {
            let mut page = match plan.key_condition {
                Some(_) => {
                    let request = plan.query(start, backwards);
                    query(&plan.target, request).instrument(plan.target.span("Query")).await?
                }
                None => scan(&plan.target, plan.scan(start)).instrument(plan.target.span("Scan")).await?,
            };
            if let Some(names) = &plan.full {
                let fetched = full_items(&plan.target, names, &page.items, plan.consistent);
                page.items = fetched.instrument(plan.target.span("BatchGetItem")).await?;
            }
            Ok(page)
        })
    }

    /// The count of one page.
    pub(super) async fn fetch_count(&self, start: Option<AttributeMap>) -> Result<RawPage> {
        match self.key_condition {
            Some(_) => {
                let request = self.query(start, self.is_backwards()).select(Select::Count);
                query(&self.target, request).instrument(self.target.span("Query")).await
            }
            None => {
                let request = self.scan(start).select(Select::Count);
                scan(&self.target, request).instrument(self.target.span("Scan")).await
            }
        }
    }

    pub(super) fn query(&self, start: Option<AttributeMap>, backwards: bool) -> QueryFluentBuilder {
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
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
    }

    pub(super) fn scan(&self, start: Option<AttributeMap>) -> ScanFluentBuilder {
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
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
    }

    /// The key of an item that was read, to go on from.
    pub(super) fn key_of(&self, item: &AttributeMap) -> AttributeMap {
        let key = |name: &&str| Some(((*name).to_owned(), item.get(*name)?.clone()));
        self.key_names.iter().filter_map(key).collect()
    }

    /// Whether it is a query, which has an order that can be turned around.
    pub(super) fn is_query(&self) -> bool {
        self.key_condition.is_some()
    }

    /// Whether it goes on from the cursor of a page before.
    pub(super) fn is_backwards(&self) -> bool {
        self.start.as_ref().is_some_and(|start| start.backwards)
    }

    pub(super) fn start_key(&self) -> Option<AttributeMap> {
        self.start.as_ref().map(|start| start.key.clone())
    }
}

async fn query(target: &Target, request: QueryFluentBuilder) -> Result<RawPage> {
    let output = request.send().await.map_err(|error| target.error("Query", error))?;
    Ok(raw_page(output.items, output.count, output.scanned_count, output.consumed_capacity, output.last_evaluated_key))
}

async fn scan(target: &Target, request: ScanFluentBuilder) -> Result<RawPage> {
    let output = request.send().await.map_err(|error| target.error("Scan", error))?;
    Ok(raw_page(output.items, output.count, output.scanned_count, output.consumed_capacity, output.last_evaluated_key))
}

fn raw_page(
    items: Option<Vec<AttributeMap>>,
    count: i32,
    scanned: i32,
    capacity: Option<ConsumedCapacity>,
    last: Option<AttributeMap>,
) -> RawPage {
    RawPage {
        items: items.unwrap_or_default(),
        count: u64::try_from(count).unwrap_or_default(),
        scanned: u64::try_from(scanned).unwrap_or_default(),
        capacity: capacity.and_then(|capacity| capacity.capacity_units),
        last: last.filter(|last| !last.is_empty()),
    }
}
