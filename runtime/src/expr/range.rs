//! The range condition of a query.

use super::attribute_kind::KeyOnly;
use super::condition::{Comparison, Condition, Node};
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Not};

/// A comparison with the range key of `S`, a table or an index: the range condition of a query, or any other
/// condition. `N` is the position of the attribute in the range key, from 0, and `C` says how it is compared.
#[derive(Debug)]
#[must_use = "a condition does nothing until an operation takes it"]
pub struct RangeCondition<S, M, const N: usize = 0, C = Within> {
    node: Node,
    source: PhantomData<Typed<S, M, C>>,
}

type Typed<S, M, C> = fn() -> (S, M, C);

/// Marks an attribute of a range key that equals a value. The next attribute can be compared as well.
#[derive(Debug, Clone, Copy)]
pub enum Equal {}

/// Marks an attribute of a range key that is within a range. No later attribute can be compared.
#[derive(Debug, Clone, Copy)]
pub enum Within {}

/// The comparisons with `eq`, after which the next attribute of a range key can be compared.
#[diagnostic::on_unimplemented(
    message = "only the last attribute of a range condition can be within a range",
    label = "compare this one with `eq`"
)]
pub trait IsEqual {}

impl IsEqual for Equal {}
impl IsEqual for KeyOnly<Equal> {}

/// The comparisons that can also be part of other conditions.
#[diagnostic::on_unimplemented(
    message = "DynamoDB has no value of this field to compare, calculate or project",
    label = "`{Self}`",
    note = "`KeyOnly`: only the table's key has the field (`stored: false`): compare it in `range(…)`",
    note = "`Sealed`: the value is stored compressed or encrypted (`compress`, `encrypt`): read the item, and use the field"
)]
pub trait InCondition {}

impl InCondition for Equal {}
impl InCondition for Within {}

/// A range condition of a query: a comparison with the range key of `S`. For a range key of several attributes, a
/// tuple compares them in order, each but the last with `eq`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no range condition of `{S}`",
    label = "expected a comparison with an attribute of `{S}::A` that is the range key",
    note = "compare the attributes of a range key in order, each but the last with `eq`",
    note = "a text in a key with `unordered: true` has no range: compare it with `eq` or `begins_with`",
    note = "a field with another form in the key than its attribute is compared as a whole: not with `begins_with`"
)]
pub trait IntoRange<S, M> {
    #[doc(hidden)]
    fn into_range(self) -> Range;
}

/// A range condition without its types: the conditions on the attributes.
#[doc(hidden)]
#[derive(Debug)]
pub struct Range(pub(crate) Vec<Node>);

impl<S, M, C> IntoRange<S, M> for RangeCondition<S, M, 0, C> {
    fn into_range(self) -> Range {
        Range(vec![self.node])
    }
}

#[diagnostic::do_not_recommend]
impl<S, M, A: IsEqual, C> IntoRange<S, M> for (RangeCondition<S, M, 0, A>, RangeCondition<S, M, 1, C>) {
    fn into_range(self) -> Range {
        Range(vec![self.0.node, self.1.node])
    }
}

#[diagnostic::do_not_recommend]
impl<S, M, A: IsEqual, B: IsEqual, C> IntoRange<S, M>
    for (RangeCondition<S, M, 0, A>, RangeCondition<S, M, 1, B>, RangeCondition<S, M, 2, C>)
{
    fn into_range(self) -> Range {
        Range(vec![self.0.node, self.1.node, self.2.node])
    }
}

#[diagnostic::do_not_recommend]
impl<S, M, A: IsEqual, B: IsEqual, C: IsEqual, D> IntoRange<S, M>
    for (RangeCondition<S, M, 0, A>, RangeCondition<S, M, 1, B>, RangeCondition<S, M, 2, C>, RangeCondition<S, M, 3, D>)
{
    fn into_range(self) -> Range {
        Range(vec![self.0.node, self.1.node, self.2.node, self.3.node])
    }
}

impl<S, M, const N: usize, C: InCondition> RangeCondition<S, M, N, C> {
    /// Both conditions hold.
    pub fn and(self, other: impl Into<Condition<M>>) -> Condition<M> {
        Condition::from(self).and(other)
    }

    /// At least one of both conditions holds.
    pub fn or(self, other: impl Into<Condition<M>>) -> Condition<M> {
        Condition::from(self).or(other)
    }
}

impl<S, M, const N: usize, C> From<Comparison> for RangeCondition<S, M, N, C> {
    fn from(comparison: Comparison) -> Self {
        Self { node: comparison.0, source: PhantomData }
    }
}

impl<S, M, const N: usize, C: InCondition> From<RangeCondition<S, M, N, C>> for Condition<M> {
    fn from(range: RangeCondition<S, M, N, C>) -> Self {
        Condition::new(range.node)
    }
}

impl<S, M, const N: usize, C: InCondition, D: Into<Condition<M>>> BitAnd<D> for RangeCondition<S, M, N, C> {
    type Output = Condition<M>;

    fn bitand(self, other: D) -> Condition<M> {
        self.and(other)
    }
}

impl<S, M, const N: usize, C: InCondition, D: Into<Condition<M>>> BitOr<D> for RangeCondition<S, M, N, C> {
    type Output = Condition<M>;

    fn bitor(self, other: D) -> Condition<M> {
        self.or(other)
    }
}

impl<S, M, const N: usize, C: InCondition> Not for RangeCondition<S, M, N, C> {
    type Output = Condition<M>;

    fn not(self) -> Condition<M> {
        !Condition::from(self)
    }
}
