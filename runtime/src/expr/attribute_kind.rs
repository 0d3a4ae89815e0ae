//! The kinds of attributes, which decide which expressions compile.

use super::condition::{Comparison, Condition};
use super::range::{Equal, RangeCondition, Within};
use std::marker::PhantomData;

/// The role of a table's hash key. No update can change it.
#[derive(Debug, Clone, Copy)]
pub enum HashKey {}

/// The role of the range key of `S`, a table or an index. Comparisons with it can be the range condition of a query,
/// and no update can change it. If the range key has several attributes, this is the role of the last one, and `N` is
/// its position.
#[derive(Debug)]
pub struct RangeKey<S, const N: usize = 0>(PhantomData<fn() -> S>);

/// The role of an attribute of a range key that is not the last one; `N` is its position. If it is compared with
/// `eq`, the next attribute can be compared as well.
#[derive(Debug)]
pub struct LeadingRangeKey<S, const N: usize = 0>(PhantomData<fn() -> S>);

/// The role of a text in a range key whose order the key does not keep (`unordered: true`); `N` is its position. The
/// range condition of a query compares it with `eq`, after which the next attribute can be compared as well, or with
/// `begins_with`.
#[derive(Debug)]
pub struct UnorderedRangeKey<S, const N: usize = 0>(PhantomData<fn() -> S>);

/// The role of a field that has another form in a range key than its attribute (`{at:epoch}`), as the part of the key
/// that `R` says. Range conditions compare whole values: no beginning of the attribute is one of the key.
#[derive(Debug)]
pub struct InOtherForm<R>(PhantomData<fn() -> R>);

/// The role of a field that only the table's key has (`stored: false`), as the part of the key that `R` says. Items have
/// no attribute of it: it has a value in the range condition of a query, but not in other conditions and expressions.
#[derive(Debug)]
pub struct KeyOnly<R>(PhantomData<fn() -> R>);

/// The role of the field that counts the writes of an item. Each write raises it, and no update can set it.
#[derive(Debug, Clone, Copy)]
pub enum Version {}

/// The role of a field that increments change. No update can set it.
#[derive(Debug, Clone, Copy)]
pub enum Counter {}

/// The role of a field that is computed of others. No update can set it.
#[derive(Debug, Clone, Copy)]
pub enum Computed {}

/// The role of the time when an item was deleted by `soft_delete`. No update can set it.
#[derive(Debug, Clone, Copy)]
pub enum DeletedAt {}

/// The role of the last number of a sequence. Only the sequence changes it.
#[derive(Debug, Clone, Copy)]
pub enum LastNumber {}

/// The role of a required field.
#[derive(Debug, Clone, Copy)]
pub enum Plain {}

/// The role of a field with a default, or of an element of a collection. An update can remove it.
#[derive(Debug, Clone, Copy)]
pub enum Defaulted {}

/// The role of a required field of a nested struct. The struct itself may be absent.
#[derive(Debug, Clone, Copy)]
pub enum Inner {}

/// The role of an optional field. An update can remove it, and set it from an `Option`.
#[derive(Debug, Clone, Copy)]
pub enum Optional {}

/// The role of an optional text or binary field whose empty value counts as absent (`empty: absent`).
#[derive(Debug, Clone, Copy)]
pub enum NonEmpty {}

/// The role of a field whose attribute is stored compressed or encrypted, and that has the role `R` otherwise. DynamoDB
/// knows whether it exists, but not its value.
#[derive(Debug)]
pub struct Sealed<R>(PhantomData<fn() -> R>);

/// The role of an encrypted field whose values have a hash beside them (`searchable: true`), and that has the role `R`
/// otherwise. DynamoDB compares the hash, so that it knows equal values.
#[derive(Debug)]
pub struct Searchable<R>(PhantomData<fn() -> R>);

/// The role of an attribute, which decides the types of its expressions.
pub trait AttributeKind {
    /// The result of a comparison: a condition, or for a range key a value that can also be the range condition of a
    /// query.
    type Comparison<M>: From<Comparison>;
    /// The result of a comparison with `eq`.
    type Equality<M>: From<Comparison>;
    /// The result of a comparison with the beginning of a value.
    type Prefix<M>: From<Comparison>;
    /// The type of a projected value of type `T`: an `Option` if the value may be absent.
    type Projected<T>;
    /// The role of the same attribute in a nested struct.
    type Nested: AttributeKind;
    /// Whether conditions compare the hash of the value.
    #[doc(hidden)]
    const IS_SEARCHED: bool = false;
    #[doc(hidden)]
    fn project<T>(value: Option<T>) -> Option<Self::Projected<T>>;
}

