//! Runs as many schedules as are asked for, on all cores, and prints what fails.

use clap::Parser;
use dyntastic_simulation::run::Schedule;
use dyntastic_simulation::shrink::{failure, shrink};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Of each rule that is broken, how many failures are shrunk and printed.
const PRINTED: u64 = 2;
/// How often progress is printed.
const PROGRESS: Duration = Duration::from_secs(30);

/// Runs the runtime against a DynamoDB in memory, by seeds.
#[derive(Parser)]
struct Arguments {
    /// How many schedules to run.
    #[arg(long, default_value_t = 10_000)]
    schedules: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many threads run them; one for each core, if nothing is said.
    #[arg(long)]
    threads: Option<usize>,
}

fn main() -> ExitCode {
    let Arguments { schedules, from, threads } = Arguments::parse();
    let threads = threads.or_else(|| std::thread::available_parallelism().map(Into::into).ok()).unwrap_or(1);
    let (next, requests) = (AtomicU64::new(0), AtomicU64::new(0));
    let rules: Mutex<BTreeMap<&'static str, u64>> = Mutex::default();
    let printed: Mutex<Instant> = Mutex::new(Instant::now());
    let began = Instant::now();
    let rate = |done: u64| {
        let seconds = began.elapsed().as_secs_f64();
        let requests = requests.load(Ordering::Relaxed);
        let failed = rules.lock().expect("no thread has panicked").values().sum::<u64>();
        eprintln!(
            "{done} of {schedules} schedules, {requests} requests, {failed} failed, in {seconds:.0} s: {:.0} a second",
            done as f64 / seconds
        );
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= schedules {
                        break;
                    }
                    if let Ok(mut last) = printed.try_lock()
                        && last.elapsed() > PROGRESS
                    {
                        *last = Instant::now();
                        rate(number);
                    }
                    let (found, sent) = failure(Schedule::new(from + number));
                    requests.fetch_add(sent, Ordering::Relaxed);
                    let Some(found) = found else { continue };
                    let count = {
                        let mut rules = rules.lock().expect("no thread has panicked");
                        let count = rules.entry(found.broken.rule).or_default();
                        *count += 1;
                        *count
                    };
                    if count <= PRINTED {
                        println!("{}", shrink(found));
                    }
                }
            });
        }
    });
    rate(schedules);
    let rules = rules.into_inner().expect("no thread has panicked");
    for (rule, count) in &rules {
        println!("{rule}: broken by {count} seeds");
    }
    if rules.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
