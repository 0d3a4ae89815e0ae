//! Fields that writes keep: the version of an item, its counters, its creation time and the time of its last write.

use crate::ground::{AttributeMap, WriteError};
use aws_sdk_dynamodb::types::AttributeValue;
use std::time::SystemTime;

/// The attributes of a model that writes keep. Emitted code holds it as a constant.
#[derive(Debug, Clone, Copy)]
pub struct Roles {
    pub(crate) version: Option<Count>,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) updated_at: Option<Timestamp>,
    /// The attribute of the time when an item was deleted by `soft_delete`.
    pub(crate) deleted_at: Option<Timestamp>,
    /// The attribute of the time to live, and the seconds from a write to it.
    pub(crate) lifetime: Option<(&'static str, u64)>,
    /// The attributes that increments change, each with the number in place of an absent one.
    pub(crate) counters: &'static [(&'static str, &'static str)],
}

/// An attribute that counts writes, and the maximum of its type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Count {
    pub(crate) attribute: &'static str,
    pub(crate) max: u64,
}

/// An integer type that can count the writes of an item.
pub trait VersionType {
    /// The maximum version.
    const MAX: u64;
}

impl VersionType for u32 {
    const MAX: u64 = u32::MAX as u64;
}

impl VersionType for u64 {
    const MAX: u64 = u64::MAX;
}

/// An attribute that holds a time, and a function for the stored form of an instant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timestamp {
    pub(crate) attribute: &'static str,
    pub(crate) at: fn(SystemTime) -> Result<AttributeValue, WriteError>,
}

impl Roles {
    /// No roles: writes set only what the app sets.
    pub const NONE: Self =
        Self { version: None, created_at: None, updated_at: None, deleted_at: None, lifetime: None, counters: &[] };

    /// Adds the attribute that counts the writes of an item, as a `T`.
    ///
    /// A write compares it with the version that it has read, and so detects that another writer has changed the item.
    /// Writes refuse an item whose version is the maximum of `T`.
    #[must_use]
    pub const fn version<T: VersionType>(mut self, attribute: &'static str) -> Self {
        self.version = Some(Count { attribute, max: T::MAX });
        self
    }

    /// Adds the attributes that increments change, each with the number that an absent one counts from.
    ///
    /// A write of a whole item compares them with the numbers that it has read, so that it undoes no increment.
    #[must_use]
    pub const fn counters(mut self, counters: &'static [(&'static str, &'static str)]) -> Self {
        self.counters = counters;
        self
    }

    /// Adds the attribute of the time to live, which each write sets to the time after these seconds.
    #[must_use]
    pub const fn lifetime(mut self, attribute: &'static str, seconds: u64) -> Self {
        self.lifetime = Some((attribute, seconds));
        self
    }

    /// The number that an absent counter counts from.
    pub(crate) fn start(&self, counter: &str) -> &'static str {
        self.counters.iter().find(|(attribute, _)| *attribute == counter).map_or("0", |(_, start)| start)
    }

    /// Whether a stored item is deleted by `soft_delete`. Other writers may store NULL for no time.
    pub(crate) fn is_deleted(&self, item: &AttributeMap) -> bool {
        self.deleted_at.is_some_and(|of| item.get(of.attribute).is_some_and(|value| !value.is_null()))
    }

    /// Whether writes set a creation time or a time of the last write.
    pub(crate) fn keep_times(&self) -> bool {
        self.created_at.is_some() || self.updated_at.is_some() || self.lifetime.is_some()
    }

    /// The version of a stored item.
    pub(crate) fn stored_version(&self, item: &AttributeMap) -> Option<u64> {
        item.get(self.version?.attribute)?.as_n().ok()?.parse().ok()
    }

    /// The maximum of the version's type, if the version of a stored item is that or more.
    pub(crate) fn exhausted(&self, item: &AttributeMap) -> Option<u64> {
        let Count { attribute, max } = self.version?;
        let stored: u128 = item.get(attribute)?.as_n().ok()?.parse().ok()?;
        (stored >= u128::from(max)).then_some(max)
    }

    /// The attribute of the version, if a stored item has a value there that is not a number.
    pub(crate) fn no_version(&self, item: &AttributeMap) -> Option<&'static str> {
        let Count { attribute, .. } = self.version?;
        item.get(attribute).is_some_and(|stored| !stored.is_n()).then_some(attribute)
    }

    /// Whether writes count a version.
    pub(crate) fn has_version(&self) -> bool {
        self.version.is_some()
    }

    /// The maximum of the version's type, if a write cannot raise this version.
    pub(crate) fn cannot_rise(&self, version: u64) -> Option<u64> {
        self.version.map(|Count { max, .. }| max).filter(|max| version >= *max)
    }
}
