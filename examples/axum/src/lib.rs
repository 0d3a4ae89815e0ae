//! An issue tracker: ten models in one table, behind an HTTP API.
//!
//! `models.yaml` describes the table, the models, and what clients send and get. The handlers are what is left: each says
//! which items a request reads or writes.

mod actor;
pub mod changes;
mod inbox;
mod issues;
mod projects;
mod users;
mod workspaces;

/// The models, which `build.rs` generates from `models.yaml`.
pub mod models {
    dyntastic::include_models!();
}

use axum::Router;
use dyntastic::Client;

/// The service, with its items in this DynamoDB.
pub fn service(db: Client) -> Router {
    Router::new()
        .merge(users::routes())
        .merge(workspaces::routes())
        .merge(projects::routes())
        .merge(issues::routes())
        .merge(inbox::routes())
        .with_state(db)
}
