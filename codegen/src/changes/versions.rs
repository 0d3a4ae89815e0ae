//! The schema versions of a model's items, and what their upgrades make of items written before.

use super::compare::Comparison;
use super::stored::Stored;
use super::{Change, ChangeCode, Level};
use crate::model::{Default, Model, SchemaVersions, UpgradeStep, Upgraded};
use crate::schema::ModelDecl;
use crate::sources::Span;
use crate::terms::FieldRole;
use crate::text::show;
use std::collections::BTreeSet;

/// Compares the versions of a model's items. Returns what upgrades do to the items of the earlier schema.
pub(super) fn compare(
    (was, old): (&Model, &ModelDecl),
    (is, new): (&Model, &ModelDecl),
    found: &mut Comparison<'_>,
) -> Upgraded {
    let written = was.versions.as_ref().map_or(1, SchemaVersions::current);
    let spans = (place(old), place(new));
    let (text, of) = (|versions: &SchemaVersions| format!("version {}", versions.current()), &is.name);
    let Some(versions) = &is.versions else {
        if let Some(before) = &was.versions {
            let message = format!("items of model `{of}` have no schema version, and had {}", text(before));
            let change = changed(message, spans).breaks_if(!before.upgrades.is_empty(), Level::Unreadable);
            found.add(match before.upgrades.is_empty() {
                true => change,
                false => {
                    change.note("items of earlier versions are no longer upgraded").help("migrate the items first")
                }
            });
        }
        return Upgraded::default();
    };
    compare_released((was, old), (is, new), found);
    let upgraded = Upgraded::of(versions.since(written));
    let before = was.versions.as_ref().map(|before| (before.attribute.as_str(), before.current()));
    if before == Some((versions.attribute.as_str(), versions.current())) && versions.first <= first(was) {
        return Upgraded::default();
    }
    let had = was.versions.as_ref().map_or_else(|| "none".to_owned(), text);
    let other_attribute = before.map(|(attribute, _)| attribute).filter(|attribute| *attribute != versions.attribute);
    let is_shortened = versions.current() == written && versions.first > first(was);
    let message = match other_attribute {
        Some(attribute) => {
            let (now, before) = (show(&versions.attribute), show(attribute));
            format!("items of model `{of}` have their schema version in `{now}`, and had it in `{before}`")
        }
        None if is_shortened => {
            format!("the upgrades of model `{of}` begin with version {}, and began with {}", versions.first, first(was))
        }
        None => format!("items of model `{of}` have schema {}, and had {had}", text(versions)),
    };
    let mut change = changed(message, spans);
    if let Some(attribute) = other_attribute {
        change = change
            .breaks_if(breaks_without_version(versions), Level::Unreadable)
            .breaks_if(was.versions.as_ref().is_some_and(breaks_without_version), Level::Rollout)
            .note("an item without the attribute is of version 1")
            .help(format!("keep the attribute: `attribute: {}`", show(attribute)));
    } else if versions.current() < written {
        change = change
            .breaks(Level::Unreadable)
            .note("the version of the items written before is a later one to this release")
            .help("keep the upgrades that were released: a version is for ever");
    } else if versions.first > written {
        change = change
            .breaks(Level::Unreadable)
            .note(format!("no upgrade is from version {written}"))
            .help("migrate the items with a release that can upgrade them, before the upgrade is dropped");
    } else if is_shortened {
        change = change
            .breaks(Level::Unreadable)
            .note(format!("items of versions before {} cannot be read any more", versions.first))
            .help("migrate the items first");
    }
    if was.versions.is_some() && other_attribute.is_none() && versions.current() > written {
        change = change.breaks(Level::Rollout).note("the previous release refuses items of a later version");
    } else if was.versions.is_none() {
        change = change.breaks_if(upgraded.depends_on_values || is_misread(was, is, &upgraded, found), Level::Rollout);
    }
    for clash in clashes(was, versions.since(written)) {
        change = change.breaks(Level::Unreadable).note(clash).help("remove one of the attributes first");
    }
    for lost in lost(was, is, &upgraded, versions.since(written)) {
        let note = format!("an upgrade removes `{}`, which is required", show(lost));
        change = change.breaks(Level::Default).note(note).help("give it a value after that, with `default:`");
    }
    if upgraded.depends_on_values {
        change = change.note("what an upgrade makes of some items depends on their values, and is not checked");
    }
    found.add(change);
    upgraded
}

/// Compares the upgrades that both releases have. A default may be given under a later name of its field.
fn compare_released((was, old): (&Model, &ModelDecl), (is, new): (&Model, &ModelDecl), found: &mut Comparison<'_>) {
    for before in &old.upgrades {
        let Some(now) = new.upgrades.iter().find(|now| now.from.value == before.from.value) else { continue };
        let from = before.from.value;
        let (was, now_is) = (steps_from(was, from), steps_from(is, from));
        let calls = |steps: &[&UpgradeStep]| steps.iter().any(|step| matches!(step, UpgradeStep::Function { .. }));
        let is_same = was.len() == now_is.len() && was.iter().zip(&now_is).all(|(one, other)| is_same(one, other));
        if is_same || calls(&was) || calls(&now_is) {
            continue;
        }
        let message = format!("the upgrade of model `{}` from version {from} is another one", is.name);
        let change = changed(message, (before.from.span, now.from.span))
            .breaks(Level::Unreadable)
            .note("the releases make different items of those that are of this version")
            .help("keep the upgrades that were released, and add one");
        found.add(change);
    }
}

