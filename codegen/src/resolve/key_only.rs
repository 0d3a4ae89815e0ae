//! Fields that items do not store (`stored: false`): the key of the table must have them.

use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, KeyAttribute, MadeOf};
use crate::schema::FieldDecl;
use crate::text::show;

/// Reports fields that the keys of the table do not have, and fields that need an attribute of their own. `keys` are
/// the key templates of a model in a shared table.
pub(super) fn check(fields: &[(&FieldDecl, Field)], keys: &[&KeyAttribute], resolver: &mut Resolver<'_>) {
    for (decl, field) in fields {
        let Some(span) = decl.key_only else { continue };
        let in_key = keys.iter().any(|key| !matches!(key.made_of, MadeOf::Field(_)) && key.has(&field.name));
        let is_determined = keys.iter().any(|key| key.determines(&field.name));
        let (label, help) = if keys.is_empty() {
            ("only the key templates of a shared table hold fields", "drop `stored: false`")
        } else if !in_key {
            ("no key template of the table has it", "drop `stored: false`, or add the field to a template of `key:`")
        } else if !is_determined {
            ("several of its values have one text in the key", "drop `stored: false`, or its form in the template")
        } else if field.role.is_some() {
            ("writes keep an attribute for its role", "drop `stored: false`, or the role")
        } else {
            continue;
        };
        let message = format!("the field `{}` must be stored", show(&field.name));
        resolver.report(Diagnostic::new(Code::MustBeStored, message).at(span, label).help(help));
    }
}

/// Reports such fields in structs that are not models.
pub(super) fn refuse(fields: &[FieldDecl], resolver: &mut Resolver<'_>) {
    for field in fields {
        if let Some(span) = field.key_only {
            let message = format!("the field `{}` must be stored", show(&field.name.value));
            let diagnostic = Diagnostic::new(Code::MustBeStored, message).at(span, "only a model has keys");
            resolver.report(diagnostic.help("drop `stored: false`"));
        }
    }
}
