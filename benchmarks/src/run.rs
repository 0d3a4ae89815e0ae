//! Running contenders side by side, and what it took.

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// One way to do the work of a case.
pub struct Contender<'c> {
    pub name: &'static str,
    run: Box<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + 'c>> + 'c>,
}

/// What one operation of a contender took.
#[derive(Debug, Clone)]
pub struct Taken {
    pub name: &'static str,
    pub time: Duration,
    pub bytes: usize,
    pub allocations: usize,
}

/// A case and what its contenders took.
#[derive(Debug, Clone)]
pub struct Case {
    pub name: &'static str,
    pub taken: Vec<Taken>,
}

pub fn contender<'c, F: Future<Output = ()> + 'c>(name: &'static str, run: impl Fn() -> F + 'c) -> Contender<'c> {
    Contender { name, run: Box::new(move || Box::pin(run())) }
}

const ROUNDS: usize = 31;

/// Runs each contender in turn, round after round, so that what the machine does beside is the same for all. The time is
/// the median of the rounds.
///
/// With words on the command line, cases and contenders run whose names hold them: `query 3000` and `wire`, say, to look
/// at with a profiler.
pub async fn case(name: &'static str, operations: usize, contenders: Vec<Contender<'_>>) -> Case {
    let mut asked = std::env::args().skip(1);
    let (of_case, of_contender) = (asked.next().unwrap_or_default(), asked.next().unwrap_or_default());
    let mut contenders = contenders;
    contenders.retain(|contender| name.contains(&of_case) && contender.name.contains(&of_contender));
    let mut times = vec![Vec::with_capacity(ROUNDS); contenders.len()];
    for contender in &contenders {
        (contender.run)().await;
    }
    for _ in 0..ROUNDS {
        for (contender, times) in contenders.iter().zip(&mut times) {
            let began = Instant::now();
            for _ in 0..operations {
                (contender.run)().await;
            }
            times.push(began.elapsed() / u32::try_from(operations).unwrap_or(u32::MAX));
        }
    }
    let mut taken = Vec::new();
    for (contender, mut times) in contenders.iter().zip(times) {
        let region = Region::new(ALLOCATOR);
        (contender.run)().await;
        let change = region.change();
        times.sort_unstable();
        taken.push(Taken {
            name: contender.name,
            time: times[ROUNDS / 2],
            bytes: change.bytes_allocated,
            allocations: change.allocations,
        });
    }
    let case = Case { name, taken };
    case.print();
    case
}

impl Case {
    fn print(&self) {
        for taken in &self.taken {
            let Taken { name, time, bytes, allocations } = taken;
            println!("{:<24} {name:<22} {time:>12.2?} {bytes:>10} B {allocations:>8} allocations", self.name);
        }
        for (ours, other) in self.ratios() {
            let ratio = ours.time.as_secs_f64() / other.time.as_secs_f64();
            println!("ratio {} {}/{} {ratio:.2}", self.name, ours.name, other.name);
        }
        println!();
    }

    /// Ours beside each of the others.
    fn ratios(&self) -> impl Iterator<Item = (&Taken, &Taken)> {
        let is_ours = |taken: &&Taken| taken.name.starts_with("dyntastic");
        let others = move || self.taken.iter().filter(move |taken| !is_ours(taken));
        self.taken.iter().filter(is_ours).flat_map(move |ours| others().map(move |other| (ours, other)))
    }
}
