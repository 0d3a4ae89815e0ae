//! The policy of a table, as written.

use super::Spanned;
use crate::sources::Span;
use crate::terms::Effect;

/// `resource_policy:`. Without statements it is `none`.
#[derive(Debug)]
pub(crate) struct PolicyDecl {
    /// The place of its key.
    pub(crate) span: Span,
    pub(crate) version: Option<Spanned<String>>,
    pub(crate) id: Option<Spanned<String>>,
    pub(crate) statements: Vec<StatementDecl>,
}

#[derive(Debug)]
pub(crate) struct StatementDecl {
    /// The place where it begins.
    pub(crate) span: Span,
    pub(crate) sid: Option<Spanned<String>>,
    pub(crate) effect: Effect,
    pub(crate) is_not_principal: bool,
    pub(crate) principal: PrincipalsDecl,
    pub(crate) is_not_action: bool,
    pub(crate) action: Vec<Spanned<String>>,
    pub(crate) is_not_resource: bool,
    /// Empty if the statement does not say.
    pub(crate) resource: Vec<Spanned<String>>,
    pub(crate) conditions: Vec<ConditionDecl>,
}

/// An operator, and the values of each key that it compares.
#[derive(Debug)]
pub(crate) struct ConditionDecl {
    pub(crate) operator: Spanned<String>,
    pub(crate) keys: Vec<(String, Vec<String>)>,
}

#[derive(Debug)]
pub(crate) enum PrincipalsDecl {
    Text(Spanned<String>),
    /// Names by their kinds.
    Kinds(Vec<(Spanned<String>, Vec<Spanned<String>>)>),
}
