//! The schema versions of a model's items, and the upgrades between them.

use super::as_stored::before_write;
use super::attribute_map::{names_of, opened_as, read_opened_as_stored, write_as_it_is};
use super::item::Item;
use super::raw_item::RawItem;
use super::stored_item::StoredItem;
use super::types::normal_number;
use crate::ground::{AttributeMap, Names, ReadError, ReadErrorKind, WriteError};
use crate::keys::Keys;
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;

/// A function that changes an item of one schema version into the form of the next.
///
/// It must depend on the item alone: each read of an item that is stored in the earlier form calls it again.
pub type Upgrade = fn(&mut StoredItem) -> Result<(), ReadError>;

/// The schema versions of a model's items, and the upgrades between them. Emitted code holds it as a constant.
///
/// An item has its version in an attribute. An item without the attribute is of version 1. Reads upgrade older items in
/// memory, and writes store the current version.
#[derive(Debug, Clone, Copy)]
pub struct Upgrades {
    /// The attribute of the version; `None` if the model's items have no versions.
    pub(crate) attribute: Option<&'static str>,
    /// The key attributes of the table, which no upgrade changes.
    keys: Names,
    /// The version that the first step upgrades.
    first: u32,
    steps: &'static [Upgrade],
}

impl Upgrades {
    /// No versions.
    pub const NONE: Self = Self { attribute: None, keys: &[], first: 1, steps: &[] };

    /// The attribute of the version, the key attributes of the table, and the upgrades: the first one from version 1 to
    /// 2, each later one from the next version.
    pub const fn new(attribute: &'static str, keys: Names, steps: &'static [Upgrade]) -> Self {
        Self { attribute: Some(attribute), keys, first: 1, steps }
    }

    /// Says that the first upgrade is from this version. Items of earlier versions cannot be read.
    #[must_use]
    pub const fn from_version(mut self, first: u32) -> Self {
        self.first = first;
        self
    }

    /// The version that writes store.
    pub(crate) fn current(&self) -> u32 {
        self.first.saturating_add(u32::try_from(self.steps.len()).unwrap_or(u32::MAX))
    }

    /// The attribute with the current version; `None` if the model's items have no versions.
    pub(crate) fn version_attribute(&self) -> Option<(String, AttributeValue)> {
        Some((self.attribute?.to_owned(), AttributeValue::N(self.current().to_string())))
    }

    /// Whether stored items may be of an earlier version.
    pub(crate) fn has_steps(&self) -> bool {
        !self.steps.is_empty()
    }

    /// Whether a stored item is of an earlier version, so that its attributes may have other forms.
    pub(crate) fn is_older(&self, item: &AttributeMap) -> bool {
        self.version_of(item).is_ok_and(|version| version < self.current())
    }

    /// The error of an item of a version that this model does not know.
    pub(crate) fn unknown_version(&self, item: &AttributeMap) -> Option<ReadError> {
        self.version_of(item).and_then(|version| self.check(version)).err()
    }

    /// The version of a stored item.
    fn version_of(&self, item: &AttributeMap) -> Result<u32, ReadError> {
        let Some(attribute) = self.attribute else { return Ok(self.current()) };
        version(item.get(attribute)).map_err(|error| error.within_name(attribute))
    }

    /// Checks that the model knows a version.
    fn check(&self, version: u32) -> Result<(), ReadError> {
        let kind = match version {
            version if version > self.current() => {
                ReadErrorKind::LaterVersion { stored: version, current: self.current() }
            }
            version if version < self.first => ReadErrorKind::EarlierVersion { stored: version, first: self.first },
            _ => return Ok(()),
        };
        Err(ReadError::new(kind).within_name(self.attribute.unwrap_or_default()))
    }

