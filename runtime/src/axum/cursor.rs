//! The cursor of a list.

use super::problem::Problem;
use crate::ground::IntoField;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// The cursor in the query string, `?cursor=…`; `None` on the first page.
///
/// ```ignore
/// async fn list(State(db): State<Client>, cursor: Cursor) -> Result<Json<Page<User>>, Error> {
///     Ok(Json(User::scan(&db).limit(20).cursor(cursor).page().await?))
/// }
/// ```
///
/// A page has the cursors of the pages beside it. A cursor of another list is
/// [`Error::Cursor`](crate::Error::Cursor), the response 400.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Cursor {
    /// The text of the cursor.
    #[serde(rename = "cursor")]
    pub text: Option<String>,
}

impl IntoField<Option<String>> for Cursor {
    fn into_field(self) -> Option<String> {
        self.text
    }
}

impl<S: Sync> FromRequestParts<S> for Cursor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(cursor)) => Ok(cursor),
            Err(rejection) => Err(Problem::new(rejection.status()).detail(rejection.body_text()).into_response()),
        }
    }
}
