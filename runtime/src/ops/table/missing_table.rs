//! Creating a missing table on its first write.

use super::create_table::request;
use super::settings::after_creation;
use crate::ops::table::wait;
use crate::ops::{Error, Result};
use crate::transport::{Client, Target};
use tokio::time::Instant;

/// Prepares a write that may find a table missing: it finishes creations that were interrupted, if possible. Returns
/// [`Client::creations`].
pub(in crate::ops) async fn before_write<'t>(client: &Client, targets: impl Iterator<Item = &'t Target>) -> u64 {
    if client.has_unfinished_creations() {
        for target in targets.filter(|target| client.creates(target)) {
            if let Err(error) = Box::pin(client.finish_creation(target, finish(target), is_passing)).await {
                let (model, table) = (target.model, &target.table);
                tracing::warn!(model, table, %error, "the table was created, and its settings could not be finished");
            }
        }
    }
    client.creations()
}

/// Creates the table that a write found missing, and returns the write's error, so that the write can be sent again.
/// `before` is the result of [`before_write`].
///
/// # Errors
///
/// The write's error is another one, or the table must not be created.
pub(in crate::ops) async fn create_after(client: &Client, target: &Target, before: u64, error: Error) -> Result<Error> {
    if !error.is_missing_table() {
        return Err(error);
    }
    if !client.creates(target) {
        explain(target);
        return Err(error);
    }
    create(client, target, before).await.map_err(|next| error.of_next(next))?;
    Ok(error)
}

/// Creates the tables that a write to several tables found missing, and returns the write's error. DynamoDB does not
/// say which tables are missing.
///
/// # Errors
///
/// The write's error is another one, or a table must not be created.
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
    if let Some(target) = missing.iter().find(|target| !client.creates(target)) {
        explain(target);
        return Err(error);
    }
    for target in missing {
        create(client, target, before).await?;
    }
    Ok(error)
}

/// Says why a missing table with replicas is not created.
fn explain(target: &Target) {
    if target.description.has_replicas() {
        tracing::warn!(
            model = target.model,
            table = target.table,
            "the table is missing, and no write creates a table with replicas, which may be in another region: \
             `tables::ensure` or `dyntastic apply` does"
        );
    }
}

/// Whether the target's table accepts writes. A table that is being created or deleted does not.
async fn is_usable(target: &Target) -> Result<bool> {
    Ok(wait::status(target).await?.is_some_and(|status| status != "CREATING" && status != "DELETING"))
}

/// Creates the target's table. The future is boxed: it is rare, and larger than that of the write.
async fn create(client: &Client, target: &Target, before: u64) -> Result<()> {
    Box::pin(client.create_once(target, before, begin(target), after_creation(target), is_refused)).await
}

/// Creates the target's table and waits until it is active, even if another process creates it.
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
            // Another process is creating the table, or it is still being deleted.
            Err(error) if error.code() == Some("ResourceInUseException") => {}
            Err(error) => return Err(error),
        }
        if wait::until_settled(target, wait::MAX_WAIT.saturating_sub(start.elapsed())).await? {
            return Ok(());
        }
    }
}

/// Finishes the creation of a table, unless the table is gone.
async fn finish(target: &Target) -> Result<()> {
    let is_there = is_usable(target).await? || wait::until_settled(target, wait::MAX_WAIT).await?;
    if is_there { after_creation(target).await } else { Ok(()) }
}

/// Whether DynamoDB has refused to create a table. An error that passes is no refusal: an earlier attempt may have
/// been applied.
fn is_refused(error: &Error) -> bool {
    matches!(error, Error::Service(error) if error.operation() == "CreateTable" && !error.retryable)
}

/// Whether a retry may succeed.
fn is_passing(error: &Error) -> bool {
    error.is_retryable() || matches!(error, Error::TableNotReady { .. })
}
