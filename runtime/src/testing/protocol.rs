//! Requests and responses of DynamoDB's protocol, as the layers see them.

use super::Random;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::{Map, Value, json};

/// The reasons that pass for which a transaction is canceled.
const PASSING: [&str; 3] = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

/// The name of a request's operation, such as `PutItem`.
pub(super) fn operation(request: &HttpRequest) -> String {
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    target.rsplit('.').next().unwrap_or_default().to_owned()
}

/// The body of a request.
pub(super) fn body(request: &HttpRequest) -> Value {
    request.body().bytes().and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default()
}

/// The request with another body. Its signature is no longer right, which engines for tests do not look at.
pub(super) fn with_body(mut request: HttpRequest, body: &Value) -> HttpRequest {
    let text = body.to_string();
    request.headers_mut().insert("content-length", text.len().to_string());
    *request.body_mut() = SdkBody::from(text);
    request
}

/// The bytes of a response, which stay in it.
pub(super) async fn bytes(response: &mut HttpResponse) -> Result<Vec<u8>, ConnectorError> {
    let body = response.take_body();
    let collected = ByteStream::new(body).collect().await.map_err(|error| ConnectorError::io(error.into()))?;
    let bytes = collected.into_bytes();
    *response.body_mut() = SdkBody::from(bytes.clone());
    Ok(bytes.to_vec())
}

/// The response with another body.
pub(super) fn with_bytes(mut response: HttpResponse, bytes: Vec<u8>) -> HttpResponse {
    response.headers_mut().remove("x-amz-crc32");
    response.headers_mut().remove("content-length");
    *response.body_mut() = SdkBody::from(bytes);
    response
}

/// A connection that broke.
pub(super) fn broken() -> ConnectorError {
    ConnectorError::io("the connection broke".into())
}

/// A new response.
pub(super) fn response(status: u16, body: Vec<u8>) -> Result<HttpResponse, ConnectorError> {
    let status = StatusCode::try_from(status).map_err(|error| ConnectorError::other(error.into(), None))?;
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    Ok(response)
}

/// The response of DynamoDB that is an error.
pub(super) fn error(code: &str) -> Result<HttpResponse, ConnectorError> {
    failure(code, Map::new())
}

fn failure(code: &str, mut fields: Map<String, Value>) -> Result<HttpResponse, ConnectorError> {
    let status = if code == "InternalServerError" { 500 } else { 400 };
    fields.insert("__type".to_owned(), format!("com.amazonaws.dynamodb.v20120810#{code}").into());
    fields.insert("message".to_owned(), "a fault of the test".into());
    response(status, Value::Object(fields).to_string().into_bytes())
}

/// The response of a canceled transaction: one of its actions is the reason.
pub(super) fn canceled(body: &Value, random: &mut Random) -> Result<HttpResponse, ConnectorError> {
    let count = body.get("TransactItems").and_then(Value::as_array).map_or(1, Vec::len);
    let chosen = random.below(count as u64);
    let code = random.choose(&PASSING).copied().unwrap_or_default();
    let reason = |at| match at == chosen {
        true => json!({ "Code": code, "Message": "a fault of the test" }),
        false => json!({ "Code": "None" }),
    };
    let reasons: Vec<Value> = (0..count as u64).map(reason).collect();
    failure("TransactionCanceledException", Map::from_iter([("CancellationReasons".to_owned(), reasons.into())]))
}
