//! The layout of items in a shared table: keys that are made of fields, and the discriminator.

use super::computation::{Computation, Made};
use super::discriminator::Discriminator;
use super::key_template::KeyTemplate;
use crate::ground::{AttributeMap, WriteError};
#[cfg(feature = "streams")]
use crate::ground::{ReadError, ReadErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;

/// The layout of a model's items in a shared table. Emitted code holds it as a constant.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// The keys of the table: the hash key, then the range key.
    pub(crate) keys: &'static [KeyTemplate],
    /// The keys of the indexes.
    pub(crate) index_keys: &'static [KeyTemplate],
    /// The computed attributes.
    pub(crate) computed: &'static [Computation],
    /// The discriminator's attributes, and their values for this model.
    pub(crate) discriminator: Option<Discriminator>,
    /// The attributes whose values no two items share.
    unique: &'static [&'static str],
    /// The combinations of attributes whose values no two items share, each with its name in errors.
    unique_together: &'static [(&'static str, &'static [&'static str])],
    /// The attributes of fields that only the key has: items do not store them.
    pub(crate) key_only: &'static [&'static str],
    /// Whether a hash key of the model may also have items of other models.
    pub(crate) mixed: bool,
    /// Whether the beginnings of its keys distinguish its items from those of other models.
    pub(crate) by_key: bool,
}

impl Layout {
    /// The layout of an own table, whose keys are fields.
    pub const OWN: Self = Self {
        keys: &[],
        index_keys: &[],
        computed: &[],
        discriminator: None,
        unique: &[],
        unique_together: &[],
        key_only: &[],
        mixed: false,
        by_key: false,
    };

    /// A layout with the keys of the table: the hash key, then the range key if the table has one.
    pub const fn new(keys: &'static [KeyTemplate]) -> Self {
        Self { keys, ..Self::OWN }
    }

    /// Adds the keys of the indexes.
    #[must_use]
    pub const fn index_keys(mut self, keys: &'static [KeyTemplate]) -> Self {
        self.index_keys = keys;
        self
    }

    /// Adds the computed attributes, which [`Item::write`](crate::Item::write) writes.
    #[must_use]
    pub const fn computed(mut self, attributes: &'static [Computation]) -> Self {
        self.computed = attributes;
        self
    }

    /// Adds the discriminator: its attribute, and its value for this model.
    #[must_use]
    pub const fn discriminator(mut self, attribute: &'static str, value: &'static str) -> Self {
        self.discriminator = Some(Discriminator { first: (attribute, value), others: &[] });
        self
    }

    /// Adds a discriminator of several attributes, each with its value for this model.
    #[must_use]
    pub const fn discriminators(mut self, all: &'static [(&'static str, &'static str)]) -> Self {
        if let [first, others @ ..] = all {
            self.discriminator = Some(Discriminator { first: *first, others });
        }
        self
    }

    /// Adds the attributes whose values no two items share.
    #[must_use]
    pub const fn unique(mut self, attributes: &'static [&'static str]) -> Self {
        self.unique = attributes;
        self
    }

    /// Adds the combinations of attributes whose values no two items share: each has its name in errors, and two or
    /// more attributes in a fixed order.
    #[must_use]
    pub const fn unique_together(mut self, combinations: &'static [(&'static str, &'static [&'static str])]) -> Self {
        self.unique_together = combinations;
        self
    }

    /// Adds the attributes of fields that only the key has.
    #[must_use]
    pub const fn key_only(mut self, attributes: &'static [&'static str]) -> Self {
        self.key_only = attributes;
        self
    }

    /// Says that a hash key of the model may also have items of other models.
    #[must_use]
    pub const fn mixed(mut self) -> Self {
        self.mixed = true;
        self
    }

    /// Says that the beginnings of the keys distinguish the model's items from those of other models.
    #[must_use]
    pub const fn by_key(mut self) -> Self {
        self.by_key = true;
        self
    }

    /// Whether the texts of an item's key attributes begin as those of the model's items.
    pub(crate) fn has_key<'t>(&self, mut text_of: impl FnMut(&'static str) -> Option<Cow<'t, str>>) -> bool {
        self.keys.iter().all(|template| template.begins(text_of(template.attribute).as_deref()))
    }

    /// What no two items share: a name for errors, and the attributes, which are several for a combination.
    pub(crate) fn unique_values(&self) -> impl Iterator<Item = (&'static str, &'static [&'static str])> + use<> {
        let single = self.unique.iter().map(|name| (*name, std::slice::from_ref(name)));
        single.chain(self.unique_together.iter().copied())
    }

    /// Whether there are values that no two items share.
    pub(crate) const fn is_unique(&self) -> bool {
        !self.unique.is_empty() || !self.unique_together.is_empty()
    }

    /// The attributes that are made of fields, without the keys of the table.
    pub(crate) fn made(&self) -> impl Iterator<Item = Made> + use<> {
        self.index_keys.iter().map(Made::Key).chain(self.computed.iter().map(Made::Computed))
    }

    /// Whether attributes of the items are made of fields.
    pub(crate) const fn has_made(&self) -> bool {
        !self.keys.is_empty() || !self.computed.is_empty()
    }

    /// Adds the keys and the discriminator to the attributes of an item, and removes those that only the key has.
    pub(crate) fn complete(&self, attributes: &mut AttributeMap) -> Result<(), WriteError> {
        for template in self.keys.iter().chain(self.index_keys) {
            match template.render(|name| attributes.get(name))? {
                Some(key) => attributes.insert(template.attribute.to_owned(), key),
                None => attributes.remove(template.attribute),
            };
        }
        for name in self.key_only {
            attributes.remove(*name);
        }
        for (attribute, value) in self.discriminator.into_iter().flat_map(Discriminator::pairs) {
            attributes.insert(attribute.to_owned(), AttributeValue::S(value.to_owned()));
        }
        Ok(())
    }

    /// Reads the fields from a key of the table; `None` if the key is another model's.
    #[cfg(feature = "streams")]
    pub(crate) fn fields(&self, key: &AttributeMap) -> Result<Option<AttributeMap>, ReadError> {
        if self.keys.is_empty() {
            return Ok(Some(key.clone()));
        }
        let mut fields = AttributeMap::new();
        for template in self.keys {
            let missing = || ReadError::new(ReadErrorKind::Missing).within_name(template.attribute);
            let value = key.get(template.attribute).ok_or_else(missing)?;
            let Some(parsed) = template.parse(value) else { return Ok(None) };
            for (field, value) in parsed {
                // A field in both the hash key and the range key has one value.
                if fields.get(&field).is_some_and(|earlier| *earlier != value) {
                    return Ok(None);
                }
                fields.insert(field, value);
            }
        }
        Ok(Some(fields))
    }

    /// Makes the key of the table from its fields.
    pub(crate) fn key(&self, fields: &AttributeMap) -> Result<AttributeMap, WriteError> {
        let mut key = AttributeMap::with_capacity(self.keys.len());
        for template in self.keys {
            if let Some(value) = template.render(|name| fields.get(name))? {
                key.insert(template.attribute.to_owned(), value);
            }
        }
        Ok(key)
    }
}
