//! The upgrades of a model's items, as written.

use super::Spanned;
use crate::node::Node;
use crate::terms::Conversion;

/// An entry of `upgrades:`: what changes items of one schema version into the form of the next.
#[derive(Debug)]
pub(crate) struct UpgradeDecl {
    /// The version whose items it changes.
    pub(crate) from: Spanned<u32>,
    /// The changes, in their order.
    pub(crate) steps: Vec<UpgradeStepDecl>,
}

/// A change of one attribute, or a function of the app.
#[derive(Debug)]
pub(crate) enum UpgradeStepDecl {
    /// `rename: { fullName: name }`.
    Rename { from: Spanned<String>, to: Spanned<String> },
    /// `split: { owner: 'USER#{owner_id}' }`.
    Split { attribute: Spanned<String>, template: Spanned<String> },
    /// `convert: { age: number }`.
    Convert { attribute: Spanned<String>, to: Spanned<Conversion> },
    /// `default: { plan: free }`.
    Default { attribute: Spanned<String>, value: Node },
    /// `remove: [legacy]`.
    Remove { attribute: Spanned<String> },
    /// `function: crate::upgrades::v1_to_v2`.
    Function { path: Spanned<String> },
}
