//! The conditions of a write, as its answer is compared with them, and the cause of a failure.

use super::bounds::Bounds;
use super::counters::Counters;
use super::structs::Structs;
use super::unchanged::Unchanged;
use crate::codec::Upgrades;
use crate::description::{Discriminator, Roles};
use crate::ground::AttributeMap;
use crate::keys::Keys;
use crate::ops::write::unchanged;
use std::fmt;

/// The conditions that the stored item must meet before a write changes it.
#[derive(Debug, Clone)]
pub(in crate::ops) struct Expectation {
    pub(in crate::ops) presence: Presence,
    /// The discriminator of this model.
    pub(in crate::ops) discriminator: Option<Discriminator>,
    /// The expected version; 0 if the item must have none.
    pub(in crate::ops) version: Option<u64>,
    /// The counters that must be as they were read.
    pub(in crate::ops) counters: Counters,
    pub(in crate::ops) deletion: Deletion,
    pub(in crate::ops) roles: Roles,
    /// Whether the write raises the stored version.
    pub(in crate::ops) raises_version: bool,
    /// The fields that must be unchanged, because index keys or computed fields are made of them.
    pub(in crate::ops) unchanged: Vec<Unchanged>,
    /// Finds other stored forms of these fields.
    pub(in crate::ops) other_forms: OtherForms,
    /// The keys of the model's encrypted attributes.
    pub(in crate::ops) keys: Option<Keys>,
    /// The bounds of the values that the write calculates.
    pub(in crate::ops) bounds: Bounds,
    /// The structs that the write changes inside.
    pub(in crate::ops) structs: Structs,
    /// Whether the write has another condition.
    pub(in crate::ops) is_conditioned: bool,
    /// The schema versions of the item, if the write depends on the forms of its attributes.
    pub(in crate::ops) upgrades: Upgrades,
}

/// Finds the stored forms of fields. Returns `None` if no form differs from the expected one, or if a field reads as
/// another value.
pub(in crate::ops) type OtherForms = fn(&[Unchanged], &AttributeMap, Option<&Keys>) -> Option<Vec<Unchanged>>;

/// Whether the item must exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ops) enum Presence {
    Any,
    /// No item has the key, or it is an item of the model, in a shared table.
    Own,
    Absent,
    Present,
    /// No item has the key, or it fulfils the condition.
    PresentOrDeleted,
}

/// Whether the item must be deleted by `soft_delete`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ops) enum Deletion {
    Any,
    Alive,
    Deleted,
}

/// The cause for which DynamoDB refused an action of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// `insert` found an item with the key.
    AlreadyExists,
    /// No item of the model has the key.
    NotFound,
    /// Another writer changed the item after it was read.
    VersionConflict {
        /// The version that the item was read with; 0 for a new item.
        expected: u64,
        /// The stored version; `None` without an item, or where the item has no version.
        stored: Option<u64>,
    },
    /// The item is deleted by `soft_delete`: restore it first.
    Deleted,
    /// The item is not deleted, and so cannot be restored.
    NotDeleted,
    /// A counter was changed after the item was read, so that a write of the whole item would undo increments.
    CounterConflict {
        /// The attribute of the counter.
        counter: &'static str,
    },
    /// The stored version is the maximum of its type.
    VersionExhausted {
        /// The maximum of the type.
        max: u64,
    },
    /// The stored version is NULL or no number, so that an update by key cannot raise it.
    NoVersion {
        /// The attribute of the version.
        attribute: &'static str,
    },
    /// An update would calculate a value that its type does not hold or that breaks the schema's constraints, or leave
    /// a struct that breaks them.
    OutOfBounds,
    /// An update would make an index key or a computed field of another value of a field than the stored one.
    StaleIndexKey {
        /// The attribute of the index key, or of the computed field.
        key: &'static str,
        /// The attribute of the field.
        field: &'static str,
    },
    /// An upsert would make an index key or a computed field of a default, and the stored item has another value of the field.
    UnknownIndexKey {
        /// The attribute of the index key, or of the computed field.
        key: &'static str,
        /// The attribute of the field.
        field: &'static str,
        /// How to fix it.
        help: &'static str,
    },
    /// An update changes a part of a value that the stored item does not have. Set the whole value.
    AbsentParent,
    /// The stored item is of another schema version than the model's.
    OtherSchemaVersion,
    /// A condition does not hold.
    ConditionFailed,
    /// Another write or transaction changed the item at the same time.
    Conflict,
    /// DynamoDB throttled the request.
    Throttled,
    /// Another cause; the code and the message name it.
    Other,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Cause::AlreadyExists => "an item with this key already exists",
            Cause::NotFound => "no item has this key",
            Cause::VersionConflict { expected, stored } => {
                write!(f, "the item is no longer of version {expected}")?;
                return stored.map_or(Ok(()), |stored| write!(f, ", but of version {stored}"));
            }
            Cause::Deleted => "the item is deleted",
            Cause::NotDeleted => "the item is not deleted",
            Cause::CounterConflict { counter } => {
                return write!(f, "the counter {counter} was changed after the item was read");
            }
            Cause::VersionExhausted { max } => {
                return write!(f, "the item's version is {max}, the maximum of its type");
            }
            Cause::NoVersion { attribute } => {
                return write!(f, "the item's {attribute} is no number, so that an update by key cannot raise it");
            }
            Cause::StaleIndexKey { key, field } => {
                return write!(f, "{key} would be made of a {field} that differs from the item's");
            }
            Cause::UnknownIndexKey { field, help, .. } => {
                return write!(f, "the item's {field} is not the default: {help}");
            }
            Cause::OutOfBounds => "the update would leave a value that breaks its bounds",
            Cause::AbsentParent => "the update changes a part of a value that the item does not have",
            Cause::OtherSchemaVersion => "the item is of another schema version",
            Cause::ConditionFailed => "the condition does not hold",
            Cause::Conflict => "another write or transaction changed the item at the same time",
            Cause::Throttled => "DynamoDB throttled the request",
            Cause::Other => "another reason",
        })
    }
}

