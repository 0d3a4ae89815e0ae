//! Users, and what they do.

use crate::models::{Activity, CreateUser, Issue, Membership, User, UserPatch};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use dyntastic::axum::{Cursor, Valid};
use dyntastic::ops::Page;
use dyntastic::prelude::*;
use dyntastic::ulid::Ulid;
use dyntastic::{Client, Result};

pub fn routes() -> Router<Client> {
    Router::new()
        .route("/users", post(create))
        .route("/users/{user}", get(read).patch(change))
        .route("/users/{user}/memberships", get(memberships))
        .route("/users/{user}/assigned", get(assigned))
        .route("/users/{user}/activity", get(activity))
}

async fn create(State(db): State<Client>, Valid(mut user): Valid<CreateUser>) -> Result<(StatusCode, Json<User>)> {
    user.insert(&db).await?;
    Ok((StatusCode::CREATED, Json(user)))
}

async fn read(State(db): State<Client>, Path(user): Path<Ulid>) -> Result<Json<User>> {
    Ok(Json(User::get(&db, user).await?))
}

async fn change(
    State(db): State<Client>,
    Path(user): Path<Ulid>,
    Valid(patch): Valid<UserPatch>,
) -> Result<Json<User>> {
    Ok(Json(User::update_by_key(&db, user, patch).await?))
}

async fn memberships(
    State(db): State<Client>,
    Path(user): Path<Ulid>,
    cursor: Cursor,
) -> Result<Json<Page<Membership>>> {
    Ok(Json(Membership::query_gsi1(&db, user).limit(50).cursor(cursor).page().await?))
}

async fn assigned(State(db): State<Client>, Path(user): Path<Ulid>, cursor: Cursor) -> Result<Json<Page<Issue>>> {
    Ok(Json(Issue::assigned(&db, user).limit(20).cursor(cursor).page().await?))
}

/// The latest issues and comments of a user.
async fn activity(State(db): State<Client>, Path(user): Path<Ulid>) -> Result<Json<Activity>> {
    Ok(Json(Activity::query(&db, user).descending().limit(100).await?))
}
