//! DynamoDB's error responses.

use super::value::Item;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// An error of DynamoDB.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The code, such as `ValidationException`.
    pub code: &'static str,
    message: String,
    /// Whether one action of a transaction with this error makes DynamoDB refuse the whole request.
    pub is_of_request: bool,
    /// The item whose condition has failed, if the request wants it.
    item: Option<Arc<Item>>,
    /// The reason for each action of a canceled transaction.
    reasons: Vec<Reason>,
}

/// The reason why an action cancels its transaction.
#[derive(Debug, Clone, Default)]
pub struct Reason {
    /// The code; `None` if the action does not cancel the transaction.
    pub code: Option<&'static str>,
    /// The item whose condition has failed, if the request wants it.
    pub item: Option<Arc<Item>>,
}

/// The result of a request.
pub type Answer<T> = Result<T, Failure>;

impl Failure {
    /// An error with a code and a message.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), is_of_request: false, item: None, reasons: Vec::new() }
    }

    /// The error of an invalid request.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    /// The error of an empty key. It makes DynamoDB refuse a whole transaction.
    pub fn empty_key(name: &str) -> Self {
        let why =
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an";
        Self { is_of_request: true, ..Self::invalid(format!("{why} empty string value. Key: {name}")) }
    }

    /// The error of a condition that does not hold.
    pub fn condition(item: Option<Arc<Item>>) -> Self {
        Self { item, ..Self::new("ConditionalCheckFailedException", "The conditional request failed") }
    }

    /// The error of a missing table.
    pub fn no_table() -> Self {
        Self::new("ResourceNotFoundException", "Requested resource not found")
    }

    /// The error of a canceled transaction.
    pub fn canceled(reasons: Vec<Reason>) -> Self {
        let codes: Vec<&str> = reasons.iter().map(|reason| reason.code.unwrap_or("None")).collect();
        let message = format!(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
            codes.join(", ")
        );
        Self { reasons, ..Self::new("TransactionCanceledException", message) }
    }

    /// The code for each action of a canceled transaction.
    pub fn reason_codes(&self) -> Vec<Option<&'static str>> {
        self.reasons.iter().map(|reason| reason.code).collect()
    }

    /// The item whose condition has failed, if the request wants it.
    pub fn item(&self) -> Option<&Arc<Item>> {
        self.item.as_ref()
    }

    /// The status and the body of the response.
    pub fn answer(&self) -> (u16, Json) {
        let status = match self.code {
            "InternalServerError" => 500,
            "ServiceUnavailable" => 503,
            _ => 400,
        };
        let mut body = json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{}", self.code) });
        body["message"] = Json::from(self.message.clone());
        if let Some(item) = &self.item {
            body["Item"] = json!(**item);
        }
        if !self.reasons.is_empty() {
            let reasons = self.reasons.iter().map(|reason| {
                let mut body = json!({ "Code": reason.code.unwrap_or("None") });
                if let Some(item) = &reason.item {
                    body["Item"] = json!(**item);
                }
                body
            });
            body["CancellationReasons"] = reasons.collect();
        }
        (status, body)
    }
}
