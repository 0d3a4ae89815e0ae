//! A request as a line of text.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashSet};
use std::fmt::{self, Write};

/// A request that was sent, without the values of items, except in a [`Recorder`](super::Recorder) with values.
///
/// Its text has the operation, the table and the expressions: `UpdateItem users SET nickname = ? if age > ?`.
#[derive(Debug, Clone, PartialEq)]
pub struct SentRequest {
    pub(super) operation: String,
    pub(super) tables: Vec<String>,
    pub(super) text: String,
    pub(super) error: Option<String>,
    pub(super) units: Option<f64>,
}

impl SentRequest {
    pub(super) fn new(operation: String, body: &Value, with_values: bool) -> Self {
        let text = Line { body, with_values }.of(&operation);
        Self { operation, tables: tables(body), text, error: None, units: None }
    }

    /// The operation, by DynamoDB's name.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// The tables, by their names in DynamoDB.
    pub fn tables(&self) -> &[String] {
        &self.tables
    }

    /// The code of the error that DynamoDB returned, such as `ConditionalCheckFailedException`, or `no response`.
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// The consumed capacity, if the response has it. A request asks for it while
    /// [`with_capacity`](crate::observe::Metered::with_capacity), an observer or a rate limit watches.
    pub fn capacity_units(&self) -> Option<f64> {
        self.units
    }
}

impl fmt::Display for SentRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The names of the tables in a request, each once: of a batch in their own order, of a transaction in the order of its
/// actions.
pub(super) fn tables(body: &Value) -> Vec<String> {
    let of = |body: &Value| body.get("TableName").and_then(Value::as_str).map(str::to_owned);
    let of_batch = batch_tables(body).into_iter().map(|(table, _)| table.clone());
    let mut names: Vec<String> =
        of(body).into_iter().chain(of_batch).chain(actions(body).filter_map(|(_, body)| of(body))).collect();
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// The tables of a batch, by their names, which a request has in any order.
fn batch_tables(body: &Value) -> Vec<(&String, &Value)> {
    let tables = body.get("RequestItems").and_then(Value::as_object);
    let mut tables: Vec<_> = tables.into_iter().flatten().collect();
    tables.sort_unstable_by_key(|(table, _)| *table);
    tables
}

/// The actions of a transaction, each with its name.
fn actions(body: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let actions = body.get("TransactItems").and_then(Value::as_array);
    actions.into_iter().flatten().filter_map(|action| action.as_object()?.iter().next())
}

/// The line of a request, or of an action in one.
struct Line<'b> {
    body: &'b Value,
    with_values: bool,
}

impl Line<'_> {
    fn of(&self, operation: &str) -> String {
        let mut line = operation.to_owned();
        let tables: Vec<String> =
            batch_tables(self.body).into_iter().map(|(table, of)| self.batch(table, of)).collect();
        if !tables.is_empty() {
            line = format!("{line} {}", tables.join(", "));
        }
        let actions: Vec<String> =
            actions(self.body).map(|(name, body)| Line { body, with_values: self.with_values }.of(name)).collect();
        if !actions.is_empty() {
            line = format!("{line}: {}", actions.join("; "));
        }
        self.single(&mut line);
        line
    }

    /// What a request of one table asks for.
    fn single(&self, line: &mut String) {
        let text = |name| self.body.get(name).and_then(Value::as_str);
        let mut add = |word: &str, text: Option<String>| {
            if let Some(text) = text {
                line.extend([" ", word, if word.is_empty() { "" } else { " " }, &text]);
            }
        };
        let expression = |name| text(name).map(|text| self.expression(text));
        add("", text("TableName").map(str::to_owned));
        add("index", text("IndexName").map(str::to_owned));
        if self.with_values {
            let shown = |name| self.body.get(name).map(shown);
            add("key", shown("Key"));
            add("item", shown("Item"));
        }
        add("where", expression("KeyConditionExpression"));
        add("filter", expression("FilterExpression"));
        add("", expression("UpdateExpression"));
        add("if", expression("ConditionExpression"));
        add("select", expression("ProjectionExpression"));
        add("limit", self.body.get("Limit").map(Value::to_string));
        let is = |name, value| (self.body.get(name).and_then(Value::as_bool) == Some(value)).then(String::new);
        for (word, flag) in [("descending", is("ScanIndexForward", false)), ("consistent", is("ConsistentRead", true))]
        {
            add("", flag.map(|_| word.to_owned()));
        }
    }

    /// What a batch asks for in one table: `users (2 puts, 1 delete)`.
    fn batch(&self, table: &str, of: &Value) -> String {
        let writes = of.as_array();
        let count = |name| {
            let of_name = |write: &&Value| write.get(name).is_some();
            writes.map_or(0, |writes| writes.iter().filter(of_name).count())
        };
        let keys = of.get("Keys").and_then(Value::as_array).map_or(0, Vec::len);
        let parts = [("put", count("PutRequest")), ("delete", count("DeleteRequest")), ("key", keys)];
        let parts = parts.into_iter().filter(|(_, count)| *count > 0);
        let parts: Vec<String> =
            parts.map(|(word, count)| format!("{count} {word}{}", if count == 1 { "" } else { "s" })).collect();
        let values = if self.with_values { format!(" {}", shown(of)) } else { String::new() };
        format!("{table} ({}){values}", parts.join(", "))
    }

    /// An expression with the names of attributes in place of placeholders, and `?` in place of values.
    fn expression(&self, text: &str) -> String {
        let mut written = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['#', ':']) {
            let (before, from) = rest.split_at(at);
            written.push_str(before);
            let is_part = |c: char| c.is_alphanumeric() || c == '_';
            let end = from.char_indices().skip(1).find(|(_, c)| !is_part(*c)).map_or(from.len(), |(at, _)| at);
            let (placeholder, after) = from.split_at(end);
            written.push_str(&self.placeholder(placeholder));
            rest = after;
        }
        written.push_str(rest);
        written
    }

    fn placeholder(&self, placeholder: &str) -> String {
        let find = |map: &str| self.body.get(map).and_then(|map| map.get(placeholder));
        if let Some(name) = find("ExpressionAttributeNames").and_then(Value::as_str) {
            return name.to_owned();
        }
        match find("ExpressionAttributeValues") {
            Some(value) if self.with_values => shown(value),
            Some(_) => "?".to_owned(),
            None => placeholder.to_owned(),
        }
    }
}

