//! The function `api`, called with events of API Gateway.

use axum::Router;
use axum::body::to_bytes;
use axum::http::StatusCode;
use dyntastic::serde_json::{self, Value, json};
use dyntastic::testing;
use lambda_example::api;
use lambda_example::models::TABLES;
use tower::ServiceExt as _;

/// The function, with an empty table.
async fn function() -> Router {
    let db = testing::start(TABLES).await.unwrap().client();
    api::routes(db)
}

/// The response to an event of an HTTP API (payload format 2.0).
async fn call(function: &Router, method: &str, path: &str, query: &str, body: Value) -> (StatusCode, Value) {
    let event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": { "content-type": "application/json", "host": "api.example.com" },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "api.example.com",
            "http": {
                "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test",
            },
            "requestId": "r1",
            "routeKey": "$default",
            "stage": "$default",
            "time": "12/Mar/2026:19:03:58 +0000",
            "timeEpoch": 1_773_342_238_000_u64,
        },
        "body": body.to_string(),
        "isBase64Encoded": false,
    });
    let request = lambda_http::request::from_str(&event.to_string()).unwrap();
    let response = function.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn a_product_is_made_and_reviewed() {
    let function = function().await;
    let (status, product) = call(&function, "POST", "/products", "", json!({ "name": " Tent " })).await;
    assert_eq!((status, &product["name"], &product["reviews"]), (StatusCode::CREATED, &json!("Tent"), &json!(0)));
    let path = format!("/products/{}", product["productId"].as_str().unwrap());
    assert_eq!(call(&function, "GET", &path, "", Value::Null).await, (StatusCode::OK, product));

    let reviews = format!("{path}/reviews");
    for stars in [1, 5].repeat(11) {
        let (status, _) = call(&function, "POST", &reviews, "", json!({ "stars": stars })).await;
        assert_eq!(status, StatusCode::CREATED);
    }
    let (_, first) = call(&function, "GET", &reviews, "", Value::Null).await;
    let next = format!("cursor={}", first["next"].as_str().unwrap());
    let (_, second) = call(&function, "GET", &reviews, &next, Value::Null).await;
    assert_eq!([&first, &second].map(|page| page["items"].as_array().unwrap().len()), [20, 2]);

    let one = format!("{reviews}/{}", second["items"][0]["reviewId"].as_str().unwrap());
    assert_eq!(call(&function, "DELETE", &one, "", Value::Null).await.0, StatusCode::NO_CONTENT);
    let (_, second) = call(&function, "GET", &reviews, &next, Value::Null).await;
    assert_eq!(second["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_bad_request_gets_its_violations_and_a_missing_product_is_not_found() {
    let function = function().await;
    let nothing = "/products/01ARZ3NDEKTSV4RRFFQ69G5FAV";
    assert_eq!(call(&function, "GET", nothing, "", Value::Null).await.0, StatusCode::NOT_FOUND);
    let reviews = format!("{nothing}/reviews");
    assert_eq!(call(&function, "POST", &reviews, "", json!({ "stars": 5 })).await.0, StatusCode::NOT_FOUND);
    let (status, problem) = call(&function, "POST", &reviews, "", json!({ "stars": 6, "text": "" })).await;
    let paths = [0, 1].map(|index| &problem["violations"][index]["path"]);
    assert_eq!((status, paths), (StatusCode::UNPROCESSABLE_ENTITY, [&json!("stars"), &json!("text")]));
}
