//! How items are laid out in a table that several models share: keys that are made of fields, and the attribute that says
//! which model an item is of.

use super::key_template::KeyTemplate;
use crate::ground::{AttributeMap, WriteError};
#[cfg(feature = "streams")]
use crate::ground::{ReadError, ReadErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;

/// How a model's items are laid out in a table of several models. Emitted code says it as a constant.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// The keys of the table: the hash key, then the range key.
    pub(crate) keys: &'static [KeyTemplate],
    /// The keys of its indexes.
    pub(crate) index_keys: &'static [KeyTemplate],
    /// The attribute that tells the model, and what it says for this one.
    pub(crate) discriminator: Option<(&'static str, &'static str)>,
    /// The attributes whose values no two items share.
    pub(crate) unique: &'static [&'static str],
    /// Whether other models' items may stand among the model's own of one hash key.
    pub(crate) mixed: bool,
}

impl Layout {
    /// A table of the model's own, whose keys are fields.
    pub const OWN: Self = Self { keys: &[], index_keys: &[], discriminator: None, unique: &[], mixed: false };

    /// A table whose keys are made so: the hash key, then the range key, if there is one.
    pub const fn new(keys: &'static [KeyTemplate]) -> Self {
        Self { keys, ..Self::OWN }
    }

    /// Adds the keys of the indexes.
    #[must_use]
    pub const fn index_keys(mut self, keys: &'static [KeyTemplate]) -> Self {
        self.index_keys = keys;
        self
    }

    /// Adds the attribute that tells the model, and what it says for this one.
    #[must_use]
    pub const fn discriminator(mut self, attribute: &'static str, value: &'static str) -> Self {
        self.discriminator = Some((attribute, value));
        self
    }

    /// Adds the attributes whose values no two items share.
    #[must_use]
    pub const fn unique(mut self, attributes: &'static [&'static str]) -> Self {
        self.unique = attributes;
        self
    }

    /// Says that other models' items may stand among the model's own of one hash key.
    #[must_use]
    pub const fn mixed(mut self) -> Self {
        self.mixed = true;
        self
    }

    /// Adds to an item's attributes what is made of them: keys, and the discriminator.
    pub(crate) fn complete(&self, attributes: &mut AttributeMap) -> Result<(), WriteError> {
        for template in self.keys.iter().chain(self.index_keys) {
            match template.render(|name| attributes.get(name))? {
                Some(key) => attributes.insert(template.attribute.to_owned(), key),
                None => attributes.remove(template.attribute),
            };
        }
        if let Some((attribute, value)) = self.discriminator {
            attributes.insert(attribute.to_owned(), AttributeValue::S(value.to_owned()));
        }
        Ok(())
    }

    /// The fields that the table's key is made of; `None` where the key is not made so, and thus is another model's.
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
                // A field that stands in both keys has one value.
                if fields.get(&field).is_some_and(|earlier| *earlier != value) {
                    return Ok(None);
                }
                fields.insert(field, value);
            }
        }
        Ok(Some(fields))
    }

    /// The table's key, of the fields that it is made of.
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
