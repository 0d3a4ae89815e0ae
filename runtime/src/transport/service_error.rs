//! Errors of the SDK with their operation, model and table.

use crate::observe::Throttling;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::RequestId;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use std::fmt;

/// An error of the SDK, with the operation, the model and the table.
///
/// Its `Display` and `Debug` hold no items and no keys. The SDK's own error, its
/// [`source`](std::error::Error::source), may hold them.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # use dyntastic::Error;
/// # async fn example(db: Client, alice: User) -> dyntastic::Result<()> {
/// if let Err(Error::Service(error)) = alice.save(&db).await {
///     eprintln!("{} failed with {:?}, request {:?}", error.operation(), error.code(), error.request_id());
/// }
/// # Ok(())
/// # }
/// ```
pub struct ServiceError {
    operation: &'static str,
    model: &'static str,
    table: String,
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
    /// The outcome of the request, if the response has no code.
    outcome: &'static str,
    pub(crate) retryable: bool,
    throttling: Vec<Throttling>,
    source: Box<dyn std::error::Error + Send + Sync>,
}

/// The codes of errors that pass ("Error handling with DynamoDB").
const PASSING: [&str; 7] = [
    "InternalServerError",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionInProgressException",
];

/// The message of a search that is refused because its index is being built. Its code is that of any other refusal.
const BUILDING: &str = "Cannot search backfilling vector index";

impl ServiceError {
    pub(crate) fn new<E>(
        operation: &'static str,
        model: &'static str,
        table: &str,
        source: SdkError<E, HttpResponse>,
    ) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let (outcome, passing) = outcome(&source);
        let code = source.code().map(str::to_owned);
        Self {
            operation,
            model,
            table: table.to_owned(),
            retryable: passing
                || code.as_deref().is_some_and(|code| PASSING.contains(&code))
                || source.message().is_some_and(|message| message.starts_with(BUILDING)),
            code,
            message: source.message().map(str::to_owned),
            request_id: source.request_id().map(str::to_owned),
            outcome,
            throttling: Throttling::all_of(&source).unwrap_or_default(),
            source: Box::new(source),
        }
    }

    /// DynamoDB's operation, such as `PutItem`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The model of the operation.
    pub fn model(&self) -> &'static str {
        self.model
    }

    /// The table's name in DynamoDB.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The code of DynamoDB's error; `None` without a response.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The message of DynamoDB's error.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The id of the request, which AWS support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Why DynamoDB throttled the last attempt: the tables or indexes, and their limits.
    pub fn throttling(&self) -> &[Throttling] {
        &self.throttling
    }

    /// The SDK's own error, where `E` is the error type of the operation: `as_sdk::<PutItemError>()`.
    pub fn as_sdk<E: std::error::Error + 'static>(&self) -> Option<&SdkError<E, HttpResponse>> {
        self.source.downcast_ref()
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} on the table {}: ", self.operation, self.model, self.table)?;
        match (&self.code, &self.message) {
            (Some(code), Some(message)) => write!(f, "{code}: {message}"),
            (Some(code), None) => f.write_str(code),
            (None, _) => f.write_str(self.outcome),
        }?;
        self.throttling.iter().try_for_each(|throttling| write!(f, "; {throttling}"))
    }
}

impl fmt::Debug for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceError")
            .field("operation", &self.operation)
            .field("model", &self.model)
            .field("table", &self.table)
            .field("code", &self.code)
            .field("message", &self.message)
            .field("request_id", &self.request_id)
            .field("outcome", &self.outcome)
            .field("throttling", &self.throttling)
            .finish_non_exhaustive()
    }
}

/// The outcome of a request, and whether a retry may succeed. The SDK's own texts may quote the request.
fn outcome<E>(error: &SdkError<E, HttpResponse>) -> (&'static str, bool) {
    match error {
        SdkError::ConstructionFailure(_) => ("the request could not be made", false),
        SdkError::TimeoutError(_) => ("DynamoDB did not respond in time", true),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => ("DynamoDB did not respond in time", true),
        SdkError::DispatchFailure(failure) if failure.is_io() => ("DynamoDB could not be reached", true),
        SdkError::DispatchFailure(_) => (
            "the request could not be sent: check the credentials and the host (details are in the error's source)",
            false,
        ),
        SdkError::ResponseError(_) => ("the response cannot be read (details are in the error's source)", true),
        SdkError::ServiceError(answer) if answer.raw().status().is_server_error() => ("DynamoDB failed", true),
        SdkError::ServiceError(answer) if answer.raw().status().is_success() => {
            ("the response cannot be read (details are in the error's source)", true)
        }
        _ => ("DynamoDB refused the request (details are in the error's source)", false),
    }
}

impl std::error::Error for ServiceError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.source.as_ref())
    }
}
