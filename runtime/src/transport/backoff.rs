//! The delay before DynamoDB is asked again for the parts of a request that it left unprocessed.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(50);
const MAX_DELAY: Duration = Duration::from_secs(5);

/// The maximum of attempts.
pub(crate) const ATTEMPTS: u32 = 10;

/// A random delay up to a bound that doubles with each attempt. The randomness (full jitter) keeps throttled clients
/// from retrying at the same time ("Exponential Backoff And Jitter", AWS Architecture Blog).
pub(crate) fn delay(attempt: u32) -> Duration {
    let bound = FIRST.saturating_mul(2u32.saturating_pow(attempt)).min(MAX_DELAY);
    bound.mul_f64(fastrand::f64())
}
