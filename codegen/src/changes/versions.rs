//! The schema versions of a model's items, and what their upgrades make of items written before.

use super::compare::Comparison;
use super::stored::Stored;
use super::{Change, ChangeCode, Level};
use crate::model::{Default, Model, SchemaVersions, Upgraded};
use crate::schema::ModelDecl;
use crate::sources::Span;
use crate::terms::FieldRole;
use crate::text::show;

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
    if upgraded.depends_on_values {
        change = change.note("what an upgrade makes of some items depends on their values, and is not checked");
    }
    found.add(change);
    upgraded
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
