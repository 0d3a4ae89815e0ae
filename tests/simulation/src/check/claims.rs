//! Checks that the claims of operations about the store are true.

use super::bulk;
use super::items::is_of_another;
use super::marks::{is_disordered, is_merged};
use super::searches;
use super::upgrades::current;
use super::{Broken, effects, has_left, is_same, text};
use crate::claim::Claim;
use crate::faults::Fault;
use crate::names::{self, Place};
use crate::operation::Operation;
use crate::run::{Ended, Record};
use crate::store::Effect;
use crate::store::key::Key;
use crate::store::value::{Item, Value};
use crate::world::Request;
use std::sync::Arc;

/// The time, in seconds, before which the time to live of the simulator's expired items has ended.
const EXPIRED_BEFORE: i64 = 2_000_000_000;

pub(super) fn check(ended: &Ended, record: &Record, broken: &mut Vec<Broken>) {
    for claim in &record.report.claims {
        if let Some((rule, how)) = contradiction(ended, record, claim) {
            let Record { number, operation, .. } = record;
            broken.push(Broken { rule, how: format!("operation {number}, {operation:?}: {how}") });
        }
    }
}

/// The states of an item from `since` changes to `until` changes of the history.
pub(super) fn states<'e>(ended: &'e Ended, place: &Place, since: usize, until: usize) -> Vec<Option<&'e Arc<Item>>> {
    let history = &ended.state.store.history;
    let is_here = |effect: &&Effect| effect.table == place.table && effect.key == place.key;
    let before = history.iter().take(since).rev().find(is_here).and_then(|effect| effect.after.as_ref());
    let during = history.iter().take(until).skip(since).filter(is_here).map(|effect| effect.after.as_ref());
    std::iter::once(before).chain(during).collect()
}

fn contradiction(ended: &Ended, record: &Record, claim: &Claim) -> Option<(&'static str, String)> {
    let of = |place: &Place| {
        let place = place.clone();
        effects(ended, record).filter(move |(_, effect)| effect.table == place.table && effect.key == place.key)
    };
    match claim {
        Claim::Wrote(place, item) => {
            let is_it = |(_, effect): (usize, &Effect)| effect.after.as_ref().is_some_and(|after| is_same(item, after));
            (!of(place).any(is_it) && !is_equal_to_anothers(ended, record, place, item)).then(|| {
                let written: Vec<_> = of(place).map(|(_, effect)| &effect.after).collect();
                ("acknowledged writes are there", format!("{place:?} was not written as {item}; {written:?}"))
            })
        }
        Claim::Changed(place) => (!of(place).any(|(_, effect)| effect.after.is_some()))
            .then(|| ("acknowledged writes are there", format!("{place:?} was not changed"))),
        Claim::Deleted(place) => {
            let is_gone = of(place).any(|(_, effect)| effect.after.is_none())
                || states(ended, place, record.began, record.ended).contains(&None);
            (!is_gone).then(|| ("acknowledged writes are there", format!("{place:?} was not deleted")))
        }
        Claim::Saw { place, kind, item, since } => {
            let states = states(ended, place, *since, record.ended);
            let is_kind = |state: &Item| kind.is_none_or(|kind| text(state, "kind") == Some(kind));
            let is_it = |state: &Option<&Arc<Item>>| match (state, item) {
                (Some(state), Some(item)) => is_kind(state) && is_same(item, state),
                (Some(state), None) => !is_kind(state),
                (None, item) => item.is_none(),
            };
            (!states.iter().any(is_it)).then(|| {
                let seen = item.as_ref().map_or("nothing".to_owned(), ToString::to_string);
                ("reads see states that existed", format!("{place:?} was seen as {seen}; it was {states:?}"))
            })
        }
        Claim::Merged { place, patch } => {
            let is_it = |effect: &Effect| {
                let (before, after) = (effect.before.as_deref(), effect.after.as_deref());
                after.is_some_and(|after| is_merged(patch, before, after))
            };
            (!of(place).any(|(_, effect)| is_it(effect))).then(|| {
                let written: Vec<_> = of(place).map(|(_, effect)| (&effect.before, &effect.after)).collect();
                ("a patch changes only its fields", format!("{place:?} was not changed by {patch}; {written:?}"))
            })
        }
        Claim::Disordered { place, patch, since } => {
            let states = states(ended, place, *since, record.ended);
            let is_refused = states.iter().any(|state| is_disordered(patch, state.map(|state| &**state)));
            (!is_refused).then(|| ("a refusal has a reason", format!("{place:?} would be in order with {patch}")))
        }
        Claim::Unmarked { place, since } => {
            let states = states(ended, place, *since, record.ended);
            let has_mark = |state: &Item| matches!(state.get("mark"), Some(Value::M(_)));
            let had_none = states.iter().any(|state| state.is_none_or(|state| !has_mark(state)));
            (!had_none).then(|| ("a refusal has a reason", format!("{place:?} always had a mark")))
        }
        Claim::Present { place, is_present, since } => {
            let states = states(ended, place, *since, record.ended);
            let is_true = states.iter().any(|state| state.is_some() == *is_present);
            (!is_true).then(|| {
                let state = if *is_present { "stored" } else { "missing" };
                ("a refusal has a reason", format!("{:?}, but {place:?} was never {state}", record.report.status))
            })
        }
        Claim::Left { place, is_left, since } => {
            let states = states(ended, place, *since, record.ended);
            let is_true = states.iter().flatten().any(|state| has_left(state) == *is_left);
            (!is_true).then(|| {
                let state = if *is_left { "left" } else { "there" };
                ("a refusal has a reason", format!("{:?}, but {place:?} was never {state}", record.report.status))
            })
        }
        Claim::Conflict { place, since } => {
            let changed = ended.state.store.history.iter().take(record.ended).skip(*since).any(|effect| {
                effect.table == place.table && effect.key == place.key && effect.by != Some(record.number)
            });
            (!changed).then(|| {
                (
                    "a refusal has a reason",
                    format!("{:?}, but no other operation changed {place:?}", record.report.status),
                )
            })
        }
        Claim::Taken { table, kind, values, since } => {
            let mut items = ended.state.store.history.iter().take(record.ended).filter(|effect| effect.table == *table);
            let has = |item: &Item| {
                let ends = item.get("ends_at").and_then(Value::integer);
                text(item, "kind") == Some(kind)
                    && values.iter().all(|(field, value)| match value {
                        Some(value) => text(item, field) == Some(value),
                        None => text(item, field).is_some(),
                    })
                    && ends.is_none_or(|ends| ends > EXPIRED_BEFORE)
            };
            // Another item had the value when the operation began, or got it before the operation ended.
            let was_taken = items.any(|effect| {
                let place = Place { table, key: effect.key.clone() };
                states(ended, &place, *since, record.ended).iter().flatten().any(|item| has(item))
            });
            (!was_taken).then(|| ("a refusal has a reason", format!("no {kind} of {table} has {values:?}")))
        }
        Claim::Moved { from, to, item } => moved(ended, of(from).next(), of(to).next(), item),
        Claim::Emptied { table, hash, kind, since } => {
            let mut keys: Vec<_> =
                ended.state.store.history.iter().take(*since).map(|effect| (&effect.table, &effect.key)).collect();
            keys.sort();
            keys.dedup();
            let is_in_it =
                |(of, key): &(&String, &Key)| *of == table && hash.as_ref().is_none_or(|hash| key.hash == *hash);
            keys.into_iter().filter(is_in_it).find_map(|(_, key)| {
                let place = Place { table, key: key.clone() };
                let states = states(ended, &place, *since, record.ended);
                let is_kind = |item: &Item| kind.is_none_or(|kind| text(item, "kind") == Some(kind));
                let is_left = states.len() == 1 && states.iter().flatten().any(|item| is_kind(item));
                is_left.then(|| ("a delete of many items leaves none", format!("{place:?} was stored all the time")))
            })
        }
        // The numbers of all operations are compared.
        Claim::Took(..) => None,
        Claim::Moves { written, since } => bulk::contradiction(ended, record, *written, *since),
        Claim::Found(search) => searches::contradiction(ended, record, search),
        Claim::Walked { book, forwards, backwards, since } => {
            let numbers = |numbers: &[u32]| walked(ended, record, book, numbers, *since);
            numbers(forwards).or_else(|| numbers(backwards.as_ref()?))
        }
    }
}

