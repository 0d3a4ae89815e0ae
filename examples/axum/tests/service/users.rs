use crate::client::{Tracker, taken, violations};
use axum::http::StatusCode;
use dyntastic::serde_json::json;

#[tokio::test]
async fn a_user_is_made_read_and_changed() {
    let tracker = Tracker::start().await;
    let user = tracker.made("/users", json!({ "name": " Bob ", "email": "Bob@Example.com", "about": "Builds." })).await;
    assert_eq!(
        (&user["name"], &user["email"], &user["version"]),
        (&json!("Bob"), &json!("bob@example.com"), &json!(1))
    );

    let path = format!("/users/{}", user["userId"].as_str().unwrap());
    assert_eq!(tracker.read(&path).await, user);
    let (status, changed) = tracker.patch(&path, json!({ "name": "Robert", "about": null })).await;
    assert_eq!((status, &changed["name"], &changed["about"]), (StatusCode::OK, &json!("Robert"), &json!(null)));
    let (status, same) = tracker.patch(&path, json!({})).await;
    assert_eq!((status, same), (StatusCode::OK, changed));
}

#[tokio::test]
async fn no_two_users_have_the_same_email() {
    let tracker = Tracker::start().await;
    let eve = json!({ "name": "Eve", "email": "ADA@example.com" });
    assert_eq!(taken(&tracker.post("/users", eve).await), [("email", "unique")]);

    let bob = tracker.signs_up("Bob").await;
    let answer = tracker.patch(&format!("/users/{bob}"), json!({ "email": "ada@example.com" })).await;
    assert_eq!(taken(&answer), [("email", "unique")]);
}

#[tokio::test]
async fn all_mistakes_of_a_request_are_named_at_once() {
    let tracker = Tracker::start().await;
    let bad = json!({ "name": "", "email": "nobody", "about": "" });
    let expected = [("email", "format"), ("name", "min_length"), ("about", "min_length")];
    assert_eq!(violations(&tracker.post("/users", bad.clone()).await), expected);
    let path = format!("/users/{}", tracker.user);
    assert_eq!(violations(&tracker.patch(&path, bad).await), expected);
    assert_eq!(violations(&tracker.patch(&path, json!({ "name": null })).await), [("name", "json")]);
}

#[tokio::test]
async fn a_missing_user_is_not_found() {
    let tracker = Tracker::start().await;
    let nobody = "/users/01ARZ3NDEKTSV4RRFFQ69G5FAV";
    assert_eq!(tracker.get(nobody).await.0, StatusCode::NOT_FOUND);
    assert_eq!(tracker.patch(nobody, json!({ "name": "No" })).await.0, StatusCode::NOT_FOUND);
    assert_eq!(tracker.patch(nobody, json!({})).await.0, StatusCode::NOT_FOUND);
    assert_eq!(tracker.get("/users/nobody").await.0, StatusCode::BAD_REQUEST);
}