/// Attribute values without the names of their types: `{user_id: "u1", age: 4}`.
fn shown(value: &Value) -> String {
    match value {
        Value::Object(fields) => match typed(fields) {
            Some(text) => text,
            None => map(fields),
        },
        Value::Array(elements) => list(elements),
        other => other.to_string(),
    }
}

/// The value, if it is an attribute value: a map of one type.
fn typed(fields: &Map<String, Value>) -> Option<String> {
    let (name, value) = fields.iter().next().filter(|_| fields.len() == 1)?;
    Some(match (name.as_str(), value) {
        ("S", Value::String(_)) => value.to_string(),
        ("N", Value::String(number)) => number.clone(),
        ("B", Value::String(base64)) => format!("bytes {base64}"),
        ("BOOL", Value::Bool(value)) => value.to_string(),
        ("NULL", Value::Bool(_)) => "null".to_owned(),
        ("M", Value::Object(fields)) => map(fields),
        ("L" | "SS" | "NS" | "BS", Value::Array(elements)) => list(elements),
        _ => return None,
    })
}

/// A map in the order of its names, since the SDK has none.
fn map(fields: &Map<String, Value>) -> String {
    let fields: BTreeMap<&String, &Value> = fields.iter().collect();
    let mut text = String::from("{");
    for (at, (name, value)) in fields.into_iter().enumerate() {
        let _ = write!(text, "{}{name}: {}", if at == 0 { "" } else { ", " }, shown(value));
    }
    text + "}"
}

fn list(elements: &[Value]) -> String {
    format!("[{}]", elements.iter().map(shown).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::SentRequest;
    use serde_json::json;

    #[test]
    fn a_request_is_a_line() {
        let body = json!({
            "TableName": "users",
            "IndexName": "by_team",
            "KeyConditionExpression": "#n0 = :v0 AND begins_with(#n1, :v1)",
            "FilterExpression": "NOT #n2 > :v2",
            "ExpressionAttributeNames": { "#n0": "team", "#n1": "name", "#n2": "age" },
            "ExpressionAttributeValues": { ":v0": { "S": "a \"b\"" }, ":v1": { "S": "x" }, ":v2": { "N": "4" } },
            "ScanIndexForward": false,
            "Limit": 20,
        });
        let line = |with_values| SentRequest::new("Query".to_owned(), &body, with_values).to_string();
        assert_eq!(
            line(false),
            "Query users index by_team where team = ? AND begins_with(name, ?) filter NOT age > ? limit 20 descending"
        );
        assert!(line(true).contains(r#"where team = "a \"b\"" AND begins_with(name, "x") filter NOT age > 4 limit"#));
    }

    #[test]
    fn batches_and_transactions_are_lines_too() {
        let put = json!({ "PutRequest": { "Item": { "id": { "S": "a" }, "tags": { "SS": ["x", "y"] } } } });
        let delete = json!({ "DeleteRequest": { "Key": { "id": { "S": "b" } } } });
        let batch = json!({ "RequestItems": { "users": [put, put, delete], "orders": [delete] } });
        let line = |name: &str, body| SentRequest::new(name.to_owned(), body, false);
        let sent = line("BatchWriteItem", &batch);
        assert_eq!(sent.tables(), ["orders", "users"]);
        assert_eq!(sent.to_string(), "BatchWriteItem orders (1 delete), users (2 puts, 1 delete)");

        let transaction = json!({ "TransactItems": [
            { "Put": { "TableName": "users", "Item": {} } },
            { "Update": {
                "TableName": "users",
                "UpdateExpression": "ADD #n0 :v0",
                "ConditionExpression": "attribute_exists(#n1)",
                "ExpressionAttributeNames": { "#n0": "age", "#n1": "id" },
                "ExpressionAttributeValues": { ":v0": { "N": "1" } },
            } },
        ] });
        let sent = line("TransactWriteItems", &transaction);
        assert_eq!(sent.to_string(), "TransactWriteItems: Put users; Update users ADD age ? if attribute_exists(id)");
    }
}
