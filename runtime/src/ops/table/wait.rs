//! Waiting for the status of a table.

use crate::ops::{Error, Result};
use crate::transport::Target;
use std::time::Duration;
use tokio::time::Instant;

/// The default limit of waiting. DynamoDB creates most tables in seconds, and tables with many indexes in minutes.
pub(in crate::ops) const MAX_WAIT: Duration = Duration::from_secs(300);

const FIRST_DELAY: Duration = Duration::from_millis(20);
/// The longest delay between two readings of a table.
pub(super) const MAX_DELAY: Duration = Duration::from_secs(2);

/// The delay before a table is asked for its status again.
pub(super) fn delay(attempt: u32) -> Duration {
    FIRST_DELAY.saturating_mul(2u32.saturating_pow(attempt)).min(MAX_DELAY)
}

/// Asks DescribeTable until the table has this status; `None` is a table that is gone.
pub(in crate::ops) async fn until(target: &Target, awaited: Option<&str>, limit: Duration) -> Result<()> {
    until_any(target, |status| status == awaited, limit).await.map(drop)
}

/// Asks DescribeTable until the table is active (returns `true`) or gone (returns `false`).
pub(in crate::ops) async fn until_settled(target: &Target, limit: Duration) -> Result<bool> {
    let settled = until_any(target, |status| matches!(status, None | Some("ACTIVE")), limit).await?;
    Ok(settled.is_some())
}

async fn until_any(target: &Target, awaited: impl Fn(Option<&str>) -> bool, limit: Duration) -> Result<Option<String>> {
    let start = Instant::now();
    let mut attempt = 0;
    loop {
        let status = status(target).await?;
        if awaited(status.as_deref()) {
            return Ok(status);
        }
        let waited = start.elapsed();
        if waited >= limit {
            let status = status.unwrap_or_else(|| "missing".to_owned());
            return Err(Error::TableNotReady { table: target.table.clone(), status, waited });
        }
        tokio::time::sleep(delay(attempt).min(limit - waited)).await;
        attempt += 1;
    }
}

/// The table's status in DynamoDB, such as `ACTIVE`; `None` without a table.
pub(in crate::ops) async fn status(target: &Target) -> Result<Option<String>> {
    let described = target.sdk.describe_table().table_name(&target.table).send().await;
    match described.map_err(|error| target.error("DescribeTable", error)) {
        Ok(output) => {
            let status = output.table.and_then(|table| table.table_status);
            Ok(Some(status.map_or_else(String::new, |status| status.as_str().to_owned())))
        }
        Err(error) if error.is_missing_table() => Ok(None),
        Err(error) => Err(error),
    }
}
