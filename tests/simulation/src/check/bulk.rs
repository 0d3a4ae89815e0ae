//! Checks that a bulk write changes the items that fulfil its condition, and no others.

use super::claims::states;
use super::upgrades::{current, is_upgrade, later};
use super::{Broken, effects, text};
use crate::names::{self, Place};
use crate::operation::Operation;
use crate::run::{Ended, Record};
use crate::store::Effect;
use crate::store::value::{Item, Value};

/// The items that an operation moves from one value of a field to another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moves {
    /// The model.
    pub kind: &'static str,
    /// The field.
    pub field: &'static str,
    /// The values of the field.
    pub from: String,
    /// The value after it.
    pub to: String,
}

impl Moves {
    /// What an operation moves.
    pub fn of(operation: &Operation) -> Option<Self> {
        let (kind, field, from, to) = match operation {
            Operation::Promote { from, to } => ("Member", "tier", names::tier(*from), names::tier(*to)),
            Operation::Rerank { from, to } => ("Score", "rank", names::rank(*from), names::rank(*to)),
            _ => return None,
        };
        Some(Self { kind, field, from, to })
    }

    fn is_at(&self, item: &Item, value: &str) -> bool {
        text(item, self.field) == Some(value)
    }

    fn count(&self, item: &Item) -> i64 {
        let name = later(Some(self.kind)).unwrap_or_default();
        current(item).get(name).and_then(Value::integer).unwrap_or_default()
    }

    /// The changes of its items by an operation, apart from those that upgrade one.
    fn changes<'e>(&self, ended: &'e Ended, record: &Record) -> impl Iterator<Item = &'e Effect> {
        let kind = self.kind;
        let is_own = move |effect: &Effect| effect.after.as_deref().and_then(|item| text(item, "kind")) == Some(kind);
        let of_operation = effects(ended, record).map(|(_, effect)| effect);
        of_operation.filter(move |effect| is_own(effect) && !is_upgrade(effect))
    }
}

pub(super) fn check(ended: &Ended, record: &Record, broken: &mut Vec<Broken>) {
    let Some(moves) = Moves::of(&record.operation) else { return };
    for effect in moves.changes(ended, record) {
        let (Some(before), Some(after)) = (effect.before.as_deref(), effect.after.as_deref()) else { continue };
        let is_right = moves.is_at(before, &moves.from) && moves.is_at(after, &moves.to);
        if !is_right || moves.count(after) != moves.count(before) + 1 {
            let how = format!("operation {}: {before:?} was made {after:?}", record.number);
            broken.push(Broken { rule: "a bulk write changes what fulfils its condition", how });
        }
    }
}

/// Why the number of written items is wrong, or which item has been left although it fulfilled the condition all the
/// time.
pub(super) fn contradiction(
    ended: &Ended,
    record: &Record,
    written: u64,
    since: usize,
) -> Option<(&'static str, String)> {
    let moves = Moves::of(&record.operation)?;
    let changed = moves.changes(ended, record).count();
    if u64::try_from(changed) != Ok(written) {
        return Some(("a bulk write counts what it writes", format!("it reports {written} and has changed {changed}")));
    }
    let mut keys: Vec<_> = ended.state.store.history.iter().filter(|effect| effect.table == "shop").collect();
    keys.sort_by(|one, other| one.key.cmp(&other.key));
    keys.dedup_by(|one, other| one.key == other.key);
    keys.into_iter().find_map(|effect| {
        let place = Place { table: "shop", key: effect.key.clone() };
        let states = states(ended, &place, since, record.ended);
        let is_it = |item: &Item| text(item, "kind") == Some(moves.kind) && moves.is_at(item, &moves.from);
        let is_left = states.iter().all(|state| state.is_some_and(|item| is_it(item)));
        is_left.then(|| ("a bulk write leaves nothing", format!("{place:?} fulfilled the condition all the time")))
    })
}
