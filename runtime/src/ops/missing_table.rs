//! The first write to a missing table creates it.

use super::create_table::request;
use super::wait;
use crate::Result;
use crate::client::Target;
use std::time::Instant;

/// Creates the target's table and waits until it is active, also where another process is making it.
pub(super) async fn create(target: &Target) -> Result<()> {
    tracing::warn!(
        model = target.model,
        table = target.table,
        "the table is missing: the first write creates it (`auto_create: false` in the schema or on the client turns this off)"
    );
    let start = Instant::now();
    loop {
        let sent = request(target)?.send().await;
        match sent.map_err(|error| target.error("CreateTable", error)) {
            Ok(_) => return wait::until(target, Some("ACTIVE"), wait::LIMIT).await,
            // Somebody else is making it, or it is being deleted still.
            Err(error) if error.code() == Some("ResourceInUseException") => {}
            Err(error) => return Err(error),
        }
        if wait::until_settled(target, wait::LIMIT.saturating_sub(start.elapsed())).await? {
            return Ok(());
        }
    }
}
