//! A few hundred schedules, and that a schedule is the same each time.

use dyntastic_simulation::claim::Status;
use dyntastic_simulation::parallel::{cores, each};
use dyntastic_simulation::run::{Record, Schedule};
use dyntastic_simulation::shrink::{failure, shrink};
use std::collections::BTreeMap;
use std::sync::Mutex;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|number| number.parse().ok())
}

#[test]
fn a_seed_is_the_same_run_each_time() {
    each(0..40, cores(), |seed| {
        let (one, other) = (Schedule::new(seed).run(), Schedule::new(seed).run());
        assert_eq!(one.trace(), other.trace(), "seed {seed}");
    });
}

#[test]
fn schedules_break_no_rule() {
    let seeds = match number("DYNTASTIC_TEST_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("DYNTASTIC_TEST_SEEDS").unwrap_or(300),
    };
    let failures = Mutex::new(BTreeMap::new());
    each(seeds, cores(), |seed| {
        if let (Some(found), _) = failure(Schedule::new(seed)) {
            failures.lock().unwrap().insert(seed, found);
        }
    });
    // The first seed of each rule.
    let mut of_rules = BTreeMap::new();
    for found in failures.into_inner().unwrap().into_values() {
        of_rules.entry(found.broken.rule).or_insert(found);
    }
    let stories: Vec<String> = of_rules.into_values().map(|found| shrink(found).to_string()).collect();
    assert!(stories.is_empty(), "{}", stories.join("\n"));
}

#[test]
fn each_kind_of_operation_succeeds_in_some_run() {
    let kinds = Mutex::new(BTreeMap::new());
    each(0..150, cores(), |seed| {
        for Record { operation, report, .. } in Schedule::new(seed).run().records {
            let text = format!("{operation:?}");
            let kind = text.split([' ', '(']).next().unwrap_or_default().to_owned();
            *kinds.lock().unwrap().entry(kind).or_insert(false) |= report.status == Status::Done;
        }
    });
    let never: Vec<String> =
        kinds.into_inner().unwrap().into_iter().filter_map(|(kind, done)| (!done).then_some(kind)).collect();
    assert!(never.is_empty(), "{never:?}");
}
