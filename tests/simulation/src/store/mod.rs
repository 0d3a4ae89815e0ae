//! A DynamoDB in memory: tables with their items, and the operations on them.

mod batch;
pub mod expression;
pub mod failure;
pub mod key;
pub mod number;
mod read;
pub mod search;
pub mod table;
mod transact;
pub mod value;
mod write;

pub use transact::canceled;

use crate::random::Random;
use failure::{Answer, Failure};
use key::Key;
use read::{GetRequest, ReadRequest, SharedItem};
use search::SearchRequest;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use table::{Description, Table};
use transact::Done;
use value::Item;
use write::{Change, Kind, WriteRequest};

/// The tables, and the history of their changes.
#[derive(Debug, Default)]
pub struct Store {
    /// The tables by their names.
    pub tables: BTreeMap<String, Table>,
    tokens: BTreeMap<String, Done>,
    /// All changes, in their order.
    pub history: Vec<Effect>,
}

/// One change of one item.
#[derive(Debug, Clone)]
pub struct Effect {
    /// The operation that made the change; `None` for the store itself.
    pub by: Option<usize>,
    /// The number of the request.
    pub request: u64,
    /// The time, in milliseconds.
    pub at: u64,
    /// The table.
    pub table: String,
    /// The item's key.
    pub key: Key,
    /// The item before the change.
    pub before: Option<Arc<Item>>,
    /// The item after the change.
    pub after: Option<Arc<Item>>,
}

