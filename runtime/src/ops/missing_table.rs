//! The first write to a missing table creates it.

use super::create_table::{request, time_to_live};
use super::wait;
use crate::client::Target;
use crate::{Client, Error, Result};
use tokio::time::Instant;

/// Creates the table that a write found missing, so that the write can be sent again; any other error, and one of a table
/// that is not to be created, is an error here too. `before` is [`Client::creations`] before the write, whose error is
/// returned.
pub(super) async fn create_after(client: &Client, target: &Target, before: u64, error: Error) -> Result<Error> {
    if !(error.is_missing_table() && client.creates(target)) {
        return Err(error);
    }
    client.create_once(target, before, Box::pin(create(target))).await.map_err(|next| error.of_next(next))?;
    Ok(error)
}

/// Creates those tables that a write to several found missing; DynamoDB does not tell which they are. Any other error, and
/// one of a table that is not to be created, is an error here too; else it is returned for the case that the tables stay
/// missing.
pub(super) async fn create_any<'t>(
    client: &Client,
    targets: impl Iterator<Item = &'t Target>,
    before: u64,
    error: Error,
) -> Result<Error> {
    if !error.is_missing_table() {
        return Err(error);
    }
    let mut missing: Vec<&Target> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for target in targets {
        if !seen.contains(&target.table.as_str()) {
            seen.push(&target.table);
            if !Box::pin(is_usable(target)).await? {
                missing.push(target);
            }
        }
    }
    if missing.iter().any(|target| !client.creates(target)) {
        return Err(error);
    }
    for target in missing {
        client.create_once(target, before, Box::pin(create(target))).await?;
    }
    Ok(error)
}

/// Whether the target's table takes writes; one that is being made or deleted does not. It is boxed as well.
async fn is_usable(target: &Target) -> Result<bool> {
    Ok(wait::status(target).await?.is_some_and(|status| status != "CREATING" && status != "DELETING"))
}

/// Creates the target's table and waits until it is active, also where another process is making it. It is boxed, for it is
/// rare, and its future larger than that of the write.
async fn create(target: &Target) -> Result<()> {
    tracing::warn!(
        model = target.model,
        table = target.table,
        "the table is missing: the first write creates it (`auto_create: false` in the schema or on the client turns this off)"
    );
    let start = Instant::now();
    loop {
        let sent = request(target)?.send().await;
        match sent.map_err(|error| target.error("CreateTable", error)) {
            Ok(_) => {
                wait::until(target, Some("ACTIVE"), wait::LIMIT).await?;
                return time_to_live(target).await;
            }
            // Somebody else is making it, or it is being deleted still.
            Err(error) if error.code() == Some("ResourceInUseException") => {}
            Err(error) => return Err(error),
        }
        if wait::until_settled(target, wait::LIMIT.saturating_sub(start.elapsed())).await? {
            return Ok(());
        }
    }
}
