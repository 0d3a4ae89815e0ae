//! Workspaces and their members.

use crate::actor::Actor;
use crate::models::{
    CreateWorkspace, Membership, Role, SetMembership, User, Workspace, WorkspaceOverview, WorkspacePatch,
};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use dyntastic::axum::Valid;
use dyntastic::prelude::*;
use dyntastic::ulid::Ulid;
use dyntastic::{Client, Result};

pub fn routes() -> Router<Client> {
    Router::new()
        .route("/workspaces", post(create))
        .route("/workspaces/{workspace}", get(read).patch(change))
        .route("/workspaces/{workspace}/members/{user}", put(set_member).delete(remove_member))
}

async fn create(
    State(db): State<Client>,
    Actor(user): Actor,
    Valid(mut workspace): Valid<CreateWorkspace>,
) -> Result<(StatusCode, Json<Workspace>)> {
    let mut owner =
        Membership::builder().workspace_id(workspace.workspace_id).user_id(user).role(Role::Owner).build()?;
    db.transaction().check_exists::<User>(user).insert(&mut workspace).insert(&mut owner).await?;
    Ok((StatusCode::CREATED, Json(workspace)))
}

async fn read(State(db): State<Client>, Path(workspace): Path<Ulid>) -> Result<Json<WorkspaceOverview>> {
    Ok(Json(WorkspaceOverview::query(&db, workspace).deny_empty().await?))
}

async fn change(
    State(db): State<Client>,
    Path(workspace): Path<Ulid>,
    Valid(patch): Valid<WorkspacePatch>,
) -> Result<Json<Workspace>> {
    Ok(Json(Workspace::update_by_key(&db, workspace, patch).await?))
}

async fn set_member(
    State(db): State<Client>,
    Path((workspace, user)): Path<(Ulid, Ulid)>,
    Valid(member): Valid<SetMembership>,
) -> Result<Json<Membership>> {
    let mut member = member.workspace_id(workspace).user_id(user).build()?;
    db.transaction().check_exists::<Workspace>(workspace).check_exists::<User>(user).put(&mut member).await?;
    Ok(Json(member))
}

async fn remove_member(State(db): State<Client>, Path(member): Path<(Ulid, Ulid)>) -> Result<StatusCode> {
    Membership::delete_by_key(&db, member).await?;
    Ok(StatusCode::NO_CONTENT)
}
