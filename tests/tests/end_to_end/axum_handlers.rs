//! A service of axum: what its clients send and get.

use crate::engine::{Engine, db};
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::{Request, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use dyntastic::Result;
use dyntastic::axum::{Cursor, Valid};
use dyntastic::ops::Page;
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Value, json};
use dyntastic_tests::json_names::{Booking, BookingPatch, CreateBooking, Guest};
use dyntastic_tests::nested_patches::{Address, Person, PersonPatch, Shelf, ShelfPatch};
use tower::ServiceExt as _;

async fn create(State(db): State<Client>, Valid(booking): Valid<CreateBooking>) -> Result<(StatusCode, Json<Booking>)> {
    booking.insert(&db).await?;
    Ok((StatusCode::CREATED, Json(booking)))
}

async fn read(State(db): State<Client>, Path(id): Path<String>) -> Result<Json<Booking>> {
    Ok(Json(Booking::get(&db, id).await?))
}

async fn put(State(db): State<Client>, Valid(booking): Valid<Booking>) -> Result<()> {
    booking.save(&db).await
}

async fn change(
    State(db): State<Client>,
    Path(id): Path<String>,
    Valid(patch): Valid<BookingPatch>,
) -> Result<Json<Booking>> {
    Booking::update_by_key(&db, &id, patch).await?;
    Ok(Json(Booking::get(&db, id).await?))
}

async fn list(State(db): State<Client>, cursor: Cursor) -> Result<Json<Page<Booking>>> {
    Ok(Json(Booking::scan(&db).limit(2).cursor(cursor).page().await?))
}

async fn register(State(db): State<Client>, Valid(guest): Valid<Guest>) -> Result<()> {
    guest.insert(&db).await
}

struct Service(Router);

impl Service {
    fn new(db: Client) -> Self {
        let one = get(read).patch(change);
        let router = Router::new().route("/bookings", post(create).get(list).put(put)).route("/bookings/{id}", one);
        let router = router.route("/guests", post(register));
        Self(router.with_state(db))
    }

    /// The response to a request whose body is this text.
    async fn send(&self, method: &str, path: &str, body: impl ToString) -> (StatusCode, Option<String>, Value) {
        let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        self.answer(request.body(Body::from(body.to_string())).unwrap()).await
    }

    async fn answer(&self, request: Request<Body>) -> (StatusCode, Option<String>, Value) {
        let response = self.0.clone().oneshot(request).await.unwrap();
        let media_type = response.headers().get("content-type").map(|of| of.to_str().unwrap().to_owned());
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, media_type, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }
}

fn booking(id: &str) -> Value {
    json!({ "bookingId": id, "guestNames": ["Alice"], "firstPlace": { "postCode": "0150", "doorNumber": 1 } })
}

