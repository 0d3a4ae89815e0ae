//! The number of items of a query or scan.

use super::read_plan::ReadPlan;
use super::sharded::Plan;
use crate::ops::Result;

/// Counts the items without reading them.
pub(super) async fn count(plan: Plan) -> Result<u64> {
    match plan {
        Plan::One(plan) => count_one(&plan).await,
        Plan::Sharded(plan) => plan.count().await,
    }
}

/// Counts the items of one hash key, or of a scan.
pub(super) async fn count_one(plan: &ReadPlan) -> Result<u64> {
    let mut start = plan.start_key();
    let mut total = 0;
    loop {
        let page = plan.fetch_count(start).await?;
        total += page.count;
        start = page.last;
        let limit = plan.limit.map(|limit| u64::try_from(limit).unwrap_or(u64::MAX));
        match limit {
            Some(limit) if total >= limit => return Ok(limit),
            _ if start.is_none() => return Ok(total),
            _ => {}
        }
    }
}
