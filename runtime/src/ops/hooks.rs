//! The hooks of models: functions of the app that see each whole item, before it is written and after it is read.

use super::model::{Key, TableItem};
use super::write::write_key_fields;
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
    /// [`ReadErrorKind::KeyChangedAfterRead`] if the function changes the key.
    pub fn after_read<M>(&self, mut item: M, change: fn(&mut M)) -> Result<M, ReadError>
    where
        M: TableItem,
        M::Key: for<'m> From<&'m M> + PartialEq,
    {
        if self.is_for_names() {
            return Ok(item);
        }
        let key = M::Key::from(&item);
        change(&mut item);
        match changed_attribute(&key, &M::Key::from(&item)) {
            None => Ok(item),
            Some(attribute) => Err(ReadError::new(ReadErrorKind::KeyChangedAfterRead).within_name(&attribute)),
        }
    }
}

/// What a `before_write` has changed and must not.
fn refused_change<M>(before: &M, after: &M) -> Option<RefusedChange>
where
    M: TableItem,
    M::Key: for<'m> From<&'m M> + PartialEq,
{
    if let Some(attribute) = changed_attribute(&M::Key::from(before), &M::Key::from(after)) {
        return Some(RefusedChange { attribute, of: "key" });
    }
    let version = M::model_roles().version.filter(|_| before.version() != after.version())?;
    Some(RefusedChange { attribute: version.attribute.to_owned(), of: "version" })
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
