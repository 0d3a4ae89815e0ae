//! Checks that the separator of a key is in none of its values, and that keys sort as their fields do.

use super::Resolved;
use super::resolver::Resolver;
use super::{known_texts, part_forms};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{KeyAttribute, KeyPart, TypeDefinition};
use crate::schema::{ModelDecl, TemplateDecl};
use crate::text::show;

pub(crate) fn check(models: &[Resolved<'_>], types: &[TypeDefinition], resolver: &mut Resolver<'_>) {
    for (decl, model) in models {
        let hash = std::iter::once(&model.hash_key).chain(model.indexes.iter().flat_map(|index| &index.hash_key));
        let range = model.range_key.iter().chain(model.indexes.iter().flat_map(|index| &index.range_key));
        for (key, is_range) in hash.map(|key| (key, false)).chain(range.map(|key| (key, true))) {
            let templates = templates(decl).filter(|template| template.attribute.value == key.attribute);
            for template in templates {
                resolver.found.extend(held(key, template, types));
                resolver.found.extend(match (is_range, template.unordered) {
                    // Such a key is a mistake already.
                    (true, None) if model.lost_part(key).is_some() => None,
                    (true, None) => disorder(key, template, types),
                    _ => without_effect(key, template, is_range),
                });
            }
        }
    }
}

fn templates(decl: &ModelDecl) -> impl Iterator<Item = &TemplateDecl> {
    decl.key.iter().chain(&decl.index_keys).flat_map(|key| &key.templates)
}

/// The mistake that a value of a field always or often holds the separator.
fn held(key: &KeyAttribute, declared: &TemplateDecl, types: &[TypeDefinition]) -> Option<Diagnostic> {
    let separator = key.separator;
    let (field, value) = key.parts().iter().filter(|part| !part.is_open).find_map(|part| {
        let sample = part.sample().filter(|sample| sample.contains(separator)).map(str::to_owned);
        let known = || known_texts::some(&part.field, types).into_iter().find(|text| text.contains(separator));
        Some((&part.field, sample.or_else(known)?))
    })?;
    let message = format!("the field `{}` cannot be a part of this key", show(&field.name));
    let label = format!("its value `{}` would hold `{separator}`, which ends the fields of the key", show(&value));
    let help = "end the fields with another character in all templates of the attribute, such as `#`";
    Some(Diagnostic::new(Code::BadKeyTemplate, message).at(declared.text.span, label).help(help))
}

/// The mistake that keys do not sort as a field does: as its texts do not, or as it is a text of any width and others
/// follow it.
fn disorder(key: &KeyAttribute, declared: &TemplateDecl, types: &[TypeDefinition]) -> Option<Diagnostic> {
    let separator = key.separator;
    let unsorted = || key.parts().iter().find_map(|part| Some((part, part_forms::disorder(part)?)));
    let followed = || {
        key.leading_texts().find_map(|part| {
            let label = match known_texts::all(&part.field, types) {
                Some(texts) => out_of_order(&texts, separator).map(|(first, second)| swapped(first, second, separator)),
                None => of_letters(separator)
                    .map(|(first, second)| swapped(first, second, separator))
                    .or_else(|| below(&known_texts::some(&part.field, types), separator)),
            };
            Some((part, label?))
        })
    };
    let (part, label) = unsorted().or_else(followed)?;
    let field = &part.field;
    let message = format!("the key `{}` does not sort as the field `{}`", show(&key.attribute), show(&field.name));
    let operators = if part.is_in_other_form() || field.is_number() { "`eq`" } else { "`eq` and `begins_with`" };
    let help = format!(
        "write `{}: {{ template: '{}', unordered: true }}`: queries then compare the field with {operators} only",
        show(&key.attribute),
        show(&declared.text.value)
    );
    let diagnostic = Diagnostic::new(Code::BadKeyTemplate, message).at(declared.text.span, label).help(help);
    Some(match part.sorts() && separator > '/' {
        true => diagnostic
            .help("or end the fields with a character that sorts before letters and digits, such as `#` or `/`"),
        false => diagnostic,
    })
}

/// Two texts whose order the separator changes, if it sorts after digits or letters.
fn of_letters(separator: char) -> Option<(&'static str, &'static str)> {
    match separator {
        'z'.. => Some(("a", "ab")),
        'Z'.. => Some(("A", "AB")),
        '9'.. => Some(("1", "10")),
        _ => None,
    }
}

/// Two of the texts, the second a continuation of the first with a character that sorts before the separator.
fn out_of_order(texts: &[String], separator: char) -> Option<(&str, &str)> {
    texts.iter().find_map(|first| {
        let second = texts.iter().find(|second| {
            let rest = second.strip_prefix(first.as_str()).unwrap_or_default();
            rest.starts_with(|next| next < separator)
        });
        second.map(|second| (first.as_str(), second.as_str()))
    })
}

fn swapped(first: &str, second: &str, separator: char) -> String {
    let (first, second) = (show(first), show(second));
    format!("`{first}` sorts before `{second}`, but `{first}{separator}` after `{second}{separator}`")
}

/// The label for a text with a character that sorts before the separator: no such text is written before other parts.
fn below(texts: &[String], separator: char) -> Option<String> {
    let held = |text: &String| {
        Some((text, text.chars().find(|character| *character < separator)?))
            .map(|(text, held)| format!("`{}` holds `{held}`, which sorts before `{separator}`", show(text)))
    };
    texts.iter().find_map(held)
}

/// The mistake that `unordered` changes nothing.
fn without_effect(key: &KeyAttribute, declared: &TemplateDecl, is_range: bool) -> Option<Diagnostic> {
    let span = declared.unordered?;
    let why = match is_range {
        false => "a hash key has no order",
        true if key.leading_texts().next().is_some() || !key.parts().iter().all(KeyPart::sorts) => return None,
        true => "the key sorts as its fields do",
    };
    let message = format!("`unordered` has no effect on `{}`", show(&key.attribute));
    Some(Diagnostic::new(Code::BadKeyTemplate, message).at(span, why).help("leave it out"))
}
