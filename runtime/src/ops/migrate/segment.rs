//! The work on one segment.

use super::progress::{Counts, UnmigratedItem};
use super::rewrite::Outcome;
use super::segment_state::SegmentState;
use super::workers::Run;
use crate::ground::AttributeMap;
use crate::ground::defects;
use crate::ground::defects::Defect;
use crate::observe::Capacity;
use crate::ops::lease::Lease;
use crate::ops::read::ReadPlan;
use crate::ops::{Result, TableItem};
use std::pin::pin;
use tokio::time::timeout;

/// Writes the items of a segment page by page, until the segment is finished, the lease is lost, or the run stops.
pub(super) async fn migrate<M: TableItem>(
    run: &Run<M>,
    segment: u32,
    plan: &ReadPlan,
    lease: &mut Lease<SegmentState>,
) -> Result<()> {
    loop {
        let mut counts = Counts::default();
        let fetched = plan.fetch(lease.state.work.cursor.clone(), false, None);
        let Some(page) = keeping(run, lease, measured(&mut counts, fetched)).await? else { return Ok(()) };
        let page = page?;
        let mut unmigrated = Vec::new();
        if defects::has(Defect::CursorBeforeItems) {
            finish_page(lease, page.last.clone(), counts, Vec::new()).await?;
        }
        for item in page.items.into_raw() {
            let rewritten = measured(&mut counts, run.rewriter.rewrite(item.into_map()?));
            let Some(rewritten) = keeping(run, lease, rewritten).await? else { return Ok(()) };
            let (outcome, contended) = rewritten?;
            counts.contended += contended;
            match outcome {
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
        if !finish_page(lease, page.last, counts, unmigrated).await? {
            return Ok(());
        }
        run.see(segment, &lease.state);
        if lease.state.is_finished {
            return Ok(());
        }
    }
}

/// Records a finished page, and the end of the segment without a `cursor`. Returns whether the worker still has the
/// lease; otherwise nothing was recorded.
async fn finish_page(
    lease: &mut Lease<SegmentState>,
    cursor: Option<AttributeMap>,
    counts: Counts,
    unmigrated: Vec<UnmigratedItem>,
) -> Result<bool> {
    let is_finished = cursor.is_none();
    let mut work = SegmentState { cursor, ..lease.state.work.clone() };
    work.add(counts, unmigrated);
    lease.record(work, is_finished).await
}

/// Runs requests, and counts the capacity that they consume.
async fn measured<R: Future>(counts: &mut Counts, requests: R) -> R::Output {
    let (output, used) = Capacity::of(requests).await;
    counts.consumed += used.total();
    output
}

/// Runs requests, and renews the lease meanwhile: a rate limit may hold them back for long. `None` if the worker has
/// lost the lease, or the run has stopped.
async fn keeping<M: TableItem, R: Future>(
    run: &Run<M>,
    lease: &mut Lease<SegmentState>,
    requests: R,
) -> Result<Option<R::Output>> {
    let mut requests = pin!(requests);
    loop {
        if run.is_stopped() {
            lease.release().await?;
            return Ok(None);
        }
        if !lease.keep().await? {
            return Ok(None);
        }
        if let Ok(output) = timeout(lease.renewal(), requests.as_mut()).await {
            return Ok(Some(output));
        }
    }
}
