//! Batches that leave items unprocessed, and short pages.

use super::Random;
use super::protocol::{body, bytes, response, with_body, with_bytes};
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use serde_json::{Map, Value, json};

/// The request of a query or a scan with a limit of one to three items.
pub(super) fn with_short_page(request: HttpRequest, random: &mut Random) -> HttpRequest {
    let mut body = body(&request);
    let most = 1 + random.below(3);
    let limit = body.get("Limit").and_then(Value::as_u64).map_or(most, |limit| limit.min(most));
    let Some(fields) = body.as_object_mut() else { return request };
    fields.insert("Limit".to_owned(), limit.into());
    with_body(request, &body)
}

/// Sends a part of a batch, and returns the rest as unprocessed.
pub(super) async fn send(
    request: HttpRequest,
    next: &SharedHttpConnector,
    random: &mut Random,
) -> Result<HttpResponse, ConnectorError> {
    let mut body = body(&request);
    let Some(tables) = body.get("RequestItems").and_then(Value::as_object).cloned() else {
        return next.call(request).await;
    };
    let is_read = tables.values().any(Value::is_object);
    let (mut sent, mut left) = (Map::new(), Map::new());
    for (table, of) in tables {
        let (done, rest): (Vec<Value>, Vec<Value>) = entries(&of).into_iter().partition(|_| random.chance(500));
        for (part, entries) in [(&mut sent, done), (&mut left, rest)] {
            if !entries.is_empty() {
                part.insert(table.clone(), with_entries(&of, entries));
            }
        }
    }
    let name = if is_read { "UnprocessedKeys" } else { "UnprocessedItems" };
    if sent.is_empty() {
        let nothing = if is_read { json!({ "Responses": {}, name: left }) } else { json!({ name: left }) };
        return response(200, nothing.to_string().into_bytes());
    }
    if let Some(fields) = body.as_object_mut() {
        fields.insert("RequestItems".to_owned(), sent.into());
    }
    let mut done = next.call(with_body(request, &body)).await?;
    let of_done = bytes(&mut done).await?;
    match serde_json::from_slice(&of_done) {
        Ok(Value::Object(mut fields)) if done.status().is_success() => {
            let unprocessed = fields.entry(name).or_insert_with(|| json!({}));
            merge(unprocessed, left);
            Ok(with_bytes(done, Value::Object(fields).to_string().into_bytes()))
        }
        _ => Ok(done),
    }
}

/// The entries of a batch for one table: the writes, or the keys to read.
fn entries(of: &Value) -> Vec<Value> {
    of.get("Keys").unwrap_or(of).as_array().cloned().unwrap_or_default()
}

/// The same request for one table with other entries.
fn with_entries(of: &Value, entries: Vec<Value>) -> Value {
    match of {
        Value::Object(fields) => {
            let mut fields = fields.clone();
            fields.insert("Keys".to_owned(), entries.into());
            fields.into()
        }
        _ => entries.into(),
    }
}

/// Adds to what an engine has left itself.
fn merge(unprocessed: &mut Value, left: Map<String, Value>) {
    let Some(tables) = unprocessed.as_object_mut() else { return };
    for (table, of) in left {
        let own = tables.get(&table).map(entries).unwrap_or_default();
        let all = own.into_iter().chain(entries(&of)).collect();
        tables.insert(table, with_entries(&of, all));
    }
}
