//! A model before its keys, indexes and projections.

use crate::model::Field;
use crate::schema::{FieldDecl, ModelDecl};

/// A model whose names and fields are resolved.
#[derive(Clone, Copy)]
pub(super) struct Draft<'m> {
    pub(super) declared: &'m ModelDecl,
    pub(super) name: &'m str,
    pub(super) fields: &'m [(&'m FieldDecl, Field)],
}
