//! The first write to a missing table creates it.

use super::create_table::{request, time_to_live};
use crate::ops::table::wait;
use crate::ops::{Error, Result};
use crate::transport::{Client, Target};
use tokio::time::Instant;

/// What is to be done before a write that may find a table missing: a table that was begun and not finished is finished, if
/// it can be. It returns [`Client::creations`].
pub(in crate::ops) async fn before_write<'t>(client: &Client, targets: impl Iterator<Item = &'t Target>) -> u64 {
    if client.has_unfinished_creations() {
        for target in targets.filter(|target| client.creates(target)) {
            if let Err(error) = Box::pin(client.finish_creation(target, finish(target), is_passing)).await {
                let (model, table) = (target.model, &target.table);
                tracing::warn!(model, table, %error, "the table was created, and does not get its time to live");
            }
        }
    }
    client.creations()
}

/// Creates the table that a write found missing, so that the write can be sent again; any other error, and one of a table
/// that is not to be created, is an error here too. `before` is what [`before_write`] said, whose error is
/// returned.
pub(in crate::ops) async fn create_after(client: &Client, target: &Target, before: u64, error: Error) -> Result<Error> {
    if !(error.is_missing_table() && client.creates(target)) {
        return Err(error);
    }
    create(client, target, before).await.map_err(|next| error.of_next(next))?;
    Ok(error)
}

/// Creates those tables that a write to several found missing; DynamoDB does not tell which they are. Any other error, and
/// one of a table that is not to be created, is an error here too; else it is returned for the case that the tables stay
/// missing.
pub(in crate::ops) async fn create_any<'t>(
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
        create(client, target, before).await?;
    }
    Ok(error)
}

/// Whether the target's table takes writes; one that is being made or deleted does not. It is boxed as well.
async fn is_usable(target: &Target) -> Result<bool> {
    Ok(wait::status(target).await?.is_some_and(|status| status != "CREATING" && status != "DELETING"))
}

/// Creates the target's table. It is boxed, for it is rare, and its future larger than that of the write.
async fn create(client: &Client, target: &Target, before: u64) -> Result<()> {
    Box::pin(client.create_once(target, before, begin(target), time_to_live(target), is_refused)).await
}

/// Creates the target's table and waits until it is active, also where another process is making it.
async fn begin(target: &Target) -> Result<()> {
    tracing::warn!(
        model = target.model,
        table = target.table,
        "the table is missing: the first write creates it (`auto_create: false` in the schema or on the client turns this off)"
    );
    let start = Instant::now();
    loop {
        let sent = request(target)?.send().await;
        match sent.map_err(|error| target.error("CreateTable", error)) {
            Ok(_) => return wait::until(target, Some("ACTIVE"), wait::MAX_WAIT).await,
            // Somebody else is making it, or it is being deleted still.
            Err(error) if error.code() == Some("ResourceInUseException") => {}
            Err(error) => return Err(error),
        }
        if wait::until_settled(target, wait::MAX_WAIT.saturating_sub(start.elapsed())).await? {
            return Ok(());
        }
    }
}

/// Finishes a table that was begun; there is nothing to do where it is gone.
async fn finish(target: &Target) -> Result<()> {
    let is_there = is_usable(target).await? || wait::until_settled(target, wait::MAX_WAIT).await?;
    if is_there { time_to_live(target).await } else { Ok(()) }
}

/// Whether DynamoDB has refused to create a table. An error that passes may be one after an attempt that was applied.
fn is_refused(error: &Error) -> bool {
    matches!(error, Error::Service(error) if error.operation() == "CreateTable" && !error.retryable)
}

/// Whether what failed may be done later.
fn is_passing(error: &Error) -> bool {
    error.is_retryable() || matches!(error, Error::TableNotReady { .. })
}
