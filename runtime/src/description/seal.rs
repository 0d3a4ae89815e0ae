//! The attributes that are stored sealed: compressed, encrypted, or both.

use super::setting::Setting;
use super::table::Table;

/// The sealed attributes of a model. Emitted code holds them as a constant.
///
/// A sealed value is bound to its place: the table, the key of its item and its attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seals {
    /// The name of the table as the schema states it. A table that is restored under another name keeps it.
    pub(crate) table: Setting,
    /// The key attributes of the table.
    pub(crate) keys: [Option<&'static str>; 2],
    pub(crate) attributes: &'static [Seal],
}

/// A sealed attribute of a model: its value is compressed, encrypted, or first compressed and then encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    pub(crate) attribute: &'static str,
    pub(crate) is_compressed: bool,
    /// The schema's name of the key; `None` if the value is only compressed.
    pub(crate) key: Option<&'static str>,
    /// Whether a value that is not encrypted can be read.
    pub(crate) or_unencrypted: bool,
    /// The attribute with the hash of the value, by which items are searched.
    pub(crate) hash: Option<&'static str>,
}

impl Seals {
    /// No sealed attributes.
    pub const NONE: Self = Self { table: Setting::value(""), keys: [None, None], attributes: &[] };

    /// The sealed attributes of a model of a table.
    pub const fn new(table: &Table, attributes: &'static [Seal]) -> Self {
        let range_key = match table.range_key {
            Some(key) => Some(key.name),
            None => None,
        };
        Self { table: table.name, keys: [Some(table.hash_key.name), range_key], attributes }
    }

    /// How an attribute is sealed; `None` if it is not.
    pub(crate) fn of(&self, attribute: &str) -> Option<&'static Seal> {
        self.attributes.iter().find(|seal| seal.attribute == attribute)
    }

    /// Whether attributes are encrypted.
    pub(crate) fn are_encrypted(&self) -> bool {
        self.key_names().next().is_some()
    }

    /// The attributes whose values have a hash beside them.
    pub(crate) fn searched(&self) -> impl Iterator<Item = (&'static Seal, &'static str)> {
        self.attributes.iter().filter_map(|seal| Some((seal, seal.hash?)))
    }

    /// The schema's names of the keys that writes need.
    pub(crate) fn key_names(&self) -> impl Iterator<Item = &'static str> {
        self.attributes.iter().filter_map(|seal| seal.key)
    }
}

impl Seal {
    /// An attribute that is encrypted with the schema's key of this name.
    #[cfg(feature = "encryption")]
    pub const fn encrypted(attribute: &'static str, key: &'static str) -> Self {
        Self { attribute, is_compressed: false, key: Some(key), or_unencrypted: false, hash: None }
    }

    /// An attribute that is compressed.
    #[cfg(feature = "compression")]
    pub const fn compressed(attribute: &'static str) -> Self {
        Self { attribute, is_compressed: true, key: None, or_unencrypted: false, hash: None }
    }

    /// The same attribute, which is also encrypted with the schema's key of this name.
    #[cfg(feature = "encryption")]
    #[must_use]
    pub const fn and_encrypted(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }

    /// The same attribute, whose values can also be read if they are not encrypted.
    #[cfg(feature = "encryption")]
    #[must_use]
    pub const fn or_unencrypted(mut self) -> Self {
        self.or_unencrypted = true;
        self
    }

    /// The same attribute, whose values have a hash in another attribute, by which items are searched.
    #[cfg(feature = "encryption")]
    #[must_use]
    pub const fn searchable(mut self, hash: &'static str) -> Self {
        self.hash = Some(hash);
        self
    }
}
