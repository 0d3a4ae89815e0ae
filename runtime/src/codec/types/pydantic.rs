//! The mapping of times that are stored in Pydantic's form.

use super::wrapper::time_wrapper;

/// A datetime, a datetime without an offset, or a time of day that is stored in the form of Pydantic 2.
///
/// The form has six digits of fraction, unless all are 0, and `Z` for UTC. Writes truncate to microseconds. Reads
/// accept all texts of the type.
///
/// The texts do not sort by time: `12:00:00Z` comes after `12:00:00.5Z`. So the only comparisons are `eq`, `ne`,
/// `is_in` and `begins_with`, and a query by a range key of this form returns the times within one second in the order
/// of their texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pydantic<T>(pub T);

time_wrapper!(Pydantic);
