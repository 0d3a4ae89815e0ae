//! The work on one segment.

use super::lease::Lease;
use super::progress::Counts;
use super::rewrite::Outcome;
use super::workers::Run;
use crate::codec::RawItem;
use crate::ground::defects::Defect;
use crate::ground::{AttributeMap, defects};
use crate::observe::Capacity;
use crate::ops::read::ReadPlan;
use crate::ops::{Model, Result};

/// Writes the items of a segment page by page, until the segment is finished, the lease is lost, or the run stops.
pub(super) async fn migrate<M: Model>(run: &Run<M>, plan: &ReadPlan, lease: &mut Lease) -> Result<()> {
    loop {
        if run.is_stopped() {
            return lease.release().await;
        }
        if !pay(run, lease).await? {
            return Ok(());
        }
        let (page, used) = Capacity::of(plan.fetch(lease.state.cursor.clone(), false, None)).await;
        let page = page?;
        let mut counts = Counts::default();
        consume(run, &mut counts, used.total());
        let mut unmigrated = Vec::new();
        if defects::has(Defect::CursorBeforeItems) {
            lease.finish_page(page.last.clone(), counts, Vec::new()).await?;
        }
        for item in page.items.into_raw() {
            if !pay(run, lease).await? {
                return Ok(());
            }
            if run.is_stopped() {
                return lease.release().await;
            }
            match rewrite(run, item, &mut counts).await? {
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

async fn rewrite<M: Model>(run: &Run<M>, item: RawItem, counts: &mut Counts) -> Result<Outcome> {
    let item: AttributeMap = item.into_map()?;
    let (rewritten, used) = Capacity::of(run.rewriter.rewrite(item)).await;
    consume(run, counts, used.total());
    let (outcome, contended) = rewritten?;
    counts.contended += contended;
    Ok(outcome)
}

fn consume<M: Model>(run: &Run<M>, counts: &mut Counts, units: f64) {
    counts.consumed += units;
    run.rate.consumed(units);
}

/// Waits until the consumed capacity is paid, and renews the lease meanwhile. Returns whether the worker still has it.
async fn pay<M: Model>(run: &Run<M>, lease: &mut Lease) -> Result<bool> {
    while let Some(wait) = run.rate.wait() {
        tokio::time::sleep(wait.min(lease.renewal())).await;
        if !lease.keep().await? {
            return Ok(false);
        }
    }
    lease.keep().await
}