impl Expectation {
    /// Whether an update needs the stored item before it can be a part of a transaction.
    pub(in crate::ops) fn needs_read(&self) -> bool {
        self.bounds.needs_item(false) || !self.structs.are_none()
    }

    /// The attributes whose values decide for which cause an item is refused, apart from conditions and bounds.
    pub(in crate::ops) fn decisive(&self, hash_key: &'static str, exists: bool) -> Vec<&'static str> {
        if !exists {
            return vec![hash_key];
        }
        let of_model = self.discriminator.into_iter().flat_map(Discriminator::names);
        let version = self.roles.version.map(|version| version.attribute);
        let unchanged = self.unchanged.iter().flat_map(Unchanged::attributes);
        of_model
            .chain(version)
            .chain(self.counters.attributes())
            .chain(self.roles.deleted_at.map(|of| of.attribute))
            .chain(self.upgrades.attribute)
            .chain(unchanged)
            .collect()
    }

    /// Whether an item is of another model, in a shared table.
    pub(in crate::ops) fn is_of_other_model(&self, item: &AttributeMap) -> bool {
        self.discriminator.into_iter().flat_map(Discriminator::pairs).any(|(attribute, value)| {
            item.get(attribute).and_then(|stored| stored.as_s().ok()).is_none_or(|stored| stored != value)
        })
    }

    /// Whether an item has to be upgraded before the write.
    pub(in crate::ops) fn is_outdated(&self, item: &AttributeMap) -> bool {
        !self.is_of_other_model(item) && self.upgrades.is_older(item)
    }

    /// Whether DynamoDB must return the item with a failed condition, so that the cause is known.
    pub(in crate::ops) fn needs_item(&self) -> bool {
        match self.presence {
            _ if self.upgrades.attribute.is_some() || !self.structs.are_none() || !self.counters.is_empty() => true,
            _ if self.roles.deleted_at.is_some() && self.deletion != Deletion::Any => true,
            Presence::Present => true,
            Presence::Absent => self.is_conditioned,
            Presence::Own if self.discriminator.is_some() => true,
            Presence::Any | Presence::Own | Presence::PresentOrDeleted => {
                self.version.is_some() || self.raises_version || !self.unchanged.is_empty() || !self.bounds.is_empty()
            }
        }
    }

    /// The cause of a failed condition, for the stored item.
    pub(in crate::ops) fn cause(&self, item: Option<&AttributeMap>) -> Cause {
        let raises_version = self.raises_version && self.roles.has_version();
        let is_foreign = item.is_some_and(|item| self.is_of_other_model(item));
        match self.presence {
            Presence::Present if item.is_none() => return Cause::NotFound,
            Presence::Absent if item.is_some() || !self.is_conditioned => return Cause::AlreadyExists,
            Presence::Present | Presence::Own | Presence::PresentOrDeleted if is_foreign => return Cause::NotFound,
            _ => {}
        }
        let is_of_other_version = |item: &AttributeMap| {
            !is_foreign && (self.upgrades.is_older(item) || self.upgrades.unknown_version(item).is_some())
        };
        if item.is_some_and(is_of_other_version) {
            return Cause::OtherSchemaVersion;
        }
        let is_deleted = item.is_some_and(|item| self.roles.is_deleted(item));
        match self.deletion {
            Deletion::Alive if is_deleted => return Cause::Deleted,
            Deletion::Deleted if item.is_some() && !is_deleted && self.roles.deleted_at.is_some() => {
                return Cause::NotDeleted;
            }
            _ => {}
        }
        if let Some(expected) = self.version {
            let stored = item.and_then(|item| self.roles.stored_version(item));
            if stored.unwrap_or(0) != expected {
                return Cause::VersionConflict { expected, stored };
            }
        }
        if let Some(counter) = item.and_then(|item| self.counters.changed_in(item)) {
            return Cause::CounterConflict { counter };
        }
        let is_counted_on = raises_version && self.version.is_none();
        if let Some(attribute) = item.filter(|_| is_counted_on).and_then(|item| self.roles.no_version(item)) {
            return Cause::NoVersion { attribute };
        }
        let exhausted = item.filter(|_| raises_version).and_then(|item| self.roles.exhausted(item));
        let exhausted = exhausted.map(|max| Cause::VersionExhausted { max });
        if exhausted.is_none() && self.bounds.is_broken_by(item) {
            return Cause::OutOfBounds;
        }
        let has_other_forms =
            || item.is_some_and(|item| (self.other_forms)(&self.unchanged, item, self.keys.as_ref()).is_some());
        let changed = || unchanged::cause(&self.unchanged, item).filter(|_| !has_other_forms());
        exhausted.or_else(changed).unwrap_or(Cause::ConditionFailed)
    }
}
