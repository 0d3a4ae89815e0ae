use crate::client::{Tracker, taken, text};
use axum::http::StatusCode;
use dyntastic::serde_json::{Value, json};

const NOBODY: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

#[tokio::test]
async fn a_workspace_and_its_owner_are_made_together_or_not_at_all() {
    let mut tracker = Tracker::start().await;
    let workspace = tracker.made("/workspaces", json!({ "slug": "acme", "name": "Acme" })).await;
    assert_eq!(workspace["plan"], "free");
    let memberships = format!("/users/{}/memberships", tracker.user);
    let (members, _) = tracker.all(&memberships).await;
    assert_eq!((&members[0]["workspaceId"], &members[0]["role"]), (&workspace["workspaceId"], &json!("owner")));

    // The slug is taken: nobody becomes the owner of a workspace that does not exist.
    let answer = tracker.post("/workspaces", json!({ "slug": "acme", "name": "Other" })).await;
    assert_eq!(taken(&answer), [("slug", "unique")]);
    assert_eq!(tracker.all(&memberships).await.0, members);

    // The user does not exist: the slug stays free.
    let ada = std::mem::replace(&mut tracker.user, NOBODY.to_owned());
    let (status, _) = tracker.post("/workspaces", json!({ "slug": "other", "name": "Other" })).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    tracker.user = ada;
    tracker.made("/workspaces", json!({ "slug": "other", "name": "Other" })).await;
}

#[tokio::test]
async fn one_request_shows_a_workspace_with_its_members_and_projects() {
    let tracker = Tracker::start().await;
    let (project, _) = tracker.project().await;
    let workspace = project.split("/projects").next().unwrap();
    let bob = tracker.signs_up("Bob").await;
    let (status, member) = tracker.put(&format!("{workspace}/members/{bob}"), json!({ "role": "guest" })).await;
    assert_eq!((status, &member["role"]), (StatusCode::OK, &json!("guest")));

    let overview = tracker.read(workspace).await;
    assert_eq!(overview["workspace"]["slug"], "acme");
    assert_eq!(overview["memberships"].as_array().map(Vec::len), Some(2));
    assert_eq!(overview["projects"][0]["code"], "CORE");

    assert_eq!(tracker.delete(&format!("{workspace}/members/{bob}")).await.0, StatusCode::NO_CONTENT);
    assert_eq!(tracker.read(workspace).await["memberships"].as_array().map(Vec::len), Some(1));
    assert_eq!(tracker.get(&format!("/workspaces/{NOBODY}")).await.0, StatusCode::NOT_FOUND);
    let (status, _) = tracker.put(&format!("{workspace}/members/{NOBODY}"), json!({})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_workspace_gets_another_plan() {
    let tracker = Tracker::start().await;
    let made = tracker.made("/workspaces", json!({ "slug": "acme", "name": "Acme" })).await;
    let path = format!("/workspaces/{}", text(&made["workspaceId"]));
    let (status, changed) = tracker.patch(&path, json!({ "plan": "team" })).await;
    assert_eq!((status, &changed["plan"], &changed["version"]), (StatusCode::OK, &json!("team"), &json!(2)));
    let (_, changed) = tracker.patch(&path, json!({ "plan": Value::Null })).await;
    assert_eq!(changed["plan"], "free", "without a value, it is the default");
    let (status, _) = tracker.patch(&path, json!({ "plan": "gold" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}
