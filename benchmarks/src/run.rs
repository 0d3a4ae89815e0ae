//! The runner of contenders, and their results.

use crate::count;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

/// One way to do the work of a case.
pub struct Contender<'c> {
    pub name: &'static str,
    run: Box<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + 'c>> + 'c>,
}

/// The costs of one operation of a contender.
#[derive(Debug, Clone)]
pub struct Taken {
    pub name: &'static str,
    pub time: Duration,
    pub bytes: usize,
    pub allocations: usize,
}

/// A case and the costs of its contenders.
#[derive(Debug, Clone)]
pub struct Case {
    pub name: &'static str,
    pub taken: Vec<Taken>,
}

/// The selection by the words on the command line: the first word selects cases and the second contenders, by a part of
/// their names. Without a word, all are selected.
#[derive(Debug, Clone)]
pub struct Asked {
    case: String,
    contender: String,
}

pub fn contender<'c, F: Future<Output = ()> + 'c>(name: &'static str, run: impl Fn() -> F + 'c) -> Contender<'c> {
    Contender { name, run: Box::new(move || Box::pin(run())) }
}

const ROUNDS: usize = 31;
/// The rounds of a case that takes a second and more in each.
const FEW_ROUNDS: usize = 7;

impl Asked {
    pub fn of_command_line() -> Self {
        let mut words = std::env::args().skip(1);
        Self { case: words.next().unwrap_or_default(), contender: words.next().unwrap_or_default() }
    }

    pub fn is_all(&self) -> bool {
        self.case.is_empty() && self.contender.is_empty()
    }

    /// Runs a case if it is selected, and adds its costs to `cases`.
    pub async fn case<F: Future<Output = Case>>(
        &self,
        cases: &mut Vec<Case>,
        name: &'static str,
        run: impl FnOnce(&'static str) -> F,
    ) {
        if name.contains(&self.case) {
            cases.push(run(name).await);
        }
    }
}

/// Runs the contenders in rounds, each contender once per round, so that other load of the machine affects all of them.
/// The time is the median of the rounds. Allocations are counted in one more round.
pub async fn case(name: &'static str, operations: u32, contenders: Vec<Contender<'_>>) -> Case {
    rounds(name, ROUNDS, operations, contenders).await
}

/// The same in a few rounds.
pub async fn long_case(name: &'static str, contenders: Vec<Contender<'_>>) -> Case {
    rounds(name, FEW_ROUNDS, 1, contenders).await
}

async fn rounds(name: &'static str, rounds: usize, operations: u32, mut contenders: Vec<Contender<'_>>) -> Case {
    let asked = Asked::of_command_line();
    contenders.retain(|contender| contender.name.contains(&asked.contender));
    let mut times = vec![Vec::with_capacity(rounds); contenders.len()];
    for contender in &contenders {
        (contender.run)().await;
    }
    for _ in 0..rounds {
        for (contender, times) in contenders.iter().zip(&mut times) {
            let began = Instant::now();
            for _ in 0..operations {
                (contender.run)().await;
            }
            times.push(began.elapsed() / operations);
        }
    }
    let mut taken = Vec::with_capacity(contenders.len());
    for (contender, mut times) in contenders.iter().zip(times) {
        count::start();
        (contender.run)().await;
        let count::Counted { bytes, allocations, .. } = count::stop();
        times.sort_unstable();
        taken.push(Taken { name: contender.name, time: times[rounds / 2], bytes, allocations });
    }
    let case = Case { name, taken };
    case.print();
    case
}

impl Taken {
    /// The ratio of the time to another contender's.
    pub fn ratio(&self, other: &Self) -> f64 {
        self.time.as_secs_f64() / other.time.as_secs_f64()
    }
}

impl Case {
    /// The costs of a contender, if it takes part.
    pub fn of(&self, contender: &str) -> Option<&Taken> {
        self.taken.iter().find(|taken| taken.name == contender)
    }

    fn print(&self) {
        for taken in &self.taken {
            let Taken { name, time, bytes, allocations } = taken;
            println!("{:<24} {name:<39} {time:>12.2?} {bytes:>10} B {allocations:>8} allocations", self.name);
        }
        for (ours, other) in self.ratios() {
            println!("ratio {} {}/{} {:.2}", self.name, ours.name, other.name, ours.ratio(other));
        }
        println!();
    }

    /// All pairs of a dyntastic contender and another contender.
    fn ratios(&self) -> impl Iterator<Item = (&Taken, &Taken)> {
        let is_ours = |taken: &&Taken| taken.name.starts_with("dyntastic");
        let others = move || self.taken.iter().filter(move |taken| !is_ours(taken));
        self.taken.iter().filter(is_ours).flat_map(move |ours| others().map(move |other| (ours, other)))
    }
}
