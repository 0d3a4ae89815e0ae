//! Models in handlers of axum 0.8: requests that are validated, cursors, and errors as responses.
//!
//! ```
//! use axum::Json;
//! use axum::extract::{Path, State};
//! use axum::http::StatusCode;
//! use dyntastic::Error;
//! use dyntastic::axum::{Cursor, Valid};
//! use dyntastic::ops::Page;
//! use dyntastic::prelude::*;
//! # use dyntastic::{UpdateExpression, Violations, ReadError, codec::*};
//! # #[derive(dyntastic::serde::Serialize)]
//! # #[serde(crate = "dyntastic::serde")]
//! # struct User;
//! # #[derive(dyntastic::serde::Deserialize)]
//! # #[serde(crate = "dyntastic::serde")]
//! # struct CreateUser;
//! # impl dyntastic::Input for CreateUser {
//! #     type Valid = User;
//! #     fn into_valid(self) -> Result<User, Violations> { Ok(User) }
//! # }
//! # impl User {
//! #     async fn insert(&self, db: &Client) -> Result<(), Error> { Ok(()) }
//! #     async fn get(db: &Client, key: String) -> Result<User, Error> { Ok(User) }
//! # }
//!
//! async fn create(
//!     State(db): State<Client>,
//!     Valid(user): Valid<CreateUser>, // 422 with all violations
//! ) -> Result<(StatusCode, Json<User>), Error> {
//!     user.insert(&db).await?; // 409 if the user exists
//!     Ok((StatusCode::CREATED, Json(user)))
//! }
//!
//! async fn read(State(db): State<Client>, Path(user_id): Path<String>) -> Result<Json<User>, Error> {
//!     Ok(Json(User::get(&db, user_id).await?)) // 404 if there is no such user
//! }
//! ```
//!
//! # Responses
//!
//! An [`Error`](crate::Error) is a response with the body of RFC 9457 ("Problem Details for HTTP APIs",
//! `application/problem+json`): `{"title": "Unprocessable Entity", "status": 422, "violations": […]}`. It has neither
//! names of tables nor DynamoDB's own messages. Errors with a status of 500 or above are logged, as events of
//! `tracing`.
//!
//! | status | errors |
//! |---|---|
//! | 400 | a cursor of another list, a body that is no JSON |
//! | 404 | [`Error::NotFound`](crate::Error::NotFound) |
//! | 409 | [`Error::is_conflict`](crate::Error::is_conflict), such as a key or a unique value that exists already |
//! | 422 | [`Violations`](crate::Violations), values that DynamoDB cannot hold, and a patch that does not make a whole struct |
//! | 429 | [`Error::is_throttled`](crate::Error::is_throttled) |
//! | 503 | [`Error::is_retryable`](crate::Error::is_retryable), and [`Error::MaybeApplied`](crate::Error::MaybeApplied) |
//! | 500 | all others |

mod cursor;
mod problem;
mod valid;

pub use cursor::Cursor;
pub use valid::{InvalidInput, Valid};
