use crate::client::{Tracker, taken, violations};
use axum::http::StatusCode;
use dyntastic::serde_json::{Value, json};

#[tokio::test]
async fn a_code_is_unique_in_its_workspace_alone() {
    let tracker = Tracker::start().await;
    let (project, _) = tracker.project().await;
    let projects = project.rsplit_once('/').unwrap().0;
    let again = json!({ "code": "CORE", "name": "Again" });
    assert_eq!(taken(&tracker.post(projects, again.clone()).await), [("code", "unique"), ("workspaceId", "unique")]);

    let other = tracker.made("/workspaces", json!({ "slug": "other", "name": "Other" })).await;
    tracker.made(&format!("/workspaces/{}/projects", other["workspaceId"].as_str().unwrap()), again).await;
}

#[tokio::test]
async fn a_project_needs_its_workspace() {
    let tracker = Tracker::start().await;
    let nowhere = "/workspaces/01ARZ3NDEKTSV4RRFFQ69G5FAV/projects";
    let (status, _) = tracker.post(nowhere, json!({ "code": "CORE", "name": "Core" })).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(tracker.all(nowhere).await, (Vec::new(), 1));
}

#[tokio::test]
async fn projects_come_in_pages() {
    let tracker = Tracker::start().await;
    let (project, _) = tracker.project().await;
    let projects = project.rsplit_once('/').unwrap().0;
    for letter in 'A'..='Y' {
        tracker.made(projects, json!({ "code": format!("X{letter}"), "name": "Another" })).await;
    }
    let (all, pages) = tracker.all(projects).await;
    assert_eq!((all.len(), pages), (26, 2));
    let first = tracker.read(projects).await;
    assert_eq!((first["items"].as_array().map(Vec::len), first["previous"].is_null()), (Some(20), true));

    // A cursor of another list, or none at all.
    let next = first["next"].as_str().unwrap();
    for path in [format!("/users/{}/assigned?cursor={next}", tracker.user), format!("{projects}?cursor=x")] {
        assert_eq!(tracker.get(&path).await.0, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn a_project_is_read_and_changed() {
    let tracker = Tracker::start().await;
    let (project, _) = tracker.project().await;
    let (status, changed) = tracker.patch(&project, json!({ "name": "Kernel", "about": "The core." })).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(tracker.read(&project).await, changed);
    // Clients do not send what the service counts.
    let (_, same) = tracker.patch(&project, json!({ "issues": 7 })).await;
    assert_eq!(same["issues"], 0);
}

#[tokio::test]
async fn labels_are_set_listed_and_removed() {
    let tracker = Tracker::start().await;
    let (_, project) = tracker.project().await;
    let labels = format!("{project}/labels");
    let (status, label) = tracker.put(&format!("{labels}/bug"), json!({ "color": "#ff0000" })).await;
    assert_eq!((status, &label["name"]), (StatusCode::OK, &json!("bug")));
    tracker.put(&format!("{labels}/idea"), json!({})).await;
    assert_eq!(tracker.read(&labels).await.as_array().map(Vec::len), Some(2));

    let answer = tracker.put(&format!("{labels}/A%23B"), json!({ "color": "red" })).await;
    assert_eq!(violations(&answer), [("name", "key_part"), ("name", "pattern"), ("color", "pattern")]);

    assert_eq!(tracker.delete(&format!("{labels}/bug")).await.0, StatusCode::NO_CONTENT);
    let Value::Array(rest) = tracker.read(&labels).await else { unreachable!() };
    assert_eq!((rest.len(), &rest[0]["color"]), (1, &json!("#888888")));
}
