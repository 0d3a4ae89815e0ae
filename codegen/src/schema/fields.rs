//! Fields, as written.

use super::{ExtrasDecl, Spanned};
use crate::node::Node;
use crate::sources::Span;
use crate::terms::{FieldRole, Transform};

/// An entry of `fields:`.
#[derive(Debug, Clone)]
pub(crate) struct FieldDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) ty: Option<Spanned<String>>,
    pub(crate) attribute: Option<Spanned<String>>,
    pub(crate) format: Option<Spanned<String>>,
    pub(crate) transform: Vec<Spanned<Transform>>,
    pub(crate) sensitive: bool,
    pub(crate) role: Option<Spanned<FieldRole>>,
    /// The place of `unique: true`.
    pub(crate) unique: Option<Span>,
    pub(crate) extras: ExtrasDecl,
    pub(crate) constraints: Vec<ConstraintDecl>,
    pub(crate) default: Option<DefaultDecl>,
}

/// An entry of `mixins:`: fields that several definitions take.
#[derive(Debug)]
pub(crate) struct MixinDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) fields: Vec<FieldDecl>,
}

/// A constraint on a field's values, such as `min_length: 1`.
#[derive(Debug, Clone)]
pub(crate) struct ConstraintDecl {
    pub(crate) key: Spanned<&'static str>,
    pub(crate) value: ConstraintValue,
}

#[derive(Debug, Clone)]
pub(crate) enum ConstraintValue {
    Node(Node),
    /// Constraints of the elements of a collection, or of the keys or values of a map.
    Nested(Vec<ConstraintDecl>),
}

/// A field's `default:`.
#[derive(Debug, Clone)]
pub(crate) enum DefaultDecl {
    /// The value as written: a literal, or the name of a factory if the type has one of that name.
    Plain(Node),
    /// `{ value: … }`: always a literal.
    Value(Node),
    /// `{ factory: … }`: always a factory.
    Factory(Spanned<String>),
}
