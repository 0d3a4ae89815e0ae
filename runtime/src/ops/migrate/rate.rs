//! The limit of consumed capacity.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The longest wait for the units of one request.
const MAX_WAIT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Limits the consumed capacity units per second, on average. A request is sent when the units of all requests before
/// it are paid by time.
#[derive(Debug)]
pub(super) struct Rate {
    per_second: Option<f64>,
    paid_at: Mutex<Instant>,
}

impl Rate {
    pub(super) fn new(per_second: Option<f64>) -> Self {
        Self { per_second, paid_at: Mutex::new(Instant::now()) }
    }

    /// The time to wait before the next request.
    pub(super) fn wait(&self) -> Option<Duration> {
        let paid_at = *self.paid_at.lock().unwrap_or_else(PoisonError::into_inner);
        paid_at.checked_duration_since(Instant::now()).filter(|wait| !wait.is_zero())
    }

    pub(super) fn consumed(&self, units: f64) {
        let Some(per_second) = self.per_second else { return };
        let time = Duration::try_from_secs_f64(units / per_second).unwrap_or(MAX_WAIT).min(MAX_WAIT);
        let mut paid_at = self.paid_at.lock().unwrap_or_else(PoisonError::into_inner);
        let from = (*paid_at).max(Instant::now());
        *paid_at = from.checked_add(time).unwrap_or(from);
    }

    /// The maximum of items in one page, so that a page does not consume the units of many seconds.
    pub(super) fn page_size(&self) -> Option<u32> {
        self.per_second.map(|units| (units as u32).clamp(1, 1000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn requests_wait_until_the_units_are_paid() {
        let (rate, begin) = (Rate::new(Some(10.0)), Instant::now());
        for _ in 0..20 {
            while let Some(wait) = rate.wait() {
                tokio::time::sleep(wait).await;
            }
            rate.consumed(5.0);
        }
        let seconds = begin.elapsed().as_secs_f64();
        assert!((9.4..9.7).contains(&seconds), "95 units before the last request took {seconds} s");
        assert_eq!(Rate::new(None).wait(), None);
        for slow in [1e-19, f64::MIN_POSITIVE] {
            let rate = Rate::new(Some(slow));
            rate.consumed(1.0);
            rate.consumed(1.0);
            assert!(rate.wait() > Some(Duration::from_secs(1_000_000)), "{slow}");
        }
    }
}
