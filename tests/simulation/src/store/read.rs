//! GetItem, Query and Scan.

use super::expression::{Condition, Expressions, project};
use super::failure::{Answer, Failure};
use super::key::{Part, part};
use super::table::{Index, Table};
use super::value::{Item, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A request that reads an item by its key: GetItem, or a part of BatchGetItem or TransactGetItems.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GetRequest {
    /// The table.
    pub table_name: String,
    /// The key.
    pub key: Item,
    projection_expression: Option<String>,
    expression_attribute_names: Option<BTreeMap<String, String>>,
}

/// A request of Query or Scan.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ReadRequest {
    /// The table.
    pub table_name: String,
    index_name: Option<String>,
    key_condition_expression: Option<String>,
    filter_expression: Option<String>,
    projection_expression: Option<String>,
    expression_attribute_names: Option<BTreeMap<String, String>>,
    expression_attribute_values: Option<BTreeMap<String, Value>>,
    scan_index_forward: Option<bool>,
    consistent_read: Option<bool>,
    limit: Option<usize>,
    exclusive_start_key: Option<Item>,
    select: Option<String>,
    segment: Option<u64>,
    total_segments: Option<u64>,
}

/// A page of items.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Page {
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<SharedItem>>,
    count: usize,
    scanned_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_evaluated_key: Option<Item>,
}

/// An item that is written into a response without a copy.
#[derive(Debug, Clone)]
pub struct SharedItem(pub Arc<Item>);

impl Serialize for SharedItem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// The position of an item in the order of a read.
type Place = (Vec<Part>, Vec<Part>, Part, Part);

impl GetRequest {
    /// A request for one key of a batch. The keys of a batch share the projection.
    pub fn part(
        key: Item,
        projection_expression: Option<String>,
        expression_attribute_names: Option<BTreeMap<String, String>>,
    ) -> Self {
        Self { table_name: String::new(), key, projection_expression, expression_attribute_names }
    }

    /// The item, or its projected part.
    pub fn get(&self, table: &Table) -> Answer<Option<Arc<Item>>> {
        let (no_names, no_values) = (BTreeMap::new(), BTreeMap::new());
        let names = self.expression_attribute_names.as_ref().unwrap_or(&no_names);
        let mut expressions = Expressions::new(names, &no_values);
        let projection = self.projection_expression.as_ref().map(|text| project(&mut expressions, text)).transpose()?;
        expressions.finish()?;
        let found = table.items.get(&table.keys.of_key(&self.key)?);
        Ok(found.map(|item| match &projection {
            Some(projection) => Arc::new(projection.of(item)),
            None => item.clone(),
        }))
    }
}

impl ReadRequest {
    /// Reads a page. It examines at most `most` items, like DynamoDB's limit of a megabyte, which the small items would
    /// not reach.
    pub fn page(&self, table: &Table, most: Option<usize>) -> Answer<Page> {
        let (no_names, no_values) = (BTreeMap::new(), BTreeMap::new());
        let names = self.expression_attribute_names.as_ref().unwrap_or(&no_names);
        let values = self.expression_attribute_values.as_ref().unwrap_or(&no_values);
        let mut expressions = Expressions::new(names, values);
        let mut condition =
            |text: &Option<String>| text.as_ref().map(|text| Condition::read(&mut expressions, text)).transpose();
        let (keys, filter) = (condition(&self.key_condition_expression)?, condition(&self.filter_expression)?);
        let projection = self.projection_expression.as_ref().map(|text| project(&mut expressions, text)).transpose()?;
        expressions.finish()?;
        let index = self.index_name.as_deref().map(|name| table.index(name)).transpose()?;
        if index.is_some_and(|index| !index.is_local) && self.consistent_read == Some(true) {
            return Err(Failure::invalid("Consistent reads are not supported on global secondary indexes"));
        }
        if self.limit == Some(0) {
            return Err(Failure::invalid(
                "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint",
            ));
        }
        let range = keys.map(|keys| KeyRange::new(keys, table, index, filter.as_ref())).transpose()?;
        let forward = self.scan_index_forward != Some(false);
        let start = self.exclusive_start_key.as_ref().map(|key| start(key, table, index)).transpose()?;
        let found = self.candidates(table, index, range.as_ref(), start.as_ref(), forward);
        let most = self.limit.into_iter().chain(most).min().unwrap_or(usize::MAX).max(1);
        let (mut items, mut scanned, mut last) = (Vec::new(), 0, None);
        for item in found {
            scanned += 1;
            last = Some(item);
            let item = index.map_or_else(|| item.clone(), |index| index.project(&table.keys, item));
            if filter.as_ref().is_none_or(|filter| filter.holds(&item)) {
                items.push(SharedItem(projection.as_ref().map_or(item.clone(), |part| Arc::new(part.of(&item)))));
            }
            if scanned == most {
                break;
            }
        }
        let last = last.filter(|_| scanned == most).map(|item| {
            let mut key = table.keys.take(item);
            key.extend(index.map(|index| index.keys.take(item)).into_iter().flatten());
            key
        });
        let counted = self.select.as_deref() == Some("COUNT");
        Ok(Page {
            count: items.len(),
            items: (!counted).then_some(items),
            scanned_count: scanned,
            last_evaluated_key: last,
        })
    }

