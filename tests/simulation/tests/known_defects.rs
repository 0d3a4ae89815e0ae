//! The simulator finds the defects that it was built for, when they are put back.

use dyntastic::defects::{Defect, put_back};
use dyntastic_simulation::run::Schedule;
use dyntastic_simulation::shrink::failure;
use std::sync::OnceLock;

/// The defects, and within how many seeds each is found; those that take more seeds are looked for by
/// `cargo test --release -p dyntastic-simulation -- --ignored`.
const OFTEN: [(Defect, u64); 20] = [
    (Defect::GuardsStay, 200),
    (Defect::WriterForgets, 300),
    (Defect::GuardsWithoutTables, 300),
    (Defect::UpsertWithoutDefaults, 200),
    (Defect::CursorBeforeItems, 300),
    (Defect::StructsOverwritten, 300),
    (Defect::RulesOfReadStructs, 300),
    (Defect::ScoresByPlace, 300),
    (Defect::PermitsStay, 300),
    (Defect::UpdatesInPlain, 300),
    (Defect::SavesUndoIncrements, 300),
    (Defect::BlocksOverlap, 300),
    (Defect::UpdatesWithoutHashes, 300),
    (Defect::ComputedFieldsStay, 300),
    (Defect::BulkWithoutConditions, 300),
    (Defect::StateBeforeItems, 300),
    (Defect::WritesWithoutHook, 300),
    (Defect::WritesOfDeleted, 300),
    (Defect::GuardsOfDeletedStay, 300),
    (Defect::OtherContexts, 300),
];
/// `.ci/run` looks for these.
const SLOWLY: [(Defect, u64); 3] =
    [(Defect::DefaultsAreStored, 1500), (Defect::MigrationWithoutCondition, 1500), (Defect::UpdatesOfAnyForm, 1500)];
const SELDOM: [(Defect, u64); 4] = [
    (Defect::CalculatedWithoutBounds, 20_000),
    (Defect::TokenPerAttempt, 20_000),
    (Defect::MoveWithoutVersion, 20_000),
    (Defect::EmptiedPageIsTheEnd, 20_000),
];

#[test]
fn known_defects_are_found() {
    find(&OFTEN);
}

#[test]
#[ignore = "it takes half a minute"]
fn slow_defects_are_found() {
    find(&SLOWLY);
}

#[test]
#[ignore = "it takes minutes"]
fn rare_defects_are_found() {
    find(&SELDOM);
}

/// The threads that look for a defect, each in seeds of its own.
const THREADS: usize = 2;

/// Looks for all of them at once: a defect is put back only in the thread that asks for it.
fn find(defects: &[(Defect, u64)]) {
    let all_found: Vec<OnceLock<u64>> = defects.iter().map(|_| OnceLock::new()).collect();
    std::thread::scope(|scope| {
        for ((defect, seeds), found) in defects.iter().zip(&all_found) {
            for first in 0..THREADS {
                scope.spawn(move || {
                    put_back(Some(*defect));
                    let mut seeds = (0..*seeds).skip(first).step_by(THREADS).take_while(|_| found.get().is_none());
                    if let Some(seed) = seeds.find(|seed| failure(Schedule::new(*seed)).0.is_some()) {
                        found.get_or_init(|| seed);
                    }
                });
            }
        }
    });
    for ((defect, seeds), found) in defects.iter().zip(&all_found) {
        assert!(found.get().is_some(), "{defect:?} was not found by {seeds} seeds");
        println!("{defect:?}: seed {}", found.get().unwrap_or(&0));
    }
}
