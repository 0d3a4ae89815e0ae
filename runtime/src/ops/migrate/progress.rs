//! The progress and the result of a migration.

use crate::ground::AttributeMap;
use std::fmt;

/// The maximum of characters in the reason of an unmigrated item: the item with the progress of a segment holds some.
const MAX_REASON: usize = 500;

/// Numbers of items and of capacity units. They are those of finished pages: after a crash, the items of an unfinished
/// page are read again, and those that are written already then count as unchanged.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct Counts {
    /// The items of the model that were read. An item whose key changes during the migration may be read twice.
    pub read: u64,
    /// The items that were written under their key; in a dry run, those that would be.
    pub written: u64,
    /// The items that were moved to another key; in a dry run, those that would be.
    pub rekeyed: u64,
    /// The items that were already as they would be written.
    pub unchanged: u64,
    /// The items that another writer deleted after they were read.
    pub deleted: u64,
    /// The items that stay as they are, each for a reason ([`Migrated::unmigrated`]).
    pub unmigrated: u64,
    /// How often another writer changed an item after it was read, so that it was read again.
    pub contended: u64,
    /// The consumed capacity units of reads and writes of the model's items and guards, as DynamoDB reports them. The
    /// progress items are not in it: they cost a few units for each page.
    pub consumed: f64,
}

impl Counts {
    /// The names and the values of the numbers of items.
    pub(super) fn entries(&mut self) -> [(&'static str, &mut u64); 7] {
        [
            ("read", &mut self.read),
            ("written", &mut self.written),
            ("rekeyed", &mut self.rekeyed),
            ("unchanged", &mut self.unchanged),
            ("deleted", &mut self.deleted),
            ("unmigrated", &mut self.unmigrated),
            ("contended", &mut self.contended),
        ]
    }

    pub(super) fn add(&mut self, mut other: Self) {
        for ((_, sum), (_, number)) in self.entries().into_iter().zip(other.entries()) {
            *sum += *number;
        }
        self.consumed += other.consumed;
    }
}

/// The progress of a migration, as far as this worker knows that of the others.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// The number of segments.
    pub segments: u32,
    /// The number of finished segments.
    pub finished: u32,
    /// The numbers of all segments.
    pub counts: Counts,
}

/// The result of a migration: the sum over all workers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Migrated {
    /// The model.
    pub model: &'static str,
    /// The name of the migration.
    pub migration: String,
    /// The number of segments.
    pub segments: u32,
    /// The numbers of all segments.
    pub counts: Counts,
    /// The first items that stay as they are, at most 20 of each segment. [`Counts::unmigrated`] is the number of all.
    pub unmigrated: Vec<UnmigratedItem>,
}

/// Names the reason of the first item that is left.
impl fmt::Display for Migrated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { model, migration, counts, unmigrated, .. } = self;
        write!(f, "{model}: the migration {migration} is finished")?;
        if counts.unmigrated > 0 {
            write!(f, ", and {} of {} items stay as they were", counts.unmigrated, counts.read)?;
        }
        unmigrated.first().map_or(Ok(()), |first| write!(f, "; the first of them: {first}"))
    }
}

/// An item that a migration leaves as it is.
#[derive(Clone, PartialEq)]
pub struct UnmigratedItem {
    pub(super) key: AttributeMap,
    pub(super) why: WhyUnmigrated,
    pub(super) reason: String,
    pub(super) other: Option<AttributeMap>,
}

impl UnmigratedItem {
    pub(super) fn new(key: AttributeMap, why: WhyUnmigrated, reason: impl fmt::Display) -> Self {
        let mut reason = reason.to_string();
        if let Some((end, _)) = reason.char_indices().nth(MAX_REASON) {
            reason.truncate(end);
            reason.push('…');
        }
        Self { key, why, reason, other: None }
    }

    /// The attributes of its key, with which it can be repaired or deleted.
    pub fn key(&self) -> &AttributeMap {
        &self.key
    }

    /// Why it stays.
    pub fn why(&self) -> WhyUnmigrated {
        self.why
    }

    /// The key attributes of the other item that has the same unique value, for [`WhyUnmigrated::NotUnique`].
    pub fn other_key(&self) -> Option<&AttributeMap> {
        self.other.as_ref()
    }
}

impl fmt::Display for UnmigratedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// Leaves out the keys: no text holds values.
impl fmt::Debug for UnmigratedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { why, reason, .. } = self;
        f.debug_struct("UnmigratedItem").field("why", why).field("reason", reason).finish_non_exhaustive()
    }
}

/// Why a migration leaves an item as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhyUnmigrated {
    /// The item does not fit the model.
    Unreadable,
    /// The item would break a constraint, or DynamoDB cannot hold a value, or the item's version cannot be raised, or the
    /// model's `before_write` changes its key or version.
    Invalid,
    /// Another item has the same value of a unique field.
    NotUnique,
    /// The item would move to the key of another item.
    KeyTaken,
    /// Other writers changed the item whenever it had been read.
    Contended,
    /// DynamoDB refuses the item or its condition: an index key of a wrong type, or more than about 150 attributes in
    /// an item without a version.
    Refused,
}

impl WhyUnmigrated {
    const ALL: [Self; 6] =
        [Self::Unreadable, Self::Invalid, Self::NotUnique, Self::KeyTaken, Self::Contended, Self::Refused];

    pub(super) fn name(self) -> String {
        format!("{self:?}")
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.name() == name)
    }
}
