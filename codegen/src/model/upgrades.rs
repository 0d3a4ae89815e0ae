//! The schema versions of a model's items.

use super::{Field, Literal};
use crate::terms::Conversion;

/// The schema versions of a model's items, and the upgrades between them.
#[derive(Debug)]
pub(crate) struct SchemaVersions {
    /// The attribute of the version.
    pub(crate) attribute: String,
    /// The version that the first upgrade is from.
    pub(crate) first: u32,
    /// The upgrades, each from the version after the one before.
    pub(crate) upgrades: Vec<Vec<UpgradeStep>>,
}

impl SchemaVersions {
    /// The version that writes store.
    pub(crate) fn current(&self) -> u32 {
        self.first.saturating_add(u32::try_from(self.upgrades.len()).unwrap_or(u32::MAX))
    }
}

/// A change of an upgrade.
#[derive(Debug)]
pub(crate) enum UpgradeStep {
    Rename {
        from: String,
        to: String,
    },
    /// A text becomes its parts: each is the constant before it and an attribute; `end` is the constant at the end.
    Split {
        attribute: String,
        parts: Vec<(String, String)>,
        end: String,
    },
    Convert {
        attribute: String,
        to: Conversion,
    },
    /// The value of a field in items that lack it; `None` for the default of the field's type.
    Default {
        field: Box<Field>,
        value: Option<Literal>,
    },
    Remove {
        attribute: String,
    },
    /// The path of a function.
    Function {
        path: String,
    },
}
