//! Fields that items do not store (`stored: false`): the key of the table must have them, or the key of an index that each
//! item has.

use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Index, KeyAttribute, MadeOf, Type};
use crate::schema::FieldDecl;
use crate::text::show;

/// Reports fields that no key has, and fields that need an attribute of their own. `keys` are the key templates of a model
/// in a shared table, and `indexes` its indexes.
pub(super) fn check(
    fields: &[(&FieldDecl, Field)],
    keys: &[&KeyAttribute],
    indexes: &[Index],
    resolver: &mut Resolver<'_>,
) {
    for (decl, field) in fields {
        let Some(span) = decl.key_only else { continue };
        let in_key = keys.iter().any(|key| !matches!(key.made_of, MadeOf::Field(_)) && key.has(&field.name));
        let is_determined = keys.iter().any(|key| key.determines(&field.name));
        let of_indexes: Vec<(&Index, &KeyAttribute)> = indexes
            .iter()
            .flat_map(|index| index.keys().map(move |key| (index, key)))
            .filter(|(_, key)| key.has(&field.name))
            .collect();
        let is_held = !is_determined && of_indexes.iter().any(|(_, key)| key.determines(&field.name));
        let needing = indexes.iter().flat_map(|index| index.keys().map(move |key| (index, key)));
        let mut needing = needing.filter(|(_, key)| key.needs(&field.name));
        let problem = needing.find_map(|(index, key)| unheld(field, index, key, (fields, keys)));
        let (label, help) = if keys.is_empty() {
            ("only the key templates of a shared table hold fields".to_owned(), "drop `stored: false`".to_owned())
        } else if let Some(problem) = problem.filter(|_| is_held) {
            problem
        } else if !in_key && of_indexes.is_empty() {
            let help = "drop `stored: false`, or add the field to a template of `key:`";
            ("no key template has it".to_owned(), help.to_owned())
        } else if !is_determined && !is_held {
            let help = "drop `stored: false`, or its form in the template";
            ("several of its values have one text in the key".to_owned(), help.to_owned())
        } else if field.role.is_some() {
            ("writes keep an attribute for its role".to_owned(), "drop `stored: false`, or the role".to_owned())
        } else {
            continue;
        };
        let message = format!("the field `{}` must be stored", show(&field.name));
        resolver.report(Diagnostic::new(Code::MustBeStored, message).at(span, label).help(help));
    }
}

/// Why a key of an index cannot hold a field that has no attribute, and what to do.
fn unheld(
    field: &Field,
    index: &Index,
    key: &KeyAttribute,
    (fields, keys): (&[(&FieldDecl, Field)], &[&KeyAttribute]),
) -> Option<(String, String)> {
    let (name, attribute) = (show(&index.index_name), show(&key.attribute));
    if matches!(field.ty, Type::Optional(_)) {
        let label = format!("an item without it has no key of the index `{name}`");
        return Some((label, "drop `stored: false`, or make the field required".to_owned()));
    }
    if !index.when.is_empty() {
        let label = format!("an item that does not meet the condition of the index `{name}` has no key of it");
        return Some((label, "drop `stored: false`, or the condition `when`".to_owned()));
    }
    let others = || key.checked().filter(|other| other.name != field.name);
    if let Some(other) = others().find(|other| matches!(other.ty, Type::Optional(_))) {
        let label = format!("an item without `{}` has no `{attribute}`", show(&other.name));
        return Some((label, out_of(key, other)));
    }
    let is_fixed = |other: &&Field| {
        let is_key = keys.iter().any(|key| key.has(&other.name));
        is_key || fields.iter().any(|(_, of)| of.name == other.name && of.key_only)
    };
    let other = others().find(|other| !is_fixed(other))?;
    let label = format!("an update of `{}` would need it for `{attribute}`", show(&other.name));
    Some((label, out_of(key, other)))
}

fn out_of(key: &KeyAttribute, other: &Field) -> String {
    let place = if key.has(&other.name) { "the template" } else { "`by`" };
    format!("drop `stored: false`, or take `{}` out of {place}", show(&other.name))
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
