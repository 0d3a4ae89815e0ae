//! Projects of a workspace, their labels, and what happened in them.

use crate::models::{CreateProject, Event, Label, Project, ProjectPatch, SetLabel, Workspace};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, put};
use axum::{Json, Router};
use dyntastic::axum::{Cursor, Valid};
use dyntastic::ops::Page;
use dyntastic::prelude::*;
use dyntastic::ulid::Ulid;
use dyntastic::{Client, Result};

pub fn routes() -> Router<Client> {
    Router::new()
        .route("/workspaces/{workspace}/projects", get(list).post(create))
        .route("/workspaces/{workspace}/projects/{project}", get(read).patch(change))
        .route("/projects/{project}/labels", get(labels))
        .route("/projects/{project}/labels/{name}", put(set_label).delete(remove_label))
        .route("/projects/{project}/events", get(events))
}

async fn create(
    State(db): State<Client>,
    Path(workspace): Path<Ulid>,
    Valid(project): Valid<CreateProject>,
) -> Result<(StatusCode, Json<Project>)> {
    let mut project = project.workspace_id(workspace).build()?;
    db.transaction().check_exists::<Workspace>(workspace).insert(&mut project).await?;
    Ok((StatusCode::CREATED, Json(project)))
}

async fn list(State(db): State<Client>, Path(workspace): Path<Ulid>, cursor: Cursor) -> Result<Json<Page<Project>>> {
    Ok(Json(Project::query(&db, workspace).limit(20).cursor(cursor).page().await?))
}

async fn read(State(db): State<Client>, Path(project): Path<(Ulid, Ulid)>) -> Result<Json<Project>> {
    Ok(Json(Project::get(&db, project).await?))
}

async fn change(
    State(db): State<Client>,
    Path(project): Path<(Ulid, Ulid)>,
    Valid(patch): Valid<ProjectPatch>,
) -> Result<Json<Project>> {
    Ok(Json(Project::update_by_key(&db, project, patch).await?))
}

async fn labels(State(db): State<Client>, Path(project): Path<Ulid>) -> Result<Json<Vec<Label>>> {
    Ok(Json(Label::query(&db, project).all().await?))
}

async fn set_label(
    State(db): State<Client>,
    Path((project, name)): Path<(Ulid, String)>,
    Valid(label): Valid<SetLabel>,
) -> Result<Json<Label>> {
    let label = label.project_id(project).name(name).build()?;
    label.save(&db).await?;
    Ok(Json(label))
}

async fn remove_label(State(db): State<Client>, Path(label): Path<(Ulid, String)>) -> Result<StatusCode> {
    Label::delete_by_key(&db, label).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What happened to the issues of a project, the latest first.
async fn events(State(db): State<Client>, Path(project): Path<Ulid>, cursor: Cursor) -> Result<Json<Page<Event>>> {
    Ok(Json(Event::query(&db, project).skip_expired().descending().limit(50).cursor(cursor).page().await?))
}
