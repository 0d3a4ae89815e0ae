//! Errors as responses.

use crate::ground::{Violations, WriteErrorKind};
use crate::ops::Error;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// The body of a response, of RFC 9457 ("Problem Details for HTTP APIs").
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    violations: Option<Violations>,
}

impl Problem {
    pub(super) fn new(status: StatusCode) -> Self {
        let title = status.canonical_reason().unwrap_or_default();
        Self { title, status: status.as_u16(), detail: None, violations: None }
    }

    pub(super) fn detail(self, text: impl Into<String>) -> Self {
        Self { detail: Some(text.into()), ..self }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let media_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        response
    }
}

/// The response 422 with all violations.
impl IntoResponse for Violations {
    fn into_response(self) -> Response {
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY);
        Problem { violations: Some(self), ..problem }.into_response()
    }
}

/// The response of the table in [`dyntastic::axum`](crate::axum).
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = status(&self);
        if status.is_server_error() {
            tracing::error!(error = %self, "a request failed");
        }
        match self {
            Error::Invalid(violations) => violations.into_response(),
            Error::OutOfBounds(violations) => violations.into_response(),
            Error::NotUnique { violations, .. } | Error::IncompletePatch { violations, .. } => {
                let problem = Problem::new(status);
                Problem { violations: Some(*violations), ..problem }.into_response()
            }
            error => {
                let problem = Problem::new(status);
                Problem { detail: detail(&error), ..problem }.into_response()
            }
        }
    }
}

fn status(error: &Error) -> StatusCode {
    match error {
        Error::Cursor => StatusCode::BAD_REQUEST,
        Error::MaybeApplied(_) => StatusCode::SERVICE_UNAVAILABLE,
        // The item or its attributes are at fault, or the code.
        Error::Unread(_) => StatusCode::INTERNAL_SERVER_ERROR,
        error if error.is_bad_request() => StatusCode::UNPROCESSABLE_ENTITY,
        error if error.is_missing_table() => StatusCode::INTERNAL_SERVER_ERROR,
        error if error.is_not_found() => StatusCode::NOT_FOUND,
        error if error.is_throttled() => StatusCode::TOO_MANY_REQUESTS,
        error if error.is_conflict() => StatusCode::CONFLICT,
        error if error.is_retryable() => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What a client may know of an error. The texts of errors name tables, and DynamoDB's own texts may name anything.
fn detail(error: &Error) -> Option<String> {
    let text = match error {
        Error::Cursor => "the cursor is of another list, or was changed: begin with the first page",
        Error::AlreadyExists(_) => "it exists already",
        Error::VersionConflict { .. } | Error::CounterConflict { .. } | Error::StaleIndexKey { .. } => {
            "another writer has changed it since it was read: read it again"
        }
        Error::MaybeApplied(_) => "the write may have been applied: read before writing again",
        Error::Write(error) if matches!(error.kind(), WriteErrorKind::TooLarge { .. }) => {
            "it is too large to be stored"
        }
        Error::Write(error) => return Some(error.kind().to_string()),
        _ => return None,
    };
    Some(text.to_owned())
}
