//! A client of the service.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum_example::models::TABLES;
use dyntastic::Client;
use dyntastic::local::Local;
use dyntastic::serde_json::{self, Value, json};
use dyntastic::testing::{self, Recorder};
use tower::ServiceExt as _;

/// The service with an empty table, and a user who sends the requests.
pub struct Tracker {
    pub local: Local,
    pub db: Client,
    /// What the service sends.
    pub sent: Recorder,
    service: Router,
    /// The user's id.
    pub user: String,
}

/// A response: its status, and its JSON or null.
pub type Answer = (StatusCode, Value);

impl Tracker {
    /// A service that knows one user.
    pub async fn start() -> Self {
        let local = testing::start(TABLES).await.unwrap();
        let sent = Recorder::new();
        let db = local.client_through(&sent);
        let service = axum_example::service(db.clone());
        let mut tracker = Self { local, db, sent, service, user: String::new() };
        tracker.user = tracker.signs_up("Ada").await;
        tracker
    }

    /// The id of a new user.
    pub async fn signs_up(&self, name: &str) -> String {
        let user = json!({ "name": name, "email": format!("{name}@example.com") });
        text(&self.made("/users", user).await["userId"])
    }

    /// The paths of a new project in a new workspace, with its workspace and without it.
    pub async fn project(&self) -> (String, String) {
        let workspace = self.made("/workspaces", json!({ "slug": "acme", "name": "Acme" })).await;
        let projects = format!("/workspaces/{}/projects", text(&workspace["workspaceId"]));
        let project = text(&self.made(&projects, json!({ "code": "core", "name": "Core" })).await["projectId"]);
        (format!("{projects}/{project}"), format!("/projects/{project}"))
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, Value::Null).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, body).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, Value::Null).await
    }

    /// The body of a response 200.
    pub async fn read(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body
    }

    /// The body of a response 201 to a POST.
    pub async fn made(&self, path: &str, body: Value) -> Value {
        let (status, body) = self.post(path, body).await;
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body
    }

    /// All items of a list, and the number of its pages.
    pub async fn all(&self, path: &str) -> (Vec<Value>, usize) {
        let (mut items, mut pages, mut at) = (Vec::new(), 0, path.to_owned());
        loop {
            let page = self.read(&at).await;
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            pages += 1;
            let Some(next) = page["next"].as_str() else { return (items, pages) };
            at = format!("{path}?cursor={next}");
        }
    }

    async fn send(&self, method: &str, path: &str, body: Value) -> Answer {
        let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        let request = request.header("x-user-id", &self.user).body(Body::from(body.to_string())).unwrap();
        let response = self.service.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The paths and codes of the violations in a response 422.
pub fn violations(answer: &Answer) -> Vec<(&str, &str)> {
    assert_eq!(answer.0, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.1);
    paths_and_codes(answer)
}

/// The paths and codes of the values that others have already, in a response 409.
pub fn taken(answer: &Answer) -> Vec<(&str, &str)> {
    assert_eq!(answer.0, StatusCode::CONFLICT, "{}", answer.1);
    paths_and_codes(answer)
}

fn paths_and_codes(answer: &Answer) -> Vec<(&str, &str)> {
    let violations = answer.1["violations"].as_array().unwrap();
    violations.iter().map(|of| (of["path"].as_str().unwrap(), of["code"].as_str().unwrap())).collect()
}
