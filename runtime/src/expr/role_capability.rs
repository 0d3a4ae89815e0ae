//! What expressions can do with attributes, by their roles.

use super::attribute_kind::{
    Computed, Counter, Defaulted, DeletedAt, HashKey, InOtherForm, Inner, LastNumber, LeadingRangeKey, NonEmpty,
    Optional, Plain, RangeKey, Sealed, Searchable, UnorderedRangeKey, Version,
};

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
impl StoredRole for Computed {}
impl StoredRole for DeletedAt {}
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
impl AbsentRole for Computed {}
impl AbsentRole for DeletedAt {}
impl AbsentRole for HashKey {}
impl<S, const N: usize> AbsentRole for RangeKey<S, N> {}
impl<S, const N: usize> AbsentRole for LeadingRangeKey<S, N> {}
impl<S, const N: usize> AbsentRole for UnorderedRangeKey<S, N> {}
impl<R: AbsentRole> AbsentRole for InOtherForm<R> {}

/// The roles that an update can set.
#[diagnostic::on_unimplemented(
    message = "this attribute cannot be updated",
    label = "a key, a part of a key, a version, a counter, or a computed field",
    note = "an item with another key is another item: write it, and delete this one (`rekey` does both, in a shared table)",
    note = "every write raises the version itself, and computes the computed fields",
    note = "a counter is changed by what is added to it: `increment`; the last number of a sequence only by the sequence",
    note = "`soft_delete` and `restore` set and remove the time when an item was deleted"
)]
pub trait Settable {}

impl<R: Updatable> Settable for R {}
impl<R: Updatable> Settable for Sealed<R> {}
impl<R: Updatable> Settable for Searchable<R> {}

/// The roles that an update can change.
#[diagnostic::on_unimplemented(
    message = "this attribute cannot be updated",
    label = "a key, a part of a key, a version, a counter, or a computed field",
    note = "an item with another key is another item: write it, and delete this one (`rekey` does both, in a shared table)",
    note = "every write raises the version itself, and computes the computed fields",
    note = "a counter is changed by what is added to it: `increment`; the last number of a sequence only by the sequence",
    note = "`soft_delete` and `restore` set and remove the time when an item was deleted"
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
