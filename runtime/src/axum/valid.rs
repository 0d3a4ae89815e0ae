//! Bodies of requests.

use super::problem::Problem;
use crate::Input;
use crate::ground::{Path, Segment, Violations};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
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
    /// Its values break constraints, are missing, or have other types.
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
        let (parts, body) = request.into_parts();
        let body = Bytes::from_request(Request::from_parts(parts.clone(), body), state).await;
        let body = body.map_err(|rejection| InvalidInput::Json(rejection.into()))?;
        let request = Request::from_parts(parts, Body::from(body.clone()));
        match Json::<Object<I>>::from_request(request, state).await {
            Ok(Json(Object(input))) => input.into_valid().map(Self).map_err(InvalidInput::Violations),
            Err(rejection) => Err(match misplaced::<I>(&rejection, &body) {
                Some(violations) => InvalidInput::Violations(violations),
                None => InvalidInput::Json(rejection),
            }),
        }
    }
}

impl IntoResponse for InvalidInput {
    fn into_response(self) -> Response {
        match self {
            Self::Violations(violations) => violations.into_response(),
            Self::Json(rejection) => Problem::new(rejection.status()).detail(rejection.body_text()).into_response(),
        }
    }
}

/// The place in the body whose value is missing or has the wrong type, as a violation.
fn misplaced<I: DeserializeOwned>(rejection: &JsonRejection, body: &[u8]) -> Option<Violations> {
    // Another body is no JSON.
    if rejection.status() != StatusCode::UNPROCESSABLE_ENTITY {
        return None;
    }
    let mut source = rejection.source()?;
    let error = loop {
        match source.downcast_ref::<located::Error<serde_json::Error>>() {
            Some(error) => break error,
            None => source = source.source()?,
        }
    };
    let (code, message, place) = match Missing::find(error) {
        None => ("json", expectation(&error.inner().to_string()), path_of(error, None)),
        Some(missing) if missing.is_at_its_place::<I>(body) => {
            ("required", "it is missing".to_owned(), path_of(error, Some(&missing.field)))
        }
        Some(missing) => ("required", format!("`{}` is missing inside", missing.field), path_of(error, None)),
    };
    let mut violations = Violations::new("");
    violations.add(code, message, Vec::new());
    Some(violations.inside(&place, &place))
}

/// A path in the body, and a field of the object there.
fn path_of(error: &located::Error<serde_json::Error>, field: Option<&str>) -> Path {
    let mut path = field.map(Path::from).unwrap_or_default();
    for segment in error.path().iter().rev() {
        match segment {
            located::Segment::Seq { index } => path.push_outer(Segment::Index(*index)),
            located::Segment::Map { key } => path.push_outer(key.as_str().into()),
            // A variant is no step in the JSON of a union, whose tag is among its fields.
            located::Segment::Enum { .. } | located::Segment::Unknown => {}
        }
    }
    path
}

/// A field that an object lacks, by serde's error.
struct Missing<'e> {
    error: &'e located::Error<serde_json::Error>,
    text: String,
    field: String,
}

impl<'e> Missing<'e> {
    fn find(error: &'e located::Error<serde_json::Error>) -> Option<Self> {
        let text = error.inner().to_string();
        let field = text.strip_prefix("missing field `")?.split('`').next()?.to_owned();
        Some(Self { error, text: without_place(&text).to_owned(), field })
    }

    /// Whether the object at the error's path lacks the field. Serde reads a union as a whole before it reads its fields,
    /// so that the object may be further inside. With the field in place, the error is another one.
    fn is_at_its_place<I: DeserializeOwned>(&self, body: &[u8]) -> bool {
        let Ok(mut body) = serde_json::from_slice::<Value>(body) else { return false };
        let place = self.error.path().iter().try_fold(&mut body, |value, segment| match segment {
            located::Segment::Seq { index } => value.get_mut(*index),
            located::Segment::Map { key } => value.get_mut(key),
            located::Segment::Enum { .. } | located::Segment::Unknown => Some(value),
        });
        let Some(Value::Object(object)) = place else { return false };
        if object.contains_key(&self.field) {
            return false;
        }
        object.insert(self.field.clone(), Value::Null);
        match located::deserialize::<_, Object<I>>(body) {
            Ok(_) => true,
            Err(error) => {
                without_place(&error.inner().to_string()) != self.text
                    || error.path().to_string() != self.error.path().to_string()
            }
        }
    }
}

/// What serde's error says that it expected. The rest of its text may have the value, which may be sensitive, and the
/// names of Rust types.
fn expectation(text: &str) -> String {
    let text = without_place(text);
    match text.rsplit_once(", expected ") {
        Some((_, what)) if what.contains("struct ") || what.contains("enum ") => "expected an object".to_owned(),
        Some((_, what)) => format!("expected {what}"),
        // Texts of other libraries quote the value.
        None if text.contains(['"', '`', '\'']) => "expected another value".to_owned(),
        None => text.to_owned(),
    }
}

/// The text of an error without the line and the column.
fn without_place(text: &str) -> &str {
    text.rsplit_once(" at line ").map_or(text, |(text, _)| text)
}
