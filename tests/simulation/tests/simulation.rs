//! A few hundred schedules, and that a schedule is the same each time.

use dyntastic_simulation::check::broken;
use dyntastic_simulation::run::Schedule;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|number| number.parse().ok())
}

#[test]
fn a_seed_is_the_same_run_each_time() {
    for seed in 0..40 {
        let (one, other) = (Schedule::new(seed).run(), Schedule::new(seed).run());
        assert_eq!(one.trace(), other.trace(), "seed {seed}");
    }
}

#[test]
#[ignore = "it finds what is not fixed yet"]
fn schedules_break_no_rule() {
    let seeds = match number("DYNTASTIC_TEST_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("DYNTASTIC_TEST_SEEDS").unwrap_or(300),
    };
    let mut failures = std::collections::BTreeMap::new();
    let mut requests = 0;
    let start = std::time::Instant::now();
    let count = seeds.end - seeds.start;
    for seed in seeds {
        let ended = Schedule::new(seed).run();
        requests += ended.state.requests.len();
        if let Some(broken) = broken(&ended).into_iter().next() {
            failures.entry(broken.rule).or_insert_with(Vec::new).push((seed, broken.how));
        }
    }
    eprintln!("{count} schedules, {requests} requests, {:?}", start.elapsed());
    for (rule, failures) in &failures {
        eprintln!("{rule}: {} seeds, such as {:?}", failures.len(), &failures[..failures.len().min(2)]);
    }
    assert!(failures.is_empty());
}