    /// The items that the read examines, in their order.
    fn candidates<'t>(
        &self,
        table: &'t Table,
        index: Option<&Index>,
        range: Option<&KeyRange>,
        start: Option<&Place>,
        forward: bool,
    ) -> Vec<&'t Arc<Item>> {
        let mut found: Vec<(Place, &Arc<Item>)> = Vec::new();
        for (key, item) in &table.items {
            if range.is_some_and(|range| !range.holds(item)) {
                continue;
            }
            if let (Some(segment), Some(total)) = (self.segment, self.total_segments)
                && segment_of(&key.hash, total) != segment
            {
                continue;
            }
            let indexed = match index {
                Some(index) => index.keys.of_indexed(item),
                None => Some((Vec::new(), Vec::new())),
            };
            let Some((hash, order)) = indexed else { continue };
            let place = (hash, order, key.hash.clone(), key.range.clone());
            let is_after = |start: &Place| if forward { place > *start } else { place < *start };
            if start.is_none_or(is_after) {
                found.push((place, item));
            }
        }
        found.sort_by(|(one, _), (other, _)| if forward { one.cmp(other) } else { other.cmp(one) });
        found.into_iter().map(|(_, item)| item).collect()
    }
}

/// The segment of a parallel scan that reads a hash key.
fn segment_of(hash: &Part, total: u64) -> u64 {
    let text = format!("{hash:?}");
    text.bytes().fold(7u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte))) % total.max(1)
}

/// A valid key condition.
struct KeyRange(Vec<Condition>);

impl KeyRange {
    fn new(condition: Condition, table: &Table, index: Option<&Index>, filter: Option<&Condition>) -> Answer<Self> {
        let keys = index.map_or(&table.keys, |index| &index.keys);
        let conditions = condition.conjuncts();
        let of =
            |name: &str| conditions.iter().filter(|condition| condition.attribute() == Some(name)).collect::<Vec<_>>();
        let missed = |name: &str| Failure::invalid(format!("Query condition missed key schema element: {name}"));
        for attribute in &keys.hash {
            match of(&attribute.name).as_slice() {
                [condition] if condition.equals().is_some() => {}
                [] => return Err(missed(&attribute.name)),
                _ => return Err(Failure::invalid("Query key condition not supported")),
            }
        }
        // The condition names the attributes of the range key in their order. All but the last are equalities.
        let mut open = true;
        let mut used = keys.hash.len();
        for attribute in &keys.range {
            match of(&attribute.name).as_slice() {
                [] => open = false,
                [condition] if open && condition.is_of_range_key() => {
                    open = condition.equals().is_some();
                    used += 1;
                }
                _ => return Err(Failure::invalid("Query key condition not supported")),
            }
        }
        if used != conditions.len() {
            return Err(Failure::invalid("Query key condition not supported"));
        }
        if filter.is_some_and(|filter| filter.is_on(&|name| keys.has(name))) {
            return Err(Failure::invalid("Filter Expression can only contain non-primary key attributes"));
        }
        for (name, value) in
            conditions.iter().filter_map(|condition| Some((condition.attribute()?, condition.equals()?)))
        {
            if value.length() == Some(0) {
                return Err(Failure::invalid(format!(
                    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an \
                     empty string value. Key: {name}"
                )));
            }
        }
        Ok(Self(conditions))
    }

    fn holds(&self, item: &Item) -> bool {
        self.0.iter().all(|condition| condition.holds(item))
    }
}

/// The position of a start key.
fn start(key: &Item, table: &Table, index: Option<&Index>) -> Answer<Place> {
    let invalid = || Failure::invalid("The provided starting key is invalid");
    let own = table.keys.of_item(key).map_err(|_| invalid())?;
    let (hash, order) = match index {
        Some(index) => index.keys.of_indexed(key).ok_or_else(invalid)?,
        None => (Vec::new(), Vec::new()),
    };
    let names = |name: &String| table.keys.has(name) || index.is_some_and(|index| index.keys.has(name));
    if !key.keys().all(names) || !key.values().all(|value| part(value).is_some()) {
        return Err(invalid());
    }
    Ok((hash, order, own.hash, own.range))
}
