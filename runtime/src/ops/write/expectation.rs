//! What a write asks of the item before it, without its type, and which part of that did not hold.

use super::bounds::Bounds;
use super::unchanged::Unchanged;
use crate::description::Roles;
use crate::ground::AttributeMap;
use crate::ops::write::unchanged;
use std::fmt;

/// What a write asks of the item before it changes anything.
#[derive(Debug, Clone)]
pub(in crate::ops) struct Expectation {
    pub(in crate::ops) presence: Presence,
    /// The attribute that tells models apart, and what it says for this one.
    pub(in crate::ops) discriminator: Option<(&'static str, &'static str)>,
    /// The version that the item has to have: 0, if it has to have none.
    pub(in crate::ops) version: Option<u64>,
    pub(in crate::ops) roles: Roles,
    /// Whether it raises the version that the item has.
    pub(in crate::ops) raises_version: bool,
    /// The fields that have to be as they were read, for index keys are made of them.
    pub(in crate::ops) unchanged: Vec<Unchanged>,
    /// The forms of these in an item that has them in others.
    pub(in crate::ops) other_forms: OtherForms,
    /// What an update has to leave behind of what it calculates.
    pub(in crate::ops) bounds: Bounds,
    /// Whether there is a condition beside these.
    pub(in crate::ops) is_conditioned: bool,
}

/// Finds fields in the forms in which an item has them, where these are others, and all read as they have to be.
pub(in crate::ops) type OtherForms = fn(&[Unchanged], &AttributeMap) -> Option<Vec<Unchanged>>;

/// Whether the item has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ops) enum Presence {
    Any,
    /// There is none, or it is the model's own, in a table that models share.
    Own,
    Absent,
    Present,
    /// There is none, or it fulfils the condition.
    PresentOrDeleted,
}

/// Why an action of a transaction was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// An item was to be new, and there is one with its key.
    AlreadyExists,
    /// An item was to be there, and there is none.
    NotFound,
    /// Another writer has changed the item since it was read.
    VersionConflict {
        /// The version that the item was read with; 0 for one that is new.
        expected: u64,
        /// The version that it has; `None` where there is no item, or it has none.
        stored: Option<u64>,
    },
    /// The version of the item is the maximum of its type.
    VersionExhausted {
        /// The maximum of the type.
        max: u64,
    },
    /// The version of the item is NULL, or no number, and an update by key counts on from it.
    NoVersion {
        /// The attribute of the version.
        attribute: &'static str,
    },
    /// An update would calculate what its type does not hold, or what breaks the schema's constraints.
    OutOfBounds,
    /// The item has another value of a field than the one that an update would make an index key of.
    StaleIndexKey {
        /// The attribute of the index key.
        key: &'static str,
        /// The attribute of the field.
        field: &'static str,
    },
    /// An upsert would make an index key of a default, and the item has another value of the field.
    UnknownIndexKey {
        /// The attribute of the index key.
        key: &'static str,
        /// The attribute of the field.
        field: &'static str,
        /// How to fix it.
        help: &'static str,
    },
    /// A condition does not hold.
    ConditionFailed,
    /// Another write or transaction was at the item at that moment.
    Conflict,
    /// DynamoDB was too busy.
    Throttled,
    /// Something else, which the code and the message tell.
    Other,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Cause::AlreadyExists => "there is an item with this key already",
            Cause::NotFound => "there is no item with this key",
            Cause::VersionConflict { expected, stored } => {
                write!(f, "the item is no longer of version {expected}")?;
                return stored.map_or(Ok(()), |stored| write!(f, ", but of version {stored}"));
            }
            Cause::VersionExhausted { max } => {
                return write!(f, "the item's version is {max}, the maximum of its type");
            }
            Cause::NoVersion { attribute } => {
                return write!(f, "the item's {attribute} is no number, so that an update by key cannot raise it");
            }
            Cause::StaleIndexKey { key, field } => {
                return write!(f, "the index key {key} would be made of another {field} than the item has");
            }
            Cause::UnknownIndexKey { field, help, .. } => {
                return write!(f, "the item has another {field} than its default: {help}");
            }
            Cause::OutOfBounds => "the update would calculate a value that breaks its bounds",
            Cause::ConditionFailed => "the condition does not hold",
            Cause::Conflict => "another write or transaction was at the item",
            Cause::Throttled => "DynamoDB was too busy",
            Cause::Other => "another reason",
        })
    }
}

impl Expectation {
    /// Whether an item is another model's, in a table that models share.
    pub(in crate::ops) fn is_of_other_model(&self, item: &AttributeMap) -> bool {
        self.discriminator.is_some_and(|(attribute, value)| {
            item.get(attribute).and_then(|stored| stored.as_s().ok()).is_none_or(|stored| stored != value)
        })
    }

    /// Whether the failed condition has to come with the item, to know why it failed.
    pub(in crate::ops) fn needs_item(&self) -> bool {
        match self.presence {
            Presence::Present => true,
            Presence::Absent => self.is_conditioned,
            Presence::Own if self.discriminator.is_some() => true,
            Presence::Any | Presence::Own | Presence::PresentOrDeleted => {
                self.version.is_some() || self.raises_version || !self.unchanged.is_empty() || !self.bounds.is_empty()
            }
        }
    }

    /// Why the condition failed, by the item as it is.
    pub(in crate::ops) fn cause(&self, item: Option<&AttributeMap>) -> Cause {
        let raises_version = self.raises_version && self.roles.has_version();
        let is_foreign = item.is_some_and(|item| self.is_of_other_model(item));
        match self.presence {
            Presence::Present if item.is_none() => return Cause::NotFound,
            Presence::Absent if item.is_some() || !self.is_conditioned => return Cause::AlreadyExists,
            Presence::Present | Presence::Own | Presence::PresentOrDeleted if is_foreign => return Cause::NotFound,
            _ => {}
        }
        if let Some(expected) = self.version {
            let stored = item.and_then(|item| self.roles.stored_version(item));
            if stored.unwrap_or(0) != expected {
                return Cause::VersionConflict { expected, stored };
            }
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
        let has_other_forms = || item.is_some_and(|item| (self.other_forms)(&self.unchanged, item).is_some());
        let changed = || unchanged::cause(&self.unchanged, item).filter(|_| !has_other_forms());
        exhausted.or_else(changed).unwrap_or(Cause::ConditionFailed)
    }
}