    /// Checks that a stored item is of the current version.
    ///
    /// # Errors
    ///
    /// It is of another version.
    pub(crate) fn check_current(&self, item: &AttributeMap) -> Result<(), ReadError> {
        let version = self.version_of(item)?;
        self.check(version)?;
        match self.current() {
            current if version == current => Ok(()),
            current => {
                let error = ReadError::new(ReadErrorKind::PartOfEarlierVersion { stored: version, current });
                Err(error.within_name(self.attribute.unwrap_or_default()))
            }
        }
    }

    /// Brings a stored item into the current form, and removes the attribute of its version.
    ///
    /// # Errors
    ///
    /// The model does not know the version, or an upgrade fails.
    pub(crate) fn apply(&self, item: &mut AttributeMap) -> Result<(), ReadError> {
        let Some(attribute) = self.attribute else { return Ok(()) };
        let version = self.version_of(item)?;
        self.check(version)?;
        item.remove(attribute);
        let done = usize::try_from(version.saturating_sub(self.first)).unwrap_or(usize::MAX);
        let keys: Vec<_> = self.keys.iter().map(|name| (*name, item.get(*name).cloned())).collect();
        let mut stored = StoredItem { attributes: std::mem::take(item) };
        for (step, from) in self.steps.iter().skip(done).zip(version..) {
            step(&mut stored).map_err(|error| error.of_upgrade(from))?;
            if let Some(key) = keys.iter().find(|(name, value)| stored.attributes.get(*name) != value.as_ref()) {
                return Err(ReadError::new(ReadErrorKind::UpgradedKey).within_name(key.0).of_upgrade(from));
            }
        }
        *item = stored.attributes;
        // An upgrade cannot say that the item has another version.
        item.remove(attribute);
        Ok(())
    }
}

/// The version in an attribute: 1 without a value.
fn version(value: Option<&AttributeValue>) -> Result<u32, ReadError> {
    let invalid = |reason| ReadError::value("schema version", reason);
    match value {
        None | Some(AttributeValue::Null(_)) => Ok(1),
        Some(AttributeValue::N(text)) => {
            let number = text.parse().ok().filter(|version| *version > 0);
            number.ok_or_else(|| invalid("it is no whole number from 1 to 4294967295"))
        }
        Some(_) => Err(invalid("it is no number")),
    }
}

/// The stored attributes of an item of an earlier version as a write stores them: the attributes of the model in their
/// current forms, as its `before_write` and the schema's transforms leave them, and the others as they are.
pub(crate) fn upgraded<M: Item>(stored: &AttributeMap, keys: Option<&Keys>) -> Result<RawItem, ReadError> {
    let seals = M::model_seals();
    let mut item = opened_as::<M>(stored.clone(), keys)?;
    let read = read_opened_as_stored::<M>(item.clone())?;
    M::model_upgrades().apply(&mut item)?;
    let written = write_in_place(&read, stored);
    let written = written.map_err(|error| ReadError::value("an item that DynamoDB can store", error))?;
    let layout = M::model_layout();
    let keys = layout.keys.iter().map(|template| template.attribute);
    let made = layout.made().map(|made| made.attribute());
    for name in names_of::<M>().iter().copied().chain(keys).chain(made) {
        item.remove(name);
    }
    item.extend(written);
    Ok(RawItem::opened(item, seals))
}

/// Writes an item as its `before_write` leaves it, with the schema's transforms. One whose key the transforms would change
/// has none of them: only a migration moves an item.
fn write_in_place<M: Item>(item: &M, stored: &AttributeMap) -> Result<AttributeMap, WriteError> {
    let item = before_write(Cow::Borrowed(item))?;
    let written = write_as_it_is(item.transformed().as_ref())?;
    let is_same = |name: &str| match (written.get(name), stored.get(name)) {
        (Some(AttributeValue::N(one)), Some(AttributeValue::N(other))) => normal_number(one) == normal_number(other),
        (one, other) => one == other,
    };
    if M::model_upgrades().keys.iter().copied().all(is_same) { Ok(written) } else { write_as_it_is(item.as_ref()) }
}
