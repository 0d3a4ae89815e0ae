//! Runs schedules on all cores, and prints the failures.

use clap::Parser;
use dyntastic_simulation::parallel::{cores, each};
use dyntastic_simulation::run::Schedule;
use dyntastic_simulation::shrink::{failure, shrink};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The maximum number of failures that are shrunk and printed for each rule.
const PRINTED: u64 = 2;
/// The time between two lines of progress.
const PROGRESS: Duration = Duration::from_secs(30);

/// Runs the runtime against a DynamoDB in memory, with faults and schedules that a seed chooses.
#[derive(Parser)]
struct Arguments {
    /// The number of schedules.
    #[arg(long, default_value_t = 10_000)]
    schedules: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// The number of threads; one for each core by default.
    #[arg(long)]
    threads: Option<usize>,
}

fn main() -> ExitCode {
    let Arguments { schedules, from, threads } = Arguments::parse();
    let threads = threads.unwrap_or_else(cores);
    let requests = AtomicU64::new(0);
    let rules: Mutex<BTreeMap<&'static str, u64>> = Mutex::default();
    let printed: Mutex<Instant> = Mutex::new(Instant::now());
    let began = Instant::now();
    let rate = |done: u64| {
        let seconds = began.elapsed().as_secs_f64();
        let requests = requests.load(Ordering::Relaxed);
        let failed = rules.lock().expect("no thread has panicked").values().sum::<u64>();
        eprintln!(
            "{done} of {schedules} schedules, {requests} requests, {failed} failed, in {seconds:.0} s: {:.0} per second",
            done as f64 / seconds
        );
    };
    each(from..from.saturating_add(schedules), threads, |seed| {
        if let Ok(mut last) = printed.try_lock()
            && last.elapsed() > PROGRESS
        {
            *last = Instant::now();
            rate(seed - from);
        }
        let (found, sent) = failure(Schedule::new(seed));
        requests.fetch_add(sent, Ordering::Relaxed);
        let Some(found) = found else { return };
        let count = {
            let mut rules = rules.lock().expect("no thread has panicked");
            let count = rules.entry(found.broken.rule).or_default();
            *count += 1;
            *count
        };
        if count <= PRINTED {
            println!("{}", shrink(found));
        }
    });
    rate(schedules);
    let rules = rules.into_inner().expect("no thread has panicked");
    for (rule, count) in &rules {
        println!("{rule}: {count} seeds break this rule");
    }
    if rules.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
