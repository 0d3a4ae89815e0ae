//! The schema versions of a model's items.

use super::{Field, KeyKind, Literal, Scalar, StoredForm, Type};
use crate::terms::Conversion;
use std::collections::BTreeSet;

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

/// What upgrades do to the fields of items.
#[derive(Debug, Clone, Default)]
pub(crate) struct Upgraded {
    /// The changes, in their order.
    renamed_or_converted: Vec<Move>,
    /// The attributes that get a value in any case.
    made: BTreeSet<String>,
    /// The attributes whose earlier value is gone.
    gone: BTreeSet<String>,
    /// Of those that get a value, the attributes that have no earlier one.
    replaced: BTreeSet<String>,
    /// Whether they call functions, which may change each attribute.
    pub(crate) calls_functions: bool,
    /// Whether they split texts, or call functions, so that their result depends on the values.
    pub(crate) depends_on_values: bool,
}

#[derive(Debug, Clone)]
enum Move {
    Rename(String, String),
    Convert(String, Conversion),
}

impl Upgraded {
    /// The changes of these steps.
    pub(crate) fn of<'s>(steps: impl IntoIterator<Item = &'s UpgradeStep>) -> Self {
        let mut all = Self::default();
        for step in steps {
            match step {
                UpgradeStep::Rename { from, to } => {
                    all.renamed_or_converted.push(Move::Rename(from.clone(), to.clone()));
                    for set in [&mut all.made, &mut all.replaced] {
                        if set.remove(from) {
                            set.insert(to.clone());
                        }
                    }
                    all.gone.insert(from.clone());
                    all.gone.remove(to);
                }
                UpgradeStep::Convert { attribute, to } => {
                    all.renamed_or_converted.push(Move::Convert(attribute.clone(), *to));
                }
                UpgradeStep::Split { attribute, parts, .. } => {
                    all.gone.insert(attribute.clone());
                    for (_, part) in parts {
                        all.made.insert(part.clone());
                        all.replaced.insert(part.clone());
                    }
                    all.depends_on_values = true;
                }
                UpgradeStep::Default { field, .. } => {
                    all.made.insert(field.attribute.clone());
                    if all.gone.contains(&field.attribute) {
                        all.replaced.insert(field.attribute.clone());
                    }
                }
                UpgradeStep::Remove { attribute } => {
                    all.gone.insert(attribute.clone());
                    all.made.remove(attribute);
                    all.replaced.remove(attribute);
                }
                UpgradeStep::Function { .. } => (all.calls_functions, all.depends_on_values) = (true, true),
            }
        }
        all
    }

    /// A field as its attribute is after the upgrades, where renames and conversions change it.
    pub(crate) fn field(&self, field: &Field) -> Field {
        let mut field = field.clone();
        for change in &self.renamed_or_converted {
            match change {
                Move::Rename(from, to) if field.attribute == *from => field.attribute.clone_from(to),
                Move::Convert(attribute, to) if field.attribute == *attribute => {
                    if let Some(form) = converted(&field, *to) {
                        field.form = form;
                    }
                }
                _ => {}
            }
        }
        field
    }

    /// Whether an attribute has a value in any case.
    pub(crate) fn makes(&self, attribute: &str) -> bool {
        self.calls_functions || self.made.contains(attribute)
    }

    /// Whether an attribute has a value in any case, and not that of an item written before.
    pub(crate) fn replaces(&self, attribute: &str) -> bool {
        self.calls_functions || self.replaced.contains(attribute)
    }
}

/// The stored form of a field after a conversion that takes all its values.
fn converted(field: &Field, to: Conversion) -> Option<StoredForm> {
    let ty = field.ty.present();
    let is_boolean = *ty == Type::Scalar(Scalar::Bool);
    let is_number = StoredForm::Own.key_kind(ty) == Some(KeyKind::Number);
    match to {
        Conversion::Number if is_boolean => Some(StoredForm::ZeroOrOne),
        Conversion::Number if is_number => Some(StoredForm::Own),
        Conversion::Text if is_boolean || is_number => Some(StoredForm::Text),
        Conversion::Boolean if is_boolean => Some(StoredForm::Own),
        Conversion::List if matches!(ty, Type::Set(_)) => Some(StoredForm::List),
        _ => None,
    }
}
