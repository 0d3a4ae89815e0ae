//! Requests that are not sent because DynamoDB would refuse them.

use std::fmt;

/// A request that DynamoDB would refuse, or that the SDK does not build. It was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRequest {
    operation: &'static str,
    reason: String,
}

impl InvalidRequest {
    pub(super) fn new(operation: &'static str, reason: impl fmt::Display) -> Self {
        Self { operation, reason: reason.to_string() }
    }

    /// The operation of DynamoDB's API, such as `TransactWriteItems`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Why the request is not valid, without values.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.reason)
    }
}

impl std::error::Error for InvalidRequest {}
