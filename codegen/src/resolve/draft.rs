//! A model before its keys, indexes and projections.

use crate::model::{Default, Field, Type};
use crate::schema::{FieldDecl, ModelDecl};

/// A model whose names and fields are resolved.
#[derive(Clone, Copy)]
pub(super) struct Draft<'m> {
    pub(super) declared: &'m ModelDecl,
    pub(super) name: &'m str,
    pub(super) fields: &'m [(&'m FieldDecl, Field)],
    /// The fields, and the computed ones after them.
    pub(super) attributes: &'m [(&'m FieldDecl, Field)],
}

impl Draft<'_> {
    /// The field as a struct has it that reads a part of an item. Older items lack a computed field, unless it is a key
    /// of the index.
    pub(super) fn read(&self, field: &Field, is_key: bool) -> Field {
        let is_stored = self.fields.iter().any(|(_, of)| of.name == field.name);
        match field.default {
            Default::Required if !is_stored && !is_key => {
                let ty = Type::Optional(Box::new(field.ty.clone()));
                Field { ty, default: Default::Absent, ..field.clone() }
            }
            _ => field.clone(),
        }
    }
}
