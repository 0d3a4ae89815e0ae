//! What a query asks of a range key.

use super::condition::{Comparison, Condition, Node};
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

/// A comparison with the range key of `S`, a table or an index: the range condition of a query, or a condition
/// like any other.
#[derive(Debug)]
#[must_use = "a condition does nothing until an operation takes it"]
pub struct RangeCondition<S, M> {
    node: Node,
    source: PhantomData<fn() -> (S, M)>,
}

impl<S, M> RangeCondition<S, M> {
    pub(crate) fn into_node(self) -> Node {
        self.node
    }

    /// Both hold.
    pub fn and(self, other: impl Into<Condition<M>>) -> Condition<M> {
        Condition::from(self).and(other)
    }

    /// At least one holds.
    pub fn or(self, other: impl Into<Condition<M>>) -> Condition<M> {
        Condition::from(self).or(other)
    }
}

impl<S, M> From<Comparison> for RangeCondition<S, M> {
    fn from(comparison: Comparison) -> Self {
        Self { node: comparison.0, source: PhantomData }
    }
}

impl<S, M> From<RangeCondition<S, M>> for Condition<M> {
    fn from(range: RangeCondition<S, M>) -> Self {
        Condition::new(range.node)
    }
}

impl<S, M, C: Into<Condition<M>>> BitAnd<C> for RangeCondition<S, M> {
    type Output = Condition<M>;

    fn bitand(self, other: C) -> Condition<M> {
        self.and(other)
    }
}

impl<S, M, C: Into<Condition<M>>> BitOr<C> for RangeCondition<S, M> {
    type Output = Condition<M>;

    fn bitor(self, other: C) -> Condition<M> {
        self.or(other)
    }
}

impl<S, M> Not for RangeCondition<S, M> {
    type Output = Condition<M>;

    fn not(self) -> Condition<M> {
        !Condition::from(self)
    }
}
