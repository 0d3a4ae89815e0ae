//! The user who sends a request.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use dyntastic::ulid::Ulid;

/// The user's id. A gateway in front of the service has authenticated the user, and sends the id in `x-user-id`.
pub struct Actor(pub Ulid);

impl<S: Sync> FromRequestParts<S> for Actor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let id = parts.headers.get("x-user-id").and_then(|id| id.to_str().ok());
        id.and_then(|id| id.parse().ok()).map(Self).ok_or(StatusCode::UNAUTHORIZED)
    }
}
