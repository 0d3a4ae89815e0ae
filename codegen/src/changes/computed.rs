//! Computed fields: those that are new or gone, and what is made in another way.

use super::compare::Comparison;
use super::fields::{give_default, is_needed};
use super::side::Struct;
use super::stored::Stored;
use super::{Change, ChangeCode, Level, keys};
use crate::model::{Computed, Field, Model};
use crate::schema::{FieldDecl, ModelDecl};
use crate::sources::Span;
use crate::text::show;

/// The struct without the fields whose attributes the other model computes, which are one change.
pub(super) fn without<'s>(of: &Struct<'s>, other: &Model) -> Struct<'s> {
    let mut left = of.clone();
    left.fields.retain(|entry| !other.computed.iter().any(|computed| is_same(&computed.field, entry.field)));
    left
}

fn is_same(one: &Field, other: &Field) -> bool {
    one.attribute == other.attribute && !one.key_only && !other.key_only
}

/// Compares the computed fields of a model.
pub(super) fn compare(old: (&Model, &ModelDecl), new: (&Model, &ModelDecl), found: &mut Comparison<'_>) {
    let ((was, old_decl), (is, new_decl)) = (old, new);
    for (after, decl) in is.computed.iter().zip(&new_decl.computed) {
        let mut all = was.computed.iter().zip(&old_decl.computed);
        let change = match all.find(|(before, _)| is_same(&before.field, &after.field)) {
            Some((before, old_decl)) => differing(was, (before, old_decl), is, (after, decl), found),
            None => Some(added(after, decl, old, is, found)),
        };
        if let Some(change) = change {
            found.add(change);
        }
    }
    for (before, decl) in was.computed.iter().zip(&old_decl.computed) {
        if !is.computed.iter().any(|after| is_same(&after.field, &before.field)) {
            let change = removed(before, decl, new, found);
            found.add(change);
        }
    }
}

/// The place of a text, or of a function.
fn rule(decl: &FieldDecl) -> Span {
    let expiry = decl.ttl.as_ref().map_or(decl.name.span, |ttl| ttl.after.span);
    decl.computed.as_ref().map_or(expiry, |computed| computed.span)
}

/// What to do so that all items have the value.
const WRITE_AGAIN: &str =
    "write every item of the model again, with `dyntastic::migrate`, when the previous release has ended";

fn added(
    after: &Computed,
    decl: &FieldDecl,
    (was, old_decl): (&Model, &ModelDecl),
    is: &Model,
    found: &Comparison<'_>,
) -> Change {
    let name = show(&after.field.name);
    let position = was.fields.iter().position(|before| is_same(before, &after.field));
    let (message, span, label) = match position {
        Some(at) => {
            let span = old_decl.fields.get(at).map_or(old_decl.name.span, |field| field.name.span);
            (format!("field `{name}` of model `{}` is computed now", is.name), span, "a field before")
        }
        None => (format!("computed field `{name}` of model `{}` is new", is.name), old_decl.name.span, "without it"),
    };
    let before = position.and_then(|at| was.fields.get(at));
    let reads = |before| Stored::of(found.old, before).reads(Stored::of(found.new, &after.field));
    let is_of_other_form = before.is_some_and(|before| !reads(before));
    let change = Change::new(ChangeCode::Computed, message)
        .breaks(Level::Index)
        .breaks_if(position.is_some(), Level::Api)
        .breaks_if(is_of_other_form, Level::Rollout)
        .new_at(rule(decl), "computed")
        .old_at(span, label);
    let change = match position {
        Some(_) => change.note("items written before keep their value until one of its fields is written again"),
        None => change.note(
            "items written before have no value until they are written again: conditions, and indexes by it, do not \
             find them",
        ),
    };
    let change = match position.is_none() && !was.keeps_unknown {
        true => change.note("a save by the previous release removes the attribute from an item"),
        false => change.note("the previous release updates its fields, and leaves the value as it is"),
    };
    change.help(WRITE_AGAIN)
}

