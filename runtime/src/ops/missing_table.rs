//! The first write to a missing table creates it.

use super::create_table::{request, time_to_live};
use super::wait;
use crate::client::Target;
use crate::{Client, Error, Result};
use aws_sdk_dynamodb::types::TableStatus;
use std::time::Instant;

/// Creates the table that a write found missing, so that the write can be sent again; any other error, and one
/// of a table that is not to be created, is returned. `before` is [`Client::creations`] before the write.
pub(super) async fn create_after(client: &Client, target: &Target, before: u64, error: Error) -> Result<()> {
    match error.is_missing_table() && client.creates(target) {
        true => client.create_once(target, before, Box::pin(create(target))).await,
        false => Err(error),
    }
}

/// Creates those tables that a write to several found missing; DynamoDB does not tell which they are.
pub(super) async fn create_any<'t>(
    client: &Client,
    targets: impl Iterator<Item = &'t Target>,
    before: u64,
    error: Error,
) -> Result<()> {
    if !error.is_missing_table() {
        return Err(error);
    }
    let mut missing: Vec<&Target> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for target in targets {
        if !seen.contains(&target.table.as_str()) {
            seen.push(&target.table);
            if !Box::pin(is_active(target)).await? {
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
    Ok(())
}

/// Whether the target's table can be used; one that is being made cannot. It is boxed as well.
async fn is_active(target: &Target) -> Result<bool> {
    let sent = target.sdk.describe_table().table_name(&target.table).send().await;
    match sent.map_err(|error| target.error("DescribeTable", error)) {
        Ok(output) => Ok(output.table.is_some_and(|table| table.table_status != Some(TableStatus::Creating))),
        Err(error) if error.is_missing_table() => Ok(false),
        Err(error) => Err(error),
    }
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
