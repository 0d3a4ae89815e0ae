//! The write of one item, alone or in a transaction: its condition, and its change.

use super::expression::{Condition, Expressions, Update};
use super::failure::{Answer, Failure};
use super::key::Key;
use super::table::Table;
use super::value::{Item, Value};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A request of PutItem, UpdateItem, DeleteItem or ConditionCheck.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct WriteRequest {
    /// The table.
    pub table_name: String,
    item: Option<Item>,
    key: Option<Item>,
    update_expression: Option<String>,
    condition_expression: Option<String>,
    expression_attribute_names: Option<BTreeMap<String, String>>,
    expression_attribute_values: Option<BTreeMap<String, Value>>,
    return_values: Option<String>,
    return_values_on_condition_check_failure: Option<String>,
}

/// The kind of a write request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// PutItem
    Put,
    /// UpdateItem
    Update,
    /// DeleteItem
    Delete,
    /// ConditionCheck
    Check,
}

/// A write request with parsed expressions.
#[derive(Debug)]
pub struct Write<'r> {
    request: &'r WriteRequest,
    kind: Kind,
    condition: Option<Condition>,
    update: Option<Update>,
}

/// The change of an item by a write.
#[derive(Debug, Clone)]
pub struct Change {
    /// The item's key.
    pub key: Key,
    /// The item before the change.
    pub before: Option<Arc<Item>>,
    /// The item after the change.
    pub after: Option<Arc<Item>>,
}

impl WriteRequest {
    /// Parses the expressions.
    pub fn read(&self, kind: Kind) -> Answer<Write<'_>> {
        let (no_names, no_values) = (BTreeMap::new(), BTreeMap::new());
        for (what, is_empty) in [
            ("ExpressionAttributeNames", self.expression_attribute_names.as_ref().is_some_and(BTreeMap::is_empty)),
            ("ExpressionAttributeValues", self.expression_attribute_values.as_ref().is_some_and(BTreeMap::is_empty)),
        ] {
            if is_empty {
                return Err(Failure::invalid(format!("{what} must not be empty")));
            }
        }
        let names = self.expression_attribute_names.as_ref().unwrap_or(&no_names);
        let values = self.expression_attribute_values.as_ref().unwrap_or(&no_values);
        let mut expressions = Expressions::new(names, values);
        let update = self.update_expression.as_ref().map(|text| Update::read(&mut expressions, text)).transpose()?;
        let condition = self.condition_expression.as_ref();
        let condition = condition.map(|text| Condition::read(&mut expressions, text)).transpose()?;
        expressions.finish()?;
        if kind == Kind::Check && condition.is_none() {
            return Err(Failure::invalid("A condition check needs a ConditionExpression"));
        }
        Ok(Write { request: self, kind, condition, update })
    }
}

impl Write<'_> {
    /// The key of the item.
    pub fn key(&self, table: &Table) -> Answer<Key> {
        match (self.kind, &self.request.item, &self.request.key) {
            (Kind::Put, Some(item), None) => table.keys.of_item(item),
            (Kind::Put, ..) | (_, _, None) => Err(Failure::invalid("The request has no item or no key")),
            (_, _, Some(key)) => table.keys.of_key(key),
        }
    }

    /// Calculates the change of the stored item without applying it.
    pub fn change(&self, table: &Table) -> Answer<Change> {
        let key = self.key(table)?;
        if let (Kind::Put, Some(item)) = (self.kind, &self.request.item) {
            table.check(item)?;
        }
        if let Some(update) = &self.update
            && let Some(name) = update.attributes().find(|name| table.keys.has(name))
        {
            return Err(Failure::invalid(format!(
                "One or more parameter values were invalid: Cannot update attribute {name}. This attribute is part of the key"
            )));
        }
        let before = table.items.get(&key).cloned();
        if let Some(condition) = &self.condition {
            let none = Item::new();
            if !condition.holds(before.as_deref().unwrap_or(&none)) {
                let returns = self.request.return_values_on_condition_check_failure.as_deref() == Some("ALL_OLD");
                return Err(Failure::condition(before.filter(|_| returns)));
            }
        }
        let after = match (self.kind, &self.request.item, &self.request.key) {
            (Kind::Put, Some(item), _) => Some(Arc::new(item.clone())),
            (Kind::Update, _, Some(key)) => {
                let mut item = before.as_deref().cloned().unwrap_or_else(|| key.clone());
                if let Some(update) = &self.update {
                    update.apply(&mut item)?;
                }
                table.check(&item)?;
                Some(Arc::new(item))
            }
            (Kind::Check, ..) => before.clone(),
            _ => None,
        };
        Ok(Change { key, before, after })
    }

    /// The item that the write returns.
    pub fn returned(&self, change: &Change) -> Answer<Option<Arc<Item>>> {
        let changed = |item: &Option<Arc<Item>>| {
            let part = self.update.as_ref()?.part(item.as_ref()?);
            (!part.is_empty()).then(|| Arc::new(part))
        };
        Ok(match (self.kind, self.request.return_values.as_deref()) {
            (_, None | Some("NONE")) => None,
            (_, Some("ALL_OLD")) => change.before.clone(),
            (Kind::Update, Some("ALL_NEW")) => change.after.clone(),
            (Kind::Update, Some("UPDATED_OLD")) => changed(&change.before),
            (Kind::Update, Some("UPDATED_NEW")) => changed(&change.after),
            _ => return Err(Failure::invalid("Return values set to invalid value")),
        })
    }
}
