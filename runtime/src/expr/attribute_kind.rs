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

impl AttributeKind for Defaulted {
    type Comparison<M> = Condition<M>;
    type Equality<M> = Condition<M>;
    type Prefix<M> = Condition<M>;
    type Projected<T> = Option<T>;
    type Nested = Defaulted;

    fn project<T>(value: Option<T>) -> Option<Option<T>> {
        Some(value)
    }
}

impl AttributeKind for Version {
    type Comparison<M> = Condition<M>;
    type Equality<M> = Condition<M>;
    type Prefix<M> = Condition<M>;
    type Projected<T> = Option<T>;
    type Nested = Defaulted;

    fn project<T>(value: Option<T>) -> Option<Option<T>> {
        Some(value)
    }
}

impl AttributeKind for Counter {
    type Comparison<M> = Condition<M>;
    type Equality<M> = Condition<M>;
    type Prefix<M> = Condition<M>;
    type Projected<T> = Option<T>;
    type Nested = Defaulted;

    fn project<T>(value: Option<T>) -> Option<Option<T>> {
        Some(value)
    }
}

impl AttributeKind for LastNumber {
    type Comparison<M> = Condition<M>;
    type Equality<M> = Condition<M>;
    type Prefix<M> = Condition<M>;
    type Projected<T> = Option<T>;
    type Nested = Defaulted;

    fn project<T>(value: Option<T>) -> Option<Option<T>> {
        Some(value)
    }
}

impl AttributeKind for Inner {
    type Comparison<M> = Condition<M>;
    type Equality<M> = Condition<M>;
    type Prefix<M> = Condition<M>;
    type Projected<T> = Option<T>;
    type Nested = Inner;

    fn project<T>(value: Option<T>) -> Option<Option<T>> {
        Some(value)
    }
}

impl AttributeKind for Optional {
    type Comparison<M> = Condition<M>;
    type Equality<M> = Condition<M>;
    type Prefix<M> = Condition<M>;
    type Projected<T> = Option<T>;
    type Nested = Optional;

    fn project<T>(value: Option<T>) -> Option<Option<T>> {
        Some(value)
    }
}

impl AttributeKind for NonEmpty {
    type Comparison<M> = Condition<M>;
    type Equality<M> = Condition<M>;
    type Prefix<M> = Condition<M>;
    type Projected<T> = Option<T>;
    type Nested = NonEmpty;

    fn project<T>(value: Option<T>) -> Option<Option<T>> {
        Some(value)
    }
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

/// The roles of attributes that items store, also sealed.
#[diagnostic::on_unimplemented(
    message = "items do not store this field: only their key has it (`stored: false`)",
    label = "`{Self}`",
    note = "a query finds it by its key; a condition, a filter, a projection or an update needs the attribute"
)]
pub trait ExistingRole {
    /// Whether an empty value counts as absent.
    #[doc(hidden)]
    const EMPTY_IS_ABSENT: bool = false;
}

impl<R: ExistingRole> ExistingRole for Sealed<R> {}
impl<R: ExistingRole> ExistingRole for Searchable<R> {}

/// The roles of attributes whose values DynamoDB can use in expressions.
#[diagnostic::on_unimplemented(
    message = "DynamoDB has no value of this field to compare, calculate or project",
    label = "`{Self}`",
    note = "`KeyOnly`: only the table's key has the field (`stored: false`), and a query finds it by its key",
    note = "`Sealed`: the value is stored compressed or encrypted (`compress`, `encrypt`): read the item, and use the field"
)]
pub trait StoredRole {
    /// Whether an empty value counts as absent.
    #[doc(hidden)]
    const EMPTY_IS_ABSENT: bool = false;
}

/// The roles of attributes whose values, or their hashes, DynamoDB can find to be equal.
#[diagnostic::on_unimplemented(
    message = "DynamoDB has no value of this field to compare, calculate or project",
    label = "`{Self}`",
    note = "`KeyOnly`: only the table's key has the field (`stored: false`), and a query finds it by its key",
    note = "`Sealed`: the value is stored compressed or encrypted: `searchable: true` beside `encrypt` allows `eq`, `ne` and `is_in`"
)]
pub trait EqualRole {}

