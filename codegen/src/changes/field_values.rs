//! The values of one field: their type, their stored form, and what changes or checks them.

use super::compare::Comparison;
use super::side::{Defined, Entry, Struct};
use super::stored::Stored;
use super::{Change, ChangeCode, Level, constraints, extras};
use crate::model::{
    Constraint, Field, FieldRole, Named, NamedKind, Precision, Scalar, StoredForm, Transform, Type, lifetime,
};
use crate::sources::Span;
use crate::text::show;

/// Compares a field with itself in the new schema, apart from its names and its absence.
pub(super) fn compare(
    (old, before): (&Entry<'_>, &Struct<'_>),
    (new, after): (&Entry<'_>, &Struct<'_>),
    found: &mut Comparison<'_>,
) {
    let of = format!("field `{}` of {}", show(&new.field.name), after.of);
    compare_type(old, new, &of, found);
    compare_form(old, new, &of, found);
    compare_empty(old, new, &of, found);
    compare_normal(old, new, &of, found);
    compare_stored(old, new, &of, found);
    compare_role(old, new, &of, found);
    constraints::compare((old, before.is_checked), (new, after.is_checked), &of, found);
    let is_encrypted = |entry: &Entry<'_>| entry.decl.seal.encrypt.is_some();
    if old.field.sensitive != new.field.sensitive && is_encrypted(old) == is_encrypted(new) {
        let how = if new.field.sensitive { "hide" } else { "show" };
        let change = Change::new(ChangeCode::Sensitive, format!("debug texts {how} {of} now"))
            .new_at(new.decl.name.span, "now")
            .old_at(old.decl.name.span, "before");
        found.add(change);
    }
    let (was, is) = ((&old.field.extras, old.decl.name.span), (&new.field.extras, new.decl.name.span));
    extras::compare(was, is, &of, found);
}

fn type_span(entry: &Entry<'_>) -> Span {
    entry.decl.ty.as_ref().map_or(entry.decl.name.span, |ty| ty.span)
}

fn compare_type(old: &Entry<'_>, new: &Entry<'_>, of: &str, found: &mut Comparison<'_>) {
    let (was, is) = (old.field.ty.present(), new.field.ty.present());
    let mut renamed = Vec::new();
    if is_same(was, is, found, &mut renamed) {
        return;
    }
    let (stored, read) = (Stored::of(found.old, old.field), Stored::of(found.new, new.field));
    // The form decides, and has a change of its own, if only that differs.
    let (reads, is_read) = (read.reads(stored), stored.reads(read));
    for (was, is) in renamed {
        found.pair(&was, &is);
    }
    let (old_text, new_text) = (type_text(old), type_text(new));
    let mut change = Change::new(
        ChangeCode::TypeChanged,
        match new_text == old_text {
            true => format!("the type `{new_text}` of {of} has other settings"),
            false => format!("the type of {of} is `{new_text}`, and was `{old_text}`"),
        },
    )
    .breaks(Level::Api)
    .breaks_if(!reads, Level::Unreadable)
    .breaks_if(!is_read, Level::Rollout)
    .new_at(type_span(new), "the type now")
    .old_at(type_span(old), "the type before");
    if !reads {
        change = change.help(format!(
            "add a field of the new type beside it, and fill that; or keep `{old_text}`, which the stored values have"
        ));
    } else if !is_read {
        change =
            change.help(format!("write no value that only `{new_text}` has until the previous release has stopped"));
    }
    found.add(change);
}

/// Whether two types have the same values and the same API. Collects the definitions that differ in their names alone.
fn is_same(was: &Type, is: &Type, found: &Comparison<'_>, renamed: &mut Vec<(String, String)>) -> bool {
    match (was, is) {
        (Type::List(was), Type::List(is))
        | (Type::Set(was), Type::Set(is))
        | (Type::Map(was), Type::Map(is))
        | (Type::Optional(was), Type::Optional(is)) => is_same(was, is, found, renamed),
        // The library of times and of decimals is one change of the schema.
        (Type::Scalar(Scalar::Time(was, _)), Type::Scalar(Scalar::Time(is, _))) => was == is,
        (Type::Scalar(Scalar::Decimal(_)), Type::Scalar(Scalar::Decimal(_))) => true,
        (Type::Named(was), Type::Named(is)) if was.name == is.name => {
            // Definitions of one name are compared by themselves.
            let users = |of: &Named| match of.kind {
                NamedKind::Rust { key, eq } => Some((key, eq)),
                _ => None,
            };
            users(was) == users(is)
        }
        (Type::Named(was), Type::Named(is)) => {
            let is_one_kind = matches!(
                (found.old.types.get(was.name.as_str()), found.new.types.get(is.name.as_str())),
                (Some(Defined::Struct(_)), Some(Defined::Struct(_)))
                    | (Some(Defined::Enum(..)), Some(Defined::Enum(..)))
                    | (Some(Defined::Union(..)), Some(Defined::Union(..)))
            );
            if is_one_kind {
                renamed.push((was.name.clone(), is.name.clone()));
            }
            false
        }
        (was, is) => was == is,
    }
}