/// The changes of items of one version, except defaults.
fn steps_from(of: &Model, version: u32) -> Vec<&UpgradeStep> {
    let upgrades = of.versions.iter().flat_map(|versions| versions.upgrades.iter().zip(versions.first..));
    let steps = upgrades.filter(|(_, from)| *from == version).flat_map(|(steps, _)| steps);
    steps.filter(|step| !matches!(step, UpgradeStep::Default { .. })).collect()
}

fn is_same(one: &UpgradeStep, other: &UpgradeStep) -> bool {
    match (one, other) {
        (UpgradeStep::Rename { from, to }, UpgradeStep::Rename { from: from_other, to: to_other }) => {
            (from, to) == (from_other, to_other)
        }
        (
            UpgradeStep::Split { attribute, parts, end },
            UpgradeStep::Split { attribute: attribute_other, parts: parts_other, end: end_other },
        ) => (attribute, parts, end) == (attribute_other, parts_other, end_other),
        (UpgradeStep::Convert { attribute, to }, UpgradeStep::Convert { attribute: attribute_other, to: to_other }) => {
            (attribute, to) == (attribute_other, to_other)
        }
        (UpgradeStep::Remove { attribute }, UpgradeStep::Remove { attribute: other }) => attribute == other,
        _ => false,
    }
}

/// What upgrades cannot do, because items have the attribute that would be made.
fn clashes<'s>(was: &Model, steps: impl Iterator<Item = &'s UpgradeStep>) -> Vec<String> {
    let (mut clashes, mut stored) = (Vec::new(), stored(was));
    for step in steps {
        let made: Vec<(&str, &str)> = match step {
            UpgradeStep::Rename { from, to } => vec![(from.as_str(), to.as_str())],
            UpgradeStep::Split { attribute, parts, .. } => {
                parts.iter().map(|(_, part)| (attribute.as_str(), part.as_str())).collect()
            }
            _ => Vec::new(),
        };
        let mut after = stored.clone();
        apply(step, &mut after);
        let is_taken = |(from, to): &&(&str, &str)| stored.contains(*from) && stored.contains(*to) && from != to;
        for (from, to) in made.iter().filter(is_taken) {
            clashes.push(format!("an upgrade makes `{}` of `{}`, and items have both", show(to), show(from)));
        }
        stored = after;
    }
    clashes
}

/// The required attributes that upgrades remove from items.
fn lost<'m>(
    was: &Model,
    is: &'m Model,
    upgraded: &Upgraded,
    steps: impl Iterator<Item = &'m UpgradeStep>,
) -> Vec<&'m str> {
    if upgraded.calls_functions {
        return Vec::new();
    }
    let mut stored = stored(was);
    steps.for_each(|step| apply(step, &mut stored));
    let needed = is.fields.iter().filter(|field| field.default == Default::Required && !field.key_only);
    let had = |attribute: &str| was.fields.iter().any(|field| upgraded.field(field).attribute == attribute);
    needed.map(|field| field.attribute.as_str()).filter(|name| !stored.contains(*name) && had(name)).collect()
}

/// The attributes that items have.
fn stored(of: &Model) -> BTreeSet<String> {
    of.fields.iter().filter(|field| !field.key_only).map(|field| field.attribute.clone()).collect()
}

/// The attributes of items after a change.
fn apply(step: &UpgradeStep, stored: &mut BTreeSet<String>) {
    match step {
        UpgradeStep::Rename { from, to } => {
            if stored.remove(from) {
                stored.insert(to.clone());
            }
        }
        UpgradeStep::Split { attribute, parts, .. } => {
            if stored.remove(attribute) {
                stored.extend(parts.iter().map(|(_, part)| part.clone()));
            }
        }
        UpgradeStep::Default { field, .. } => drop(stored.insert(field.attribute.clone())),
        UpgradeStep::Remove { attribute } => drop(stored.remove(attribute)),
        UpgradeStep::Convert { .. } | UpgradeStep::Function { .. } => {}
    }
}

fn changed(message: String, (old, new): (Span, Span)) -> Change {
    Change::new(ChangeCode::SchemaVersion, message).new_at(new, "now").old_at(old, "before")
}

/// The first version that a model can upgrade.
fn first(of: &Model) -> u32 {
    of.versions.as_ref().map_or(1, |versions| versions.first)
}

/// The place of the last upgrade, or of the field with the version.
fn place(decl: &ModelDecl) -> Span {
    let is_version = |role: FieldRole| role == FieldRole::SchemaVersion;
    let field = decl.fields.iter().find(|field| field.role.as_ref().is_some_and(|role| is_version(role.value)));
    let field = field.map_or(decl.name.span, |field| field.name.span);
    decl.upgrades.last().map_or(field, |upgrade| upgrade.from.span)
}

/// Whether items would be read as something else if they were taken for items of version 1.
fn breaks_without_version(versions: &SchemaVersions) -> bool {
    versions.first > 1 || Upgraded::of(versions.since(1)).depends_on_values
}

/// Whether a release without versions misses a value, or reads another one, where upgrades rename or convert attributes.
fn is_misread(was: &Model, is: &Model, upgraded: &Upgraded, found: &Comparison<'_>) -> bool {
    was.fields.iter().any(|before| {
        let attribute = upgraded.field(before).attribute;
        let Some(after) = is.fields.iter().find(|field| field.attribute == attribute) else { return false };
        match attribute == before.attribute {
            true => !Stored::of(found.old, before).reads(Stored::of(found.new, after)),
            // The attribute under its earlier name is missing.
            false => before.default == Default::Required || before.name == after.name,
        }
    })
}
