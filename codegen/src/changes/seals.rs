//! Sealed fields: which values one schema stores compressed or encrypted, and whether the other one reads them.

use super::compare::Comparison;
use super::side::{Entry, Side, Struct};
use super::{Change, ChangeCode, Level};
use crate::model::{Model, Seal, Setting, Table};
use crate::text::show;

/// Compares how a field is sealed. Sealed values are opened before an upgrade, so that none makes them readable.
pub(super) fn compare(old: &Entry<'_>, new: &Entry<'_>, after: &Struct<'_>, found: &mut Comparison<'_>) {
    compare_hashes(old, new, after, found);
    let (was, is) = (without_hash(old.field.seal.as_ref()), without_hash(new.field.seal.as_ref()));
    let (was, is) = (was.as_ref(), is.as_ref());
    let stored = &old.decl.attribute.as_ref().unwrap_or(&old.decl.name).value;
    let is_moved = *stored != old.field.attribute;
    // A value is opened under the name that the field has now.
    let is_lost = is_moved && was.is_some();
    if was == is && !is_lost {
        return;
    }
    let of = format!("field `{}` of {}", show(&new.field.name), after.of);
    let message = match (was, is) {
        _ if is_lost => format!("an upgrade renames `{}`, under which {of} was sealed", show(stored)),
        (Some(was), Some(is)) if text(was) == text(is) => match reads_unencrypted(is) {
            true => format!("{of} is also read where it is not encrypted"),
            false => format!("{of} is no longer read where it is not encrypted"),
        },
        (was, is) => format!("{of} is {}, and was {}", written(is), written(was)),
    };
    let is_read = match is_moved {
        true => !is_lost,
        false => reads(found.new, is, was) && (reads(found.new, is, None) || !was.is_some_and(reads_unencrypted)),
    };
    let is_patched = found.old.set.patch_inside(old.field).is_some() || found.new.set.patch_inside(new.field).is_some();
    let place = |entry: &Entry<'_>| entry.decl.seal.span().unwrap_or(entry.decl.name.span);
    let change = Change::new(ChangeCode::Sealed, message)
        .breaks_if(!is_read, Level::Unreadable)
        .breaks_if(!reads(found.old, was, is), Level::Rollout)
        .breaks_if(was.is_none() || is.is_none() && is_patched, Level::Api)
        .new_at(place(new), "now")
        .old_at(place(old), "before");
    let change = match was {
        None if new.field.hash().is_some() => change.note(
            "conditions and filters of the field, but `eq`, `ne` and `is_in`, and changes inside it, no longer compile",
        ),
        None => change.note("conditions and filters of the field, and changes inside it, no longer compile"),
        Some(_) => change,
    };
    found.add(match is_read {
        true if written(was) != written(is) => {
            change.note("values stay as they are stored until they are written again")
        }
        true => change,
        false => change.help(help(was, is, is_lost)),
    });
}

fn without_hash(seal: Option<&Seal>) -> Option<Seal> {
    let mut seal = seal?.clone();
    if let Some(encryption) = &mut seal.encryption {
        encryption.hash = None;
    }
    Some(seal)
}

/// Compares the hashes by which a field is searched.
fn compare_hashes(old: &Entry<'_>, new: &Entry<'_>, after: &Struct<'_>, found: &mut Comparison<'_>) {
    let (was, is) = (old.field.hash(), new.field.hash());
    if was == is {
        return;
    }
    let of = format!("field `{}` of {}", show(&new.field.name), after.of);
    let message = match (was, is) {
        (None, Some(is)) => format!("{of} is searchable, by hashes in `{}`", show(is)),
        (Some(was), Some(is)) => format!("the hashes of {of} are in `{}`, and were in `{}`", show(is), show(was)),
        (_, None) => format!("{of} is no longer searchable"),
    };
    let place = |entry: &Entry<'_>| {
        let encrypt = entry.decl.seal.encrypt.as_ref();
        let searchable = encrypt.and_then(|encrypt| Some(encrypt.searchable.as_ref()?.span));
        searchable.or_else(|| entry.decl.seal.span()).unwrap_or(entry.decl.name.span)
    };
    let change = Change::new(ChangeCode::Searchable, message)
        .breaks_if(is.is_some(), Level::Index)
        .breaks_if(is.is_none() && new.field.seal.is_some(), Level::Api)
        .new_at(place(new), "now")
        .old_at(place(old), "before");
    let change = match was {
        Some(was) if after.keeps_unknown => change.note(format!(
            "the stored hashes stay: writes keep unknown attributes, until an upgrade has `remove: [{}]`",
            show(was)
        )),
        Some(_) => change.note("the stored hashes stay until their items are written again"),
        None => change,
    };
    found.add(match is {
        Some(_) => change
            .note("conditions and queries do not find items that were written before")
            .note("the previous release updates values without these hashes")
            .help("write every item of the model again, with `dyntastic::migrate`, when the previous release has ended; search after that"),
        None => change.note("the previous release does not find what this one writes").help("stop searching first"),
    });
}