/// The type as the schema writes it, without the `?` at its end.
fn type_text(entry: &Entry<'_>) -> String {
    let written = entry.decl.ty.as_ref().map_or("", |ty| ty.value.as_str());
    show(written.trim_end_matches('?'))
}

fn compare_form(old: &Entry<'_>, new: &Entry<'_>, of: &str, found: &mut Comparison<'_>) {
    let (was, is) = (&old.field.form, &new.field.form);
    let is_time = |field: &Field| field.ty.parts().any(|part| matches!(part, Type::Scalar(Scalar::Time(..))));
    let is_one_type = old.field.ty.present() == new.field.ty.present();
    if was == is || !(is_one_type || is_time(old.field) && is_time(new.field)) {
        return;
    }
    let (stored, read) = (Stored::of(found.old, old.field), Stored::of(found.new, new.field));
    let (reads, is_read) = (read.reads(stored), stored.reads(read));
    let span = |entry: &Entry<'_>| match (&entry.decl.format, &entry.decl.precision) {
        (Some(format), _) => format.span,
        (None, Some(precision)) => precision.span,
        _ => type_span(entry),
    };
    let message = format!("{of} is stored as {}, and was stored as {}", form(is, new.field), form(was, old.field));
    let mut change = Change::new(ChangeCode::StoredForm, message)
        .breaks_if(!reads, Level::Unreadable)
        .breaks_if(!is_read, Level::Rollout)
        .new_at(span(new), "the form now")
        .old_at(span(old), "the form before");
    change = match (reads, is_read) {
        (true, true) => change.note(
            "both forms are read; conditions and sort orders compare texts of both forms until all items are saved",
        ),
        (true, false) => change
            .help("add a field of the new form beside it, and drop this one once the previous release has stopped"),
        (false, _) => change.help("keep the form, or add a field of the new form beside it, and fill that"),
    };
    found.add(change);
}

fn form(of: &StoredForm, field: &Field) -> String {
    match (of, field.ty.present()) {
        (StoredForm::Own, Type::Set(_)) => "a set",
        (StoredForm::Own, Type::Json) => "a native value",
        (StoredForm::Own, Type::Scalar(Scalar::Bool)) => "a boolean",
        (StoredForm::Own, Type::Scalar(Scalar::Int(_) | Scalar::F32 | Scalar::F64 | Scalar::Decimal(_))) => "a number",
        (StoredForm::Own, _) => "`iso8601`",
        (StoredForm::Nanos, _) => "`iso8601` with nanoseconds",
        (StoredForm::EpochSeconds, _) => "`epoch_seconds`",
        (StoredForm::EpochMillis, _) => "`epoch_millis`",
        (StoredForm::Pydantic, _) => "`pydantic`",
        (StoredForm::Pattern(pattern), _) => return format!("`{}`", show(&pattern.text)),
        (StoredForm::Text, _) => "`text`",
        (StoredForm::Digits(digits), _) => return format!("`0{digits}`"),
        (StoredForm::ZeroOrOne, _) => "`number`",
        (StoredForm::List, _) => "`list`",
    }
    .to_owned()
}

fn compare_empty(old: &Entry<'_>, new: &Entry<'_>, of: &str, found: &mut Comparison<'_>) {
    let is = new.field.is_absent_if_empty();
    if is == old.field.is_absent_if_empty() {
        return;
    }
    let how = if is { "is absent now" } else { "is a value now, and was absent" };
    let span = |entry: &Entry<'_>| entry.decl.empty.as_ref().map_or(entry.decl.name.span, |empty| empty.span);
    let change = Change::new(ChangeCode::StoredForm, format!("an empty value of {of} {how}"))
        .breaks_if(is, Level::Api)
        .new_at(span(new), "now")
        .old_at(span(old), "before");
    found.add(match is {
        true => {
            change.note("an empty value cannot be saved, and `or` and `set_default` of the field no longer compile")
        }
        false => change.note("items that were stored with an empty value have it again"),
    });
}

fn compare_normal(old: &Entry<'_>, new: &Entry<'_>, of: &str, found: &mut Comparison<'_>) {
    let mut changed = |what: &str, was: Option<Span>, is: Option<Span>| {
        let change = Change::new(ChangeCode::Normalised, format!("{what} of {of} changes"))
            .new_at(is.unwrap_or(new.decl.name.span), "now")
            .old_at(was.unwrap_or(old.decl.name.span), "before")
            .note("values of items written before stay as they are until they are written again");
        found.add(change);
    };
    if old.field.transform != new.field.transform {
        let span = |transforms: &[crate::schema::Spanned<Transform>]| transforms.first().map(|of| of.span);
        changed("the transform", span(&old.decl.transform), span(&new.decl.transform));
    }
    if element_transforms(&old.field.constraints) != element_transforms(&new.field.constraints) {
        let span = |entry: &Entry<'_>| entry.decl.constraints.first().map(|of| of.key.span);
        changed("the transform of the elements", span(old), span(new));
    }
    let precision = |field: &Field| match (&field.form, field.precision) {
        (StoredForm::Nanos, _) => Some(Precision::Nanos),
        // The form of the value says it, which is compared elsewhere.
        (StoredForm::EpochSeconds | StoredForm::EpochMillis, _) => None,
        (_, precision) => precision,
    };
    let is_form = (old.field.form == StoredForm::Nanos) != (new.field.form == StoredForm::Nanos);
    if precision(old.field) != precision(new.field) && !is_form {
        let span = |entry: &Entry<'_>| entry.decl.precision.as_ref().map(|of| of.span);
        changed("the precision", span(old), span(new));
    }
}

