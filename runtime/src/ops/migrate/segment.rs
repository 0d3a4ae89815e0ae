//! The work on one segment.

use super::lease::Lease;
use super::progress::Counts;
use super::rewrite::Outcome;
use super::workers::Run;
use crate::codec::RawItem;
use crate::ground::defects::Defect;
use crate::ground::{AttributeMap, defects};
use crate::observe::{Access, Capacity};
use crate::ops::read::ReadPlan;
use crate::ops::{Model, Result};
use crate::rate_limit::Permit;
use std::pin::pin;

/// Writes the items of a segment page by page, until the segment is finished, the lease is lost, or the run stops.
pub(super) async fn migrate<M: Model>(run: &Run<M>, plan: &ReadPlan, lease: &mut Lease) -> Result<()> {
    loop {
        if run.is_stopped() {
            return lease.release().await;
        }
        let Some(leave) = wait(run, lease).await? else { return Ok(()) };
        let (page, used) = Capacity::of(plan.fetch(lease.state.cursor.clone(), false, None)).await;
        let page = page?;
        let mut counts = Counts::default();
        leave.consumed(&mut counts, used.total());
        let mut unmigrated = Vec::new();
        if defects::has(Defect::CursorBeforeItems) {
            lease.finish_page(page.last.clone(), counts, Vec::new()).await?;
        }
        for item in page.items.into_raw() {
            let Some(leave) = wait(run, lease).await? else { return Ok(()) };
            if run.is_stopped() {
                return lease.release().await;
            }
            match rewrite(run, item, leave, &mut counts).await? {
                Outcome::Unchanged => counts.unchanged += 1,
                Outcome::Written => counts.written += 1,
                Outcome::Rekeyed => counts.rekeyed += 1,
                Outcome::Deleted => counts.deleted += 1,
                Outcome::Stays(item) => {
                    counts.unmigrated += 1;
                    unmigrated.push(item);
                }
                Outcome::Foreign => continue,
            }
            counts.read += 1;
        }
        if !lease.finish_page(page.last, counts, unmigrated).await? {
            return Ok(());
        }
        run.see(lease.segment, &lease.state);
        if lease.state.is_finished {
            return Ok(());
        }
    }
}

async fn rewrite<M: Model>(run: &Run<M>, item: RawItem, leave: Leave, counts: &mut Counts) -> Result<Outcome> {
    let item: AttributeMap = item.into_map()?;
    let (rewritten, used) = Capacity::of(run.rewriter.rewrite(item)).await;
    leave.consumed(counts, used.total());
    let (outcome, contended) = rewritten?;
    counts.contended += contended;
    Ok(outcome)
}

/// Leave to read a page or to rewrite an item.
struct Leave(Option<Permit>);

impl Leave {
    fn consumed(self, counts: &mut Counts, units: f64) {
        counts.consumed += units;
        if let Some(permit) = self.0 {
            permit.consumed(units);
        }
    }
}

/// Waits until the limit lets the worker go on, and renews the lease meanwhile. `None` if the worker has lost the lease.
async fn wait<M: Model>(run: &Run<M>, lease: &mut Lease) -> Result<Option<Leave>> {
    let Some(limit) = &run.limit else { return Ok(lease.keep().await?.then_some(Leave(None))) };
    let mut permit = pin!(limit.acquire(Access::Write));
    loop {
        let waited = tokio::time::timeout(lease.renewal(), permit.as_mut()).await;
        if !lease.keep().await? {
            return Ok(None);
        }
        if let Ok(permit) = waited {
            return Ok(Some(Leave(Some(permit))));
        }
    }
}