impl AttributeKind for HashKey {
    type Comparison<M> = Condition<M>;
    type Equality<M> = Condition<M>;
    type Prefix<M> = Condition<M>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

impl<S, const N: usize> AttributeKind for RangeKey<S, N> {
    type Comparison<M> = RangeCondition<S, M, N>;
    type Equality<M> = RangeCondition<S, M, N>;
    type Prefix<M> = RangeCondition<S, M, N>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

impl<S, const N: usize> AttributeKind for LeadingRangeKey<S, N> {
    type Comparison<M> = RangeCondition<S, M, N>;
    type Equality<M> = RangeCondition<S, M, N, Equal>;
    type Prefix<M> = RangeCondition<S, M, N>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

impl<S, const N: usize> AttributeKind for UnorderedRangeKey<S, N> {
    type Comparison<M> = Condition<M>;
    type Equality<M> = RangeCondition<S, M, N, Equal>;
    type Prefix<M> = RangeCondition<S, M, N>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

impl AttributeKind for Plain {
    type Comparison<M> = Condition<M>;
    type Equality<M> = Condition<M>;
    type Prefix<M> = Condition<M>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

/// The kinds of attributes that an item may lack, each with the kind of a value inside it.
macro_rules! may_be_absent {
    ($($kind:ty: $nested:ty;)*) => {$(
        impl AttributeKind for $kind {
            type Comparison<M> = Condition<M>;
            type Equality<M> = Condition<M>;
            type Prefix<M> = Condition<M>;
            type Projected<T> = Option<T>;
            type Nested = $nested;

            fn project<T>(value: Option<T>) -> Option<Option<T>> {
                Some(value)
            }
        }
    )*};
}

may_be_absent! {
    Defaulted: Defaulted;
    Version: Defaulted;
    Counter: Defaulted;
    LastNumber: Defaulted;
    Computed: Computed;
    DeletedAt: Optional;
    Inner: Inner;
    Optional: Optional;
    NonEmpty: NonEmpty;
}

impl<R: AttributeKind> AttributeKind for InOtherForm<R> {
    type Comparison<M> = R::Comparison<M>;
    type Equality<M> = R::Equality<M>;
    type Prefix<M> = Condition<M>;
    type Projected<T> = R::Projected<T>;
    type Nested = R::Nested;

    fn project<T>(value: Option<T>) -> Option<R::Projected<T>> {
        R::project(value)
    }
}

/// Its comparisons are no condition of anything.
impl<R: AttributeKind> AttributeKind for Sealed<R> {
    type Comparison<M> = RangeCondition<HashKey, M, 0, Sealed<Within>>;
    type Equality<M> = RangeCondition<HashKey, M, 0, Sealed<Within>>;
    type Prefix<M> = RangeCondition<HashKey, M, 0, Sealed<Within>>;
    type Projected<T> = R::Projected<T>;
    type Nested = R::Nested;

    fn project<T>(value: Option<T>) -> Option<R::Projected<T>> {
        R::project(value)
    }
}

/// Only equality is a condition.
impl<R: AttributeKind> AttributeKind for Searchable<R> {
    type Comparison<M> = <Sealed<R> as AttributeKind>::Comparison<M>;
    type Equality<M> = Condition<M>;
    type Prefix<M> = <Sealed<R> as AttributeKind>::Prefix<M>;
    type Projected<T> = R::Projected<T>;
    type Nested = R::Nested;
    const IS_SEARCHED: bool = true;

    fn project<T>(value: Option<T>) -> Option<R::Projected<T>> {
        R::project(value)
    }
}

/// Its comparisons are no range condition of any query.
impl AttributeKind for KeyOnly<HashKey> {
    type Comparison<M> = RangeCondition<HashKey, M, 0, KeyOnly<Within>>;
    type Equality<M> = RangeCondition<HashKey, M, 0, KeyOnly<Within>>;
    type Prefix<M> = RangeCondition<HashKey, M, 0, KeyOnly<Within>>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

impl<S, const N: usize> AttributeKind for KeyOnly<RangeKey<S, N>> {
    type Comparison<M> = RangeCondition<S, M, N, KeyOnly<Within>>;
    type Equality<M> = RangeCondition<S, M, N, KeyOnly<Within>>;
    type Prefix<M> = RangeCondition<S, M, N, KeyOnly<Within>>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

impl<S, const N: usize> AttributeKind for KeyOnly<LeadingRangeKey<S, N>> {
    type Comparison<M> = RangeCondition<S, M, N, KeyOnly<Within>>;
    type Equality<M> = RangeCondition<S, M, N, KeyOnly<Equal>>;
    type Prefix<M> = RangeCondition<S, M, N, KeyOnly<Within>>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

/// Its order is that of no range condition.
impl<S, const N: usize> AttributeKind for KeyOnly<UnorderedRangeKey<S, N>> {
    type Comparison<M> = RangeCondition<HashKey, M, 0, KeyOnly<Within>>;
    type Equality<M> = RangeCondition<S, M, N, KeyOnly<Equal>>;
    type Prefix<M> = RangeCondition<S, M, N, KeyOnly<Within>>;
    type Projected<T> = T;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<T> {
        value
    }
}

/// No beginning of it is in a condition.
impl<R> AttributeKind for KeyOnly<InOtherForm<R>>
where
    KeyOnly<R>: AttributeKind,
{
    type Comparison<M> = <KeyOnly<R> as AttributeKind>::Comparison<M>;
    type Equality<M> = <KeyOnly<R> as AttributeKind>::Equality<M>;
    type Prefix<M> = RangeCondition<HashKey, M, 0, KeyOnly<Within>>;
    type Projected<T> = <KeyOnly<R> as AttributeKind>::Projected<T>;
    type Nested = <KeyOnly<R> as AttributeKind>::Nested;

    fn project<T>(value: Option<T>) -> Option<Self::Projected<T>> {
        <KeyOnly<R> as AttributeKind>::project(value)
    }
}
