//! Enums, types and unions.

use super::compare::Comparison;
use super::side::{Defined, Side};
use super::{Change, ChangeCode, Level, api, constraints, extras, fields, models};
use crate::model::{Default, EnumType, EnumValue, Extras, TypeDefinition, UnionType};
use crate::schema::{EnumDecl, UnionDecl};
use crate::sources::Span;
use crate::text::show;
use std::collections::BTreeSet;

/// Compares a definition with the one whose values are in its place now.
pub(super) fn compare(old: &str, new: &str, found: &mut Comparison<'_>) {
    let (Some(was), Some(is)) = (found.old.types.get(old).cloned(), found.new.types.get(new).cloned()) else { return };
    match (&was, &is) {
        (Defined::Enum(was, old), Defined::Enum(is, new)) if was.is_number() == is.is_number() => {
            compare_enums((was, old), (is, new), found);
        }
        (Defined::Struct(was), Defined::Struct(is)) => {
            fields::compare(was, is, found);
            constraints::compare_validate(was, is, found);
            api::compare_patch(was, is, found);
            if was.keeps_unknown != is.keeps_unknown {
                found.add(models::unknown_attributes((was.span, is.span), is.keeps_unknown, &is.of));
            }
        }
        (Defined::Union(was, old), Defined::Union(is, new)) => compare_unions((was, old), (is, new), found),
        _ => {
            let kind = |of: &Defined<'_>| match of {
                Defined::Enum(of, _) if of.is_number() => "an enum of numbers",
                Defined::Enum(..) => "an enum of texts",
                Defined::Struct(_) => "a struct",
                Defined::Union(..) => "a union",
            };
            let message = format!("`{}` is {}, and was {}", show(new), kind(&is), kind(&was));
            let change = Change::new(ChangeCode::DefinitionKind, message)
                .breaks(Level::Unreadable)
                .breaks(Level::Rollout)
                .breaks(Level::Api)
                .new_at(is.span(), "now")
                .old_at(was.span(), "before")
                .help("give the new definition another name, and a field of its own");
            found.add(change);
        }
    }
    if let (Some(before), Some(after)) = (extras_of(found.old, old), extras_of(found.new, new)) {
        extras::compare((before, was.span()), (after, is.span()), &is.text(), found);
    }
}

fn extras_of<'s>(side: &'s Side<'_>, name: &str) -> Option<&'s Extras> {
    side.set.types.iter().find(|of| of.name() == name).map(TypeDefinition::extras)
}

/// Reports the definitions that nothing in the other schema is compared with.
pub(super) fn compare_names(old: &BTreeSet<String>, new: &BTreeSet<String>, found: &mut Comparison<'_>) {
    let written = |side: &Side<'_>| -> Vec<String> { side.set.types.iter().map(|of| of.name().to_owned()).collect() };
    for name in written(found.new).into_iter().filter(|name| !new.contains(name)) {
        let Some(of) = found.new.types.get(name.as_str()) else { continue };
        let change = Change::new(ChangeCode::DefinitionAdded, format!("{} is new", of.text())).new_at(of.span(), "new");
        found.add(change);
    }
    for name in written(found.old).into_iter().filter(|name| !old.contains(name)) {
        let Some(of) = found.old.types.get(name.as_str()) else { continue };
        let change = Change::new(ChangeCode::DefinitionRemoved, format!("{} is gone", of.text()))
            .breaks(Level::Api)
            .old_at(of.span(), "the definition before");
        found.add(change);
    }
}

/// A variant of an enum or a union.
struct Variant {
    name: String,
    value: String,
    span: Span,
}

fn compare_enums((was, old): (&EnumType, &EnumDecl), (is, new): (&EnumType, &EnumDecl), found: &mut Comparison<'_>) {
    let variants = |of: &EnumType, decl: &EnumDecl| -> Vec<Variant> {
        let value = |value: &EnumValue| match value {
            EnumValue::Text(text) => text.clone(),
            EnumValue::Number(number) => number.to_string(),
        };
        let variants = of.variants.iter().zip(&decl.variants);
        variants
            .map(|(of, decl)| Variant { name: of.name.clone(), value: value(&of.value), span: decl.name.span })
            .collect()
    };
    let of = format!("enum `{}`", is.name);
    let spans = (old.name.span, new.name.span);
    compare_variants((&variants(was, old), was.other), (&variants(is, new), is.other), spans, &of, found);
    if was.other != is.other {
        let how = if is.other { "keeps other values now" } else { "no longer keeps other values" };
        let change = Change::new(ChangeCode::OtherValues, format!("{of} {how}"))
            .breaks(Level::Api)
            .breaks(if is.other { Level::Rollout } else { Level::Unreadable })
            .new_at(new.name.span, "now")
            .old_at(old.name.span, "before");
        found.add(match is.other {
            true => change.note("the previous release refuses values that it has no variant for"),
            false => change.help("keep `other: true`, or change the items with a value that is not a variant first"),
        });
    }
    if was.ignores_case != is.ignores_case {
        let how = if is.ignores_case { "are read in any case now" } else { "are no longer read in another case" };
        let change = Change::new(ChangeCode::StoredForm, format!("the texts of {of} {how}"))
            .new_at(new.ignore_case.as_ref().map_or(new.name.span, |ignore| ignore.span), "now")
            .old_at(old.ignore_case.as_ref().map_or(old.name.span, |ignore| ignore.span), "before");
        found.add(match is.ignores_case {
            true => change.note("the previous release reads the texts that this one writes"),
            false => change.note("reading a text in another case, which only others have written, is an error"),
        });
    }
    let names = |of: &EnumType| -> Vec<Option<String>> { of.variants.iter().map(|of| of.json_name.clone()).collect() };
    if was.is_named() != is.is_named() && found.old.set.serde.is_some() && found.new.set.serde.is_some() {
        let what = if names(is).iter().any(Option::is_some) { "names" } else { "stored values" };
        let change = Change::new(ChangeCode::JsonName, format!("the variants of {of} are {what} in JSON now"))
            .breaks(Level::Api)
            .new_at(new.name.span, "now")
            .old_at(old.name.span, "before");
        found.add(change);
    }
}

