//! Times that are stored as Pydantic writes them.

use super::wrapper::wrapper;

/// A datetime, a datetime without an offset or a time of day that is stored as Pydantic 2 writes it: six digits of fraction,
/// unless all are 0, and `Z` for UTC. What is finer than a microsecond is cut off. All texts of the type are read.
///
/// The texts do not sort by time: `12:00:00Z` comes after `12:00:00.5Z`. So there are no comparisons but `eq`, `ne`, `is_in`
/// and `begins_with`, and a query by a range key of this form gives the times of one second in the order of their texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pydantic<T>(pub T);

wrapper!(Pydantic);