fn removed(
    before: &Computed,
    decl: &FieldDecl,
    (is, new_decl): (&Model, &ModelDecl),
    found: &Comparison<'_>,
) -> Change {
    let name = show(&before.field.name);
    let position = is.fields.iter().position(|after| is_same(after, &before.field));
    let (message, span, label) = match position {
        Some(at) => {
            let span = new_decl.fields.get(at).map_or(new_decl.name.span, |field| field.name.span);
            (format!("field `{name}` of model `{}` is no longer computed", is.name), span, "a field")
        }
        None => (format!("computed field `{name}` of model `{}` is gone", is.name), new_decl.name.span, "without it"),
    };
    let after = position.and_then(|at| is.fields.get(at));
    let reads = |after| Stored::of(found.new, after).reads(Stored::of(found.old, &before.field));
    let is_of_other_form = after.is_some_and(|after| !reads(after));
    let field = after.filter(|field| is_needed(field));
    let change = Change::new(ChangeCode::Computed, message)
        .breaks(Level::Api)
        .breaks_if(is_of_other_form, Level::Unreadable)
        .breaks_if(field.is_some(), Level::Default)
        .new_at(span, label)
        .old_at(rule(decl), "computed before");
    let change = match field {
        Some(field) => change
            .note("an item that was written before it was computed has no value, and cannot be read")
            .help(give_default(field)),
        None => change,
    };
    let change = match is_of_other_form {
        true => change.help("give the field the `format` in which its values are stored, or another `attribute`"),
        false => change,
    };
    match position {
        Some(_) => change.note("the previous release still writes the value that it computes over that of this one"),
        None if is.keeps_unknown => {
            change.note("items keep the attribute as it is: it does not follow its fields any more")
        }
        None => change.note("items keep the attribute until they are saved, which removes it"),
    }
}

fn differing(
    was: &Model,
    (before, old): (&Computed, &FieldDecl),
    is: &Model,
    (after, new): (&Computed, &FieldDecl),
    found: &Comparison<'_>,
) -> Option<Change> {
    let (old_field, new_field) = (&before.field, &after.field);
    let of = format!("computed field `{}` of model `{}`", show(&new_field.name), is.name);
    let is_alike = keys::are_computed_alike((was, before), (is, after), found);
    let (stored, read) = (Stored::of(found.old, old_field), Stored::of(found.new, new_field));
    let has_type = |decl: &FieldDecl| decl.ty.as_ref().map(|ty| ty.value.replace(' ', ""));
    let is_of_type = has_type(old) == has_type(new);
    let is_renamed = old_field.name != new_field.name;
    if is_alike && is_of_type && !is_renamed {
        return None;
    }
    let texts = (show(&after.by.text()), show(&before.by.text()));
    let (message, spans) = match (is_alike, is_of_type) {
        (false, _) if texts.0 != texts.1 => {
            (format!("{of} is `{}`, and was `{}`", texts.0, texts.1), (rule(new), rule(old)))
        }
        (false, _) => (format!("{of} is made of other texts of its fields"), (rule(new), rule(old))),
        (true, false) => {
            let span = |decl: &FieldDecl| decl.ty.as_ref().map_or(decl.name.span, |ty| ty.span);
            let text = |decl: &FieldDecl| decl.ty.as_ref().map(|ty| show(&ty.value)).unwrap_or_default();
            (format!("the type of {of} is `{}`, and was `{}`", text(new), text(old)), (span(new), span(old)))
        }
        (true, true) => (format!("{of} was called `{}`", show(&old_field.name)), (new.name.span, old.name.span)),
    };
    let stays = is_alike && read.reads(stored);
    let is_seen = |model: &Model, field: &Field| model.views().any(|seen| seen.attribute == field.attribute);
    let change = Change::new(ChangeCode::Computed, message)
        .breaks_if(!is_of_type || is_renamed, Level::Api)
        .breaks_if(!stays, Level::Index)
        .breaks_if(!read.reads(stored) && is_seen(is, new_field), Level::Unreadable)
        .breaks_if(!stored.reads(read) && is_seen(was, old_field), Level::Rollout)
        .new_at(spans.0, "now")
        .old_at(spans.1, "before");
    Some(match stays {
        true => change,
        false => change
            .note("items keep the value of before until one of its fields is written again")
            .note("the previous release still writes its own values")
            .help(WRITE_AGAIN),
    })
}
