//! Checks that the models can read and write all stored items.

use super::upgrades::is_upgrade;
use super::{Broken, has_left, text};
use crate::keys;
use crate::models::{Badge, ClubMember, Member, Note, Numbers, Pass, Score, Sketch, Tally};
use crate::operation::{By, Operation};
use crate::own_types;
use crate::run::Ended;
use crate::store::Effect;
use crate::store::key::Key;
use crate::store::value::{Item, Value};
use dyntastic::TableItem;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::{read_model, write_model};
use std::collections::HashMap;
use std::sync::Arc;

/// The discriminator of a guard.
pub(super) const GUARD: &str = "UNIQUE";
/// The discriminator of the items with a migration's progress.
pub(super) const PROGRESS: &str = "DYNTASTIC#MIGRATION";

pub(super) fn check(ended: &Ended, broken: &mut Vec<Broken>) {
    for effect in &ended.state.store.history {
        if let (Some(before), Some(after)) = (&effect.before, &effect.after) {
            kept(ended, effect, (before, after), broken);
        }
    }
    for (name, table) in &ended.state.store.tables {
        for (key, item) in &table.items {
            let is_legacy = is_legacy(ended, name, key);
            let found = match (name.as_str(), text(item, "kind")) {
                ("shop", Some("Member")) => fresh::<Member>(item, is_legacy),
                ("club", Some("Member")) => fresh::<ClubMember>(item, is_legacy),
                (_, Some("Score")) => fresh::<Score>(item, is_legacy),
                (_, Some("Badge")) => fresh::<Badge>(item, is_legacy),
                (_, Some("Pass")) => fresh::<Pass>(item, is_legacy),
                (_, Some(GUARD | PROGRESS)) | ("migrations", None) => None,
                ("notes", None) => fresh::<Note>(item, is_legacy).or_else(|| with_digest(item, is_legacy)),
                ("numbers", None) => fresh::<Numbers>(item, is_legacy),
                ("tallies", None) => fresh::<Tally>(item, is_legacy),
                ("sketches", None) => fresh::<Sketch>(item, is_legacy),
                ("drafts", None) => keys::broken(item),
                _ => Some(("every stored item is of a model", String::new())),
            };
            if let Some((rule, how)) = found {
                broken.push(Broken { rule, how: format!("{name} {key:?}: {how}: {item:?}") });
            }
        }
    }
}

/// Checks the attributes that a write of a stored item keeps, and the version, which it raises by one.
fn kept(ended: &Ended, effect: &Effect, (before, after): (&Arc<Item>, &Arc<Item>), broken: &mut Vec<Broken>) {
    let place = || format!("{} {:?}, by {:?}", effect.table, effect.key, effect.by);
    if text(before, "kind") != text(after, "kind") {
        broken.push(Broken { rule: "nothing foreign is overwritten", how: place() });
    }
    let version = |item: &Item| item.get("version").and_then(Value::integer);
    if let (Some(earlier), Some(later)) = (version(before), version(after))
        && later != earlier + i64::from(!is_upgrade(effect))
    {
        let how = format!("{}: {earlier}, then {later}", place());
        broken.push(Broken { rule: "versions rise by one", how });
    }
    let by = ended.records.iter().find(|record| Some(record.number) == effect.by).map(|record| &record.operation);
    let changes_it = matches!(by, Some(Operation::LeaveClub { .. } | Operation::RejoinClub { .. }));
    let is_blind = match by {
        Some(Operation::PutClubMember { .. } | Operation::MoveToClub { .. }) => true,
        Some(Operation::UpdateClubMember { by, .. }) => *by != By::Instance,
        _ => false,
    };
    if is_blind && has_left(before) {
        broken.push(Broken { rule: "an item that is deleted is not changed", how: place() });
    }
    if (has_left(before) != has_left(after)) != changes_it && text(after, "kind") != Some(GUARD) {
        broken.push(Broken { rule: "an item is deleted and restored by nothing else", how: place() });
    }
    if before.get("created_at") != after.get("created_at") && !is_of_another(ended, effect) {
        broken.push(Broken { rule: "an item keeps its creation time", how: place() });
    }
}

/// Whether the item that an operation has read was deleted before the operation wrote. A new item with the key may have
/// the same version.
pub(super) fn is_of_another(ended: &Ended, effect: &Effect) -> bool {
    let record = ended.records.iter().find(|record| Some(record.number) == effect.by);
    let since = ended.state.store.history.iter().skip(record.map_or(0, |record| record.began));
    let mut before = since.take_while(|earlier| !std::ptr::eq(*earlier, effect));
    before.any(|earlier| earlier.table == effect.table && earlier.key == effect.key && earlier.after.is_none())
}

/// Whether an item has been stored since before the run, without index keys at first.
fn is_legacy(ended: &Ended, table: &str, key: &Key) -> bool {
    let mut history = ended.state.store.history.iter().filter(|effect| effect.table == table && effect.key == *key);
    let had_none = |item: &Arc<Item>| !item.contains_key("gsi1pk");
    let is_first = history.next().is_some_and(|first| first.by.is_none() && first.after.as_ref().is_some_and(had_none));
    is_first && history.all(|effect| effect.after.is_some())
}

/// Checks that an item can be read, and has the keys and the computed field that a save of it would write. An item from
/// before the run may lack those of them that no write has made.
fn fresh<M: TableItem>(item: &Item, is_legacy: bool) -> Option<(&'static str, String)> {
    let stored: HashMap<String, AttributeValue> = item.iter().map(|(name, value)| (name.clone(), sdk(value))).collect();
    let read = match read_model::<M>(stored.clone()) {
        Ok(read) => read,
        Err(error) => return Some(("a stored item can be read", error.to_string())),
    };
    let written = match write_model(&read) {
        Ok(written) => written,
        Err(error) => return Some(("a stored item can be written", error.to_string())),
    };
    let keys = ["pk", "sk", "gsi1pk", "gsi1sk", "shown"];
    let differs = keys.into_iter().find(|key| {
        let is_untouched = is_legacy && !item.contains_key(*key);
        !is_untouched && written.get(*key) != stored.get(*key)
    });
    differs.map(|key| {
        ("a save would write the same keys and computed fields", format!("{key} should be {:?}", written.get(key)))
    })
}

/// Checks that a note has the digest of its other fields, which its `before_write` makes. An item from before the run may
/// lack it until a write makes it.
fn with_digest(item: &Item, is_legacy: bool) -> Option<(&'static str, String)> {
    if is_legacy && !item.contains_key("digest") {
        return None;
    }
    let note: Note = read_model(item.iter().map(|(name, value)| (name.clone(), sdk(value))).collect()).ok()?;
    let digest = own_types::as_stored(&note).digest;
    (note.digest != digest)
        .then(|| ("a write stores what `before_write` makes", format!("the digest should be {digest}")))
}

pub(crate) fn sdk(value: &Value) -> AttributeValue {
    match value {
        Value::S(text) => AttributeValue::S(text.clone()),
        Value::N(number) => AttributeValue::N(number.text()),
        Value::B(bytes) => AttributeValue::B(bytes.0.clone().into()),
        Value::Bool(whether) => AttributeValue::Bool(*whether),
        Value::M(map) => AttributeValue::M(map.iter().map(|(name, value)| (name.clone(), sdk(value))).collect()),
        Value::L(list) => AttributeValue::L(list.iter().map(sdk).collect()),
        _ => AttributeValue::Null(true),
    }
}