/// Whether a save of a versioned item lost a response, and another operation wrote an equal item from the same version.
/// The save takes that write for its own ("Promises under faults").
fn is_equal_to_anothers(ended: &Ended, record: &Record, place: &Place, item: &serde_json::Value) -> bool {
    let is_unsure =
        |request: &Request| request.by == Some(record.number) && request.fault.is_some_and(Fault::leaves_doubt);
    matches!(record.operation, Operation::ResaveDraft { .. })
        && ended.state.requests.iter().any(is_unsure)
        && ended.state.store.history.iter().take(record.ended).skip(record.began).any(|effect| {
            let is_here = effect.table == place.table && effect.key == place.key;
            is_here && effect.after.as_ref().is_some_and(|after| is_same(item, after))
        })
}

fn moved(
    ended: &Ended,
    from: Option<(usize, &Effect)>,
    to: Option<(usize, &Effect)>,
    item: &serde_json::Value,
) -> Option<(&'static str, String)> {
    const RULE: &str = "an item keeps its attributes when it gets another key";
    let Some((_, deleted @ Effect { before: Some(before), .. })) = from else {
        return Some(("acknowledged writes are there", "the item with the old key was not deleted".to_owned()));
    };
    let Some((_, Effect { after: Some(after), .. })) = to else {
        return Some(("acknowledged writes are there", "the item with the new key was not written".to_owned()));
    };
    if !is_same(item, after) {
        return Some((RULE, format!("the struct is {item}, the item {after:?}")));
    }
    // If the item was deleted and made again after the read, only the version may be the same.
    let kept: &[&str] = if is_of_another(ended, deleted) { &[] } else { &["created_at", "visits"] };
    let before = current(before);
    for name in kept {
        if before.get(*name) != after.get(*name) {
            return Some((RULE, format!("{name} was {:?}, and is {:?}", before.get(*name), after.get(*name))));
        }
    }
    let version = |item: &Item| item.get("version").and_then(Value::integer).unwrap_or_default();
    (version(after) != version(&before) + 1)
        .then(|| (RULE, format!("version was {}, and is {}", version(&before), version(after))))
}

/// Checks that a walk returns no note twice, and all notes that were stored all the time.
fn walked(ended: &Ended, record: &Record, book: &str, numbers: &[u32], since: usize) -> Option<(&'static str, String)> {
    const RULE: &str = "pages skip and repeat nothing";
    if !numbers.is_sorted_by(|one, other| one < other) {
        return Some((RULE, format!("the notes came as {numbers:?}")));
    }
    for number in 0..8 {
        let states = states(ended, &names::note(book, number), since, record.ended);
        let is_seen = numbers.contains(&number);
        if !is_seen && states.iter().all(Option::is_some) {
            return Some((RULE, format!("note {number} was stored all the time, and was skipped: {numbers:?}")));
        }
        if is_seen && states.iter().all(Option::is_none) {
            return Some((RULE, format!("note {number} was never stored, and was read")));
        }
    }
    None
}