/// The circumstances of a request.
#[derive(Debug, Default)]
pub struct Call {
    /// The operation that sends the request.
    pub by: Option<usize>,
    /// The number of the request.
    pub request: u64,
    /// The time, in milliseconds.
    pub now: u64,
    /// The time until a table is created or deleted, in milliseconds.
    pub table_delay: u64,
    /// Chooses the unprocessed requests of a batch; `None` if all are processed.
    pub leave: Option<Random>,
    /// The maximum number of items that a page examines.
    pub most: Option<usize>,
    /// The number of changes that the vector indexes do not have yet.
    pub lag: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct WithItem {
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<SharedItem>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct WithAttributes {
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<SharedItem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TableRequest {
    table_name: String,
    time_to_live_specification: Option<TimeToLive>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TimeToLive {
    attribute_name: String,
    enabled: bool,
}

impl Store {
    /// Performs a request, and returns the body of the response.
    pub fn call(&mut self, operation: &str, request: &[u8], call: &mut Call) -> Answer<Vec<u8>> {
        self.tables.retain(|_, table| table.gone_at.is_none_or(|gone_at| call.now < gone_at));
        match operation {
            "PutItem" => self.write(Kind::Put, request, call),
            "UpdateItem" => self.write(Kind::Update, request, call),
            "DeleteItem" => self.write(Kind::Delete, request, call),
            "GetItem" => {
                let get: GetRequest = parse(request)?;
                body(&WithItem { item: get.get(self.active(&get.table_name, call.now)?)?.map(SharedItem) })
            }
            "Query" | "Scan" => {
                let read: ReadRequest = parse(request)?;
                body(&read.page(self.active(&read.table_name, call.now)?, call.most)?)
            }
            "SearchVectors" => {
                let search: SearchRequest = parse(request)?;
                body(&search.found(self.active(&search.table_name, call.now)?, &self.history, call.lag)?)
            }
            "BatchWriteItem" => self.batch_write(request, call),
            "BatchGetItem" => self.batch_get(request, call),
            "TransactWriteItems" => self.transact_write(request, call),
            "TransactGetItems" => self.transact_get(request, call),
            "CreateTable" => self.create_table(parse(request)?, call),
            _ => self.administer(operation, &parse(request)?, call),
        }
    }

    fn write(&mut self, kind: Kind, request: &[u8], call: &Call) -> Answer<Vec<u8>> {
        let request: WriteRequest = parse(request)?;
        let write = request.read(kind)?;
        let change = write.change(self.active(&request.table_name, call.now)?)?;
        let attributes = write.returned(&change)?.map(SharedItem);
        self.apply(&request.table_name, change, call);
        body(&WithAttributes { attributes })
    }

    fn create_table(&mut self, description: Description, call: &Call) -> Answer<Vec<u8>> {
        let name = description.table_name.clone();
        if self.tables.contains_key(&name) {
            return Err(in_use(format!("Table already exists: {name}")));
        }
        let table = Table::new(description, call.now + call.table_delay)?;
        let described = body(&json!({ "TableDescription": table.describe(call.now) }));
        self.tables.insert(name, table);
        described
    }

    fn administer(&mut self, operation: &str, request: &TableRequest, call: &Call) -> Answer<Vec<u8>> {
        let missing = || Failure::no_table();
        let table = self.tables.get_mut(&request.table_name).ok_or_else(missing)?;
        match (operation, &request.time_to_live_specification) {
            ("DescribeTable", _) => body(&json!({ "Table": table.describe(call.now) })),
            // A table that is already being deleted is no error ("DeleteTable").
            ("DeleteTable", _) if table.gone_at.is_some() => {
                body(&json!({ "TableDescription": table.describe(call.now) }))
            }
            ("DeleteTable", _) if table.is_active(call.now) => {
                table.gone_at = Some(call.now + call.table_delay);
                let described = body(&json!({ "TableDescription": table.describe(call.now) }));
                // No request can read or write the items from now on.
                for (key, before) in table.items.clone() {
                    self.apply(&request.table_name, Change { key, before: Some(before), after: None }, call);
                }
                described
            }
            ("DeleteTable", _) => Err(in_use("Attempt to change a resource which is still in use".to_owned())),
            ("DescribeTimeToLive", _) => {
                let described = match &table.time_to_live {
                    Some(attribute) => json!({ "TimeToLiveStatus": "ENABLED", "AttributeName": attribute }),
                    None => json!({ "TimeToLiveStatus": "DISABLED" }),
                };
                body(&json!({ "TimeToLiveDescription": described }))
            }
            ("UpdateTimeToLive", Some(_)) if !table.is_active(call.now) => {
                Err(in_use(format!("Table is being {}", table.status(call.now).to_lowercase())))
            }
            ("UpdateTimeToLive", Some(said)) if said.enabled == table.time_to_live.is_some() => {
                let state = if said.enabled { "enabled" } else { "disabled" };
                Err(Failure::invalid(format!("TimeToLive is already {state}")))
            }
            ("UpdateTimeToLive", Some(said)) => {
                table.time_to_live = said.enabled.then(|| said.attribute_name.clone());
                let said = json!({ "AttributeName": said.attribute_name, "Enabled": said.enabled });
                body(&json!({ "TimeToLiveSpecification": said }))
            }
            _ => Err(Failure::new("UnknownOperationException", operation)),
        }
    }

    /// The table of a name, if it is active.
    fn active(&self, name: &str, now: u64) -> Answer<&Table> {
        self.tables.get(name).filter(|table| table.is_active(now)).ok_or_else(Failure::no_table)
    }

    /// Puts an item at the beginning of a run.
    pub fn put(&mut self, table: &str, item: Item) {
        let Some(key) = self.tables.get(table).and_then(|table| table.keys.of_item(&item).ok()) else { return };
        self.apply(table, Change { key, before: None, after: Some(Arc::new(item)) }, &Call::default());
    }

    /// Applies a change, and adds it to the history.
    fn apply(&mut self, table: &str, change: Change, call: &Call) {
        let Some(stored) = self.tables.get_mut(table) else { return };
        let Change { key, before, after } = change;
        match &after {
            Some(item) => drop(stored.items.insert(key.clone(), item.clone())),
            None => drop(stored.items.remove(&key)),
        }
        let (by, request, at) = (call.by, call.request, call.now);
        self.history.push(Effect { by, request, at, table: table.to_owned(), key, before, after });
    }

    /// Removes some of the items whose time to live has ended before a time, in seconds. DynamoDB, too, removes them at
    /// any later time.
    pub fn sweep(&mut self, ended: i64, random: &mut Random, call: &Call) {
        let mut gone = Vec::new();
        for (name, table) in &self.tables {
            let Some(attribute) = &table.time_to_live else { continue };
            for (key, item) in &table.items {
                if item.get(attribute).and_then(value::Value::integer).is_some_and(|ends| ends < ended)
                    && random.chance(700)
                {
                    gone.push((name.clone(), Change { key: key.clone(), before: Some(item.clone()), after: None }));
                }
            }
        }
        for (table, change) in gone {
            self.apply(&table, change, &Call { by: None, request: call.request, now: call.now, ..Call::default() });
        }
    }
}

fn in_use(message: String) -> Failure {
    Failure::new("ResourceInUseException", message)
}

fn parse<T: DeserializeOwned>(request: &[u8]) -> Answer<T> {
    serde_json::from_slice(request).map_err(|error| Failure::invalid(error.to_string()))
}

fn body(answer: &impl Serialize) -> Answer<Vec<u8>> {
    serde_json::to_vec(answer).map_err(|error| Failure::new("InternalServerError", error.to_string()))
}
