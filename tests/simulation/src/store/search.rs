//! SearchVectors.

use super::Effect;
use super::expression::{Condition, Expressions};
use super::failure::{Answer, Failure};
use super::key::Key;
use super::table::{Projection, Table};
use super::value::{Item, Value};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The maximum number of changes that a vector index does not have yet.
pub const MOST_LAG: usize = 5;

/// A vector index. It compares vectors by the distance between their ends.
#[derive(Debug, Clone)]
pub struct VectorIndex {
    name: String,
    attribute: String,
    /// The attributes that searches compare.
    compared: BTreeSet<String>,
    /// The attributes that it holds besides; `None` for all.
    projection: Option<Vec<String>>,
}

/// A vector index in CreateTable's form.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct VectorIndexDescription {
    index_name: String,
    vector_attribute: Attribute,
    #[serde(default)]
    search_schema: Vec<Attribute>,
    projection: Projection,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute {
    attribute_name: String,
}

/// A request of SearchVectors.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct SearchRequest {
    pub(super) table_name: String,
    index_name: String,
    search_vector: Vec<Value>,
    top_k: usize,
    search_condition_expression: Option<String>,
    expression_attribute_names: Option<BTreeMap<String, String>>,
    expression_attribute_values: Option<BTreeMap<String, Value>>,
}

/// The items of a search.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Found {
    search_results: Vec<Scored>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Scored {
    item: Item,
    score: f64,
}

/// The numbers of a vector; `None` if the value is none.
pub fn vector(value: &Value) -> Option<Vec<f64>> {
    let Value::L(numbers) = value else { return None };
    let number = |value: &Value| match value {
        Value::N(number) => number.text().parse().ok(),
        _ => None,
    };
    numbers.iter().map(number).collect()
}

/// The distance between the ends of two vectors.
pub fn distance(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt()
}

impl VectorIndex {
    pub(super) fn new(description: &VectorIndexDescription) -> Self {
        let compared = description.search_schema.iter().map(|attribute| attribute.attribute_name.clone());
        Self {
            name: description.index_name.clone(),
            attribute: description.vector_attribute.attribute_name.clone(),
            compared: compared.collect(),
            projection: description.projection.attributes(),
        }
    }

    /// What the index holds of an item besides its vector.
    fn project(&self, table: &Table, item: &Item) -> Item {
        let is_held = |name: &String| {
            let is_projected = self.projection.as_ref().is_none_or(|attributes| attributes.contains(name));
            *name != self.attribute && (table.keys.has(name) || self.compared.contains(name) || is_projected)
        };
        item.iter().filter(|(name, _)| is_held(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

impl SearchRequest {
    /// The items that the index had before the last `lag` changes of all tables.
    pub(super) fn found(&self, table: &Table, history: &[Effect], lag: usize) -> Answer<Found> {
        let index = table.vector_indexes.iter().find(|index| index.name == self.index_name);
        let index = index.ok_or_else(|| Failure::invalid("The table does not have the specified index"))?;
        let searched = vector(&Value::L(self.search_vector.clone()))
            .ok_or_else(|| Failure::invalid("SearchVector must be a list of numbers"))?;
        let (no_names, no_values) = (BTreeMap::new(), BTreeMap::new());
        let names = self.expression_attribute_names.as_ref().unwrap_or(&no_names);
        let values = self.expression_attribute_values.as_ref().unwrap_or(&no_values);
        let mut expressions = Expressions::new(names, values);
        let condition = self.search_condition_expression.as_ref();
        let condition = condition.map(|text| Condition::read(&mut expressions, text)).transpose()?;
        expressions.finish()?;
        let items = earlier(table, &self.table_name, history, lag);
        let mut found: Vec<(f64, &Item)> = Vec::new();
        for item in items.values().filter(|item| condition.as_ref().is_none_or(|condition| condition.holds(item))) {
            if let Some(vector) = item.get(&index.attribute).and_then(vector) {
                found.push((distance(&vector, &searched), item));
            }
        }
        found.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let scored = |(score, item): (f64, &Item)| Scored { item: index.project(table, item), score };
        Ok(Found { search_results: found.into_iter().take(self.top_k).map(scored).collect() })
    }
}

/// The items of a table before the last changes of all tables.
fn earlier(table: &Table, name: &str, history: &[Effect], changes: usize) -> BTreeMap<Key, Arc<Item>> {
    let mut items = table.items.clone();
    for effect in history.iter().rev().take(changes).filter(|effect| effect.table == name) {
        match &effect.before {
            Some(before) => items.insert(effect.key.clone(), before.clone()),
            None => items.remove(&effect.key),
        };
    }
    items
}