fn compare_unions(
    (was, old): (&UnionType, &UnionDecl),
    (is, new): (&UnionType, &UnionDecl),
    found: &mut Comparison<'_>,
) {
    let of = format!("union `{}`", is.name);
    if was.tag != is.tag {
        let message = format!("the tag of {of} is `{}`, and was `{}`", show(&is.tag), show(&was.tag));
        let change = Change::new(ChangeCode::Tag, message)
            .breaks(Level::Unreadable)
            .breaks(Level::Rollout)
            .new_at(new.tag.span, "the tag now")
            .old_at(old.tag.span, "the tag before")
            .help(format!("keep `tag: {}`", show(&was.tag)));
        found.add(change);
    }
    let variants = |of: &UnionType, decl: &UnionDecl| -> Vec<Variant> {
        let variants = of.variants.iter().zip(&decl.variants);
        variants
            .map(|(of, decl)| Variant { name: of.name.clone(), value: of.value.clone(), span: decl.name.span })
            .collect()
    };
    let spans = (old.name.span, new.name.span);
    compare_variants((&variants(was, old), false), (&variants(is, new), false), spans, &of, found);
    for (variant, decl) in is.variants.iter().zip(&new.variants) {
        let Some(before) = was.variants.iter().find(|before| before.value == variant.value) else { continue };
        match (&before.of, &variant.of) {
            (Some(before), Some(after)) => found.pair(before, after),
            (None, None) => {}
            (before, after) => {
                let held = before.as_deref().map_or_else(
                    || after.as_deref().and_then(|name| found.new.types.get(name)),
                    |name| found.old.types.get(name),
                );
                let Some(Defined::Struct(held)) = held else { continue };
                let needs = held.fields.iter().any(|entry| entry.field.default == Default::Required);
                let how = if after.is_some() { "has fields now" } else { "has no fields any more" };
                let code = if after.is_some() { ChangeCode::FieldAdded } else { ChangeCode::FieldRemoved };
                let level = if after.is_some() { Level::Default } else { Level::Rollout };
                let old_span = old.variants.iter().zip(&was.variants).find(|(_, of)| of.value == variant.value);
                let change = Change::new(code, format!("variant `{}` of {of} {how}", variant.name))
                    .breaks(Level::Api)
                    .breaks_if(needs, level)
                    .new_at(decl.name.span, "now")
                    .old_at(old_span.map_or(old.name.span, |(decl, _)| decl.name.span), "before")
                    .help("give the fields defaults, or make them optional");
                found.add(change);
            }
        }
    }
}

/// Compares variants by their stored values. The flags say whether the enum keeps other values.
fn compare_variants(
    (was, kept): (&[Variant], bool),
    (is, keeps): (&[Variant], bool),
    (old_span, new_span): (Span, Span),
    of: &str,
    found: &mut Comparison<'_>,
) {
    for new in is {
        if let Some(old) = was.iter().find(|old| old.value == new.value) {
            if old.name != new.name {
                let message = format!("variant `{}` of {of} is called `{}` now", old.name, new.name);
                let change = Change::new(ChangeCode::VariantRenamed, message)
                    .breaks(Level::Api)
                    .new_at(new.span, "the same stored value")
                    .old_at(old.span, "the name before");
                found.add(change);
            }
            continue;
        }
        let change = match was.iter().find(|old| old.name == new.name && !is.iter().any(|of| of.value == old.value)) {
            Some(old) => {
                let (value, before) = (show(&new.value), show(&old.value));
                let message =
                    format!("variant `{}` of {of} is stored as `{value}`, and was stored as `{before}`", new.name);
                let change = Change::new(ChangeCode::VariantValue, message)
                    .breaks(Level::Api)
                    .breaks_if(!keeps, Level::Unreadable)
                    .breaks_if(!kept, Level::Rollout)
                    .new_at(new.span, "the value now")
                    .old_at(old.span, "the value before")
                    .help(format!("keep the value: `{{ name: …, value: {before} }}`"));
                match keeps {
                    true => change.note(format!("items written before are read as `Other` of `{before}`")),
                    false => change,
                }
            }
            None => {
                let change = Change::new(ChangeCode::VariantAdded, format!("variant `{}` of {of} is new", new.name))
                    .breaks(Level::Api)
                    .breaks_if(!kept, Level::Rollout)
                    .new_at(new.span, "new")
                    .old_at(old_span, "without it");
                match kept {
                    true => change.note("the previous release reads it as another value"),
                    false => change.help("deploy a release that only reads it first, and write it with the next one"),
                }
            }
        };
        found.add(change);
    }
    let is_known = |old: &&Variant| is.iter().any(|new| new.value == old.value);
    let is_moved =
        |old: &&Variant| is.iter().any(|new| new.name == old.name && !was.iter().any(|of| of.value == new.value));
    for old in was.iter().filter(|old| !is_known(old) && !is_moved(old)) {
        let change = Change::new(ChangeCode::VariantRemoved, format!("variant `{}` of {of} is gone", old.name))
            .breaks(Level::Api)
            .breaks_if(!keeps, Level::Unreadable)
            .new_at(new_span, "without it")
            .old_at(old.span, "the variant before");
        found.add(match keeps {
            true => change.note("items that have it are read as `Other`"),
            false => change.help("change the items that have it first"),
        });
    }
}
