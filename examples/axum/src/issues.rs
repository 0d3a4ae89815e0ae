//! Issues, their comments and their files.

use crate::actor::Actor;
use crate::models::{
    AsRead, AttachFile, Attachment, Comment, CommentPatch, Issue, IssueCard, IssueFile, IssuePatch, OpenIssue, Project,
    Status, WriteComment,
};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, patch, post, put};
use axum::{Json, Router};
use dyntastic::axum::{Cursor, Valid};
use dyntastic::ops::Page;
use dyntastic::prelude::*;
use dyntastic::ulid::Ulid;
use dyntastic::{Client, Result};

pub fn routes() -> Router<Client> {
    Router::new()
        .route("/workspaces/{workspace}/projects/{project}/issues", post(open))
        .route("/projects/{project}/board/{status}", get(column))
        .route("/projects/{project}/issues/{number}", get(read).patch(change).delete(remove))
        .route("/projects/{project}/issues/{number}/comments", get(comments).post(write_comment))
        .route("/projects/{project}/issues/{number}/comments/{comment}", patch(change_comment).delete(remove_comment))
        .route("/projects/{project}/issues/{number}/files/{name}", put(attach).delete(detach))
}

// ANCHOR: open
/// Gives the issue the next number of its project. Of two that are opened at the same time, one is a conflict.
async fn open(
    State(db): State<Client>,
    Path(project): Path<(Ulid, Ulid)>,
    Actor(author): Actor,
    Valid(issue): Valid<OpenIssue>,
) -> Result<(StatusCode, Json<Issue>)> {
    let project = Project::get(&db, project).consistent_read().await?;
    let mut issue = issue.project_id(project.project_id).number(project.issues + 1).author_id(author).build()?;
    db.transaction().update_item(&project, Project::A.issues.add(1)).insert(&mut issue).await?;
    Ok((StatusCode::CREATED, Json(issue)))
}
// ANCHOR_END: open

async fn column(
    State(db): State<Client>,
    Path((project, status)): Path<(Ulid, Status)>,
    cursor: Cursor,
) -> Result<Json<Page<IssueCard>>> {
    let issues = Issue::of_status(&db, project, status).project_into::<IssueCard>();
    Ok(Json(issues.limit(20).cursor(cursor).page().await?))
}

// ANCHOR: read
async fn read(State(db): State<Client>, Path((project, number)): Path<(Ulid, u32)>) -> Result<Json<IssueFile>> {
    Ok(Json(IssueFile::query(&db, project, number).deny_empty().await?))
}

/// Changes an issue, unless somebody else has changed it since the client read it.
async fn change(
    State(db): State<Client>,
    Path(issue): Path<(Ulid, u32)>,
    Query(read): Query<AsRead>,
    Valid(patch): Valid<IssuePatch>,
) -> Result<Json<Issue>> {
    Ok(Json(Issue::update_by_key(&db, issue, patch).condition(Issue::A.version.eq(read.version)).await?))
}
// ANCHOR_END: read

async fn remove(State(db): State<Client>, Path((project, number)): Path<(Ulid, u32)>) -> Result<StatusCode> {
    Issue::delete_by_key(&db, (project, number)).await?;
    Comment::delete_partition(&db, project, number).await?;
    Attachment::delete_partition(&db, project, number).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn comments(
    State(db): State<Client>,
    Path((project, number)): Path<(Ulid, u32)>,
    cursor: Cursor,
) -> Result<Json<Page<Comment>>> {
    Ok(Json(Comment::query(&db, project, number).limit(20).cursor(cursor).page().await?))
}

async fn write_comment(
    State(db): State<Client>,
    Path((project, number)): Path<(Ulid, u32)>,
    Actor(author): Actor,
    Valid(comment): Valid<WriteComment>,
) -> Result<(StatusCode, Json<Comment>)> {
    let mut comment = comment.project_id(project).number(number).author_id(author).build()?;
    db.transaction().check_exists::<Issue>((project, number)).insert(&mut comment).await?;
    Ok((StatusCode::CREATED, Json(comment)))
}

async fn change_comment(
    State(db): State<Client>,
    Path(comment): Path<(Ulid, u32, Ulid)>,
    Valid(patch): Valid<CommentPatch>,
) -> Result<Json<Comment>> {
    Ok(Json(Comment::update_by_key(&db, comment, patch).await?))
}

async fn remove_comment(State(db): State<Client>, Path(comment): Path<(Ulid, u32, Ulid)>) -> Result<StatusCode> {
    Comment::delete_by_key(&db, comment).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn attach(
    State(db): State<Client>,
    Path((project, number, name)): Path<(Ulid, u32, String)>,
    Valid(file): Valid<AttachFile>,
) -> Result<Json<Attachment>> {
    let file = file.project_id(project).number(number).name(name).build()?;
    db.transaction().check_exists::<Issue>((project, number)).put(&file).await?;
    Ok(Json(file))
}

async fn detach(State(db): State<Client>, Path(file): Path<(Ulid, u32, String)>) -> Result<StatusCode> {
    Attachment::delete_by_key(&db, file).await?;
    Ok(StatusCode::NO_CONTENT)
}
