//! The current time.

use std::time::{SystemTime, UNIX_EPOCH};

/// The current time in the unit of the time to live: whole seconds since 1970-01-01T00:00:00Z.
pub(crate) fn seconds_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
