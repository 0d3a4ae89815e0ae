//! The schema versions of a model's items.

use crate::{FormView, TyView, ValueView};
use askama::Template;

/// The constant with the schema versions of a model's items, and the upgrades between them.
#[derive(Debug, Template)]
#[template(path = "parts/upgrades.rs.j2", escape = "none", whitespace = "preserve")]
pub struct UpgradesView {
    /// The attribute of the version as a literal.
    pub attribute: String,
    /// The key attributes of the table as literals.
    pub keys: Vec<String>,
    /// The version that the first upgrade is from.
    pub first: u32,
    /// The version that writes store.
    pub current: u32,
    /// The upgrades, each with its changes.
    pub upgrades: Vec<Vec<UpgradeStepView>>,
}

/// A change of an upgrade.
#[derive(Debug)]
pub enum UpgradeStepView {
    /// The call of a method that can fail.
    Call {
        /// The method.
        method: &'static str,
        /// Its arguments.
        arguments: Vec<String>,
    },
    /// The value of an attribute in items that lack it.
    Default {
        /// The attribute as a literal.
        attribute: String,
        /// The type of the attribute's value.
        ty: TyView,
        /// The value.
        value: ValueView,
        /// The runtime's type of its stored form, if it is not the form of its own type.
        form: Option<FormView>,
    },
    /// The removal of an attribute, as a literal.
    Remove(String),
    /// The call of a function of the app.
    Function(String),
}

impl UpgradeStepView {
    fn is_infallible(&self) -> bool {
        matches!(self, Self::Remove(_))
    }
}

/// How a struct of a model with schema versions is read.
#[derive(Debug)]
pub struct VersionedView {
    /// The model.
    pub model: String,
    /// The method of the reader: it upgrades whole items, or refuses parts of older ones.
    pub method: &'static str,
}
