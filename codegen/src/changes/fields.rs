//! Fields: added, removed, renamed, and what changes in one of them.

use super::compare::Comparison;
use super::field_values;
use super::side::{Entry, Struct};
use super::{Change, ChangeCode, Level, seals};
use crate::model::{Default, Field, JsonName, Literal, Type};
use crate::text::show;
use std::mem::discriminant;

/// Compares the fields of two structs that hold the same values.
pub(super) fn compare(before: &Struct<'_>, after: &Struct<'_>, found: &mut Comparison<'_>) {
    let is_made = |new: &Entry<'_>| after.upgraded.makes(&new.field.attribute);
    let (mut gone, mut matched): (Vec<&Entry<'_>>, Vec<(&Entry<'_>, &Entry<'_>)>) = (Vec::new(), Vec::new());
    for old in &before.fields {
        // The attribute says what is the same value; a name alone says that its attribute changes.
        let by_attribute = after.fields.iter().find(|new| is_same_value(old.field, new.field));
        let by_name = || {
            let new = after.fields.iter().find(|new| new.field.name == old.field.name)?;
            let is_free = !before.fields.iter().any(|other| is_same_value(other.field, new.field));
            is_free.then_some(new)
        };
        match by_attribute.or_else(by_name) {
            Some(new) => matched.push((old, new)),
            None => gone.push(old),
        }
    }
    for new in after.fields.iter().filter(|new| !matched.iter().any(|(_, known)| std::ptr::eq(*known, *new))) {
        let change = added(new, before, after);
        found.add(if is_made(new) { change.upgraded(&[Level::Default]) } else { change });
    }
    for old in gone {
        found.add(removed(old, before, after));
    }
    for (old, new) in matched {
        let start = found.mark();
        compare_names((old, before), (new, after), found);
        compare_presence(old, new, after, found);
        field_values::compare((old, before), (new, after), found);
        if after.upgraded.replaces(&new.field.attribute) {
            found.upgraded_since(start, &[Level::Default, Level::Unreadable]);
        } else if is_made(new) {
            found.upgraded_since(start, &[Level::Default]);
        }
        seals::compare(old, new, after, found);
    }
}

fn is_same_value(old: &Field, new: &Field) -> bool {
    match old.key_only && new.key_only {
        // Without an attribute, the key has it under its name.
        true => old.name == new.name,
        false => old.attribute == new.attribute,
    }
}

/// Whether an item may be written without the attribute.
fn may_lack(field: &Field) -> bool {
    field.key_only
        || matches!(field.ty, Type::Optional(_))
        || matches!((&field.default, &field.ty), (Default::Empty, Type::Set(_)))
}

/// Whether an item without the attribute cannot be read.
pub(super) fn is_needed(field: &Field) -> bool {
    field.default == Default::Required && !field.key_only
}

/// The help to make an item without the attribute readable.
pub(super) fn give_default(field: &Field) -> String {
    match field.ty {
        Type::Set(_) | Type::List(_) | Type::Map(_) => "leave `min_items` out, so that it can be empty".to_owned(),
        _ => "give it a `default`, or make it optional with a `?` after its type".to_owned(),
    }
}

fn added(new: &Entry<'_>, before: &Struct<'_>, after: &Struct<'_>) -> Change {
    let name = show(&new.field.name);
    let is_needed = is_needed(new.field);
    let how = if is_needed { "is new and required" } else { "is new" };
    let mut change = Change::new(ChangeCode::FieldAdded, format!("field `{name}` of {} {how}", after.of))
        .breaks_if(is_needed, Level::Default)
        .breaks_if(is_needed, Level::Api)
        .new_at(new.decl.name.span, "new")
        .old_at(before.span, "without it");
    if is_needed {
        change = change.help(give_default(new.field));
    } else if let Default::Factory(_) = new.field.default {
        change = change.note("each read of an item written before makes another value, until the item is saved");
    }
    if new.field.lifetime.is_some() && new.field.default == Default::Absent {
        change = change.note("an item written before has no end, until it is written again");
    }
    if !is_needed && !before.keeps_unknown {
        change = change.note("a save by the previous release removes the attribute from an item");
    }
    field_values::of_deletions(change, None, new.field.role)
}

fn removed(old: &Entry<'_>, before: &Struct<'_>, after: &Struct<'_>) -> Change {
    let name = show(&old.field.name);
    let is_needed = is_needed(old.field);
    let mut change = Change::new(ChangeCode::FieldRemoved, format!("field `{name}` of {} is gone", before.of))
        .breaks(Level::Api)
        .breaks_if(is_needed, Level::Rollout)
        .new_at(after.span, "without it")
        .old_at(old.decl.name.span, "the field before");
    if is_needed {
        change = change.help("make it optional first, and remove it when that release runs everywhere");
    }
    if !after.keeps_unknown {
        change = change.note("items keep the attribute until they are saved, which removes it");
    }
    field_values::of_deletions(change, old.field.role, None)
}

fn compare_names(
    (old, before): (&Entry<'_>, &Struct<'_>),
    (new, after): (&Entry<'_>, &Struct<'_>),
    found: &mut Comparison<'_>,
) {
    let (was, is) = (old.field, new.field);
    if was.name != is.name {
        let message = format!("field `{}` of {} is called `{}` now", show(&was.name), before.of, show(&is.name));
        let change = Change::new(ChangeCode::FieldRenamed, message)
            .breaks(Level::Api)
            .new_at(new.decl.name.span, "the same attribute")
            .old_at(old.decl.name.span, "the name before");
        found.add(change);
    }
    if was.attribute != is.attribute && !(was.key_only && is.key_only) {
        let (attribute, before_attribute) = (show(&is.attribute), show(&was.attribute));
        let message = format!(
            "field `{}` of {} is stored as `{attribute}`, and was stored as `{before_attribute}`",
            show(&is.name),
            after.of
        );
        let place = |entry: &Entry<'_>| entry.decl.attribute.as_ref().map_or(entry.decl.name.span, |of| of.span);
        let change = Change::new(ChangeCode::AttributeRenamed, message)
            .breaks(Level::Unreadable)
            .breaks(Level::Rollout)
            .new_at(place(new), "the attribute now")
            .old_at(place(old), "the attribute before")
            .note(match is_needed(is) {
                true => format!("an item written before has no `{attribute}`"),
                false => format!("the values under `{before_attribute}` are not read, and the next save removes them"),
            })
            .help(format!("keep the attribute: `attribute: {before_attribute}`"));
        found.add(change);
    }
    let is_renamed = match (&was.json_name, &is.json_name) {
        (JsonName::Derived(_), JsonName::Derived(_)) if found.is_renamed_in_json => false,
        (was, is) => was.text() != is.text(),
    };
    if is_renamed && found.old.set.serde.is_some() && found.new.set.serde.is_some() {
        let text = |name: &JsonName| {
            name.text().map_or_else(|| "left out".to_owned(), |name| format!("called `{}`", show(name)))
        };
        let message = format!(
            "field `{}` of {} is {} in JSON, and was {}",
            show(&is.name),
            after.of,
            text(&is.json_name),
            text(&was.json_name)
        );
        let place = |entry: &Entry<'_>| entry.decl.json.span.unwrap_or(entry.decl.name.span);
        let change = Change::new(ChangeCode::JsonName, message)
            .breaks(Level::Api)
            .new_at(place(new), "the name now")
            .old_at(place(old), "the name before");
        found.add(change);
    }
}

/// Compares whether items may be without the field, and the value that it has then.
fn compare_presence(old: &Entry<'_>, new: &Entry<'_>, after: &Struct<'_>, found: &mut Comparison<'_>) {
    let (was, is) = (old.field, new.field);
    let place = |entry: &Entry<'_>| entry.decl.ty.as_ref().map_or(entry.decl.name.span, |ty| ty.span);
    let name = show(&is.name);
    let is_optional = |field: &Field| matches!(field.ty, Type::Optional(_));
    let lacks_now = may_lack(is) && !is.key_only && is_needed(was);
    let lacked_before = may_lack(was) && !was.key_only && is_needed(is);
    if lacked_before || (is_optional(was) && !is_optional(is)) {
        let how = if lacked_before { "is required now" } else { "is no longer optional" };
        let mut change = Change::new(ChangeCode::FieldRequired, format!("field `{name}` of {} {how}", after.of))
            .breaks(Level::Api)
            .breaks_if(lacked_before, Level::Default)
            .new_at(place(new), "required")
            .old_at(place(old), "optional before");
        if lacked_before {
            change = change.help(give_default(is));
        }
        found.add(change);
    } else if lacks_now || (is_optional(is) && !is_optional(was)) {
        let change = Change::new(ChangeCode::FieldOptional, format!("field `{name}` of {} is optional now", after.of))
            .breaks(Level::Api)
            .breaks_if(lacks_now, Level::Rollout)
            .new_at(place(new), "optional")
            .old_at(place(old), "required before");
        found.add(match lacks_now {
            true => change.help("write no item without it until the previous release has stopped"),
            false => change,
        });
    } else if !is_same_default(was, is) {
        let lost = is_needed(is);
        let span = |entry: &Entry<'_>| entry.decl.default.as_ref().map_or(entry.decl.name.span, |of| of.span());
        let is_sequence = was.block.is_some() && is.block.is_some();
        let how = match (is_needed(was), lost) {
            _ if is_sequence => "is a sequence with another start",
            (true, _) => "has a default now",
            (_, true) => "has no default any more",
            _ => "has another default",
        };
        let change = Change::new(ChangeCode::DefaultChanged, format!("field `{name}` of {} {how}", after.of))
            .breaks_if(lost, Level::Api)
            .breaks_if(lost, Level::Default)
            .new_at(span(new), "now")
            .old_at(span(old), "before");
        found.add(match lost {
            true => change
                .note("an item without the attribute, which an earlier release wrote, cannot be read")
                .help("keep the default, or save every item of the model again first"),
            false if is_sequence => change.note("items whose sequence has begun go on after their last number"),
            false => change.note("items without the attribute are read with the new default"),
        });
    }
}

/// Whether two fields have the same value where an item has none, apart from the absence of an optional one.
fn is_same_default(was: &Field, is: &Field) -> bool {
    match (&was.default, &is.default) {
        (Default::Literal(was), Default::Literal(is)) => is_same_literal(was, is),
        // The library of its times does not count.
        (Default::Factory(was), Default::Factory(is)) => discriminant(was) == discriminant(is),
        (was, is) => was == is,
    }
}

/// Whether two literals are the same value, whichever library their times have.
fn is_same_literal(was: &Literal, is: &Literal) -> bool {
    let all_same = |was: &[Literal], is: &[Literal]| {
        was.len() == is.len() && was.iter().zip(is).all(|(was, is)| is_same_literal(was, is))
    };
    match (was, is) {
        (Literal::Time(was, kind, _), Literal::Time(is, other, _)) => was == is && kind == other,
        (Literal::Date { year, month, day, .. }, Literal::Date { year: y, month: m, day: d, .. }) => {
            (year, month, day) == (y, m, d)
        }
        (Literal::Decimal(was, _), Literal::Decimal(is, _)) => was == is,
        (Literal::Some(was), Literal::Some(is)) => is_same_literal(was, is),
        (Literal::List(was), Literal::List(is)) | (Literal::Set(was), Literal::Set(is)) => all_same(was, is),
        (Literal::Map(was), Literal::Map(is)) => {
            let same = |((key, was), (other, is)): (&(String, Literal), &(String, Literal))| {
                key == other && is_same_literal(was, is)
            };
            was.len() == is.len() && was.iter().zip(is).all(same)
        }
        (was, is) => was == is,
    }
}
