//! Bodies of requests.

use super::problem::Problem;
use crate::Input;
use crate::ground::{Path, Segment, Violations};
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_path_to_error as located;
use std::error::Error as _;
use std::fmt;
use std::marker::PhantomData;

/// The JSON of a request's body, as what it becomes when it is valid: [`Input::Valid`].
///
/// A model is itself, a `create` input becomes the model, and a `patch` input becomes an update:
///
/// ```ignore
/// async fn change(
///     State(db): State<Client>,
///     Path(user_id): Path<String>,
///     Valid(patch): Valid<UserPatch>,
/// ) -> Result<Json<User>, Error> {
///     Ok(Json(User::update_by_key(&db, user_id, patch).await?))
/// }
/// ```
///
/// # Errors
///
/// [`InvalidInput`], a response with one of these statuses: 422 with all violations, or with the place in the body whose
/// value is missing or has the wrong type; 400 if the body is no JSON; 413 if it is too large; 415 without a content type of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Valid<I: Input>(pub I::Valid);

/// Why [`Valid`] refuses a request.
#[derive(Debug)]
#[non_exhaustive]
pub enum InvalidInput {
    /// The body is not the JSON of the input.
    Json(JsonRejection),
    /// Its values break constraints.
    Violations(Violations),
}

/// A value that is read from a JSON object only: derived code reads a struct also from an array.
struct Object<I>(I);

impl<'de, I: Deserialize<'de>> Deserialize<'de> for Object<I> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<I>(PhantomData<I>);

impl<'de, I: Deserialize<'de>> Visitor<'de> for ObjectVisitor<I> {
    type Value = Object<I>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<I>, A::Error> {
        I::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

impl<I: Input + DeserializeOwned, S: Send + Sync> FromRequest<S> for Valid<I> {
    type Rejection = InvalidInput;

    async fn from_request(request: Request, state: &S) -> Result<Self, InvalidInput> {
        let body = Json::<Object<I>>::from_request(request, state).await;
        let Json(Object(input)) = body.map_err(InvalidInput::Json)?;
        input.into_valid().map(Self).map_err(InvalidInput::Violations)
    }
}

impl IntoResponse for InvalidInput {
    fn into_response(self) -> Response {
        match self {
            Self::Violations(violations) => violations.into_response(),
            Self::Json(rejection) if rejection.status() == StatusCode::UNPROCESSABLE_ENTITY => {
                match misplaced(&rejection) {
                    Some(violations) => violations.into_response(),
                    None => Problem::new(rejection.status()).detail(rejection.body_text()).into_response(),
                }
            }
            Self::Json(rejection) => Problem::new(rejection.status()).detail(rejection.body_text()).into_response(),
        }
    }
}

/// The place in the body whose value is missing or has the wrong type, as a violation.
fn misplaced(rejection: &JsonRejection) -> Option<Violations> {
    let mut source = rejection.source()?;
    let error = loop {
        match source.downcast_ref::<located::Error<serde_json::Error>>() {
            Some(error) => break error,
            None => source = source.source()?,
        }
    };
    let text = error.inner().to_string();
    let missing = missing_field(&text);
    let mut path = missing.map(Path::from).unwrap_or_default();
    for segment in error.path().iter().rev() {
        match segment {
            located::Segment::Seq { index } => path.push_outer(Segment::Index(*index)),
            located::Segment::Map { key } => path.push_outer(key.as_str().into()),
            // A variant is no step in the JSON of a union, whose tag is among its fields.
            located::Segment::Enum { .. } | located::Segment::Unknown => {}
        }
    }
    let (code, message) =
        missing.map_or_else(|| ("json", expectation(&text)), |_| ("required", "it is missing".into()));
    let mut violations = Violations::new("");
    violations.add(code, message, Vec::new());
    Some(violations.inside(&path, &path))
}

/// The name of the field that an object lacks, if that is serde's error.
fn missing_field(text: &str) -> Option<&str> {
    text.strip_prefix("missing field `")?.split('`').next()
}

/// What serde's error says that it expected. The rest of its text has the value, which may be sensitive, and the names of
/// Rust types.
fn expectation(text: &str) -> String {
    let text = text.split(" at line ").next().unwrap_or(text);
    match text.split_once(", expected ") {
        Some((_, what)) if what.contains("struct ") || what.contains("enum ") => "expected an object".to_owned(),
        Some((_, what)) => format!("expected {what}"),
        None => text.to_owned(),
    }
}
