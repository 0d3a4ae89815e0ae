//! Running several operations concurrently.

pub(in crate::ops) use crate::ground::Concurrent;

/// The default number of concurrent requests.
pub(in crate::ops) const CONCURRENCY: usize = 4;
