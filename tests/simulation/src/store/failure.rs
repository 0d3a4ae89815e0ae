//! What DynamoDB answers when it does not do what it is asked for.

use super::value::Item;
use serde_json::{Value as Json, json};
use std::sync::Arc;

/// An error of DynamoDB's.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The code, such as `ValidationException`.
    pub code: &'static str,
    message: String,
    /// The item that a condition failed on, where it was asked for.
    /// Whether it is of the whole request, also where one of several actions shows it.
    pub is_of_request: bool,
    item: Option<Arc<Item>>,
    /// Why a transaction was canceled: for each action a code, or none, and the item.
    reasons: Vec<Reason>,
}

/// Why an action is in the way of its transaction.
#[derive(Debug, Clone, Default)]
pub struct Reason {
    /// The code; `None` where the action is not in the way.
    pub code: Option<&'static str>,
    /// The item that a condition failed on, where it was asked for.
    pub item: Option<Arc<Item>>,
}

/// What is done, or why it is not.
pub type Answer<T> = Result<T, Failure>;

impl Failure {
    /// An error with a code and a message.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), is_of_request: false, item: None, reasons: Vec::new() }
    }

    /// A request that DynamoDB refuses.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    /// An empty key, for which DynamoDB refuses a whole transaction.
    pub fn empty_key(name: &str) -> Self {
        let why =
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an";
        Self { is_of_request: true, ..Self::invalid(format!("{why} empty string value. Key: {name}")) }
    }

    /// A condition that does not hold.
    pub fn condition(item: Option<Arc<Item>>) -> Self {
        Self { item, ..Self::new("ConditionalCheckFailedException", "The conditional request failed") }
    }

    /// A table that is not there.
    pub fn no_table() -> Self {
        Self::new("ResourceNotFoundException", "Requested resource not found")
    }

    /// A transaction that was canceled.
    pub fn canceled(reasons: Vec<Reason>) -> Self {
        let codes: Vec<&str> = reasons.iter().map(|reason| reason.code.unwrap_or("None")).collect();
        let message = format!(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
            codes.join(", ")
        );
        Self { reasons, ..Self::new("TransactionCanceledException", message) }
    }

    /// The codes of a canceled transaction's actions.
    pub fn reason_codes(&self) -> Vec<Option<&'static str>> {
        self.reasons.iter().map(|reason| reason.code).collect()
    }

    /// The item that a condition failed on, where it was asked for.
    pub fn item(&self) -> Option<&Arc<Item>> {
        self.item.as_ref()
    }

    /// The status and the body of the answer.
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