impl<R: StoredRole> EqualRole for R {}
impl<R> EqualRole for Searchable<R> {}

impl<R: StoredRole> ExistingRole for R {
    const EMPTY_IS_ABSENT: bool = <R as StoredRole>::EMPTY_IS_ABSENT;
}

impl StoredRole for Plain {}
impl StoredRole for Inner {}
impl StoredRole for Defaulted {}
impl StoredRole for Optional {}
impl StoredRole for Version {}
impl StoredRole for Counter {}
impl StoredRole for LastNumber {}
impl StoredRole for HashKey {}
impl<S, const N: usize> StoredRole for RangeKey<S, N> {}
impl<S, const N: usize> StoredRole for LeadingRangeKey<S, N> {}
impl<S, const N: usize> StoredRole for UnorderedRangeKey<S, N> {}
impl<R: StoredRole> StoredRole for InOtherForm<R> {}
impl StoredRole for NonEmpty {
    const EMPTY_IS_ABSENT: bool = true;
}

/// The roles of attributes that DynamoDB's `if_not_exists` can tell to be absent.
#[diagnostic::on_unimplemented(
    message = "`if_not_exists` takes an empty value as a value, and this field reads it as absent (`empty: absent`)",
    label = "`{Self}`",
    note = "set the value on the condition `not_exists()`"
)]
pub trait AbsentRole: StoredRole {}

impl AbsentRole for Plain {}
impl AbsentRole for Inner {}
impl AbsentRole for Defaulted {}
impl AbsentRole for Optional {}
impl AbsentRole for Version {}
impl AbsentRole for Counter {}
impl AbsentRole for LastNumber {}
impl AbsentRole for HashKey {}
impl<S, const N: usize> AbsentRole for RangeKey<S, N> {}
impl<S, const N: usize> AbsentRole for LeadingRangeKey<S, N> {}
impl<S, const N: usize> AbsentRole for UnorderedRangeKey<S, N> {}
impl<R: AbsentRole> AbsentRole for InOtherForm<R> {}

/// The roles that an update can set.
#[diagnostic::on_unimplemented(
    message = "this attribute cannot be updated",
    label = "a key, a part of a key, a version, or a counter",
    note = "an item with another key is another item: write it, and delete this one (`rekey` does both, in a shared table)",
    note = "every write raises the version itself",
    note = "a counter is changed by what is added to it: `increment`; the last number of a sequence only by the sequence"
)]
pub trait Settable {}

impl<R: Updatable> Settable for R {}
impl<R: Updatable> Settable for Sealed<R> {}
impl<R: Updatable> Settable for Searchable<R> {}

/// The roles that an update can change.
#[diagnostic::on_unimplemented(
    message = "this attribute cannot be updated",
    label = "a key, a part of a key, a version, or a counter",
    note = "an item with another key is another item: write it, and delete this one (`rekey` does both, in a shared table)",
    note = "every write raises the version itself",
    note = "a counter is changed by what is added to it: `increment`; the last number of a sequence only by the sequence"
)]
pub trait Updatable: StoredRole {}

/// The roles that an update can remove.
#[diagnostic::on_unimplemented(
    message = "a required attribute cannot be removed: the item could not be read again",
    note = "make the field optional, or give it a default"
)]
pub trait Removable: Settable {}

impl Updatable for Plain {}
impl Updatable for Inner {}
impl Updatable for Defaulted {}
impl Updatable for Optional {}
impl Updatable for NonEmpty {}
impl<R: Updatable + Removable> Removable for Sealed<R> {}
impl<R: Updatable + Removable> Removable for Searchable<R> {}
impl Removable for Defaulted {}
impl Removable for Optional {}
impl Removable for NonEmpty {}
