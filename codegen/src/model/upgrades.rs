//! The schema versions of a model's items.

use super::{Field, Literal};
use crate::terms::Conversion;
use std::collections::{BTreeMap, BTreeSet};

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

impl SchemaVersions {
    /// The changes of items of a version.
    pub(crate) fn since(&self, version: u32) -> impl Iterator<Item = &UpgradeStep> {
        let done = usize::try_from(version.saturating_sub(self.first)).unwrap_or(usize::MAX);
        self.upgrades.iter().skip(done).flatten()
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

/// What upgrades do to the attributes of items.
#[derive(Debug, Clone, Default)]
pub(crate) struct Upgraded {
    /// The earlier names of attributes, each with the name that it gets.
    pub(crate) renamed: BTreeMap<String, String>,
    /// The attributes whose values are made or converted.
    made: BTreeSet<String>,
    /// Whether a function may change any attribute.
    pub(crate) by_function: bool,
}

impl Upgraded {
    /// The changes of these steps.
    pub(crate) fn of<'s>(steps: impl IntoIterator<Item = &'s UpgradeStep>) -> Self {
        let mut all = Self::default();
        for step in steps {
            match step {
                UpgradeStep::Rename { from, to } => {
                    let first = all.renamed.iter().find(|(_, name)| *name == from).map(|(first, _)| first.clone());
                    all.renamed.insert(first.unwrap_or_else(|| from.clone()), to.clone());
                    if all.made.remove(from) {
                        all.made.insert(to.clone());
                    }
                }
                UpgradeStep::Split { parts, .. } => {
                    all.made.extend(parts.iter().map(|(_, attribute)| attribute.clone()));
                }
                UpgradeStep::Convert { attribute, .. } => drop(all.made.insert(attribute.clone())),
                UpgradeStep::Default { field, .. } => drop(all.made.insert(field.attribute.clone())),
                UpgradeStep::Remove { .. } => {}
                UpgradeStep::Function { .. } => all.by_function = true,
            }
        }
        all
    }

    /// The name that an attribute gets.
    pub(crate) fn name<'n>(&'n self, attribute: &'n str) -> &'n str {
        self.renamed.get(attribute).map_or(attribute, String::as_str)
    }

    /// Whether the value of an attribute is made or converted, or may be.
    pub(crate) fn makes(&self, attribute: &str) -> bool {
        self.by_function || self.made.contains(attribute)
    }

    /// Whether an item has other attributes, or others forms of them, than before.
    pub(crate) fn changes_forms(&self) -> bool {
        self.by_function || !self.made.is_empty() || !self.renamed.is_empty()
    }
}