/// The transforms of elements at each depth.
fn element_transforms(constraints: &[Constraint]) -> Vec<(usize, Transform)> {
    let of = |constraint: &Constraint| match constraint {
        Constraint::Transform(transform) => vec![(0, *transform)],
        Constraint::Items(of) | Constraint::Keys(of) | Constraint::Values(of) | Constraint::Present(of) => {
            element_transforms(of).into_iter().map(|(depth, transform)| (depth + 1, transform)).collect()
        }
        _ => Vec::new(),
    };
    constraints.iter().flat_map(of).collect()
}

fn compare_stored(old: &Entry<'_>, new: &Entry<'_>, of: &str, found: &mut Comparison<'_>) {
    let (was, is) = (old.field.key_only, new.field.key_only);
    if was == is {
        return;
    }
    let how = if is { "is no longer stored as an attribute" } else { "is stored as an attribute now" };
    let change = Change::new(ChangeCode::Stored, format!("{of} {how}"))
        .breaks(if is { Level::Rollout } else { Level::Unreadable })
        .breaks_if(is, Level::Api)
        .new_at(new.decl.key_only.unwrap_or(new.decl.name.span), "now")
        .old_at(old.decl.key_only.unwrap_or(old.decl.name.span), "before");
    found.add(match is {
        true => change.note("conditions on the field no longer compile"),
        false => change.help("keep `stored: false`, or write every item of the model again before it is dropped"),
    });
}

/// Adds what becomes of deleted items when the role of their time comes or goes.
pub(super) fn of_deletions(change: Change, was: Option<FieldRole>, is: Option<FieldRole>) -> Change {
    let has_role = |role| role == Some(FieldRole::DeletedAt);
    match (has_role(was), has_role(is)) {
        (false, true) => {
            change.note("the previous release shows, changes and restores items that this one has deleted")
        }
        (true, false) => change
            .note("reads show the items that were deleted")
            .help("delete them, or restore them, before the release: their unique values may be those of others"),
        _ => change,
    }
}

fn compare_role(old: &Entry<'_>, new: &Entry<'_>, of: &str, found: &mut Comparison<'_>) {
    let name = |role: Option<FieldRole>| match role {
        None => "no role",
        Some(FieldRole::Version) => "the role `version`",
        Some(FieldRole::CreatedAt) => "the role `created_at`",
        Some(FieldRole::UpdatedAt) => "the role `updated_at`",
        Some(FieldRole::DeletedAt) => "the role `deleted_at`",
        Some(FieldRole::Ttl) => "the role `ttl`",
        Some(FieldRole::SchemaVersion) => "the role `schema_version`",
        Some(FieldRole::Counter) => "the role `counter`",
        Some(FieldRole::Sequence) => "a sequence",
    };
    let (was, is) = (old.field.role, new.field.role);
    let span = |entry: &Entry<'_>| entry.decl.ttl.as_ref().map_or(entry.decl.name.span, |ttl| ttl.span);
    if was == is && old.field.lifetime != new.field.lifetime {
        let ends = |field: &Field| match field.lifetime {
            Some(seconds) => format!("{} after each write", lifetime(seconds)),
            None => "when the app says".to_owned(),
        };
        let message = format!("items expire by {of} {}, and expired {}", ends(new.field), ends(old.field));
        let change = Change::new(ChangeCode::Role, message).new_at(span(new), "now").old_at(span(old), "before");
        let change = change.breaks_if(old.field.lifetime.is_none() != new.field.lifetime.is_none(), Level::Api);
        found.add(change.note("items keep the time that they have until they are written again"));
    }
    if was == is {
        return;
    }
    let span = |entry: &Entry<'_>| entry.decl.role.as_ref().map_or(entry.decl.name.span, |role| role.span);
    let mut change = Change::new(ChangeCode::Role, format!("{of} has {}, and had {}", name(is), name(was)))
        .breaks(Level::Api)
        .new_at(span(new), "now")
        .old_at(span(old), "before");
    if is.is_some_and(FieldRole::counts) && !was.is_some_and(FieldRole::counts) {
        change = change.note("the previous release saves whole items over the increments of this one");
    }
    if was.is_some_and(FieldRole::counts) && !is.is_some_and(FieldRole::counts) {
        change = change.note("this release saves whole items over the increments of the previous one");
    }
    if is == Some(FieldRole::DeletedAt) {
        change = change.note("reads leave out the items that have a value already");
    }
    change = of_deletions(change, was, is);
    if is == Some(FieldRole::Version) {
        change = change.note("the previous release writes without counting, so it overwrites what this release checks");
    }
    found.add(change);
}