/// What to do so that the values are read.
fn help(was: Option<&Seal>, is: Option<&Seal>, is_lost: bool) -> String {
    if is_lost {
        return "keep the attribute's name, or add a field of the new name beside it, and fill that".to_owned();
    }
    let key = |seal: Option<&Seal>| Some(seal?.encryption.as_ref()?.key.clone());
    match (key(was), key(is)) {
        (None, Some(key)) => format!(
            "write `encrypt: {{ key: {key}, unencrypted: read }}` until every item of the model is written again"
        ),
        (Some(was), Some(is)) if was != is => {
            format!("keep the name `{was}`: the app can give the client a new key of that name, and keep the old one")
        }
        (Some(_), Some(_)) if was.is_some_and(reads_unencrypted) => {
            "write every item of the model again first, with `dyntastic::migrate`".to_owned()
        }
        (Some(was), None) => format!("keep `encrypt: {was}`, or add a field beside it, and fill that"),
        _ => "keep `compress: zstd`, or add a field beside it, and fill that".to_owned(),
    }
}

/// Whether a field of one side reads all values that another one writes.
fn reads(side: &Side<'_>, own: Option<&Seal>, other: Option<&Seal>) -> bool {
    let Some(own) = own else { return other.is_none() };
    let encryption = other.and_then(|other| other.encryption.as_ref());
    let is_opened = match (&own.encryption, encryption) {
        (Some(own), Some(other)) => own.key == other.key,
        (own, other) => other.is_none() && own.as_ref().is_none_or(|own| own.reads_unencrypted),
    };
    is_opened && (decompresses(side) || !other.is_some_and(|other| other.is_compressed))
}

/// Whether a schema needs the runtime's feature `compression`, with which each sealed field reads compressed values.
fn decompresses(side: &Side<'_>) -> bool {
    side.set.fields().any(|field| field.seal.as_ref().is_some_and(|seal| seal.is_compressed))
}

fn reads_unencrypted(of: &Seal) -> bool {
    of.encryption.as_ref().is_some_and(|encryption| encryption.reads_unencrypted)
}

/// How a field is stored: "encrypted with the key `personal`".
fn written(of: Option<&Seal>) -> String {
    of.map_or_else(|| "stored as it is".to_owned(), text)
}

fn text(of: &Seal) -> String {
    match &of.encryption {
        Some(encryption) => format!("{} with the key `{}`", of.text(), encryption.key),
        None => of.text().to_owned(),
    }
}

/// What becomes of the encrypted values of models whose table is another one now; `None` if nothing does.
pub(super) fn in_other_table<'m>(
    models: impl IntoIterator<Item = &'m Model>,
    (was, is): (&Table, &Table),
) -> Option<&'static str> {
    // The name that a variable gives may be another one in each environment.
    let name = |of: &Table| match &of.name {
        Setting::Value(name) | Setting::Env { variable: name, .. } => name.clone(),
    };
    bound(models).filter(|_| name(was) != name(is))
}

/// What becomes of the encrypted values of models in another table, or under other keys; `None` if they have none.
pub(super) fn bound<'m>(models: impl IntoIterator<Item = &'m Model>) -> Option<&'static str> {
    let mut fields = models.into_iter().flat_map(|model| &model.fields);
    fields.any(|field| field.seal.as_ref().is_some_and(|seal| seal.encryption.is_some())).then_some(
        "encrypted values belong to the name of the table in the schema, and to the key of their item: copied as they \
         are, they cannot be read, so let an app read them with the old schema, and write them with the new one",
    )
}
