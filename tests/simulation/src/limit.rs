//! The rate limit of a run, and what is left of it at the end.

use crate::random::{Pick, Random};
use dyntastic::RateLimit;
use dyntastic::observe::Access;
use std::time::Duration;
use tokio::time::Instant;

/// The units per second of the limits. So few that most requests wait.
const RATES: [u32; 3] = [4, 10, 30];

/// The rate limit of a run. A request consumes one unit.
#[derive(Debug, Clone)]
pub struct Limit {
    /// The limit.
    pub limit: RateLimit,
    per_second: u32,
}

/// How long requests waited for the limit after the run.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// The units per second of the limit.
    pub per_second: u32,
    /// When the first request asked, in milliseconds.
    pub at: u64,
    /// The time that it waited.
    pub first: Duration,
    /// After a pause, the time that the requests of a second waited.
    pub after_pause: Duration,
    /// The time that those of two more seconds waited.
    pub then: Duration,
}

impl Limit {
    /// The limit of a seed. Most runs have none.
    pub fn new(seed: u64) -> Option<Self> {
        let mut random = Random::at(seed, &[51]);
        let per_second = *random.pick(&RATES);
        let limit = RateLimit::total(f64::from(per_second)).ok()?;
        random.chance(100).then_some(Self { limit, per_second })
    }

    /// Measures what is left, after the tasks have ended.
    pub async fn measure(&self, at: u64) -> Measured {
        let first = self.wait(1).await;
        tokio::time::sleep(Duration::from_secs(60)).await;
        let after_pause = self.wait(self.per_second + 1).await;
        let then = self.wait(self.per_second * 2).await;
        Measured { per_second: self.per_second, at, first, after_pause, then }
    }

    /// The time that requests wait, one after the other.
    async fn wait(&self, requests: u32) -> Duration {
        let began = Instant::now();
        for _ in 0..requests {
            drop(self.limit.acquire(Access::Write).await);
        }
        began.elapsed()
    }
}
