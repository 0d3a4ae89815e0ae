//! Fields that writes keep: the version of an item, and when it was made and changed.

use crate::ground::{AttributeMap, WriteError};
use aws_sdk_dynamodb::types::AttributeValue;

/// The attributes of a model that writes keep. Emitted code says it as a constant.
#[derive(Debug, Clone, Copy)]
pub struct Roles {
    pub(crate) version: Option<Count>,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) updated_at: Option<Timestamp>,
}

/// An attribute that counts writes, and the most that its type holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Count {
    pub(crate) attribute: &'static str,
    pub(crate) most: u64,
}

/// A type that counts the writes of an item.
pub trait VersionType {
    /// The most that it holds.
    const MAX: u64;
}

impl VersionType for u32 {
    const MAX: u64 = u32::MAX as u64;
}

impl VersionType for u64 {
    const MAX: u64 = u64::MAX;
}

/// An attribute that holds a time, and the present as it is stored there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timestamp {
    pub(crate) attribute: &'static str,
    pub(crate) now: fn() -> Result<AttributeValue, WriteError>,
}

impl Roles {
    /// Writes keep nothing.
    pub const NONE: Self = Self { version: None, created_at: None, updated_at: None };

    /// The attribute that counts the writes of an item in a `T`, by which one that another writer has changed meanwhile
    /// is told. An item whose version is the most that `T` holds is written no more.
    #[must_use]
    pub const fn version<T: VersionType>(mut self, attribute: &'static str) -> Self {
        self.version = Some(Count { attribute, most: T::MAX });
        self
    }

    /// Whether writes keep times.
    pub(crate) fn keep_times(&self) -> bool {
        self.created_at.is_some() || self.updated_at.is_some()
    }

    /// The version of an item in the table.
    pub(crate) fn stored_version(&self, item: &AttributeMap) -> Option<u64> {
        item.get(self.version?.attribute)?.as_n().ok()?.parse().ok()
    }

    /// The most that the version's type holds, if an item in the table has it or more.
    pub(crate) fn exhausted(&self, item: &AttributeMap) -> Option<u64> {
        let Count { attribute, most } = self.version?;
        let stored: u128 = item.get(attribute)?.as_n().ok()?.parse().ok()?;
        (stored >= u128::from(most)).then_some(most)
    }

    /// The attribute of the version, if an item in the table has something else there than a number.
    pub(crate) fn no_version(&self, item: &AttributeMap) -> Option<&'static str> {
        let Count { attribute, .. } = self.version?;
        item.get(attribute).is_some_and(|stored| !stored.is_n()).then_some(attribute)
    }

    /// Whether writes count a version.
    pub(crate) fn has_version(&self) -> bool {
        self.version.is_some()
    }

    /// The most that the version's type holds, if a write cannot raise this version.
    pub(crate) fn cannot_rise(&self, version: u64) -> Option<u64> {
        self.version.map(|Count { most, .. }| most).filter(|most| version >= *most)
    }
}
