//! Models: added, removed, and what changes in one of them.

use super::compare::Comparison;
use super::side::{Side, Struct};
use super::{
    Change, ChangeCode, Level, api, computed, constraints, contexts, extras, fields, hooks, indexes, keys, tables,
    unique, vector_indexes, versions,
};
use crate::model::{Field, KeyAttribute, Model};
use crate::schema::{DiscriminatorDecl, ModelDecl};
use crate::sources::Span;
use crate::text::show;

/// Compares the models of two schemas. They are the same if they have the same name, or if one that is gone has the items
/// of one that is new.
pub(super) fn compare(found: &mut Comparison<'_>) {
    let (old, new) = (found.old, found.new);
    let is_gone = |model: &Model| !new.set.models.iter().any(|of| of.name == model.name);
    let mut renamed: Vec<&str> = Vec::new();
    for (model, decl) in new.models() {
        if let Some(before) = old.models().find(|(before, _)| before.name == model.name) {
            compare_one(before, (model, decl), found);
            continue;
        }
        let mut candidates = old.models().filter(|(before, _)| is_gone(before) && has_items_of(before, model));
        let before = candidates.find(|(before, _)| !renamed.contains(&before.name.as_str()));
        let Some((was, old_decl)) = before else {
            found.add(added(model, decl, old));
            continue;
        };
        renamed.push(was.name.as_str());
        let change =
            Change::new(ChangeCode::ModelRenamed, format!("model `{}` is called `{}` now", was.name, model.name))
                .breaks(Level::Api)
                .new_at(decl.name.span, "the same items")
                .old_at(old_decl.name.span, "the name before");
        found.add(change);
        compare_one((was, old_decl), (model, decl), found);
    }
    let is_removed = |model: &Model| is_gone(model) && !renamed.contains(&model.name.as_str());
    for (model, decl) in old.models().filter(|(model, _)| is_removed(model)) {
        let change = Change::new(ChangeCode::ModelRemoved, format!("model `{}` is gone", model.name))
            .breaks(Level::Api)
            .old_at(decl.name.span, "the model before")
            .note("its items and its table stay");
        found.add(change);
    }
}

/// Whether a model of another name has the items of this one: they have its discriminator or its keys, or its own table.
fn has_items_of(old: &Model, new: &Model) -> bool {
    match (&old.sharing, &new.sharing) {
        (Some(was), Some(is)) if was.table == is.table => {
            let keys = |of: &Model| of.keys().map(KeyAttribute::text).collect::<Vec<_>>();
            !was.discriminator.is_empty() && was.discriminator == is.discriminator || keys(old) == keys(new)
        }
        (None, None) => old.table.is_same(&new.table),
        _ => false,
    }
}

fn added(model: &Model, decl: &ModelDecl, old: &Side<'_>) -> Change {
    let table = model.sharing.as_ref().map(|sharing| &sharing.table);
    let is_in = |of: &Model| of.sharing.as_ref().is_some_and(|sharing| Some(&sharing.table) == table);
    let joins = old.set.models.iter().any(is_in);
    let change = Change::new(ChangeCode::ModelAdded, format!("model `{}` is new", model.name))
        .breaks_if(joins, Level::Api)
        .new_at(decl.name.span, "new");
    match joins {
        true => change.note("the enum of the table's items has a variant for it, which a `match` has to name"),
        false => change,
    }
}

fn compare_one<'s>(old: (&'s Model, &'s ModelDecl), new: (&'s Model, &'s ModelDecl), found: &mut Comparison<'s>) {
    let ((was, old_decl), (is, new_decl)) = (old, new);
    let upgraded = versions::compare(old, new, found);
    // What upgrades make of the items written before is compared.
    let fields: Vec<Field> = was.fields.iter().map(|field| upgraded.field(field)).collect();
    let before = Struct::of_model(was, &fields, old_decl);
    let after = Struct { upgraded, ..Struct::of_model(is, &is.fields, new_decl) };
    let spans = (before.span, after.span);
    if tables::compare_place(old, new, found) {
        keys::compare(old, new, found);
        indexes::compare(old, new, found);
        vector_indexes::compare(old, new, found);
        keys::compare_held(old, new, found);
        compare_discriminator(old, new, found);
    }
    if was.sharing.is_none() && is.sharing.is_none() {
        tables::compare_own(old, new, found);
    }
    fields::compare(&computed::without(&before, is), &computed::without(&after, was), found);
    computed::compare(old, new, found);
    constraints::compare_validate(&before, &after, found);
    hooks::compare(old, new, found);
    contexts::compare(old, new, found);
    unique::compare(old, new, (&before, &after), found);
    if was.keeps_unknown != is.keeps_unknown {
        found.add(unknown_attributes(spans, is.keeps_unknown, &after.of));
    }
    compare_checks(was, is, spans, found);
    extras::compare((&was.extras, before.span), (&is.extras, after.span), &after.of, found);
    extras::compare_eq((&was.fields, before.span), (&is.fields, after.span), &after.of, found);
    api::compare_model(old, new, found);
}

