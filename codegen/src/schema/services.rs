//! Services and what each does, as written.

use super::Spanned;
use crate::sources::Span;

/// An entry of `services:`, a program with rights of its own.
#[derive(Debug)]
pub(crate) struct ServiceDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) models: Vec<UseDecl>,
    pub(crate) collections: Vec<Spanned<String>>,
    /// Models, or entries of `tables:`, whose tables' streams it reads.
    pub(crate) streams: Vec<Spanned<String>>,
    /// Whether its first writes create missing tables.
    pub(crate) auto_create: bool,
    /// Whether it makes all tables of the schema what it says.
    pub(crate) ensure_tables: bool,
}

/// A model that a service uses.
#[derive(Debug)]
pub(crate) struct UseDecl {
    pub(crate) model: Spanned<String>,
    /// The operations; `None` for all.
    pub(crate) operations: Option<Vec<Spanned<String>>>,
    /// The only fields that it reads and changes.
    pub(crate) fields: Option<FieldsDecl>,
}

/// The `fields:` of a model that a service uses.
#[derive(Debug)]
pub(crate) struct FieldsDecl {
    /// The key `fields`.
    pub(crate) span: Span,
    pub(crate) names: Vec<Spanned<String>>,
}
