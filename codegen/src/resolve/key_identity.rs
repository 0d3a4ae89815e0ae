//! Checks that items with different fields have different keys.

use super::Resolved;
use super::part_forms::one_text;
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{KeyAttribute, KeyPart, PartForm};
use crate::schema::{KeyDecl, TemplateDecl};
use crate::text::show;

pub(crate) fn check(models: &[Resolved<'_>], resolver: &mut Resolver<'_>) {
    for (decl, model) in models {
        for declared in decl.key.iter().flat_map(|key| &key.templates) {
            let key = model.keys().find(|key| key.attribute == declared.attribute.value);
            resolver.found.extend(key.and_then(|key| partial(model.lost_part(key)?, declared)));
        }
        let of_indexes = model.indexes.iter().flat_map(|index| &index.range_key).map(|key| (key, Use::IndexRange));
        let ranges = model.range_key.iter().map(|key| (key, Use::Range)).chain(of_indexes);
        let hashes = std::iter::once(&model.hash_key).chain(model.indexes.iter().flat_map(|index| &index.hash_key));
        for (key, of) in hashes.map(|key| (key, Use::Hash)).chain(ranges) {
            let mut templates = decl.key.iter().chain(&decl.index_keys).flat_map(|KeyDecl { templates, .. }| templates);
            let declared = templates.find(|template| template.attribute.value == key.attribute);
            resolver.found.extend(declared.and_then(|declared| beside(key, declared, of)));
        }
    }
}

/// What a key is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Hash,
    /// The range key of the table.
    Range,
    IndexRange,
}

/// The mistake that several values of a field have one key of the table.
fn partial(part: &KeyPart, declared: &TemplateDecl) -> Option<Diagnostic> {
    let name = show(&part.field.name);
    let (one, other) = one_text(part)?;
    let message = format!("two items with different `{name}` would have one key");
    let help = match &part.form {
        PartForm::Lowercase => "give the field `transform: [lowercase]`, so that it has one case".to_owned(),
        PartForm::Uppercase => "give the field `transform: [uppercase]`, so that it has one case".to_owned(),
        _ => format!(
            "add `{{{name}}}` to the range key, give the field a coarser `precision:`, or use the form in an index"
        ),
    };
    let label = format!("`{one}` and `{other}` have one text");
    Some(Diagnostic::new(Code::BadKeyTemplate, message).at(declared.text.span, label).help(help))
}

/// The mistake that the end of a field cannot be found where another field is beside it.
fn beside(key: &KeyAttribute, declared: &TemplateDecl, of: Use) -> Option<Diagnostic> {
    // No range condition compares such a field of an unordered key of an index.
    let is_compared = of == Use::Range || of == Use::IndexRange && !key.is_unordered;
    let groups = key.parts().chunk_by(|_, next| next.before.is_empty());
    let found = groups.filter(|group| group.len() > 1).find_map(|group| {
        let mut varying = group.iter().filter(|part| part.width().is_none());
        match (varying.next(), varying.next()) {
            (Some(one), Some(other)) => Some((one, Some(other))),
            (Some(one), None) => {
                let is_last = group.last().is_some_and(|last| last.field.name == one.field.name);
                (is_compared && !is_last).then_some((one, None))
            }
            (None, _) => None,
        }
    });
    let (one, other) = found?;
    let one = show(&one.field.name);
    let refuse =
        |message: String, label: String| Diagnostic::new(Code::BadKeyTemplate, message).at(declared.text.span, label);
    Some(match other {
        Some(other) => {
            let other = show(&other.field.name);
            refuse(
                format!("nothing separates `{one}` from `{other}`"),
                "`a` and `bc` would have the key of `ab` and `c`".to_owned(),
            )
            .help(format!(
                "write `{}` between them, or give one of them a fixed width, such as `{{number:06}}`",
                key.separator
            ))
        }
        None => {
            let diagnostic = refuse(
                format!("nothing ends the field `{one}` in this range key"),
                "a query for the value `a` would also find `ab`".to_owned(),
            )
            .help(format!("write `{}` after it, or put it after the field with the fixed width", key.separator));
            match of {
                Use::IndexRange => diagnostic.help(format!(
                    "or write `{{ template: '{}', unordered: true }}`: queries then do not compare it",
                    show(&declared.text.value)
                )),
                _ => diagnostic,
            }
        }
    })
}
