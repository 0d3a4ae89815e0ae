//! The seeds of random tests, and how many there are.

use crate::engine::Engine;
use std::ops::Range;

/// `DYNTASTIC_TEST_SEED`, or the test's own.
pub fn seed(own: u64) -> u64 {
    number("DYNTASTIC_TEST_SEED").unwrap_or(own)
}

/// `DYNTASTIC_TEST_TIMES` times as many rounds as the test does by itself.
pub fn rounds(own: u64) -> u64 {
    own * number("DYNTASTIC_TEST_TIMES").unwrap_or(1)
}

/// `DYNTASTIC_TEST_SEED` alone, or as many seeds as [`rounds`]. Faults are the same in front of every engine, so that a
/// run on the embedded one does for all.
pub fn fault_seeds(own: u64) -> Range<u64> {
    if Engine::current() != Engine::Embedded {
        return 0..0;
    }
    match number("DYNTASTIC_TEST_SEED") {
        Some(seed) => seed..seed + 1,
        None => 1..rounds(own) + 1,
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
