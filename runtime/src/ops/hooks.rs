//! The hooks of models: functions of the app that see each whole item, before it is written and after it is read.

use super::model::{Key, TableItem};
use super::write::{Counters, write_key_fields};
use crate::codec::{BeforeWrite, ItemReader, RefusedChange};
use crate::ground::{ReadError, ReadErrorKind};

impl<M> BeforeWrite<M>
where
    M: TableItem,
    M::Key: for<'m> From<&'m M> + PartialEq,
{
    /// A function that is called for each whole item that is written, before the stamps of the write, the transforms and
    /// the checks. It must not change the key or the version.
    pub const fn new(change: fn(&mut M)) -> Self {
        Self::comparing(change, refused_change::<M>)
    }
}

impl ItemReader<'_> {
    /// Changes an item that was read by the model's `after_read`.
    ///
    /// # Errors
    ///
    /// [`ReadErrorKind::KeyChangedAfterRead`] if the function changes the key, and
    /// [`ReadErrorKind::ComparedChangedAfterRead`] if it changes what a write compares with the stored item.
    pub fn after_read<M>(&self, mut item: M, change: fn(&mut M)) -> Result<M, ReadError>
    where
        M: TableItem,
        M::Key: for<'m> From<&'m M> + PartialEq,
    {
        if !self.calls_after_read() {
            return Ok(item);
        }
        let before = Compared::of(&item);
        change(&mut item);
        match before.changed_in(&Compared::of(&item)) {
            None => Ok(item),
            Some(RefusedChange { attribute, of }) => {
                let kind = match of {
                    KEY => ReadErrorKind::KeyChangedAfterRead,
                    of => ReadErrorKind::ComparedChangedAfterRead { of },
                };
                Err(ReadError::new(kind).within_name(&attribute))
            }
        }
    }
}

const KEY: &str = "key";

/// What a `before_write` has changed and must not.
fn refused_change<M>(before: &M, after: &M) -> Option<RefusedChange>
where
    M: TableItem,
    M::Key: for<'m> From<&'m M> + PartialEq,
{
    Compared::of(before).changed_in(&Compared::of(after))
}

/// The values of an item by which a write finds the stored item, and with which it compares it.
struct Compared<M: TableItem> {
    key: M::Key,
    version: Option<u64>,
    counters: Counters,
    is_deleted: bool,
}

impl<M> Compared<M>
where
    M: TableItem,
    M::Key: for<'m> From<&'m M> + PartialEq,
{
    fn of(item: &M) -> Self {
        let mut counters = Counters::default();
        item.counters(&mut counters);
        Self { key: M::Key::from(item), version: item.version(), counters, is_deleted: item.is_deleted() }
    }

    fn changed_in(&self, after: &Self) -> Option<RefusedChange> {
        if let Some(attribute) = changed_attribute(&self.key, &after.key) {
            return Some(RefusedChange { attribute, of: KEY });
        }
        let roles = M::model_roles();
        let version = roles.version.filter(|_| self.version != after.version);
        let deletion = roles.deleted_at.filter(|_| self.is_deleted != after.is_deleted);
        let (attribute, of) = version
            .map(|of| (of.attribute, "version"))
            .or_else(|| Some((self.counters.first_other(&after.counters)?, "counter")))
            .or_else(|| Some((deletion?.attribute, "deletion")))?;
        Some(RefusedChange { attribute: attribute.to_owned(), of })
    }
}

/// An attribute in which two keys differ, as they are stored.
fn changed_attribute<K: Key + PartialEq>(before: &K, after: &K) -> Option<String> {
    if before == after {
        return None;
    }
    let [before, after] = [before, after].map(|key| write_key_fields(key).unwrap_or_default());
    let names = before.keys().chain(after.keys());
    names.filter(|name| before.get(*name) != after.get(*name)).min().cloned()
}