/// The change of `unknown_attributes`.
pub(super) fn unknown_attributes((old, new): (Span, Span), keeps: bool, of: &str) -> Change {
    let how = if keeps { "keeps" } else { "no longer keeps" };
    let change = Change::new(ChangeCode::UnknownAttributes, format!("{of} {how} stored attributes without a field"))
        .breaks_if(!keeps, Level::Api)
        .new_at(new, "now")
        .old_at(old, "before");
    match keeps {
        true => change,
        false => change.note("a save removes the attributes that others wrote"),
    }
}

fn compare_checks(was: &Model, is: &Model, (old, new): (Span, Span), found: &mut Comparison<'_>) {
    let checks = [
        ("validate_on_read", was.validate_on_read, is.validate_on_read, "that break a constraint"),
        (
            "check_keys_on_read",
            was.check_keys_on_read,
            is.check_keys_on_read,
            "under another key than the model makes of their values",
        ),
    ];
    for (setting, _, after, which) in checks.into_iter().filter(|(_, was, is, _)| was != is) {
        let how = if after { "on" } else { "off" };
        let change = Change::new(ChangeCode::ChecksOnRead, format!("`{setting}` of model `{}` is {how} now", is.name))
            .new_at(new, "now")
            .old_at(old, "before");
        found.add(match after {
            true => change
                .note(format!("items {which}, which earlier releases or others may have written, are refused"))
                .help("scan the table for such items, and change them first"),
            false => change,
        });
    }
}

/// Compares what tells the items of a model from others in its table.
fn compare_discriminator(
    (was, old): (&Model, &ModelDecl),
    (is, new): (&Model, &ModelDecl),
    found: &mut Comparison<'_>,
) {
    fn of(model: &Model) -> (&[(String, String)], bool) {
        model.sharing.as_ref().map_or((&[], false), |sharing| (&sharing.discriminator, sharing.by_key))
    }
    let ((before, was_by_key), (after, is_by_key)) = (of(was), of(is));
    if before == after && was_by_key == is_by_key {
        return;
    }
    let texts = |values: &[(String, String)]| {
        let all = values.iter().map(|(attribute, value)| format!("`{}: {}`", show(attribute), show(value)));
        all.collect::<Vec<_>>().join(" and ")
    };
    let text = |values: &[(String, String)], by_key: bool| match values {
        [] if by_key => "its keys".to_owned(),
        [] => "nothing".to_owned(),
        values => texts(values),
    };
    let span = |decl: &ModelDecl| decl.discriminator.as_ref().map_or(decl.name.span, DiscriminatorDecl::span);
    let (now, then) = (text(after, is_by_key), text(before, was_by_key));
    let message = format!("items of model `{}` are known by {now}, and were by {then}", is.name);
    let change = Change::new(ChangeCode::Discriminator, message)
        .breaks_if(!is_known_by(after, before), Level::Unreadable)
        .breaks_if(!is_known_by(before, after), Level::Rollout)
        .new_at(span(new), "now")
        .old_at(span(old), "before");
    found.add(match (before, after) {
        ([(_, value)], [_]) => change
            .note("items written before are another model's to this release")
            .help(format!("keep the value: `discriminator: {}`", show(value))),
        (_, [_, ..]) if !is_known_by(after, before) => {
            let new: Vec<String> =
                after.iter().filter(|of| !before.contains(of)).map(|(name, _)| format!("`{}`", show(name))).collect();
            let new = new.join(" and ");
            change
                .note(format!("items written before have no such {new}, so no model reads them"))
                .help("write the attributes to all items first, or leave them out of the discriminator")
        }
        _ => change,
    });
}

/// Whether items with all values of `written` have those by which the items of a model are `known`.
fn is_known_by(known: &[(String, String)], written: &[(String, String)]) -> bool {
    known.iter().all(|value| written.contains(value))
}
