//! The consumed capacity in responses: one unit for each request.

use serde_json::{Value as Json, json};

/// Adds the consumed capacity to a response, if the request asks for it.
pub fn with_capacity(operation: &str, request: &[u8], mut response: Vec<u8>) -> Vec<u8> {
    let name = b"\"ReturnConsumedCapacity\"";
    if !request.windows(name.len()).any(|part| part == name) || !response.ends_with(b"}") {
        return response;
    }
    response.pop();
    let request: Json = serde_json::from_slice(request).unwrap_or_default();
    let capacity = json!({ "TableName": table(&request), "CapacityUnits": 1 });
    let is_of_many = operation.starts_with("Batch") || operation.starts_with("Transact");
    let capacity = if is_of_many { json!([capacity]) } else { capacity };
    let comma = if response.len() > 1 { "," } else { "" };
    response.extend(format!("{comma}\"ConsumedCapacity\":{capacity}}}").into_bytes());
    response
}

/// The first table of a request.
fn table(request: &Json) -> Option<&str> {
    // The SDK sends the tables of a batch in any order.
    let first_of_batch = || request.get("RequestItems")?.as_object()?.keys().min().map(String::as_str);
    let first_of_transaction = || {
        let actions = request.get("TransactItems")?.get(0)?.as_object()?;
        actions.values().next()?.get("TableName")?.as_str()
    };
    request.get("TableName").and_then(Json::as_str).or_else(first_of_batch).or_else(first_of_transaction)
}
