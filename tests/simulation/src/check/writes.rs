//! Checks that an operation's writes were applied once if it reports success, and not at all if it reports that it
//! wrote nothing.

use super::upgrades::is_upgrade;
use super::{Broken, text};
use crate::claim::Status;
use crate::operation::{Change, Operation};
use crate::run::{Ended, Record};
use crate::store::Effect;
use std::collections::BTreeMap;

pub(super) fn check(ended: &Ended, record: &Record, broken: &mut Vec<Broken>) {
    let Record { number, operation, report, .. } = record;
    let mut break_rule =
        |rule, how: String| broken.push(Broken { rule, how: format!("operation {number}, {operation:?}: {how}") });
    let requested = |request: u64| usize::try_from(request).ok().and_then(|request| ended.state.requests.get(request));
    let is_transaction =
        |request: u64| requested(request).is_some_and(|request| request.operation == "TransactWriteItems");
    // A transaction is applied once, although it may be sent several times.
    let mut times: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for (_, effect) in effects(ended, record).filter(|(_, effect)| is_transaction(effect.request)) {
        *times.entry((&effect.table, format!("{:?}", effect.key))).or_default() += 1;
    }
    // A migration may move an item again that another task has made again.
    let is_migration = matches!(operation, Operation::Migrate(_));
    for ((table, key), times) in times.iter().filter(|(_, times)| **times > 1 && !is_migration) {
        break_rule(
            "a transaction is applied once",
            format!("{table} {key} was changed {times} times; {:?}", report.status),
        );
    }
    let updated = effects(ended, record).filter(|(_, effect)| !is_transaction(effect.request)).count();
    if adds(operation) && updated > 1 {
        break_rule("an increment is applied once", format!("it was applied {updated} times; {:?}", report.status));
    }
    if let Operation::DeleteScores { .. } = operation {
        let is_foreign = |effect: &Effect| effect.before.as_ref().and_then(|item| text(item, "kind")) != Some("Score");
        // A batch may also delete keys whose items are gone.
        for (_, effect) in effects(ended, record).filter(|(_, effect)| effect.before.is_some() && is_foreign(effect)) {
            break_rule("nothing foreign is deleted", format!("{} {:?}", effect.table, effect.key));
        }
    }
    match &report.status {
        Status::NotWritten(word) => {
            if let Some((_, effect)) = effects(ended, record).next() {
                break_rule(
                    "a write that is reported as not applied is not applied",
                    format!("{word}, but {} {:?} was changed", effect.table, effect.key),
                );
            }
        }
        Status::Nothing if effects(ended, record).next().is_some() => {
            break_rule("a write that is reported as not applied is not applied", "it wrote".to_owned());
        }
        _ => {}
    }
}

/// The changes by an operation, apart from those that upgrade an item to the current schema version.
fn effects<'e>(ended: &'e Ended, record: &Record) -> impl Iterator<Item = (usize, &'e Effect)> {
    let all: Vec<_> = super::effects(ended, record).collect();
    let upgrades: Vec<u64> =
        all.iter().filter(|(_, effect)| is_upgrade(effect)).map(|(_, effect)| effect.request).collect();
    // The guards of an item are written with it.
    all.into_iter().filter(move |(_, effect)| !upgrades.contains(&effect.request))
}

/// Whether an operation is a single update that adds to a number.
fn adds(operation: &Operation) -> bool {
    let is_adding = matches!(operation, Operation::UpdateMember { change: Change::Visits, .. });
    is_adding
        || matches!(
            operation,
            Operation::CountBadge { .. } | Operation::UpdateDraft { .. } | Operation::CountTally { .. }
        )
}
