//! The notifications of a user.

use crate::actor::Actor;
use crate::models::Notification;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use dyntastic::axum::Cursor;
use dyntastic::chrono::{DateTime, Utc};
use dyntastic::ops::Page;
use dyntastic::prelude::*;
use dyntastic::{Client, Result};

pub fn routes() -> Router<Client> {
    Router::new()
        .route("/inbox", get(list))
        .route("/inbox/unread", get(unread))
        .route("/inbox/read", post(mark_all_read))
        .route("/inbox/{at}/{event}/read", post(mark_read))
}

async fn list(State(db): State<Client>, Actor(user): Actor, cursor: Cursor) -> Result<Json<Page<Notification>>> {
    Ok(Json(Notification::query(&db, user).descending().limit(20).cursor(cursor).page().await?))
}

async fn unread(State(db): State<Client>, Actor(user): Actor, cursor: Cursor) -> Result<Json<Page<Notification>>> {
    Ok(Json(Notification::query_gsi2(&db, user).limit(20).cursor(cursor).page().await?))
}

async fn mark_read(
    State(db): State<Client>,
    Actor(user): Actor,
    Path((at, event)): Path<(DateTime<Utc>, String)>,
) -> Result<Json<Notification>> {
    let key = (user, at, event);
    Ok(Json(Notification::update_by_key(&db, key, Notification::A.is_read.set(true)).await?))
}

async fn mark_all_read(State(db): State<Client>, Actor(user): Actor) -> Result<StatusCode> {
    let mut changes = db.transaction();
    for notification in Notification::query_gsi2(&db, user).all().await? {
        changes = changes.update(&notification, Notification::A.is_read.set(true));
    }
    changes.in_chunks_of(100).await?;
    Ok(StatusCode::NO_CONTENT)
}
