//! How long to wait before what DynamoDB left undone is asked for again.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(50);
const MAX_DELAY: Duration = Duration::from_secs(5);

/// How often it is asked for before it is given up.
pub(crate) const ATTEMPTS: u32 = 10;

/// A random time up to a bound that doubles with each attempt: full jitter, so that clients that were throttled
/// together do not come back together ("Exponential Backoff And Jitter", AWS Architecture Blog).
pub(crate) fn delay(attempt: u32) -> Duration {
    let bound = FIRST.saturating_mul(2u32.saturating_pow(attempt)).min(MAX_DELAY);
    bound.mul_f64(fastrand::f64())
}
