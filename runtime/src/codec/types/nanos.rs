//! The mapping of times that are stored to the nanosecond.

use super::wrapper::time_wrapper;

/// A datetime, a datetime without an offset, or a time of day that is stored with nine digits of fraction, such as
/// `2024-01-31T12:00:00.000000000Z`, so that nothing of it is cut. The texts sort by time. Reads accept all texts of
/// the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nanos<T>(pub T);

time_wrapper!(Nanos);
