//! The time.

use std::time::{SystemTime, UNIX_EPOCH};

/// The present as a table's time to live has it, which is whole seconds since 1970-01-01T00:00:00Z.
pub(crate) fn seconds_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
