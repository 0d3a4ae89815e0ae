//! The faults of a run. The seed chooses them for each request separately.

use crate::random::{Pick, Random};
pub use dyntastic::testing::Fault;
use std::collections::BTreeSet;

/// The number that stands for the patience of an operation's caller, among the numbers of the operation's requests.
pub const PATIENCE: u64 = u64::MAX;

/// The faults of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    seed: u64,
    /// The number of requests out of a thousand that meet a fault.
    rate: u64,
    /// The kinds of faults in the run. A run with few kinds exercises each of them more.
    kinds: Vec<Fault>,
    /// The faults that a shrunk run leaves out, by operation and request.
    pub left_out: BTreeSet<(usize, u64)>,
}

impl Faults {
    /// The faults of a seed. Some runs have none, most have some, and some have many.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::at(seed, &[1]);
        let rate = *random.pick(&[0, 30, 60, 120, 250, 400]);
        let is_whole = random.chance(400);
        let kinds = Fault::ALL.into_iter().filter(|_| is_whole || random.chance(500)).collect();
        Self { seed, rate, kinds, left_out: BTreeSet::new() }
    }

    /// Chooses the fault of an operation's request.
    pub fn choose(&self, by: Option<usize>, ordinal: u64, operation: &str) -> Option<Fault> {
        let by = by.filter(|by| !self.left_out.contains(&(*by, ordinal)))?;
        let fault = Fault::choose(&Fault::ALL, self.rate, operation, &mut self.random(Some(by), ordinal, 2));
        // A run of few kinds has fewer faults, so that operations also succeed.
        fault.filter(|fault| self.kinds.contains(fault))
    }

    /// The random numbers for one choice about a request.
    pub fn random(&self, by: Option<usize>, ordinal: u64, choice: u64) -> Random {
        let by = by.map_or(u64::MAX, |by| by as u64);
        Random::at(self.seed, &[by, ordinal, choice])
    }

    /// A random delay in milliseconds. Most delays are short, so that tasks meet, and some are long.
    pub fn delay(random: &mut Random) -> u64 {
        match random.below(20) {
            0 => 100 + random.below(2000),
            1..=4 => 0,
            _ => random.below(30),
        }
    }
}
