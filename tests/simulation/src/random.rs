//! The random numbers of a run.

pub use dyntastic::testing::Random;

/// The choice among values that are never none.
pub trait Pick {
    /// One of some values.
    fn pick<'v, T>(&mut self, values: &'v [T]) -> &'v T;
}

impl Pick for Random {
    fn pick<'v, T>(&mut self, values: &'v [T]) -> &'v T {
        self.choose(values).expect("there are values")
    }
}
