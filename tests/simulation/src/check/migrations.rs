//! Checks that migrations end, lose nothing and undo nothing, and that every item is as a save stores it in the end.

use super::items::{GUARD, PROGRESS, sdk};
use super::{Broken, text};
use crate::models::{Badge, Member, Note, Pass, Score};
use crate::operation::{Migrated, Operation};
use crate::own_types::as_stored;
use crate::run::Ended;
use crate::session::migrations::moved;
use crate::store::Effect;
use crate::store::value::Item;
use dyntastic::Model;
use dyntastic::codec::{read_model, write_model};
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

pub(super) fn check(ended: &Ended, broken: &mut Vec<Broken>) {
    for (what, why) in &ended.endless {
        broken.push(Broken { rule: "a migration ends", how: format!("{what:?}: {why}") });
    }
    let migrations: BTreeMap<usize, Migrated> = ended.records.iter().filter_map(migration).collect();
    let is_of_model = |item: Option<&Item>| !matches!(item.and_then(|item| text(item, "kind")), Some(GUARD | PROGRESS));
    let history = &ended.state.store.history;
    for effect in history.iter().filter(|effect| effect.table != "migrations") {
        // Without an operation, it may be one that finishes the migrations.
        let Some(what) = effect.by.and_then(|by| migrations.get(&by)) else { continue };
        let (before, after) = (effect.before.as_deref(), effect.after.as_deref());
        if !is_of_model(before.or(after)) {
            continue;
        }
        let same_request = |other: &&Effect| other.request == effect.request && !std::ptr::eq(*other, effect);
        // The other half of a move to another key.
        let other_half = || {
            history
                .iter()
                .filter(same_request)
                .find(|other| is_of_model(other.before.as_deref().or(other.after.as_deref())))
        };
        let (before, after) = match (before, after) {
            (Some(before), None) => (Some(before), other_half().and_then(|other| other.after.as_deref())),
            (None, Some(after)) => (other_half().and_then(|other| other.before.as_deref()), Some(after)),
            both => both,
        };
        let is_kept = before.zip(after).is_some_and(|(before, after)| match what {
            Migrated::Scores => values::<Score>(before) == values::<Score>(after),
            Migrated::Members => values::<Member>(before) == values::<Member>(after),
            Migrated::Notes => with_digest(before) == values::<Note>(after),
            Migrated::Badges => with_moved_code::<Badge>(before) == values::<Badge>(after),
            Migrated::Passes => with_moved_code::<Pass>(before) == values::<Pass>(after),
        });
        if !is_kept {
            let how = format!("{what:?}: {} {:?}: {before:?} became {after:?}", effect.table, effect.key);
            broken.push(Broken { rule: "a migration loses nothing and undoes nothing", how });
        }
    }
    if ended.endless.is_empty() {
        for what in ended.records.iter().filter_map(migration).map(|(_, what)| what) {
            match what {
                Migrated::Scores => complete::<Score>(ended, "shop", Some("Score"), broken),
                Migrated::Members => complete::<Member>(ended, "shop", Some("Member"), broken),
                Migrated::Notes => complete::<Note>(ended, "notes", None, broken),
                // One that was made again stays beside the moved one, and has its own value.
                Migrated::Badges | Migrated::Passes => {}
            }
        }
    }
}

fn migration(record: &crate::run::Record) -> Option<(usize, Migrated)> {
    match record.operation {
        Operation::Migrate(what) => Some((record.number, what)),
        _ => None,
    }
}

/// The values of a note as a write stores them.
fn with_digest(item: &Item) -> Option<Json> {
    let note: Note = read_model(item.iter().map(|(name, value)| (name.clone(), sdk(value))).collect()).ok()?;
    serde_json::to_value(as_stored(&note)).ok()
}

/// The values of an item, without those that every write changes.
fn values<M: Model + Serialize>(item: &Item) -> Option<Json> {
    let read: M = read_model(item.iter().map(|(name, value)| (name.clone(), sdk(value))).collect()).ok()?;
    let mut values = serde_json::to_value(read).ok()?;
    let fields = values.as_object_mut()?;
    fields.retain(|name, _| !["version", "created_at", "updated_at"].contains(&name.as_str()));
    Some(values)
}

/// The values of an item after its code has changed.
fn with_moved_code<M: Model + Serialize>(item: &Item) -> Option<Json> {
    let mut values = values::<M>(item)?;
    let code = moved(values.get("code")?.as_str()?);
    values.as_object_mut()?.insert("code".to_owned(), code.into());
    Some(values)
}

/// Checks that all items of a model are as a save stores them.
fn complete<M: Model>(ended: &Ended, table: &str, kind: Option<&str>, broken: &mut Vec<Broken>) {
    let items = ended.state.store.tables.get(table).into_iter().flat_map(|table| &table.items);
    for (key, item) in items.filter(|(_, item)| text(item, "kind") == kind) {
        let stored: dyntastic::codec::AttributeMap =
            item.iter().map(|(name, value)| (name.clone(), sdk(value))).collect();
        let written = read_model::<M>(stored.clone()).ok().and_then(|read| write_model(&read).ok());
        if written.as_ref() != Some(&stored) {
            let how = format!("{table} {key:?}: {stored:?}, and a save would write {written:?}");
            broken.push(Broken { rule: "a migrated item is as a save stores it", how });
        }
    }
}
