//! The replicas of a table in other regions.

use super::table::TableClass;

/// A region of a table that is in several, as of global tables of version 2019.11.21 ("Global tables - multi-active,
/// multi-Region replication").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replica {
    pub(crate) region: &'static str,
    /// The id, alias or ARN of its key in KMS.
    pub(crate) kms_key: Option<&'static str>,
    /// `None` for the table's class.
    pub(crate) table_class: Option<TableClass>,
}

impl Replica {
    /// A region, with the class of its table. It has the table's key, if that is one that AWS keeps in every
    /// region.
    pub const fn new(region: &'static str) -> Self {
        Self { region, kms_key: None, table_class: None }
    }

    /// Encrypts the replica with a key of its region in KMS: its id, its ARN, or `alias/` and its name. If a table has a key
    /// of its account, all its replicas need one.
    #[must_use]
    pub const fn kms_key(mut self, key: &'static str) -> Self {
        self.kms_key = Some(key);
        self
    }

    /// Sets the replica's class, instead of the table's.
    #[must_use]
    pub const fn table_class(mut self, class: TableClass) -> Self {
        self.table_class = Some(class);
        self
    }
}
