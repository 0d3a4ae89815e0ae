//! The service as its clients see it, on a DynamoDB in this process.

mod client;
mod events;
mod issues;
mod projects;
mod users;
mod workspaces;