fn problem(status: u16, title: &str, more: Value) -> Value {
    let mut all = json!({ "title": title, "status": status });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

#[tokio::test]
async fn handlers_need_no_code_for_bad_requests() {
    let service = Service::new(db().await);
    let (status, media_type, body) = service.send("POST", "/bookings", booking("b1")).await;
    assert_eq!((status, media_type.as_deref()), (StatusCode::CREATED, Some("application/json")));
    assert_eq!((&body["bookingId"], &body["nightsLeft"]), (&json!("b1"), &json!(1)));

    let (status, media_type, body) = service.send("POST", "/bookings", booking("b1")).await;
    assert_eq!((status, media_type.as_deref()), (StatusCode::CONFLICT, Some("application/problem+json")));
    assert_eq!(body, problem(409, "Conflict", json!({ "detail": "it exists already" })));

    let (status, _, body) = service.send("GET", "/bookings/b2", "").await;
    assert_eq!((status, body), (StatusCode::NOT_FOUND, problem(404, "Not Found", json!({}))));

    let mut bad = booking("b2");
    bad["firstPlace"]["postCode"] = json!("1");
    bad["nightsLeft"] = json!(31);
    let violations = json!({ "violations": [
        { "path": "nightsLeft", "code": "maximum", "message": "at most 30", "parameters": { "maximum": "30" } },
        { "path": "firstPlace.postCode", "code": "min_length", "message": "at least 4 characters, this has 1",
          "parameters": { "minimum": "4" } },
    ] });
    let refused = (StatusCode::UNPROCESSABLE_ENTITY, problem(422, "Unprocessable Entity", violations));
    for (method, path) in [("POST", "/bookings"), ("PUT", "/bookings"), ("PATCH", "/bookings/b1")] {
        let (status, _, body) = service.send(method, path, &bad).await;
        assert_eq!((status, body), refused, "{method}");
    }

    // A value of another type is found by its place too.
    bad["firstPlace"]["doorNumber"] = json!("one");
    let (status, _, body) = service.send("POST", "/bookings", &bad).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        (&body["violations"][0]["path"], &body["violations"][0]["code"]),
        (&json!("firstPlace.doorNumber"), &json!("json"))
    );

    assert_eq!(body["violations"][0]["message"], json!("expected u16"), "without the value");
    let (_, _, body) = service.send("POST", "/bookings", "7").await;
    let violations = json!([{ "path": "", "code": "json", "message": "expected an object", "parameters": {} }]);
    assert_eq!(body["violations"], violations);
    // Serde would take an empty array for a patch that changes nothing.
    let (_, _, body) = service.send("PATCH", "/bookings/b1", "[]").await;
    assert_eq!(body["violations"], violations);
    let mut without = booking("b2");
    without["firstPlace"].as_object_mut().unwrap().remove("doorNumber");
    let (_, _, body) = service.send("POST", "/bookings", without).await;
    let violations =
        json!([{ "path": "firstPlace.doorNumber", "code": "required", "message": "it is missing", "parameters": {} }]);
    assert_eq!(body["violations"], violations);
    let mut long = booking("b3");
    long["guestNames"] = json!(["x".repeat(500_000)]);
    let (status, _, body) = service.send("POST", "/bookings", long).await;
    let detail = json!({ "detail": "it is too large to be stored" });
    assert_eq!((status, body), (StatusCode::UNPROCESSABLE_ENTITY, problem(422, "Unprocessable Entity", detail)));

    let (status, media_type, body) = service.send("POST", "/bookings", "{").await;
    assert_eq!((status, media_type.as_deref()), (StatusCode::BAD_REQUEST, Some("application/problem+json")));
    assert!(body["detail"].as_str().unwrap().contains("JSON"), "{body}");
    let untyped = Request::post("/bookings").body(Body::from(booking("b2").to_string())).unwrap();
    assert_eq!(service.answer(untyped).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(service.send("GET", "/bookings/b2", "").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_patch_is_an_update_and_an_empty_one_changes_nothing() {
    let service = Service::new(db().await);
    let (_, _, before) = service.send("POST", "/bookings", booking("b1")).await;
    let (status, _, body) = service.send("PATCH", "/bookings/b1", "{}").await;
    assert_eq!((status, &body), (StatusCode::OK, &before));
    let (status, _, body) =
        service.send("PATCH", "/bookings/b1", r#"{ "nightsLeft": 7, "startsOn": "2026-11-02" }"#).await;
    assert_eq!((status, &body["nightsLeft"], &body["startsOn"]), (StatusCode::OK, &json!(7), &json!("2026-11-02")));
    let (status, _, body) = service.send("PATCH", "/bookings/b1", r#"{ "nightsLeft": null, "startsOn": null }"#).await;
    assert_eq!((status, &body), (StatusCode::OK, &before));
}

#[tokio::test]
async fn a_patch_that_makes_no_whole_struct_is_a_bad_request() {
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    let home = Address::builder().street("Elm 1").city("Voss").build().unwrap();
    let mut person = Person::builder().person_id("p1").handle("ada").home(home).build().unwrap();
    person.insert(&db).await.unwrap();
    let incomplete: PersonPatch = serde_json::from_value(json!({ "work": { "city": "Oslo" } })).unwrap();
    let response = person.update(&db, incomplete).await.unwrap_err().into_response();
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let violation =
        |path| json!([{ "path": path, "code": "required", "message": "it has no value", "parameters": {} }]);
    let violations = |path| problem(422, "Unprocessable Entity", json!({ "violations": violation(path) }));
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), violations("work.street"));

    // The path is that of the JSON, also where its names are others.
    Shelf::builder().id("s1").build().unwrap().save(&db).await.unwrap();
    let incomplete: ShelfPatch =
        serde_json::from_value(json!({ "nextStay": { "startsAt": "2026-11-02T10:00:00Z" } })).unwrap();
    let response = Shelf::update_by_key(&db, "s1", incomplete).await.unwrap_err().into_response();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), violations("nextStay.endsAt"));
}

#[tokio::test]
async fn pages_follow_each_other_by_the_query_string() {
    let service = Service::new(db().await);
    for id in ["b1", "b2", "b3"] {
        service.send("POST", "/bookings", booking(id)).await;
    }
    let (_, _, first) = service.send("GET", "/bookings", "").await;
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let next = first["next"].as_str().unwrap();
    let (status, _, second) = service.send("GET", &format!("/bookings?cursor={next}"), "").await;
    assert_eq!((status, second["items"].as_array().unwrap().len()), (StatusCode::OK, 1));

    for path in ["/bookings?cursor=other", "/bookings?cursor=", "/bookings?cursor=a&cursor=b"] {
        let (status, media_type, body) = service.send("GET", path, "").await;
        assert_eq!(
            (status, media_type.as_deref()),
            (StatusCode::BAD_REQUEST, Some("application/problem+json")),
            "{body}"
        );
    }
}

#[tokio::test]
async fn nothing_internal_is_in_a_response() {
    // No such table: the service is at fault, and its client learns nothing of it.
    let service = Service::new(db().await);
    let (status, _, body) = service.send("GET", "/bookings/b1", "").await;
    assert_eq!((status, body), (StatusCode::INTERNAL_SERVER_ERROR, problem(500, "Internal Server Error", json!({}))));
}

#[tokio::test]
async fn a_taken_value_is_a_conflict_with_its_place() {
    if !Engine::current().has_transactions() {
        return;
    }
    let service = Service::new(db().await);
    let guest = |id: &str| json!({ "guestId": id, "mailAddress": "a@b.c", "hotelId": "h", "loginName": id });
    assert_eq!(service.send("POST", "/guests", guest("g1")).await.0, StatusCode::OK);
    let (status, _, body) = service.send("POST", "/guests", guest("g2")).await;
    let violations = json!({ "violations": [
        { "path": "mailAddress", "code": "unique", "message": "another item has this value", "parameters": {} },
    ] });
    assert_eq!((status, body), (StatusCode::CONFLICT, problem(409, "Conflict", violations)));
}

/// What a client sent is in no response, nor what the libraries that read it say about it.
#[tokio::test]
async fn a_value_of_another_type_is_not_repeated() {
    let service = Service::new(db().await);
    for (field, value) in [
        ("startsOn", json!("SECRET")),
        ("nightsLeft", json!("x, expected SECRET")),
        ("nightsLeft", json!("x at line 7, expected SECRET")),
        ("guestNames", json!({ "SECRET": "SECRET" })),
        ("contactBy", json!({ "kind": "post", "sentTo": "SECRET" })),
        ("contactBy", json!({ "kind": "SECRET" })),
    ] {
        let mut body = booking("b1");
        body[field] = value;
        let (status, _, body) = service.send("POST", "/bookings", body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(body["violations"][0]["path"].as_str().unwrap().starts_with(field), "{body}");
        assert!(!body.to_string().contains("SECRET"), "{body}");
    }
}

/// Serde reads a union as a whole, so the place inside is not known.
#[tokio::test]
async fn a_field_that_a_union_lacks_is_missing_inside() {
    let service = Service::new(db().await);
    let lacking = |place: Value, copies: Value| {
        let mut body = booking("b1");
        body["contactBy"] = json!({ "kind": "post", "sentTo": place, "copiesTo": copies });
        body
    };
    let whole = json!({ "postCode": "0150", "doorNumber": 1 });
    for body in [lacking(json!({ "doorNumber": 1 }), json!([])), lacking(whole, json!([{ "doorNumber": 1 }]))] {
        let (_, _, body) = service.send("POST", "/bookings", body).await;
        let message = "`postCode` is missing inside";
        let violations = json!([{ "path": "contactBy", "code": "required", "message": message, "parameters": {} }]);
        assert_eq!(body["violations"], violations);
    }
    let mut body = booking("b1");
    body["byDoor"] = json!({ "a b": { "postCode": "0150" } });
    let (_, _, body) = service.send("POST", "/bookings", body).await;
    assert_eq!(body["violations"][0]["path"], json!("byDoor[\"a b\"].doorNumber"));
}
