//! The descriptions of secondary indexes.

use super::key_attribute::KeyAttribute;

/// A secondary index of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondaryIndex {
    pub(crate) name: &'static str,
    pub(crate) local: bool,
    pub(crate) hash_key: &'static [KeyAttribute],
    pub(crate) range_key: &'static [KeyAttribute],
    pub(crate) projection: Projection,
    pub(crate) throughput: Option<(u32, u32)>,
}

/// The attributes of each item that an index holds ("Attribute projections").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Projection {
    All,
    KeysOnly,
    Include(&'static [&'static str]),
}

impl SecondaryIndex {
    /// A global secondary index that holds whole items. Its hash key has up to four attributes ("Multi-attribute keys
    /// pattern").
    pub const fn global(name: &'static str, hash_key: &'static [KeyAttribute]) -> Self {
        Self { name, local: false, hash_key, range_key: &[], projection: Projection::All, throughput: None }
    }

    /// A local secondary index that holds whole items. Its hash key is the table's.
    pub const fn local(name: &'static str, hash_key: &'static [KeyAttribute]) -> Self {
        Self { name, local: true, hash_key, range_key: &[], projection: Projection::All, throughput: None }
    }

    /// Adds a range key. The range key of a global index has up to four attributes.
    #[must_use]
    pub const fn range_key(mut self, key: &'static [KeyAttribute]) -> Self {
        self.range_key = key;
        self
    }

    /// Makes the index hold only the keys of the table and of the index.
    #[must_use]
    pub const fn keys_only(mut self) -> Self {
        self.projection = Projection::KeysOnly;
        self
    }

    /// Makes the index hold the keys and these attributes.
    #[must_use]
    pub const fn include(mut self, attributes: &'static [&'static str]) -> Self {
        self.projection = Projection::Include(attributes);
        self
    }

    /// Provisions read and write capacity units per second for the index. Otherwise, an index of a provisioned table
    /// has the table's.
    #[must_use]
    pub const fn provisioned(mut self, read: u32, write: u32) -> Self {
        self.throughput = Some((read, write));
        self
    }
}
